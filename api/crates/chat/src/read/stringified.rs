//! Items of OpenAI's Responses of which an SDK made texts.
//!
//! In @posthog/ai every item of a Responses request becomes a message with a text (`formatOpenAIResponsesInput` in
//! `packages/ai/src/utils.ts`): a list of parts its JSON, and an item without a role, as the call of a tool is, the JSON of all of it,
//! said by the user. Read as it stands, the model would learn that people type such JSON.

use serde_json::value::RawValue;

use super::{
    conversation::{Conversation, Head},
    part::{loose_part_of, parts_of},
    role::Role,
};
use crate::raw::{Json, Object, open, text_of};

/// The types of parts that Responses alone has. Lists of others may be somebody's own words.
const PARTS: [&str; 6] = ["input_text", "input_image", "input_file", "input_audio", "output_text", "refusal"];

/// The types of items that have neither a role nor content, and the key that shows that it is one.
const ITEMS: [(&str, &str); 5] = [
    ("function_call", "call_id"),
    ("function_call_output", "call_id"),
    ("custom_tool_call", "call_id"),
    ("custom_tool_call_output", "call_id"),
    ("reasoning", "summary"),
];

/// Adds a message whose content is such a text; `None`, and nothing is added, when it is none.
pub(super) fn add_stringified(
    conversation: &mut Conversation,
    element: usize,
    role: Role,
    head: &Head<'_>,
    message: &Object<'_>,
) -> Option<()> {
    let is_plain = message.keys().all(|key| ["role", "content"].contains(&key));
    let text = message.get("content").filter(|_| is_plain && role != Role::Tool).and_then(text_of)?;
    // As JSON.stringify writes them; the keys of an item may stand in any order.
    if !(text.starts_with("[{\"") || role == Role::User && text.starts_with("{\"")) {
        return None;
    }
    let content: &RawValue = serde_json::from_str(&text).ok()?;
    match open(content)? {
        Json::List(parts) => {
            parts.iter().all(|part| is_part(part)).then(|| conversation.add(element, role, head, parts_of(content)))
        }
        Json::Object(item) => {
            let kind = item.text(&["type"])?;
            let is_item = ITEMS.iter().any(|(of, key)| *of == kind && item.get(key).is_some());
            let part = loose_part_of(&item).filter(|_| is_item)?;
            conversation.add_loose(element, part);
            Some(())
        }
        Json::Text(_) | Json::Null | Json::Other => None,
    }
}

fn is_part(raw: &RawValue) -> bool {
    let Some(Json::Object(part)) = open(raw) else { return false };
    part.text(&["type"]).is_some_and(|kind| PARTS.contains(&&*kind))
}
