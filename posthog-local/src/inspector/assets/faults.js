// Faults on purpose: what all pages show of them while they are on.

import { byId, getJson, notice, say } from "./dom.js";

/** Sets all faults, and returns what posthog-local answers. */
export async function put(faults) {
  const answer = await fetch("/_local/faults", { method: "PUT", body: JSON.stringify(faults) });
  const state = await answer.json();
  if (!answer.ok) throw new Error(state.error);
  show(state);
  return state;
}

/** Shows the faults that are on. */
export function show(state) {
  const banner = byId("faults-on");
  banner.hidden = state.on.length === 0;
  const text = state.on.length ? `Faults are on: ${state.on.join("; ")}.` : "";
  if (byId("faults-text").textContent !== text) byId("faults-text").textContent = text;
}

export async function reload() {
  show(await getJson("/_local/faults"));
}

export function start() {
  byId("faults-off").addEventListener("click", async () => {
    try {
      await put({});
      say("All faults are off.");
      byId("main").focus();
    } catch (error) {
      notice(`The faults are still on: ${error.message}.`);
    }
  });
}
