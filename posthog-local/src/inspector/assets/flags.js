// The page of the feature flags: what each one answers, and a switch.

import { byId, el, getJson, notice, say } from "./dom.js";
import { start } from "./shell.js";

async function set(key, value) {
  try {
    const answer = await fetch(`/_local/flags/${encodeURIComponent(key)}`, {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ value }) });
    if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).error ?? `the answer was ${answer.status}`);
    say(`${key} is ${value === true ? "on" : value === false ? "off" : `“${value}”`}.`);
    notice(null);
  } catch (error) {
    notice(`${key} was not changed: ${error.message}.`);
  }
  await reload();
}

/** A switch for on and off, and a field for a variant. */
function control({ key, value, declared }, id) {
  const label = (text) => el("label", { for: id, class: "unseen" }, `${key}: ${text}`);
  const isVariant = typeof value === "string" || typeof declared === "string";
  if (!isVariant) {
    const box = el("input", { type: "checkbox", id, checked: value === true });
    box.addEventListener("change", () => set(key, box.checked));
    return el("span", { class: "check" }, label("on"), box, value === true ? "on" : "off");
  }
  const field = el("input", { type: "text", id, value: value === false ? "" : String(value), placeholder: "off", autocomplete: "off" });
  const form = el("form", { class: "inline" }, label("variant"), field, el("button", { type: "submit" }, "Apply"));
  form.addEventListener("submit", (submit) => {
    submit.preventDefault();
    set(key, field.value.trim() || false);
  });
  return form;
}

function flag(one, at) {
  const { key, value, payload, declared } = one;
  const isOther = declared !== undefined && JSON.stringify(declared) !== JSON.stringify(value);
  return el("li", {}, el("code", {}, key), control(one, `flag-${at}`),
    payload !== undefined && payload !== null && el("span", { class: "meta" }, "payload ", el("code", {}, JSON.stringify(payload))),
    isOther && el("span", { class: "meta" }, `declared: ${JSON.stringify(declared)}`));
}

async function reload() {
  const answer = await getJson("/_local/flags").catch(() => []);
  const flags = answer.flags ?? answer;
  const focused = document.activeElement?.id;
  byId("flags").replaceChildren(...flags.map(flag));
  byId("flags").hidden = flags.length === 0;
  byId("no-flags").hidden = flags.length > 0;
  if (focused) byId(focused)?.focus();
}

start("Flags", { reload, escape: () => { location.href = "/"; } });
