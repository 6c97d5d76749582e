// The parts that both pages use.

import { el, time } from "./dom.js";

/** A state, shown by sign, words and colour. */
export function chip(kind, sign, ...words) {
  return el("span", { class: `chip ${kind}` }, el("span", { class: "sign", "aria-hidden": "true" }, sign), words.join(" "));
}

const STORED = { stored: "stored,", duplicate: "duplicate," };

/** What the receiver did, with its reason where it ignored the event. */
function storedWords(stored, reason) {
  if (stored !== "ignored") return STORED[stored] ?? "delivered,";
  return reason ? `ignored (${reason}),` : "ignored,";
}

/** The state of a destination, from an event's summary. The name is optional. */
export function destinationChip({ state, attempt, status, millis, stored, reason }, name) {
  const who = name ? [`${name}:`] : [];
  const last = status ? `${status} in ${millis} ms` : "no answer";
  switch (state) {
    case "not_matched": return chip("none", "–", ...who, "not matched");
    case "masked": return chip("none", "–", ...who, "skipped (masked)");
    case "stopped": return chip("warn", "■", ...who, "stopped on purpose");
    case "queued": return chip("wait", "…", ...who, "queued");
    case "delivering": return chip("wait", "→", ...who, attempt > 1 ? `attempt ${attempt}` : "delivering");
    case "retrying": return chip("warn", "↻", ...who, `attempt ${attempt} failed (${last}), trying again`);
    case "delivered": return chip("good", "✓", ...who, storedWords(stored, reason), last);
    case "failed": return chip("bad", "✕", ...who, "failed,", attempt ? last : "not sent");
    default: return chip("none", "?", ...who, state);
  }
}

/** Marks an event that lost its content, as on PostHog Cloud. */
export const trimmedChip = () => chip("wait", "✂", "trimmed by PostHog; pulled later");

const EMAIL = { sending: ["wait", "→", "sending"], sent: ["good", "✓", "sent"], not_sent: ["bad", "✕", "not sent"] };

export function emailChip(state) {
  return chip(...(EMAIL[state] ?? ["none", "?", state]));
}

/** Marks an event that was imported from a file. */
export const importedChip = () => chip("none", "–", "imported, not delivered");

/** The state of a workflow: one chip, or one for each e-mail. The name is optional. */
export function workflowChips(run, name) {
  const who = name ? [`${name}:`] : [];
  if (!run.matched) return [chip("none", "–", ...who, "not matched")];
  if (run.masked) return [chip("none", "–", ...who, "skipped (masked)")];
  if (run.emails.length === 0) return [chip("good", "✓", ...who, "ran")];
  return run.emails.map((email) => {
    const [kind, sign, words] = EMAIL[email.state] ?? ["none", "?", email.state];
    return chip(kind, sign, ...who, `e-mail ${words}`);
  });
}

export function attemptChip(attempt) {
  const text = attempt.status ? `${attempt.status} in ${attempt.millis} ms` : `no answer in ${attempt.millis} ms`;
  return attempt.status && attempt.status < 300 ? chip("good", "✓", text) : chip("bad", "✕", text);
}

/** A text that may be long. It scrolls on its own, also by keyboard. */
export function code(label, text) {
  return el("pre", { tabindex: "0", role: "region", "aria-label": label }, text);
}

/** A stored line, as it is in the file, with the sanitizer's placeholders marked. */
export function storedLine(record) {
  const pieces = JSON.stringify(record).split(/(\[[A-Z][A-Z_]*_\d+\])/);
  // Every second piece is a placeholder.
  return code("Stored line", pieces.map((piece, n) => (n % 2 ? el("mark", {}, piece) : piece)).filter((piece) => piece !== ""));
}

/** An e-mail, as its recipient sees it. */
export function emailCard(email, link) {
  const subject = email.subject || "No e-mail";
  return el("article", { class: "card email" },
    el("div", { class: "row" }, el("h3", {}, subject), emailChip(email.state)),
    el("p", { class: "meta" }, email.to ? `to ${email.to} · ` : "", time(email.created_at), ` · by ${email.workflow}`),
    email.reason && el("p", { class: "reason" }, `Not sent: ${email.reason}.`),
    email.html && frame(email),
    email.text && el("details", {}, el("summary", {}, "Plain text"), code("Plain text of the e-mail", email.text)),
    link && el("p", {}, el("a", { href: `/events/${email.event_uuid}` }, "The event that sent it")));
}

/** An e-mail's HTML in a sandboxed frame: no scripts, no origin, no forms, no links, no requests. */
function frame(email) {
  const src = `/_local/emails/${encodeURIComponent(email.id)}/html`;
  return el("iframe", { sandbox: "", src, loading: "lazy", title: `E-mail: ${email.subject}` });
}
