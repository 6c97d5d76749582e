//! A prompt as chat messages, which is what training and evaluation take.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// One message of a chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Message<'a> {
    #[serde(borrow)]
    pub(super) role: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) content: Cow<'a, str>,
}

const ROLES: [&str; 5] = ["system", "developer", "user", "assistant", "tool"];

/// The messages of a prompt: those of the chat when it is the JSON of a chat of plain texts, else the whole text as one message of
/// the user.
pub(super) fn messages_of(prompt: &str) -> Vec<Message<'_>> {
    let chat = prompt.starts_with('[').then(|| serde_json::from_str::<Vec<Message<'_>>>(prompt).ok()).flatten();
    match chat {
        Some(messages) if !messages.is_empty() && messages.iter().all(|message| ROLES.contains(&&*message.role)) => {
            messages
        }
        _ => vec![Message { role: "user".into(), content: prompt.into() }],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(prompt: &str) -> Vec<String> {
        messages_of(prompt).into_iter().map(|message| message.role.into_owned()).collect()
    }

    #[test]
    fn a_chat_stays_a_chat_and_anything_else_is_said_by_the_user() {
        assert_eq!(
            roles(r#"[{"role":"system","content":"be brief"},{"role":"user","content":"a \"chair\""}]"#),
            ["system", "user"]
        );
        for prompt in [
            "a chair",
            "[]",
            "[1,2]",
            "[EMAIL_1] wrote",
            r#"[{"role":"root","content":"x"}]"#,
            r#"[{"role":"user","content":[{"type":"text","text":"x"}]}]"#,
            r#"[{"role":"user","content":"x","name":"y"}]"#,
            r#"{"role":"system","content":"x"}"#,
        ] {
            let messages = messages_of(prompt);
            assert_eq!((&*messages[0].role, &*messages[0].content, messages.len()), ("user", prompt, 1));
        }
    }
}
