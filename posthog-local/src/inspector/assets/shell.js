// What all pages share: the header with its counts, the connection, the faults that are on, and the keys.

import { byId, el, getJson } from "./dom.js";
import * as faults from "./faults.js";
import { startKeys } from "./keys.js";
import { countUnread, keepUnread } from "./unread.js";

/** The ids of the e-mails that the mailbox has. */
const emails = new Set();

function showUnread() {
  const count = countUnread(emails);
  const badge = byId("unread");
  badge.hidden = count === 0;
  badge.replaceChildren(String(count), el("span", { class: "word" }, " unread"));
}

async function reloadHeader() {
  const mailbox = await getJson("/_local/emails?view=summary");
  emails.clear();
  for (const { id } of mailbox.emails) emails.add(id);
  keepUnread(emails);
  showUnread();
  await faults.reload();
}

/** Links to the flags, where there are any. Older versions of posthog-local have none. */
async function linkFlags() {
  const answer = await fetch("/_local/flags").catch(() => null);
  if (!answer?.ok) return;
  const { flags } = await answer.json();
  byId("to-flags").hidden = flags.length === 0;
}

function connection(state, text) {
  const live = byId("live");
  live.dataset.state = state;
  if (live.textContent !== text) live.textContent = text;
}

/** Subscribes to every change. `handlers.reload` runs at the start and whenever changes may have been missed. */
function listen(handlers) {
  const source = new EventSource("/_local/stream");
  const reload = async () => {
    await reloadHeader().catch(() => {});
    handlers.reload?.();
  };
  source.addEventListener("hello", () => {
    connection("on", "live");
    reload();
  });
  source.addEventListener("reload", reload);
  source.addEventListener("change", (message) => handlers.change?.(JSON.parse(message.data)));
  source.addEventListener("email", (message) => {
    const email = JSON.parse(message.data);
    emails.add(email.id);
    showUnread();
    handlers.email?.(email);
  });
  source.addEventListener("faults", (message) => {
    const state = JSON.parse(message.data);
    faults.show(state);
    handlers.faults?.(state);
  });
  source.addEventListener("flags", () => handlers.flags?.());
  source.addEventListener("error", () => {
    connection("off", "not connected");
    // After an error status the browser does not reconnect by itself.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => listen(handlers), 2000);
  });
}

/** Starts a page. `handlers` are called with what changes; `escape` is what the key Escape does there. */
export function start(title, handlers) {
  document.title = `${title} – posthog-local`;
  for (const link of document.querySelectorAll(".top nav a")) {
    if (link.pathname === location.pathname) link.setAttribute("aria-current", "page");
    // An event's page belongs to the list.
    else if (link.pathname === "/" && location.pathname.startsWith("/events/")) link.setAttribute("aria-current", "true");
  }
  startKeys(handlers.escape);
  faults.start();
  addEventListener("read", showUnread);
  addEventListener("storage", showUnread);
  linkFlags();
  listen(handlers);
}
