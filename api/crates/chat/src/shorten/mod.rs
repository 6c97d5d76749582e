//! Makes a chat fit without breaking it.
//!
//! A limit on characters that cuts JSON text anywhere leaves no JSON. So whole messages go, from the middle: the beginning tells the
//! model what it is, and the end is what failed. `selection` chooses them; `cut` shortens texts where whole messages are not enough.

mod cut;
mod length;
mod selection;

use serde_json::value::RawValue;

use self::{
    cut::cut_longest_texts,
    length::{chars, fits},
    selection::Selection,
};
use crate::{
    message::Message,
    read::{Conversation, Layout, Role, conversation_of, layout},
};

/// Shortens the JSON of a chat to at most `chars_max` characters (of the JSON text), in whatever shape an SDK sent it.
///
/// 1. The first system messages and as many of the last messages as fit stay, byte for byte. One message stands for all others:
///    `{"role":"system","content":"[12 messages left out]"}`; [`read()`](crate::read()) counts it and leaves it out. A tool's result
///    stays only with its call.
/// 2. If the first system message and the last message are too long together, the longest texts lose their middle:
///    `… [5210 characters left out] …`.
/// 3. If that is not enough, because thousands of small values take the room, only the last text that somebody said stays, as a chat of
///    one message.
///
/// The result is valid JSON. A chat that fits comes back as it is. `None` for what is no chat, and for a `chars_max` that not even
/// the third way meets (below about 150).
pub fn shorten(json: &str, chars_max: u64) -> Option<String> {
    let root: &RawValue = serde_json::from_str(json).ok()?;
    let layout = layout(root, Role::User)?;
    let conversation = conversation_of(&layout)?;
    if fits(json, chars_max) {
        return Some(json.to_owned());
    }
    let fewer = match layout.list {
        Some(list) => with_fewer_messages(json, list, &layout, &conversation, chars_max),
        None => json.to_owned(),
    };
    if fits(&fewer, chars_max) {
        return Some(fewer);
    }
    cut_longest_texts(&fewer, chars_max).or_else(|| last_words(&conversation.messages, chars_max))
}

/// The text with a shorter list in place of its list.
fn with_fewer_messages(
    json: &str,
    list: &RawValue,
    layout: &Layout<'_>,
    conversation: &Conversation,
    chars_max: u64,
) -> String {
    // A raw value is a slice of the text that it was parsed from.
    let start = list.get().as_ptr().addr() - json.as_ptr().addr();
    let (before, after) = (&json[..start], &json[start + list.get().len()..]);
    let room = chars_max.saturating_sub(chars(before) + chars(after) + 2);
    let elements: Vec<&str> = layout.elements.iter().map(|element| element.get()).collect();
    let kept = Selection::new(&elements, conversation).choose(room);
    format!("{before}[{}]{after}", kept.join(","))
}

/// A chat of the last message in which somebody says something.
fn last_words(messages: &[Message], chars_max: u64) -> Option<String> {
    let last = messages.iter().rev().find(|message| !message.content.trim().is_empty())?;
    // The result of a tool would be left without its call.
    let role = if last.role == Role::Tool.name() { Role::User.name() } else { last.role };
    let message = Message { role, content: last.content.clone(), ..Message::default() };
    let json = serde_json::to_string(&[message]).ok()?;
    if fits(&json, chars_max) { Some(json) } else { cut_longest_texts(&json, chars_max) }
}

#[cfg(test)]
mod tests;
