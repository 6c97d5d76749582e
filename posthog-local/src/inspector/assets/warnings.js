// Why PostHog changed an event or dropped it: in plain words, with PostHog's own word beside them.

import { code, el } from "./dom.js";
import { json } from "./pretty.js";

const TITLES = {
  cannot_merge_already_identified: "Two people were not merged",
  cannot_merge_with_illegal_distinct_id: "Nobody was merged",
  invalid_process_person_profile: "A setting was not understood",
  ignored_invalid_timestamp: "The time was replaced",
  trimmed: "A text was cut",
  ignored_property: "A property was ignored",
};

/** What PostHog does without telling anybody; the word is posthog-local's. */
const SILENT = ["trimmed", "ignored_property"];

const sentence = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

function item(kind, title, why, ...rest) {
  return el("li", { class: `warning ${kind}` }, el("strong", {}, title), el("p", {}, sentence(why)), ...rest);
}

/** PostHog's own word for a warning, and its details. */
function wire({ type, details }) {
  const word = el("code", {}, type);
  const told = SILENT.includes(type) ? ["PostHog does this silently; here it is called ", word, "."] : ["PostHog calls it ", word, ", on its page of ingestion warnings."];
  return [
    el("p", { class: "meta" }, told),
    el("details", {}, el("summary", {}, "Details"), code(`Details of ${type}`, ...json(details)))];
}

const warning = (one) => item("warn", TITLES[one.type] ?? one.type, one.why, ...wire(one));

/** What went wrong with an event before anything saw it; null when nothing did. */
export function warnings({ dropped, warnings = [] }) {
  if (!dropped && warnings.length === 0) return null;
  // The warning that says why it was dropped belongs to that.
  const told = warnings.find(({ why }) => why === dropped);
  const gone = dropped && item("bad", "PostHog dropped this event", dropped,
    el("p", {}, "The sender was answered 200 all the same. No destination, no workflow and no query sees the event."),
    ...(told ? wire(told) : []));
  return el("section", { class: "warnings", "aria-labelledby": "warnings-title" },
    el("h2", { id: "warnings-title" }, dropped ? "Why nothing happened" : "What PostHog warns of"),
    el("ul", {}, gone, warnings.filter((one) => one !== told).map(warning)));
}
