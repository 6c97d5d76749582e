// An `$ai_` event as a conversation: model, status and error, the messages, and what PostHog trimmed.

import { errorText, messages } from "./chat.js";
import { chip, trimmedChip } from "./chips.js";
import { code, el } from "./dom.js";
import { json } from "./pretty.js";

/** More messages than that are left out in the middle, and longer texts are cut. Both are whole in the JSON. */
const MESSAGES_MAX = 100;
const CHARS_MAX = 4000;

const TITLES = { $ai_generation: "Generation", $ai_embedding: "Embedding", $ai_span: "Span", $ai_trace: "Trace", $ai_evaluation: "Evaluation", $ai_feedback: "Feedback", $ai_metric: "Metric" };
const KINDS = new Map([["user", "info"], ["assistant", "good"], ["tool", "warn"]]);

export const isAi = (event) => event.event.startsWith("$ai_");

/** The first of these properties that is there; null where it is there without a value. */
function first(properties, keys) {
  const there = keys.filter((key) => key in properties).map((key) => properties[key]);
  return there.find((value) => value !== null) ?? (there.length > 0 ? null : undefined);
}

function isTrue(value) {
  return value === true || value === "true";
}

function statusChip(properties) {
  const status = properties.$ai_http_status;
  if (isTrue(properties.$ai_is_error)) return chip("bad", "✕", status ? `failed, ${status}` : "failed");
  return chip("good", "✓", status ? `succeeded, ${status}` : "succeeded");
}

function verdictChip(properties) {
  if (properties.$ai_evaluation_applicable === false) return chip("none", "–", "not applicable");
  return isTrue(properties.$ai_evaluation_result) ? chip("good", "✓", "passed") : chip("bad", "✕", "not passed");
}

function cut(text) {
  return text.length > CHARS_MAX ? `${text.slice(0, CHARS_MAX)}… (${text.length} characters)` : text;
}

function part({ kind, name, text }) {
  const shown = cut(text);
  switch (kind) {
    case "text": return el("p", { class: "said" }, name && el("span", { class: "key" }, `${name}: `), shown);
    case "call": return el("p", { class: "said" }, el("span", { class: "key" }, `calls ${name} `), shown);
    case "result": return el("p", { class: "said" }, el("span", { class: "key" }, `${name} answers `), shown);
    case "media": return el("p", { class: "said" }, chip("none", "▣", [name, shown].filter(Boolean).join(", ")));
    default: return el("p", { class: "said key" }, shown);
  }
}

function chat(label, list) {
  const gap = list.length - MESSAGES_MAX;
  const shown = gap > 0 ? [...list.slice(0, 1), null, ...list.slice(1 - MESSAGES_MAX)] : list;
  const item = (message) => (message
    ? el("li", { class: `message ${KINDS.get(message.role) ?? "none"}` }, el("p", { class: "role" }, message.role), message.parts.map(part))
    : el("li", { class: "meta" }, `${gap} messages are left out here. They are in the JSON below.`));
  return el("ol", { class: "chat", "aria-label": label }, shown.map(item));
}

/** A titled conversation, or why there is none. */
function section(title, value, role) {
  if (value === undefined) return [];
  const list = messages(value, role);
  const none = value === null ? "No content: the SDK is in privacy mode." : "Empty.";
  return [el("h3", {}, title), list.length > 0 ? chat(title, list) : el("p", { class: "meta" }, none)];
}

function tools(value) {
  if (!Array.isArray(value) || value.length === 0) return [];
  const names = value.map((tool) => tool?.function?.name ?? tool?.name ?? tool?.type).filter((name) => typeof name === "string");
  return [el("h3", {}, "Tools"), el("p", { class: "why" }, names.join(", ") || JSON.stringify(value))];
}

/** The facts of the call that are there. */
function facts(properties) {
  const model = [properties.$ai_model, properties.$ai_provider && `by ${properties.$ai_provider}`].filter(Boolean).join(" ");
  const tokens = [properties.$ai_input_tokens, properties.$ai_output_tokens];
  const status = properties.$ai_http_status;
  const rows = [
    ["Model", model],
    ["Status", status === 0 ? "no HTTP answer" : status],
    ["Stopped by", properties.$ai_stop_reason],
    ["Latency", typeof properties.$ai_latency === "number" && `${properties.$ai_latency} s`],
    ["Tokens", tokens.some((count) => count > 0) && `${tokens[0] ?? 0} in, ${tokens[1] ?? 0} out`],
    ["Name", properties.$ai_span_name ?? properties.$ai_evaluation_name ?? properties.$ai_metric_name],
    ["Value", properties.$ai_metric_value],
    ["Trace", properties.$ai_trace_id], ["Session", properties.$ai_session_id]];
  const there = rows.filter(([, value]) => value !== undefined && value !== null && value !== "" && value !== false);
  return there.length > 0 && el("dl", {}, there.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, String(value))]));
}

function trimmed(heavy) {
  const keys = Object.keys(heavy ?? {});
  if (keys.length === 0) return [];
  return [
    el("p", { class: "why" }, trimmedChip()),
    el("p", { class: "meta" }, `As on PostHog Cloud, webhooks and the table events go without ${keys.join(" and ")}. The table posthog.ai_events keeps the content; a receiver can pull it from there.`)];
}

/** The part of the page about an `$ai_` event, made by `block`. */
export function generation(event, block) {
  const properties = { ...event.properties, ...event.heavy };
  const isVerdict = event.event === "$ai_evaluation";
  const isCall = ["$ai_generation", "$ai_embedding", "$ai_span", "$ai_trace"].includes(event.event);
  const chips = isVerdict ? [verdictChip(properties)] : isCall ? [statusChip(properties)] : [];
  const error = errorText(properties.$ai_error);
  const target = properties.$ai_target_event_id;
  const reasons = [properties.$ai_evaluation_reasoning, properties.$ai_feedback_text].filter((text) => typeof text === "string");
  const kind = isTrue(properties.$ai_is_error) ? "bad" : isVerdict && !isTrue(properties.$ai_evaluation_result) ? "warn" : "good";
  return block(kind, TITLES[event.event] ?? event.event, chips,
    facts(properties),
    error && el("p", { class: "reason" }, cut(error)),
    reasons.map((text) => el("p", { class: "said" }, cut(text))),
    target && el("p", { class: "why" }, el("a", { href: `/events/${encodeURIComponent(target)}` }, "The event that it judges")),
    trimmed(event.heavy),
    section("Input", first(properties, ["$ai_input", "$ai_input_state"]), "user"),
    section("Answer", first(properties, ["$ai_output_choices", "$ai_output", "$ai_output_state"]), "assistant"),
    tools(properties.$ai_tools),
    event.heavy && Object.keys(event.heavy).length > 0 && el("details", {}, el("summary", {}, "Content as JSON"),
      code("Content of the event", ...json(event.heavy))));
}
