// JSON for people: indented, with keys and values apart, and the sanitizer's placeholders marked.

import { el } from "./dom.js";

const PLACEHOLDER = /(\[[A-Z][A-Z_]*_\d+\])/;
const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/g;
/** A longer text is shown without colours, because each of them is an element. */
const COLOURED_CHARS_MAX = 20000;

/** A text with the sanitizer's placeholders marked. */
export function marked(text) {
  // Every second piece is a placeholder.
  return text.split(PLACEHOLDER).map((piece, at) => (at % 2 ? el("mark", {}, piece) : piece)).filter((piece) => piece !== "");
}

/** A value as indented JSON; text that is JSON is indented too, and any other stays as it is. */
export function indented(value) {
  if (typeof value !== "string") return JSON.stringify(value, null, 2);
  try {
    const inner = JSON.parse(value);
    return typeof inner === "object" && inner !== null ? JSON.stringify(inner, null, 2) : value;
  } catch {
    return value;
  }
}

/** The pieces of indented JSON, with its keys coloured and placeholders marked. */
export function json(value) {
  const text = indented(value);
  if (text.length > COLOURED_CHARS_MAX) return marked(text);
  const pieces = [];
  let done = 0;
  for (const { 0: whole, 1: string, 2: colon, 3: other, index } of text.matchAll(TOKEN)) {
    pieces.push(text.slice(done, index));
    if (string && colon) pieces.push(el("span", { class: "json-key" }, string), colon);
    else if (string) pieces.push(...marked(string));
    else pieces.push(el("span", { class: "json-value" }, other));
    done = index + whole.length;
  }
  pieces.push(text.slice(done));
  return pieces.filter((piece) => piece !== "");
}
