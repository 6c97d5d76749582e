// The list: events as they arrive, newest first, and the mailbox.

import { byId, el, getJson, listen, notice, time } from "./dom.js";
import * as faults from "./faults.js";
import { filter, isFiltered, offer, start as startFilter } from "./filter.js";
import { destinationChip, emailCard, importedChip, trimmedChip, workflowChips } from "./parts.js";

// As many as the server lists. It may keep more for queries.
const EVENTS_MAX = 1000;
const EMAILS_MAX = 200;

const events = new Map();
const emails = new Map();
/** The summary of each event, for the filter. */
const summaries = new Map();

function chips(event) {
  if (event.imported) return [importedChip()];
  return [
    ...(event.trimmed ? [trimmedChip()] : []),
    ...event.destinations.map((run) => destinationChip(run, run.name)),
    ...event.workflows.flatMap((run) => workflowChips(run, run.name))];
}

function row(event) {
  const who = event.person === event.distinct_id ? event.person : `${event.person} (${event.distinct_id})`;
  return el("li", { class: "card" },
    el("div", { class: "row" },
      el("h2", {}, el("a", { href: `/events/${event.uuid}`, class: "cover" }, event.event)),
      time(event.captured_at)),
    event.property && el("p", { class: "property" }, el("span", { class: "key" }, event.property[0]), ` ${event.property[1]}`),
    el("p", { class: "meta" }, who, event.repeated && " · captured before, delivered again"),
    el("div", { class: "chips" }, chips(event)));
}

/** Puts `item` at the top of its list, or replaces the item with the same id. */
function put(list, known, max, id, item) {
  const old = known.get(id);
  known.set(id, item);
  if (old) {
    old.replaceWith(item);
    return;
  }
  byId(list).prepend(item);
  if (known.size > max) {
    const [oldest] = known.keys();
    known.get(oldest).remove();
    known.delete(oldest);
    summaries.delete(oldest);
  }
}

/** Adds or updates an event. */
function change(event) {
  show(event);
  events.get(event.id)?.classList.add("new");
}

function show(event) {
  summaries.set(event.id, event);
  const known = events.get(event.id);
  if (known) {
    // Only the states change. The other elements stay, because one of them may have the focus.
    known.querySelector(".chips").replaceChildren(...chips(event));
  } else {
    put("events", events, EVENTS_MAX, event.id, row(event));
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
    offer([...summaries.values()]);
    const isShown = filter();
    let shown = 0;
    for (const [id, item] of events) {
      item.hidden = !isShown(summaries.get(id));
      if (!item.hidden) shown += 1;
    }
    count(shown);
  });
}

function email(email) {
  put("emails", emails, EMAILS_MAX, email.id, el("li", {}, emailCard(email, true)));
  sift();
}

function count(shown) {
  const all = events.size ? String(events.size) : "";
  byId("event-count").textContent = isFiltered() && events.size ? `${shown} of ${all}` : all;
  byId("filter").hidden = events.size === 0;
  byId("no-match").hidden = events.size === 0 || shown > 0;
  byId("email-count").textContent = emails.size ? String(emails.size) : "";
  byId("no-events").hidden = events.size > 0;
  byId("no-emails").hidden = emails.size > 0;
}

async function reload() {
  try {
    const [all, mailbox] = await Promise.all([getJson("/_local/events?view=summary"), getJson("/_local/emails")]);
    summaries.clear();
    for (const [known, list] of [[events, "events"], [emails, "emails"]]) {
      known.clear();
      byId(list).replaceChildren();
    }
    all.events.reverse().forEach(show);
    mailbox.emails.reverse().forEach(email);
    await faults.reload();
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
byId("copy").addEventListener("click", async ({ target }) => {
  await navigator.clipboard.writeText(example).then(
    () => { target.textContent = "Copied"; },
    () => { target.textContent = "The browser does not allow copying"; });
  setTimeout(() => { target.textContent = "Copy the command"; }, 2000);
});

const dialog = byId("clear-dialog");
byId("clear").addEventListener("click", () => dialog.showModal());
byId("keep").addEventListener("click", () => dialog.close());
byId("really-clear").addEventListener("click", async () => {
  dialog.close();
  try {
    const answer = await fetch("/_local/reset", { method: "POST" });
    if (!answer.ok) throw new Error(`the answer was ${answer.status}`);
    await reload();
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
  } catch (error) {
    notice(`Nothing was imported: ${error.message}.`);
  }
  target.value = "";
});

/** The arrow keys move the focus from event to event within the list. */
byId("events").addEventListener("keydown", (press) => {
  const links = [...byId("events").querySelectorAll("li:not([hidden]) .cover")];
  const at = links.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[press.key];
  if (at < 0 || to === undefined || !links[to]) return;
  press.preventDefault();
  links[to].focus();
});

startFilter(sift);
byId("filter").addEventListener("submit", (submit) => submit.preventDefault());
faults.start();
listen({ reload, change, email, faults: faults.show });
