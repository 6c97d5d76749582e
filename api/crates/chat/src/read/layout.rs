//! Where the messages are: a list, an object around one, a single message, a text.

use serde_json::value::RawValue;

use super::role::Role;
use crate::raw::{Json, Object, open, text_of};

/// The places of messages in a JSON text.
pub(crate) struct Layout<'a> {
    /// The list, when there is one.
    pub(crate) list: Option<&'a RawValue>,
    /// Its items, or the one message.
    pub(crate) elements: Vec<&'a RawValue>,
    /// What an object around the list says to the model, beside the messages.
    pub(crate) instructions: Option<&'a RawValue>,
    /// Who says what stands there without a role.
    pub(crate) default_role: Role,
}

/// Keys of lists of messages, with the role of what has none there: those of LangChain and of requests to OpenAI and Anthropic; of
/// the answers of OpenAI's chat, Gemini and OpenAI's Responses; of requests to Gemini and Responses.
const LISTS: [(&str, Role); 6] = [
    ("messages", Role::User),
    ("choices", Role::Assistant),
    ("candidates", Role::Assistant),
    ("output", Role::Assistant),
    ("contents", Role::User),
    ("input", Role::User),
];

/// The layout of a JSON value; `None` when no messages can be there.
pub(crate) fn layout(root: &RawValue, default_role: Role) -> Option<Layout<'_>> {
    let one = || Layout { list: None, elements: vec![root], instructions: None, default_role };
    match open(root)? {
        Json::List(elements) => list(root, elements, default_role),
        Json::Text(_) => Some(one()),
        Json::Object(object) => {
            let found = LISTS.into_iter().find_map(|(key, role)| {
                let elements = object.list(key).filter(|elements| !elements.is_empty())?;
                Some((object.get(key)?, elements, role))
            });
            match found {
                Some((raw, elements, role)) if object.get("role").is_none() && object.get("type").is_none() => {
                    let layout = list(raw, elements, role)?;
                    Some(Layout { instructions: instructions(&object), ..layout })
                }
                _ => Some(one()),
            }
        }
        Json::Null | Json::Other => None,
    }
}

/// A list of messages. LangChain's batches are lists of lists; PostHog sends the one that there is.
fn list<'a>(raw: &'a RawValue, elements: Vec<&'a RawValue>, default_role: Role) -> Option<Layout<'a>> {
    if elements.is_empty() {
        return None;
    }
    if let [first] = elements.as_slice()
        && first.get().starts_with('[')
        && let Some(Json::List(inner)) = open(first)
    {
        return Some(Layout { list: Some(first), elements: inner, instructions: None, default_role });
    }
    Some(Layout { list: Some(raw), elements, instructions: None, default_role })
}

fn instructions<'a>(object: &Object<'a>) -> Option<&'a RawValue> {
    let found = object.first(&["instructions", "system", "system_instruction", "systemInstruction"])?;
    let is_blank = text_of(found).is_some_and(|text| text.trim().is_empty());
    (!is_blank).then_some(found)
}
