// Faults on purpose: the banner while faults are on, and the dialog that sets them.

import { byId, el, getJson, notice } from "./dom.js";

let known = { faults: {}, on: [], destinations: [] };

async function put(faults) {
  const answer = await fetch("/_local/faults", { method: "PUT", body: JSON.stringify(faults) });
  const state = await answer.json();
  if (!answer.ok) throw new Error(state.error);
  show(state);
}

/** Shows the faults that are on. */
export function show(state) {
  known = state;
  const banner = byId("faults-on");
  banner.hidden = state.on.length === 0;
  byId("faults-text").textContent = state.on.length ? `Faults are on: ${state.on.join("; ")}.` : "";
}

export async function reload() {
  show(await getJson("/_local/faults"));
}

function fill() {
  for (const input of byId("faults-form").querySelectorAll("[name]")) {
    const value = known.faults[input.name];
    if (input.type === "checkbox") input.checked = value === true;
    else input.value = value ?? "";
  }
  const box = (name) => el("label", { class: "check" },
    el("input", { type: "checkbox", value: name, checked: known.faults.stopped?.includes(name) }), ` ${name}`);
  byId("faults-stopped").replaceChildren(...known.destinations.map(box));
}

function read() {
  const faults = { stopped: [...byId("faults-stopped").querySelectorAll(":checked")].map((box) => box.value) };
  for (const input of byId("faults-form").querySelectorAll("[name]")) {
    if (input.type === "checkbox") faults[input.name] = input.checked;
    else if (input.value !== "") faults[input.name] = Number(input.value);
  }
  return faults;
}

export function start() {
  byId("faults-off").addEventListener("click", async () => {
    try {
      await put({});
    } catch (error) {
      notice(`The faults are still on: ${error.message}.`);
    }
  });
  const dialog = byId("faults-dialog");
  if (!dialog) return;
  const problem = byId("faults-problem");
  byId("faults").addEventListener("click", () => {
    problem.hidden = true;
    fill();
    dialog.showModal();
  });
  byId("faults-cancel").addEventListener("click", () => dialog.close());
  byId("faults-form").addEventListener("submit", async (submit) => {
    submit.preventDefault();
    try {
      await put(read());
      dialog.close();
    } catch (error) {
      problem.textContent = `${error.message}.`;
      problem.hidden = false;
    }
  });
}
