// What became of an event and of an e-mail, in chips: a sign, words and a colour.

import { el } from "./dom.js";

/** A state, shown by sign, words and colour. */
export function chip(kind, sign, ...words) {
  return el("span", { class: `chip ${kind}` }, el("span", { class: "sign", "aria-hidden": "true" }, sign), words.join(" "));
}

/** What the receiver did, with its reason where it ignored the event. */
function storedWords(stored, reason) {
  if (stored === "ignored") return reason ? `ignored (${reason})` : "ignored";
  return { stored: "stored", duplicate: "duplicate" }[stored] ?? "delivered";
}

const last = ({ status, millis }) => (status ? `${status} in ${millis} ms` : "no answer");

/** The state of a destination, from an event's summary: what kind it is, its sign, and its words. */
function destinationState({ state, attempt, status, millis, stored, reason }) {
  const how = last({ status, millis });
  switch (state) {
    case "not_matched": return ["none", "–", "not matched"];
    case "masked": return ["none", "–", "skipped as a repetition"];
    case "stopped": return ["warn", "■", "stopped on purpose"];
    case "queued": return ["info", "…", "queued"];
    case "delivering": return ["info", "→", attempt > 1 ? `attempt ${attempt}` : "delivering"];
    case "retrying": return ["warn", "↻", `attempt ${attempt} failed (${how}), trying again`];
    case "delivered": return [stored === "ignored" ? "none" : "good", stored === "ignored" ? "–" : "✓", storedWords(stored, reason), how];
    case "failed": return ["bad", "✕", "failed", attempt ? how : "not sent"];
    default: return ["none", "?", state];
  }
}

/** The kind of a destination's state, which is a colour. */
export const destinationKind = (run) => destinationState(run)[0];

/** The state of a destination on the event's page. */
export function destinationChip(run) {
  const [kind, sign, ...words] = destinationState(run);
  return chip(kind, sign, words.join(", "));
}

const EMAIL = { sending: ["info", "→", "sending"], sent: ["good", "✓", "sent"], not_sent: ["bad", "✕", "not sent"] };

export function emailChip(state) {
  return chip(...(EMAIL[state] ?? ["none", "?", state]));
}

/** The state of a workflow: one chip, or one for each e-mail. With a name, it begins with it. */
export function workflowChips(run, name) {
  const who = name ? [`${name}:`] : [];
  if (!run.matched) return [chip("none", "–", ...who, "not matched")];
  if (run.masked) return [chip("none", "–", ...who, "skipped as a repetition")];
  if (run.emails.length === 0) return [chip("good", "✓", ...who, "ran")];
  return run.emails.map(({ state }) => {
    const [kind, sign, words] = EMAIL[state] ?? ["none", "?", state];
    return chip(kind, sign, ...who, words);
  });
}

/** What became of an event, for its row. What did not match it did nothing, so it is left out. */
export function outcome(event) {
  if (event.imported) return [chip("none", "–", "imported, not sent")];
  const count = event.warnings?.length ?? 0;
  const chips = [
    event.dropped && chip("bad", "✕", "dropped by PostHog"),
    ...event.destinations.filter((run) => run.state !== "not_matched").map((run) => {
      const [kind, sign, words] = destinationState(run);
      return chip(kind, sign, `${run.name}:`, words, run.state === "failed" && run.status ? `(${run.status})` : "");
    }),
    ...event.workflows.filter((run) => run.matched).flatMap((run) => workflowChips(run, run.name)),
    // Being dropped says it all.
    count > 0 && !event.dropped && chip("warn", "!", count === 1 ? "1 warning" : `${count} warnings`),
    event.repeated && chip("none", "↻", "sent again"),
  ].filter(Boolean);
  const judged = event.destinations.length + event.workflows.length > 0;
  return chips.length > 0 ? chips : [el("span", { class: "meta" }, judged ? "matched nothing" : "captured")];
}

/** Marks an event that lost its content, as on PostHog Cloud. */
export const trimmedChip = () => chip("info", "✂", "trimmed by PostHog: not in webhooks");

export function attemptChip(attempt) {
  const text = attempt.status ? `${attempt.status} in ${attempt.millis} ms` : `no answer in ${attempt.millis} ms`;
  return attempt.status && attempt.status < 300 ? chip("good", "✓", text) : chip("bad", "✕", text);
}
