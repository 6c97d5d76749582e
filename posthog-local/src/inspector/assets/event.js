// One event, from capture to the stored line and the e-mails.

import * as actions from "./actions.js";
import { byId, el, getJson, listen, notice, time } from "./dom.js";
import * as faults from "./faults.js";
import { generation, isAi } from "./generation.js";
import { attemptChip, code, destinationChip, emailCard, importedChip, storedLine, workflowChips } from "./parts.js";

const uuid = decodeURIComponent(location.pathname.split("/").pop());

function step(kind, title, chips, ...content) {
  return el("li", { class: `step ${kind}` }, el("div", { class: "row" }, el("h2", {}, title), el("div", {}, chips)), ...content);
}

function captured(event) {
  const fact = (name, value) => [el("dt", {}, name), el("dd", {}, value)];
  const person = event.person;
  return step("good", "Captured", event.imported ? [importedChip()] : [],
    el("dl", {},
      fact("happened", time(event.timestamp)), fact("arrived", time(event.captured_at)),
      fact("distinct_id", event.distinct_id), fact("uuid", event.uuid)),
    event.repeated && el("p", { class: "reason" }, "An event with this uuid was captured before. It is delivered again, as in PostHog."),
    el("h3", {}, "Properties"), code("Properties of the event", JSON.stringify(event.properties, null, 2)),
    el("h3", {}, `Person: ${person.name}`),
    Object.keys(person.properties).length
      ? code("Properties of the person", JSON.stringify(person.properties, null, 2))
      : el("p", { class: "meta" }, "This person has no properties. $identify or $set would add some."));
}

/** The rule and the value that decided. */
function why(run) {
  return el("p", { class: "why" }, el("strong", {}, run.matched ? "Matched" : "Not matched"), `: ${run.why}.`);
}

const KIND = { not_matched: "none", masked: "none", stopped: "warn", queued: "wait", delivering: "wait", retrying: "warn", delivered: "good", failed: "bad" };

function destination(run) {
  const last = run.attempts.at(-1);
  const summary = { ...run, status: last?.status, millis: last?.millis, stored: run.stored?.status, reason: run.stored?.reason };
  return step(KIND[run.state] ?? "none", `Destination: ${run.name}`, destinationChip(summary),
    why(run),
    run.url && el("p", { class: "meta" }, `to ${run.url}`),
    run.attempts.length > 0 && el("ol", { class: "attempts" }, run.attempts.map(attempt)),
    run.next_attempt_at && el("p", { class: "meta" }, `Attempt ${run.attempt + 1} at `, time(run.next_attempt_at)),
    stored(run));
}

function attempt(attempt) {
  return el("li", {},
    el("p", {}, el("strong", {}, `Attempt ${attempt.number}`), " ", attemptChip(attempt), " ",
      el("span", { class: "meta" }, "at ", time(attempt.at))),
    attempt.error && el("p", { class: "reason" }, attempt.error),
    // The answer is open if the attempt failed.
    attempt.answer && el("details", { open: !(attempt.status < 300) }, el("summary", {}, "Answer"), code(`Answer to attempt ${attempt.number}`, attempt.answer)));
}

const STORED = {
  stored: "The stored line",
  duplicate: "Nothing was stored: this event is in the file already",
  ignored: "Nothing was stored: the receiver does not want this event",
};

function stored(run) {
  if (!run.stored) return null;
  const title = STORED[run.stored.status] ?? `The receiver says: ${run.stored.status}`;
  return [el("h3", {}, title), run.stored.detail && el("p", { class: "why" }, run.stored.detail), run.stored.record && storedLine(run.stored.record)];
}

function workflow(run, emails) {
  const failed = run.emails.some((email) => email.state === "not_sent");
  const waits = run.emails.some((email) => email.state === "sending");
  const kind = !run.matched || run.masked ? "none" : failed ? "bad" : waits ? "wait" : "good";
  return step(kind, `Workflow: ${run.name}`, workflowChips(run),
    why(run),
    run.emails.map(({ id, state, reason }) => {
      const email = emails.find((email) => email.id === id);
      if (email) return emailCard(email, false);
      // The mailbox keeps fewer e-mails than the list keeps events.
      return el("p", { class: "reason" }, state === "not_sent" ? `Not sent: ${reason}.` : "The e-mail is no longer in the mailbox.");
    }));
}

/** Keeps open what the reader has opened when the event is updated. */
function opened() {
  return [...document.querySelectorAll("details")].map((details) => details.open);
}

function show(event, emails) {
  const open = opened();
  document.title = `${event.event} – posthog-local`;
  const place = byId("event");
  const title = place.querySelector("h1") ?? el("h1", {}, event.event);
  const timeline = el("ol", { class: "timeline" }, captured(event),
    isAi(event) && generation(event, step),
    event.destinations.map(destination), event.workflows.map((run) => workflow(run, emails)));
  place.replaceChildren(title, timeline);
  document.querySelectorAll("details").forEach((details, n) => { details.open = open[n] ?? details.open; });
}

let running = false;
let again = false;
let shown = "";
let current = null;

/** Reads the event. Several changes in quick succession cause one more read. */
async function reload() {
  if (running) {
    again = true;
    return;
  }
  running = true;
  do {
    again = false;
    try {
      const [event, mailbox] = await Promise.all([
        getJson(`/_local/events/${encodeURIComponent(uuid)}`), getJson("/_local/emails")]);
      const emails = mailbox.emails.filter((email) => email.event_uuid === event.uuid);
      const now = JSON.stringify([event, emails]);
      current = event;
      byId("actions").hidden = false;
      if (now !== shown) show(event, emails);
      shown = now;
      await faults.reload();
      notice(null);
    } catch (error) {
      if (error.status !== 404) notice(`The event could not be read: ${error.message}.`);
      else if (shown) notice("posthog-local no longer has this event. The page shows its last known state.");
      else notice("There is no event with this uuid. posthog-local keeps only the newest events, in memory. If the event still arrives, it appears here.");
    }
  } while (again);
  running = false;
}

actions.start(() => current);
faults.start();
listen({
  faults: faults.show,
  reload,
  change: (event) => event.uuid === uuid.toLowerCase() && reload(),
  email: (email) => email.event_uuid === uuid.toLowerCase() && reload(),
});
