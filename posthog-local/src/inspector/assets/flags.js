// The page of the feature flags: what each one answers, and a switch.

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
  const field = el("input", { type: "text", id, value: value === false ? "" : String(value), placeholder: "off", autocomplete: "off" });
  const form = el("form", { class: "inline" }, label("variant"), field, el("button", { type: "submit" }, "Apply"));
  form.addEventListener("submit", (submit) => {
    submit.preventDefault();
    change(key, { value: field.value.trim() || false });
  });
  return form;
}

function flag(one, at) {
  const { key, payload, declared, changed } = one;
  const reset = changed && el("button", { type: "button", class: "plain" }, "Reset", el("span", { class: "unseen" }, ` ${key}`));
  reset?.addEventListener?.("click", () => change(key, { reset: true }));
  return el("li", {}, el("code", {}, key), control(one, `flag-${at}`),
    payload !== undefined && payload !== null && el("span", { class: "meta" }, "payload ", el("code", {}, JSON.stringify(payload))),
    changed && el("span", { class: "meta" }, `in project.toml: ${words(declared.value)}`), reset);
}

async function reload() {
  // Without a declaration there is nothing to show, and older versions of posthog-local have no flags at all.
  const { flags } = await getJson("/_local/flags").catch(() => ({ flags: [] }));
  const focused = document.activeElement?.id;
  byId("flags").replaceChildren(...flags.map(flag));
  byId("flags").hidden = flags.length === 0;
  byId("no-flags").hidden = flags.length > 0;
  if (focused) byId(focused)?.focus();
}

start("Flags", { reload, flags: reload, escape: () => { location.href = "/"; } });
