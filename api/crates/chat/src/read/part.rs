//! The parts of a message: texts, tool calls, their results, and what is no text.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::media_part::marker_of;
use crate::raw::{Json, Object, compact, open, text_of};

/// A part of a message.
pub(super) enum Part<'a> {
    Text(Cow<'a, str>),
    /// The words by which the model refuses.
    Refusal(Cow<'a, str>),
    /// An image, a file, or something else that is no text.
    Marker(String),
    /// The same, made by the assistant.
    Generated(String),
    Call {
        id: Option<Cow<'a, str>>,
        name: Cow<'a, str>,
        arguments: String,
    },
    Result {
        id: Option<Cow<'a, str>>,
        name: Option<Cow<'a, str>>,
        content: String,
    },
    /// What the model thought, what it cites, and what has no content of its own.
    Nothing,
}

/// Results that hold parts that hold results: deeper ones are written as JSON.
const DEPTH_MAX: usize = 4;

/// The keys of a call's id. Responses gives items an `id` of their own, so `call_id` comes first.
const ID_KEYS: [&str; 6] = ["call_id", "toolCallId", "tool_call_id", "tool_use_id", "toolUseId", "id"];
const NAME_KEYS: [&str; 3] = ["name", "toolName", "tool_name"];

/// The part that an object is which stands in a list without a role. Stricter than within a message, because the list may be data
/// of another kind: texts with labels, or the definitions of tools.
pub(super) fn loose_part_of<'a>(object: &Object<'a>) -> Option<Part<'a>> {
    const BESIDE_TEXT: [&str; 7] =
        ["text", "thought", "thoughtSignature", "thought_signature", "index", "finish_reason", "logprobs"];
    let is_typed = object.get("type").is_some();
    let part = part_at(object, 0)?;
    let is_part = match &part {
        Part::Text(_) | Part::Refusal(_) if is_typed => object.first(&["text", "content", "refusal"]).is_some(),
        Part::Text(_) => object.keys().all(|key| BESIDE_TEXT.contains(&key)),
        Part::Call { id, name, arguments } => !name.is_empty() && (id.is_some() || arguments != "{}"),
        Part::Refusal(_) | Part::Result { .. } | Part::Marker(_) | Part::Generated(_) | Part::Nothing => true,
    };
    is_part.then_some(part)
}

/// The parts of a message's content. What is no known part is shown as what it is: text where it has one, else a marker with its
/// type, else its JSON.
pub(super) fn parts_of(content: &RawValue) -> Vec<Part<'_>> {
    match open(content) {
        Some(Json::Text(text)) => vec![Part::Text(text)],
        Some(Json::List(items)) => items.into_iter().map(part_or_json).collect(),
        // Gemini's Content as a whole.
        Some(Json::Object(object)) => match object.list("parts") {
            Some(items) => items.into_iter().map(part_or_json).collect(),
            None => vec![part_or_json(content)],
        },
        Some(Json::Null) => Vec::new(),
        Some(Json::Other) | None => vec![part_or_json(content)],
    }
}

fn part_or_json(item: &RawValue) -> Part<'_> {
    match open(item) {
        Some(Json::Text(text)) => Part::Text(text),
        Some(Json::Object(object)) => part_at(&object, 0).unwrap_or_else(|| {
            let kind = object.text(&["type"]);
            match (object.text(&["text"]), kind.as_deref().and_then(unknown_marker)) {
                (Some(text), _) => Part::Text(text),
                (None, Some(marker)) => Part::Marker(marker),
                (None, None) => Part::Text(compact(item).into()),
            }
        }),
        Some(Json::Null) => Part::Nothing,
        Some(Json::List(_) | Json::Other) | None => Part::Text(compact(item).into()),
    }
}

/// The type of a part, as a marker, if it is a word.
fn unknown_marker(kind: &str) -> Option<String> {
    let is_of_a_word = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    (!kind.is_empty() && kind.len() <= 64 && kind.bytes().all(is_of_a_word)).then(|| format!("[{kind}]"))
}

