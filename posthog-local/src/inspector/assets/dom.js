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

/** Shows a problem, or hides it. */
export function notice(text) {
  const place = byId("notice");
  place.textContent = text ?? "";
  place.hidden = !text;
}

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long" });

/** A time of day, with the full date as a tooltip. */
export function time(iso) {
  const date = new Date(iso);
  return el("time", { datetime: iso, title: full.format(date) }, clock.format(date));
}

/** Subscribes to every change. `handlers.reload` runs at the start and whenever changes may have been missed. */
export function listen(handlers) {
  const status = byId("live");
  const show = (state, text) => {
    status.dataset.state = state;
    if (status.textContent !== text) status.textContent = text;
  };
  const source = new EventSource("/_local/stream");
  source.addEventListener("hello", () => {
    show("on", "live");
    handlers.reload();
  });
  source.addEventListener("reload", () => handlers.reload());
  source.addEventListener("change", (message) => handlers.change(JSON.parse(message.data)));
  source.addEventListener("email", (message) => handlers.email(JSON.parse(message.data)));
  source.addEventListener("faults", (message) => handlers.faults(JSON.parse(message.data)));
  source.addEventListener("error", () => {
    show("off", "not connected");
    // After an error status the browser does not reconnect by itself.
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(() => listen(handlers), 2000);
    }
  });
}
