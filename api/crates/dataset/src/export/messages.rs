//! A prompt as chat messages, which is what training and evaluation take.

use chat::Message;
use serde::{Serialize, de::IgnoredAny};

/// A prompt, read.
pub(super) struct Prompt {
    /// The messages of the chat, or the whole text as one message of the user. Never empty.
    pub(super) messages: Vec<Message>,
    reading: Reading,
}

#[derive(Debug, PartialEq, Eq)]
enum Reading {
    /// It is no JSON: somebody's words.
    Text,
    Chat {
        left_out: u64,
    },
    /// It is JSON, but no chat.
    NoChat,
}

impl Prompt {
    /// Reads the prompt of a line.
    pub(super) fn of(prompt: &str) -> Self {
        let is_like_json = prompt.trim_start().starts_with(['[', '{']);
        match is_like_json.then(|| chat::read(prompt)).flatten() {
            Some(chat) if !chat.messages.is_empty() => {
                Self { messages: chat.messages, reading: Reading::Chat { left_out: chat.left_out } }
            }
            _ => {
                let reading = if is_like_json && is_json(prompt) { Reading::NoChat } else { Reading::Text };
                Self { messages: vec![Message { role: "user", content: prompt.into(), ..Message::default() }], reading }
            }
        }
    }

    /// How often the user speaks.
    pub(super) fn turns(&self) -> usize {
        self.messages.iter().filter(|message| message.role == "user").count()
    }

    pub(super) fn is_chat(&self) -> bool {
        matches!(self.reading, Reading::Chat { .. })
    }
}

/// Whether a prompt is JSON, or the beginning of a list of messages that was cut.
fn is_json(prompt: &str) -> bool {
    prompt.trim_start().starts_with(r#"[{""#) || serde_json::from_str::<IgnoredAny>(prompt).is_ok()
}

/// Whether a message has more than a role and a content.
fn has_more(message: &Message) -> bool {
    !message.tool_calls.is_empty() || message.tool_call_id.is_some() || message.name.is_some()
}

/// What the prompts of an export are.
#[derive(Debug, Default, Serialize)]
pub(super) struct PromptCounts {
    /// Rows whose prompt is JSON but no chat: it is exported as text.
    pub(super) no_chats: u64,
    /// Rows with a chat from which messages had been left out before it was stored.
    pub(super) shortened_chats: u64,
    /// Rows with an image, audio, video or file that is a marker in the text.
    pub(super) with_media: u64,
    /// Rows with a message that has more than a role and a content.
    pub(super) chats_with_tools_or_names: u64,
}

impl PromptCounts {
    pub(super) fn add(&mut self, prompt: &Prompt) {
        self.add_with_answers(prompt, [].iter());
    }

    /// The same for a row that has answers, too.
    pub(super) fn add_with_answers<'m>(
        &mut self,
        prompt: &'m Prompt,
        answers: impl Iterator<Item = &'m Message> + Clone,
    ) {
        self.no_chats += u64::from(prompt.reading == Reading::NoChat);
        self.shortened_chats += u64::from(matches!(prompt.reading, Reading::Chat { left_out: 1.. }));
        let mut messages = prompt.messages.iter().chain(answers);
        self.chats_with_tools_or_names += u64::from(messages.clone().any(has_more));
        self.with_media += u64::from(messages.any(|message| chat::holds_marker(&message.content)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chat_stays_a_chat_in_whatever_shape_it_came() {
        for (prompt, roles) in [
            (
                r#"[{"role":"system","content":"be brief"},{"role":"user","content":"a \"chair\""}]"#,
                &["system", "user"][..],
            ),
            (r#"[{"role":"user","content":[{"type":"text","text":"x"}]}]"#, &["user"]),
            (r#"[{"role":"user","content":"x","name":"y"}]"#, &["user"]),
            (r#" {"role":"system","content":"x"}"#, &["system"]),
            (r#"{"contents":[{"role":"model","parts":[{"text":"x"}]}]}"#, &["assistant"]),
        ] {
            let read = Prompt::of(prompt);
            assert_eq!(read.messages.iter().map(|message| message.role).collect::<Vec<_>>(), roles);
            assert_eq!(read.reading, Reading::Chat { left_out: 0 });
        }
        let short = r#"[{"role":"system","content":"[12 messages left out]"},{"role":"user","content":"x"}]"#;
        assert_eq!(Prompt::of(short).reading, Reading::Chat { left_out: 12 });
    }

    #[test]
    fn anything_else_is_said_by_the_user_and_json_among_it_is_told_from_words() {
        for (prompt, reading) in [
            ("a chair", Reading::Text),
            ("[EMAIL_1] wrote", Reading::Text),
            ("{{ name }}", Reading::Text),
            (r#"{"a":1} is JSON; explain it"#, Reading::Text),
            ("12", Reading::Text),
            ("\"x\"", Reading::Text),
            ("[]", Reading::NoChat),
            ("[1,2]", Reading::NoChat),
            (r#"{"q":"Where?"}"#, Reading::NoChat),
            (r#"[{"role":"root","content":"x"}]"#, Reading::NoChat),
            (r#"[{"role":"user","content":"cut of"#, Reading::NoChat),
            (r#"[{"role":"posthog","content":"[3 messages removed due to size limit]"}]"#, Reading::NoChat),
        ] {
            let read = Prompt::of(prompt);
            assert_eq!((read.messages[0].role, &*read.messages[0].content, read.messages.len()), ("user", prompt, 1));
            assert_eq!(read.reading, reading, "{prompt}");
        }
    }
}
