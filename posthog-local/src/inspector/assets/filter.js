// The list's filter. It is part of the page's URL, so that it can be bookmarked and shared.

import { byId, el } from "./dom.js";

const FIELDS = ["search", "event", "state", "person"];
const WORDS = {
  delivered: "delivered", waiting: "in progress", failed: "failed", mailed: "e-mail sent", not_mailed: "e-mail not sent",
  not_matched: "matched nothing", masked: "skipped as a repetition", stopped: "stopped on purpose", warned: "with a warning",
  dropped: "dropped by PostHog",
};
const WAITING = ["queued", "delivering", "retrying"];

/** All states of an event, as the filter names them. */
function states(event) {
  const found = new Set();
  for (const { state } of event.destinations) found.add(WAITING.includes(state) ? "waiting" : state);
  for (const run of event.workflows) {
    if (run.masked) found.add("masked");
    for (const email of run.emails) found.add(email.state === "sent" ? "mailed" : email.state === "sending" ? "waiting" : "not_mailed");
  }
  if (event.warnings?.length > 0) found.add("warned");
  if (event.dropped) found.add("dropped");
  // An event for which something happened did not match nothing.
  if (found.size > 1) found.delete("not_matched");
  return found;
}

const chosen = () => Object.fromEntries(FIELDS.map((field) => [field, byId(`filter-${field}`).value.trim()]));

/** Returns a function that decides whether an event is shown. */
export function filter() {
  const { search, event: name, state, person } = chosen();
  const [text, who] = [search.toLowerCase(), person.toLowerCase()];
  const contains = (value, part) => String(value).toLowerCase().includes(part);
  return (event) => (!name || event.event === name)
    && (!state || states(event).has(state))
    && (!who || contains(event.person, who) || contains(event.distinct_id, who))
    && (!text || [event.event, event.uuid, event.person, event.distinct_id, ...(event.property ?? [])].some((value) => contains(value, text)));
}

export const isFiltered = () => Object.values(chosen()).some((value) => value !== "");

/** Updates the names and persons to choose from. */
export function offer(events) {
  const names = [...new Set(events.map((event) => event.event))].sort();
  const select = byId("filter-event");
  if (names.join("\n") !== [...select.options].slice(1).map((option) => option.value).join("\n")) {
    const before = select.value;
    select.replaceChildren(el("option", { value: "" }, "Any event"), ...names.map((name) => el("option", { value: name }, name)));
    select.value = names.includes(before) ? before : "";
  }
  const people = [...new Set(events.map((event) => event.person))].slice(0, 200);
  byId("people").replaceChildren(...people.map((person) => el("option", { value: person })));
}

/** Reads the filter from the URL, and calls back on every change. */
export function start(changed) {
  byId("filter-state").append(...Object.entries(WORDS).map(([state, words]) => el("option", { value: state }, words)));
  const query = new URLSearchParams(location.search);
  for (const field of FIELDS) {
    const input = byId(`filter-${field}`);
    const value = query.get(field) ?? "";
    // The events are not loaded yet, so the select does not have this name yet.
    if (field === "event" && value) input.append(el("option", { value }, value));
    input.value = value;
    // In some browsers a select only fires `change`.
    for (const kind of ["input", "change"]) {
      input.addEventListener(kind, () => {
        const now = new URLSearchParams(Object.entries(chosen()).filter(([, value]) => value));
        history.replaceState(null, "", now.size ? `?${now}` : location.pathname);
        changed();
      });
    }
  }
  if (query.get("focus") === "search") {
    history.replaceState(null, "", location.pathname);
    byId("filter-search").focus();
  }
  byId("filter-clear").addEventListener("click", () => {
    for (const field of FIELDS) byId(`filter-${field}`).value = "";
    history.replaceState(null, "", location.pathname);
    changed();
    byId("filter-search").focus();
  });
}
