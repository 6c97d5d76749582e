// The list: events as they arrive, newest first.

import { outcome } from "./chips.js";
import { byId, copy, el, getJson, notice, say, time } from "./dom.js";
import { filter, isFiltered, offer, start as startFilter } from "./filter.js";
import { rows } from "./rows.js";
import { start } from "./shell.js";

// As many as the server lists. It may keep more for queries.
const EVENTS_MAX = 1000;
const NEW_MS = 1500;

/** The rows by the events' ids, oldest first: `{ key, event }`. */
const events = new Map();
/** The events that have just arrived, which are marked for a moment. */
const fresh = new Set();

function draw({ event }) {
  const cell = (name, ...content) => el("td", { role: "cell", class: name }, ...content);
  const property = event.property && [el("span", { class: "key" }, event.property[0]), ` ${event.property[1] === "" ? "(blank)" : event.property[1]}`];
  return [
    cell("when", time(event.captured_at)),
    cell("what", el("a", { href: `/events/${event.uuid}`, class: "cover" }, event.event), property && el("span", { class: "property" }, property)),
    cell("who", el("span", { title: event.distinct_id }, event.person)),
    cell("became", outcome(event))];
}

const list = rows({
  pane: byId("pane"), table: byId("table"), body: byId("events"), draw,
  kind: ({ key }) => (fresh.has(key) ? "new" : ""),
});

function put(event) {
  const key = String(event.id);
  const isNew = !events.has(key);
  events.set(key, { key, event });
  if (events.size > EVENTS_MAX) events.delete(events.keys().next().value);
  return isNew && key;
}

/** Adds or updates an event. */
function change(event) {
  const key = put(event);
  if (key) {
    fresh.add(key);
    setTimeout(() => fresh.delete(key), NEW_MS);
  }
  sift();
}

let sifting = false;

/** Applies the filter. Several changes in quick succession apply it once. */
function sift() {
  if (sifting) return;
  sifting = true;
  requestAnimationFrame(() => {
    sifting = false;
    offer([...events.values()].map(({ event }) => event));
    const isShown = filter();
    const shown = [...events.values()].filter(({ event }) => isShown(event)).reverse();
    count(shown.length);
    list.show(shown);
  });
}

function count(shown) {
  const all = String(events.size);
  byId("event-count").textContent = isFiltered() && events.size ? `${shown} of ${all}` : events.size ? all : "";
  byId("filter").hidden = events.size === 0 && !isFiltered();
  byId("no-match").hidden = events.size === 0 || shown > 0;
  byId("no-events").hidden = events.size > 0;
  byId("pane").hidden = shown === 0;
}

async function reload() {
  try {
    const all = await getJson("/_local/events?view=summary");
    events.clear();
    all.events.reverse().forEach(put);
    sift();
    notice(null);
  } catch (error) {
    notice(`The events could not be read: ${error.message}.`);
  }
}

const example = `curl ${location.origin}/capture/ -H 'Content-Type: application/json' -d '{
  "api_key": "phc_local",
  "event": "generation_failed",
  "distinct_id": "user_1007",
  "properties": {
    "input_prompt": "Write to jane@example.com, please",
    "failure_reason": "timeout"
  }
}'`;
byId("example").textContent = example;
byId("copy").addEventListener("click", () => copy(example, "The command"));

const dialog = byId("clear-dialog");
byId("clear").addEventListener("click", () => dialog.showModal());
byId("keep").addEventListener("click", () => dialog.close());
byId("really-clear").addEventListener("click", async () => {
  dialog.close();
  try {
    const answer = await fetch("/_local/reset", { method: "POST" });
    if (!answer.ok) throw new Error(`the answer was ${answer.status}`);
    await reload();
    say("Everything is cleared.");
  } catch (error) {
    notice(`Nothing was cleared: ${error.message}.`);
  }
});

byId("import").addEventListener("click", () => byId("import-file").click());
byId("import-file").addEventListener("change", async ({ target }) => {
  const [file] = target.files;
  if (!file) return;
  try {
    const answer = await fetch("/_local/state", { method: "PUT", body: file });
    if (!answer.ok) throw new Error((await answer.json()).error);
    await reload();
    say("The file is imported. Nothing of it is sent.");
  } catch (error) {
    notice(`Nothing was imported: ${error.message}.`);
  }
  target.value = "";
});

startFilter(sift);
byId("filter").addEventListener("submit", (submit) => {
  submit.preventDefault();
  list.focus();
});
start("Events", { reload, change });
