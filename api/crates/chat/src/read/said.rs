//! What a message says: its content, and what SDKs put beside it.

use super::part::{Part, call_of, parts_of};
use crate::raw::{Json, Object, open};

/// The parts of a message, its content first; `None` when it has none of the keys that a message has.
pub(super) fn said_in<'a>(message: &Object<'a>) -> Option<Vec<Part<'a>>> {
    let content = message.get("content").filter(|content| !["null", "\"\"", "[]"].contains(&content.get()));
    let mut parts = content.or_else(|| message.get("parts")).map(parts_of).unwrap_or_default();
    // LangChain keeps in `additional_kwargs` what the provider sent, under OpenAI's keys. PostHog's callback merges it into the message,
    // others do not.
    let provider = message.object(&["additional_kwargs"]);
    for source in [Some(message), provider.as_ref()].into_iter().flatten() {
        parts.extend(spoken_in(source));
        let calls = calls_in(source);
        if !calls.is_empty() {
            parts.extend(calls);
            break;
        }
    }
    let has_key = ["content", "parts", "tool_calls"].into_iter().any(|key| message.get(key).is_some());
    (has_key || !parts.is_empty()).then_some(parts)
}

/// A refusal and a spoken answer (OpenAI's chat).
fn spoken_in<'a>(source: &Object<'a>) -> impl Iterator<Item = Part<'a>> {
    let refusal = source.text(&["refusal"]).filter(|refusal| !refusal.is_empty()).map(Part::Refusal);
    let audio = source.object(&["audio"]).map(|audio| match audio.text(&["transcript"]) {
        Some(transcript) => Part::Text(transcript),
        None => Part::Marker("[audio]".into()),
    });
    refusal.into_iter().chain(audio)
}

/// The calls of tools. LangChain keeps those whose arguments are broken JSON apart. `function_call` is the form before
/// `tool_calls`; some proxies send both for one call.
fn calls_in<'a>(source: &Object<'a>) -> Vec<Part<'a>> {
    let lists = ["tool_calls", "invalid_tool_calls"].into_iter().filter_map(|key| source.list(key));
    let calls: Vec<_> = lists
        .flatten()
        .filter_map(|call| match open(call) {
            Some(Json::Object(call)) => Some(call_of(&call, call.object(&["function"]))),
            _ => None,
        })
        .collect();
    let old = || source.object(&["function_call"]).filter(|call| call.first(&["name"]).is_some());
    if calls.is_empty() { old().map(|call| call_of(&call, None)).into_iter().collect() } else { calls }
}
