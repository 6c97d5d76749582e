//! Reads the messages of every SDK into the one shape.
//!
//! `layout` finds the list of messages, `role` who says each, `said` what
//! (with `part`, `media_part` and `stringified`), and `conversation` puts the
//! messages together (with `tool_ids`).

mod conversation;
mod layout;
mod media_part;
mod part;
mod role;
mod said;
mod stringified;
mod tool_ids;

use serde_json::value::RawValue;

pub(crate) use self::{
    conversation::Conversation,
    layout::{Layout, layout},
    role::Role,
};
use self::{
    conversation::Head,
    part::{Part, loose_part_of, parts_of},
    role::{Speaker, Who, speaker_of},
    said::said_in,
    stringified::add_stringified,
};
use crate::{
    message::Chat,
    raw::{Json, Object, open, text_of},
};

/// Reads the messages of a prompt, in whatever shape an SDK sends them. What stands there without a role is said by the user.
///
/// `None` for JSON that is no chat: data, numbers, an empty list, a list with a role that no SDK has; and for a text that is no JSON.
/// A JSON string is a chat of one message, unless it holds the JSON of a chat.
pub fn read(json: &str) -> Option<Chat> {
    read_as(json, Role::User)
}

/// Reads the messages of an answer (`$ai_output_choices`): as [`read()`], but what stands there without a role is said by the
/// assistant.
pub fn read_output(json: &str) -> Option<Chat> {
    read_as(json, Role::Assistant)
}

fn read_as(json: &str, default_role: Role) -> Option<Chat> {
    let root: &RawValue = serde_json::from_str(json).ok()?;
    if let Some(text) = text_of(root).filter(|text| text.trim_start().starts_with(['[', '{']))
        && let Ok(inner) = serde_json::from_str::<&RawValue>(&text)
        && let Some(chat) = chat_of(inner, default_role)
    {
        return Some(chat);
    }
    chat_of(root, default_role)
}

fn chat_of(root: &RawValue, default_role: Role) -> Option<Chat> {
    let conversation = conversation_of(&layout(root, default_role)?)?;
    let (left_out, is_refusal) = (conversation.left_out(), conversation.is_refusal());
    Some(Chat { messages: conversation.messages, left_out, is_refusal })
}

/// The element of what does not stand in the list.
const BESIDE_THE_LIST: usize = usize::MAX;

/// The messages at the places of a layout; `None` when one of them is no message.
pub(crate) fn conversation_of(layout: &Layout<'_>) -> Option<Conversation> {
    let mut conversation = Conversation::new(layout.default_role);
    if let Some(instructions) = layout.instructions {
        conversation.add(BESIDE_THE_LIST, Role::System, &Head::default(), parts_of(instructions));
    }
    for (index, element) in layout.elements.iter().enumerate() {
        add_element(&mut conversation, index, element, layout.elements.len() == 1)?;
    }
    // Files alone are data: a list of documents, say.
    (!conversation.is_only_loose_markers()).then(|| conversation.finish())
}

fn add_element(conversation: &mut Conversation, index: usize, element: &RawValue, is_alone: bool) -> Option<()> {
    let object = match open(element)? {
        Json::Object(object) => object,
        // A text alone is a prompt or an answer, also as the one item of a list: so LangChain has those of models that do not chat.
        // Several texts can be anything.
        Json::Text(text) if is_alone => {
            conversation.add_loose(index, Part::Text(text));
            return Some(());
        }
        Json::Text(_) | Json::List(_) | Json::Null | Json::Other => return None,
    };
    match speaker_of(unwrapped(object)) {
        Ok(Speaker { who: Who::Role(role), message }) => {
            let head = Head {
                name: message.text(&["name"]).filter(|name| !name.is_empty()),
                tool_call_id: message.text(&["tool_call_id", "toolCallId", "tool_use_id"]).filter(|id| !id.is_empty()),
            };
            if add_stringified(conversation, index, role, &head, &message).is_none() {
                conversation.add(index, role, &head, said_in(&message)?);
            }
        }
        Ok(Speaker { who: Who::PostHog, message }) => {
            conversation.add_posthog_notice(index, &message.text(&["content"]).unwrap_or_default());
        }
        Ok(Speaker { who: Who::Unknown, .. }) => return None,
        Err(object) => conversation.add_loose(index, loose_part_of(&object)?),
    }
    Some(())
}

/// The message within an item of `choices` (OpenAI) or `candidates` (Gemini).
fn unwrapped(object: Object<'_>) -> Object<'_> {
    if object.get("role").is_some() || object.get("type").is_some() {
        return object;
    }
    object
        .object(&["message", "delta"])
        .or_else(|| object.object(&["content"]).filter(|content| content.get("parts").is_some()))
        .unwrap_or(object)
}
