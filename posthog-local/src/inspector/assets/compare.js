// The event's texts beside what the receiver stored of them, with what was replaced highlighted on both sides.

import { errorText, messages } from "./chat.js";
import { code, el } from "./dom.js";
import { json } from "./pretty.js";

const PLACEHOLDER = /\[[A-Z][A-Z_]*_\d+\]/g;
/** Longer texts are cut, as both are whole in the JSON. */
const CHARS_MAX = 20000;

const plain = (text) => ({ text });

/**
 * Finds what each placeholder of `stored` stood for in `sent`, by the texts between the placeholders. Returns the pieces of
 * `sent`, or null where the texts between them differ too. It is a reading of the two texts: the receiver does not tell.
 */
export function replaced(sent, stored) {
  const marks = stored.match(PLACEHOLDER) ?? [];
  const between = stored.split(PLACEHOLDER);
  if (!sent.startsWith(between[0])) return null;
  const pieces = [plain(between[0])];
  const known = new Map();
  let at = between[0].length;
  for (const [number, mark] of marks.entries()) {
    const next = between[number + 1];
    const isLast = number === marks.length - 1;
    // The same placeholder mostly stands for the same text.
    const before = known.get(mark);
    const same = before !== undefined && sent.startsWith(before + next, at) && (!isLast || at + before.length + next.length === sent.length);
    const end = same ? at + before.length : isLast ? sent.length - next.length : sent.indexOf(next, at + 1);
    if (end <= at || !sent.startsWith(next, end)) return null;
    known.set(mark, sent.slice(at, end));
    pieces.push({ text: sent.slice(at, end), mark }, plain(next));
    at = end + next.length;
  }
  return at === sent.length ? pieces : null;
}

/** A stored text in pieces, of which the placeholders have a `mark`. */
function storedPieces(text) {
  return text.split(/(\[[A-Z][A-Z_]*_\d+\])/).map((piece, at) => (at % 2 ? { text: piece, mark: piece } : plain(piece)));
}

function draw(pieces) {
  return pieces.filter(({ text }) => text !== "").map(({ text, mark }) => (mark ? el("mark", { title: mark === text ? "a placeholder" : `stored as ${mark}` }, text) : text));
}

const cut = (text) => (text.length > CHARS_MAX ? `${text.slice(0, CHARS_MAX)}… (${text.length} characters)` : text);

/** The texts of a prompt with whose they are: one for a plain text, one for each message of a chat. */
function texts(value) {
  return messages(value, "user").map(({ role, parts }) => ({ role, text: parts.map(({ text }) => text).join("\n") }));
}

function row(name, sent, stored) {
  const whole = cut(stored);
  const pieces = sent === undefined ? null : replaced(sent, whole) ?? [plain(cut(sent))];
  return el("tr", {},
    el("th", { scope: "row" }, name),
    el("td", { "data-side": "As sent" }, pieces ? draw(pieces) : el("span", { class: "meta" }, "not in the event")),
    el("td", { "data-side": "As stored" }, draw(storedPieces(whole))));
}

/** The rows of a prompt. A chat is compared message by message. */
function promptRows(sent, stored) {
  const [before, after] = [texts(sent), texts(stored)];
  if (after.length <= 1 || before.length !== after.length) {
    const text = typeof sent === "string" || sent === undefined ? sent : before.length === 1 ? before[0].text : JSON.stringify(sent);
    return [row("prompt", text, typeof stored === "string" && after.length !== 1 ? stored : after[0]?.text ?? String(stored))];
  }
  return after.map(({ role, text }, at) => row(`prompt, ${role}`, before[at].text, text));
}

/** The first of these properties that has a value. */
const first = (properties, keys) => keys.map((key) => properties[key]).find((value) => value !== undefined && value !== null);

/** The event and its stored line, side by side; null when nothing was stored. */
export function comparison(event, record) {
  if (!record) return null;
  const sent = { ...event.properties, ...event.heavy };
  const prompt = first(sent, ["input_prompt", "$ai_input", "$ai_input_state"]);
  const reason = first(sent, ["failure_reason"]) ?? errorText(sent.$ai_error) ?? undefined;
  const rows = [
    ...(record.input_prompt === undefined ? [] : promptRows(prompt, record.input_prompt)),
    ...(record.failure_reason === undefined ? [] : [row("reason", reason === undefined ? undefined : String(reason), String(record.failure_reason))]),
    ...(record.distinct_id === undefined ? [] : [row("person", event.distinct_id, String(record.distinct_id))])];
  return el("section", { class: "block compare", "aria-labelledby": "compare-title" },
    el("h2", { id: "compare-title" }, "As sent, and as stored"),
    el("p", { class: "meta" }, "Personal data and secrets are replaced before the line is written. ", el("mark", {}, "What was replaced"), " is marked on both sides."),
    el("table", {},
      el("thead", {}, el("tr", {}, el("td", {}), el("th", { scope: "col" }, "As sent"), el("th", { scope: "col" }, "As stored"))),
      el("tbody", {}, rows)),
    el("details", {}, el("summary", {}, "The whole line as JSON"), code("Stored line", ...json(record))));
}