fn part_at<'a>(object: &Object<'a>, depth: usize) -> Option<Part<'a>> {
    let Some(kind) = object.text(&["type"]) else { return untyped(object, depth) };
    Some(match &*kind {
        "text" | "input_text" | "output_text" | "summary_text" => {
            if is_thought(object) {
                return Some(Part::Nothing);
            }
            // `content` is OpenTelemetry's; OpenAI's assistants have `{"text":{"value":…}}`.
            let value = || object.object(&["text"]).and_then(|text| text.text(&["value"]));
            Part::Text(object.text(&["text", "content"]).or_else(value).unwrap_or_default())
        }
        "refusal" => Part::Refusal(object.text(&["refusal", "text"]).unwrap_or_default()),
        "thinking" | "redacted_thinking" | "reasoning" | "reasoning_text" | "item_reference" | "compaction"
        | "step-start" | "source" | "source-url" | "source-document" => Part::Nothing,
        // What posthog-python makes of Gemini's function_response (`_format_gemini_tool_part`).
        "function" if object.get("function").is_none() && object.get("content").is_some() => {
            result_of(object, None, depth)
        }
        "tool_use" | "server_tool_use" | "server_tool_call" | "mcp_tool_use" | "tool-call" | "tool_call"
        | "function" | "function_call" | "custom_tool_call" => call_of(object, object.object(&["function"])),
        "function_call_output"
        | "custom_tool_call_output"
        | "tool-result"
        | "tool_call_response"
        | "server_tool_call_response" => result_of(object, None, depth),
        kind if kind.ends_with("tool_result") => result_of(object, None, depth),
        "image_generation_call" => Part::Generated(marker_of(&kind, object)?),
        // Tools that OpenAI runs itself (Responses): the assistant's text says what they found.
        "web_search_call"
        | "file_search_call"
        | "computer_call"
        | "computer_call_output"
        | "code_interpreter_call"
        | "local_shell_call"
        | "local_shell_call_output"
        | "mcp_call"
        | "mcp_list_tools"
        | "mcp_approval_request"
        | "mcp_approval_response" => Part::Nothing,
        kind => Part::Marker(marker_of(kind, object)?),
    })
}

/// Gemini's parts have no type but a key that names them; so have Bedrock's tools.
fn untyped<'a>(object: &Object<'a>, depth: usize) -> Option<Part<'a>> {
    if let Some(text) = object.text(&["text"]) {
        return Some(if is_thought(object) { Part::Nothing } else { Part::Text(text) });
    }
    if let Some(call) = object.object(&["functionCall", "function_call", "toolUse"]) {
        return Some(call_of(object, Some(call)));
    }
    if let Some(result) = object.object(&["functionResponse", "function_response", "toolResult"]) {
        return Some(result_of(object, Some(result), depth));
    }
    marker_of("", object).map(Part::Marker)
}

fn is_thought(object: &Object<'_>) -> bool {
    object.get("thought").is_some_and(|thought| thought.get() == "true")
}

/// A call of a tool. `inner` is the object within it that has name and arguments, if there is one.
pub(super) fn call_of<'a>(outer: &Object<'a>, inner: Option<Object<'a>>) -> Part<'a> {
    let id = outer.text(&ID_KEYS).or_else(|| inner.as_ref()?.text(&ID_KEYS));
    let call = inner.as_ref().unwrap_or(outer);
    let arguments = match call.first(&["arguments", "args", "input", "server_tool_call"]) {
        None => String::new(),
        Some(arguments) => text_of(arguments).map_or_else(|| compact(arguments), Cow::into_owned),
    };
    let arguments = if arguments.trim().is_empty() { "{}".into() } else { arguments };
    Part::Call { id: id.filter(|id| !id.is_empty()), name: call.text(&NAME_KEYS).unwrap_or_default(), arguments }
}

fn result_of<'a>(outer: &Object<'a>, inner: Option<Object<'a>>, depth: usize) -> Part<'a> {
    let result = inner.as_ref().unwrap_or(outer);
    let content = result.first(&["output", "content", "result", "response", "value", "server_tool_call_response"]);
    Part::Result {
        id: outer.text(&ID_KEYS).or_else(|| result.text(&ID_KEYS)).filter(|id| !id.is_empty()),
        name: result.text(&NAME_KEYS).filter(|name| !name.is_empty()),
        content: content.map(|content| content_text(content, depth + 1)).unwrap_or_default(),
    }
}

/// The text of a tool's result: a text, parts, Vercel's `{"type":"json","value":…}`, or any JSON, which stays JSON.
fn content_text(content: &RawValue, depth: usize) -> String {
    let text = if depth > DEPTH_MAX {
        None
    } else {
        match open(content) {
            Some(Json::Text(text)) => Some(text.into_owned()),
            Some(Json::Null) => Some(String::new()),
            Some(Json::List(items)) => {
                items.into_iter().map(|item| part_text(item, depth)).collect::<Option<Vec<_>>>().map(joined)
            }
            Some(Json::Object(object)) => match (object.text(&["type"]).as_deref(), object.get("value")) {
                (Some("text" | "json" | "error-text" | "error-json" | "content"), Some(value)) => {
                    Some(content_text(value, depth + 1))
                }
                _ => part_text(content, depth),
            },
            Some(Json::Other) | None => None,
        }
    };
    text.unwrap_or_else(|| compact(content))
}

/// The text of a part within a result; `None` when it is JSON of another kind.
fn part_text(item: &RawValue, depth: usize) -> Option<String> {
    let Some(Json::Object(object)) = open(item) else { return None };
    match part_at(&object, depth)? {
        Part::Text(text) | Part::Refusal(text) => Some(text.into_owned()),
        Part::Marker(marker) | Part::Generated(marker) => Some(marker),
        Part::Nothing => Some(String::new()),
        Part::Call { .. } | Part::Result { .. } => None,
    }
}

fn joined(texts: Vec<String>) -> String {
    texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")
}
