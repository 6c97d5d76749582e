// The page of the feature flags: what each one answers, and a switch.

import { chip } from "./chips.js";
import { byId, el, getJson, notice, say } from "./dom.js";
import { start } from "./shell.js";

const words = (value) => (value === true ? "on" : value === false ? "off" : `“${value}”`);

/** Changes a flag, and says what it is then. */
async function change(key, body) {
  try {
    const answer = await fetch(`/_local/flags/${encodeURIComponent(key)}`, {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    const flag = await answer.json();
    if (!answer.ok) throw new Error(flag.error);
    say(`${key} is ${words(flag.value)}.`);
    notice(null);
  } catch (error) {
    notice(`${key} was not changed: ${error.message}.`);
  }
  await reload();
}

/** A switch for on and off, and a field where there is a variant. */
function control({ key, value, declared }, id) {
  const label = (text) => el("label", { for: id, class: "unseen" }, `${key}: ${text}`);
  const hasVariant = [value, declared.value].some((one) => typeof one === "string");
  if (!hasVariant) {
    const box = el("input", { type: "checkbox", id, checked: value === true });
    box.addEventListener("change", () => change(key, { value: box.checked }));
    return el("span", { class: "check" }, label("on"), box, words(value));
  }
  const field = el("input", { type: "text", id, value: value === false ? "" : String(value), placeholder: "off: no variant", autocomplete: "off" });
  const form = el("form", { class: "inline" }, label("variant, or nothing for off"), field, el("button", { type: "submit" }, "Apply"));
  form.addEventListener("submit", (submit) => {
    submit.preventDefault();
    change(key, { value: field.value.trim() || false });
  });
  return form;
}

/** What project.toml says, and the way back to it where the flag differs. */
function was({ key, value, declared, changed }) {
  if (!changed) return el("span", { class: "meta was" }, "as in project.toml");
  const reset = el("button", { type: "button" }, "Reset", el("span", { class: "unseen" }, ` ${key}`));
  reset.addEventListener("click", () => {
    reset.closest("li").querySelector("form")?.reset();
    change(key, { reset: true });
  });
  return el("span", { class: "was" }, chip("warn", "!", value === declared.value ? "another payload than in project.toml" : `project.toml says ${words(declared.value)}`), reset);
}

/** What else a flag answers. A remote config is read for its payload alone. */
function more({ payload, remote_config }) {
  if (payload === undefined || payload === null) return null;
  return el("span", { class: "meta more-about" }, remote_config ? "Remote config with the payload " : "With the payload ", el("code", {}, JSON.stringify(payload)));
}

function flag(one, at) {
  return el("li", {}, el("code", { class: "key" }, one.key), control(one, `flag-${at}`), was(one), more(one));
}

const head = () => el("li", { class: "head", "aria-hidden": "true" }, el("span", {}, "Flag"), el("span", {}, "Value"), el("span", {}, "Declared"));

async function reload() {
  // Without a declaration there is nothing to show, and older versions of posthog-local have no flags at all.
  const { flags } = await getJson("/_local/flags").catch(() => ({ flags: [] }));
  const focused = document.activeElement?.id;
  // What is being typed stays when another flag changes, and when its value is refused.
  const typed = [...byId("flags").querySelectorAll("input[type=text]")].filter((field) => field.value !== field.defaultValue);
  byId("flags").replaceChildren(head(), ...flags.map(flag));
  byId("flags").hidden = flags.length === 0;
  byId("no-flags").hidden = flags.length > 0;
  for (const { id, value } of typed) {
    if (byId(id)) byId(id).value = value;
  }
  if (focused) byId(focused)?.focus();
}

start("Flags", { reload, flags: reload, escape: () => { location.href = "/"; } });
