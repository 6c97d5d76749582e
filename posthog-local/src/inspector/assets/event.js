// One event, from capture to the stored line and the e-mails.

import * as actions from "./actions.js";
import { destination, workflow } from "./branch.js";
import { outcome } from "./chips.js";
import { comparison } from "./compare.js";
import { byId, code, el, getJson, notice, time } from "./dom.js";
import { generation, isAi } from "./generation.js";
import { json } from "./pretty.js";
import { start } from "./shell.js";
import { warnings } from "./warnings.js";

const uuid = decodeURIComponent(location.pathname.split("/").pop());

function facts(event) {
  const fact = (name, ...value) => el("div", {}, el("dt", {}, name), el("dd", {}, ...value));
  return el("dl", { class: "facts" },
    fact("Person", event.person.name), event.person.name !== event.distinct_id && fact("distinct_id", event.distinct_id),
    fact("Happened", time(event.timestamp)), fact("Arrived", time(event.captured_at)),
    fact("uuid", el("code", {}, event.uuid)));
}

/** A titled part of the page, with chips beside its title. */
function block(kind, title, chips, ...content) {
  return el("section", { class: `block ${kind}` }, el("div", { class: "row" }, el("h2", {}, title), el("div", { class: "chips" }, chips)), ...content);
}

/** What came of one capture: everything that judged it, side by side; last what did not want it. */
function capture(event, emails, title) {
  const branches = [
    ...event.destinations.map((run) => [run.matched, destination(run)]),
    ...event.workflows.map((run) => [run.matched, workflow(run, emails)])];
  const sorted = [...branches.filter(([matched]) => matched), ...branches.filter(([matched]) => !matched)].map(([, branch]) => branch);
  const why = event.imported ? "It was imported from a file, and nothing was sent." : event.dropped ? "Nothing: PostHog dropped it." : "No destination and no workflow is declared.";
  return el("li", { class: "capture" },
    el("h3", { class: "root" }, title, time(event.captured_at)),
    sorted.length > 0 ? el("ul", { class: "branches" }, sorted) : el("p", { class: "meta" }, why));
}

/** All captures of the uuid, newest first: a replay adds one, and replaces none. */
function captures(event, emails) {
  const all = [...(event.earlier ?? []), event];
  const title = (one, at) => (at > 0 ? "Sent again at " : one.dropped ? "Arrived at " : "Captured at ");
  return el("section", { class: "flow", "aria-labelledby": "flow-title" },
    el("h2", { id: "flow-title" }, "What became of it"),
    event.repeated && el("p", { class: "meta" }, "An event with this uuid was captured before, and PostHog delivers it again. The newest is on top."),
    el("ol", { class: "captures" }, all.map((one, at) => capture(one, emails, title(one, at))).reverse()));
}

/** The newest line that any capture of the uuid stored. */
function record(event) {
  const all = [...(event.earlier ?? []), event].flatMap((one) => one.destinations);
  return all.map((run) => run.stored?.record).filter(Boolean).at(-1);
}

function data(event) {
  const { name, properties } = event.person;
  return el("div", { class: "pair" },
    block("", "Properties", [], code("Properties of the event", ...json(event.properties))),
    block("", `Person: ${name}`, [], Object.keys(properties).length
      ? code("Properties of the person", ...json(properties))
      : el("p", { class: "meta" }, "This person has no properties. $identify or $set would add some.")));
}

/** Keeps open what the reader has opened when the event is updated. */
const opened = () => [...byId("event").querySelectorAll("details")].map((details) => details.open);

function show(event, emails) {
  const open = opened();
  document.title = `${event.event} – posthog-local`;
  byId("event-name").textContent = event.event;
  byId("event-chips").replaceChildren(...outcome(summarized(event)));
  const parts = [facts(event), warnings(event), captures(event, emails), comparison(event, record(event)), isAi(event) && generation(event, block), data(event)];
  byId("event").replaceChildren(...parts.filter(Boolean));
  byId("event").querySelectorAll("details").forEach((details, n) => { details.open = open[n] ?? details.open; });
}

/** An event's summary, as the list has it. */
function summarized(event) {
  const destinations = event.destinations.map((run) => {
    const last = run.attempts.at(-1);
    return { ...run, status: last?.status, millis: last?.millis, stored: run.stored?.status, reason: run.stored?.reason };
  });
  return { ...event, destinations, warnings: event.warnings ?? [] };
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
        getJson(`/_local/events/${encodeURIComponent(uuid)}`), getJson("/_local/emails?view=summary")]);
      const emails = mailbox.emails.filter((email) => email.event_uuid === event.uuid);
      const now = JSON.stringify([event, emails]);
      current = event;
      byId("actions").hidden = false;
      if (now !== shown) show(event, emails);
      shown = now;
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
start("Event", {
  reload,
  change: (event) => event.uuid === uuid.toLowerCase() && reload(),
  email: (email) => email.event_uuid === uuid.toLowerCase() && reload(),
  escape: () => byId("back").click(),
});
