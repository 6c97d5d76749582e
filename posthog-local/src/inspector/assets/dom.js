// Helpers for pages without a framework. They insert text only and never parse HTML, so that no event can inject any.

/** Creates an element. Children are elements, texts, or empty values, which are skipped. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

export const byId = (id) => document.getElementById(id);

export async function getJson(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw Object.assign(new Error(`${url} answered ${answer.status}`), { status: answer.status });
  return answer.json();
}

/** Tells of a problem until it is gone. A screen reader reads it at once. */
export function notice(text) {
  const place = byId("notice");
  if (place.textContent !== (text ?? "")) place.textContent = text ?? "";
}

const SAID_MS = 6000;
let silence;

/** Says how an action ended, for some seconds. */
export function say(text) {
  const place = byId("status");
  // The same words again are news too.
  place.textContent = place.textContent === text ? `${text} ` : text;
  clearTimeout(silence);
  silence = setTimeout(() => { place.textContent = ""; }, SAID_MS);
}

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3, hourCycle: "h23" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long" });
const day = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric" });

/** A time of day with milliseconds; with the day if it is another one than today. The full date is its tooltip. */
export function time(iso) {
  const date = new Date(iso);
  const today = date.toDateString() === new Date().toDateString();
  return el("time", { datetime: iso, title: full.format(date) }, today ? clock.format(date) : `${day.format(date)}, ${clock.format(date)}`);
}

/** Copies a text, and says whether it worked. */
export async function copy(text, what) {
  await navigator.clipboard.writeText(text).then(() => say(`${what} is copied.`), () => say("The browser does not allow copying."));
}

/** A text that may be long. It scrolls on its own, also by keyboard. */
export function code(label, ...text) {
  return el("pre", { tabindex: "0", role: "region", "aria-label": label }, ...text);
}
