// The page that sets faults on purpose.

import { byId, el, getJson, notice, say } from "./dom.js";
import { put } from "./faults.js";
import { start } from "./shell.js";

const form = byId("faults-form");
const inputs = () => form.querySelectorAll("[name]");

function fill({ faults, destinations }) {
  for (const input of inputs()) {
    const value = faults[input.name];
    if (input.type === "checkbox") input.checked = value === true;
    // 0 is off, which an empty field says too.
    else input.value = value || (input.name === "time_scale" ? value ?? "" : "");
  }
  const box = (name, at) => el("p", { class: "field" },
    el("label", { class: "check" },
      el("input", { type: "checkbox", value: name, checked: faults.stopped?.includes(name), "aria-describedby": `h-stop-${at}` }), ` Stop “${name}”`),
    el("span", { class: "help", id: `h-stop-${at}` }, "It gets nothing, as if it were turned off in PostHog."));
  byId("faults-stopped").replaceChildren(...destinations.map(box));
}

function read() {
  const faults = { stopped: [...byId("faults-stopped").querySelectorAll(":checked")].map((box) => box.value) };
  for (const input of inputs()) {
    if (input.type === "checkbox") faults[input.name] = input.checked;
    else if (input.value !== "") faults[input.name] = Number(input.value);
  }
  return faults;
}

async function apply(faults) {
  try {
    const state = await put(faults);
    fill(state);
    notice(null);
    say(state.on.length ? "The faults are on." : "All faults are off.");
  } catch (error) {
    notice(`Nothing was changed: ${error.message}.`);
  }
}

form.addEventListener("submit", (submit) => {
  submit.preventDefault();
  apply(read());
});
byId("faults-none").addEventListener("click", () => apply({}));

/** What is being edited stays; what another page sets is shown when nothing is. */
let edited = false;
form.addEventListener("input", () => { edited = true; });
const shown = (state) => {
  edited = false;
  fill(state);
};

start("Faults", {
  reload: async () => edited || shown(await getJson("/_local/faults")),
  faults: shown,
  escape: () => { location.href = "/"; },
});
