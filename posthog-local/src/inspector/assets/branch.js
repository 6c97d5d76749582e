// What one destination or one workflow did with an event. They run side by side, and none waits for another.

import { attemptChip, destinationChip, destinationKind, emailChip, workflowChips } from "./chips.js";
import { code, el, time } from "./dom.js";
import { json } from "./pretty.js";

function branch(kind, { matched, name }, what, chips, ...content) {
  return el("li", { class: `branch ${kind}${matched ? "" : " idle"}` },
    el("p", { class: "meta what" }, what), el("div", { class: "row" }, el("h3", {}, name), el("div", { class: "chips" }, chips)), ...content);
}

/** The rule and the value that decided. */
function why({ matched, why }) {
  return el("p", { class: "why" }, el("strong", {}, matched ? "Matched" : "Not matched"), `: ${why}.`);
}

function attempt({ number, at, status, error, answer, millis }) {
  return el("li", {},
    el("p", { class: "chips" }, el("strong", {}, `Attempt ${number}`), attemptChip({ status, millis }), time(at)),
    error && el("p", { class: "reason" }, error),
    // The answer is open if the attempt failed.
    answer && el("details", { open: !(status < 300) }, el("summary", {}, "Answer"), code(`Answer to attempt ${number}`, ...json(answer))));
}

const STORED = {
  stored: "It stored a line",
  duplicate: "Nothing was stored: this event is in the file already",
  ignored: "Nothing was stored: the receiver ignored this delivery",
};

function stored({ stored }) {
  if (!stored) return null;
  const line = stored.record && [": ", el("a", { href: "#compare-title" }, "as sent, and as stored")];
  return [
    el("p", { class: "why" }, STORED[stored.status] ?? `The receiver says: ${stored.status}`, line, "."),
    stored.detail && el("p", { class: "why" }, `The receiver says: “${stored.detail}”`)];
}

/** A destination: a webhook. */
export function destination(run) {
  const last = run.attempts.at(-1);
  const summary = { ...run, status: last?.status, millis: last?.millis, stored: run.stored?.status, reason: run.stored?.reason };
  return branch(destinationKind(summary), run, "Destination", destinationChip(summary),
    why(run),
    run.url && el("p", { class: "meta" }, `POST ${run.url}`),
    run.attempts.length > 0 && el("ol", { class: "attempts" }, run.attempts.map(attempt)),
    run.next_attempt_at && el("p", { class: "meta" }, `Attempt ${run.attempt + 1} at `, time(run.next_attempt_at)),
    stored(run));
}

function email({ id, state, reason }, emails) {
  const known = emails.find((email) => email.id === id);
  const subject = known?.subject || "No e-mail was made";
  return el("li", {},
    // The mailbox keeps fewer e-mails than the list keeps events.
    el("p", { class: "chips" }, emailChip(state), known ? el("a", { href: `/mailbox?mail=${encodeURIComponent(id)}` }, subject) : "no longer in the mailbox"),
    known?.to && el("p", { class: "meta" }, `to ${known.to}`),
    state === "not_sent" && el("p", { class: "reason" }, `Not sent: ${reason}.`));
}

/** A workflow, which sends e-mails. `emails` are those of the mailbox. */
export function workflow(run, emails) {
  const failed = run.emails.some(({ state }) => state === "not_sent");
  const waits = run.emails.some(({ state }) => state === "sending");
  const kind = !run.matched || run.masked ? "none" : failed ? "bad" : waits ? "info" : "good";
  return branch(kind, run, "Workflow", workflowChips(run),
    why(run),
    run.emails.length > 0 && el("ul", { class: "attempts" }, run.emails.map((one) => email(one, emails))));
}
