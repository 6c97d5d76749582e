// The list: events as they arrive, newest first, and the mailbox.

import { byId, el, getJson, listen, notice, time } from "./dom.js";
import { destinationChip, emailCard, workflowChips } from "./parts.js";

// As many as the server keeps.
const EVENTS_MAX = 1000;
const EMAILS_MAX = 200;

const events = new Map();
const emails = new Map();

function chips(event) {
  return [
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

/** Puts `item` at the top of its list, or in the place of what it replaces. */
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
  }
}

/** An event is new, or has got further. */
function change(event) {
  show(event);
  events.get(event.id)?.classList.add("new");
}

function show(event) {
  const known = events.get(event.id);
  if (known) {
    // Only the states change; the rest stays, with the focus that may be on it.
    known.querySelector(".chips").replaceChildren(...chips(event));
  } else {
    put("events", events, EVENTS_MAX, event.id, row(event));
    count();
  }
}

function email(email) {
  put("emails", emails, EMAILS_MAX, email.id, el("li", {}, emailCard(email, true)));
  count();
}

function count() {
  byId("event-count").textContent = events.size ? String(events.size) : "";
  byId("email-count").textContent = emails.size ? String(emails.size) : "";
  byId("no-events").hidden = events.size > 0;
  byId("no-emails").hidden = emails.size > 0;
}

async function reload() {
  try {
    const [all, mailbox] = await Promise.all([getJson("/_local/events?view=summary"), getJson("/_local/emails")]);
    for (const [known, list] of [[events, "events"], [emails, "emails"]]) {
      known.clear();
      byId(list).replaceChildren();
    }
    all.events.reverse().forEach(show);
    mailbox.emails.reverse().forEach(email);
    count();
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
    () => { target.textContent = "The browser does not allow to copy"; });
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

listen({ reload, change, email });
