//! Whether there is anything to train on.

use crate::{
    message::Chat,
    read::{read, read_output},
    scan::{Token, is_json, tokens},
};

/// Whether a JSON value holds anything to train on.
///
/// `false` for `null`, `{}`, `[]`, blank strings, a chat in which nobody says or calls anything, and other objects and lists that
/// hold nothing but such values. Numbers and booleans are content; so is an image in a chat. A text that is no JSON has content unless
/// it is blank.
pub fn has_content(json: &str) -> bool {
    has_content_read(json, read(json).as_ref())
}

/// The same of a text that is read already: by [`read()`] or [`read_output()`], which differ in who says what, not in what is said.
pub fn has_content_read(json: &str, chat: Option<&Chat>) -> bool {
    match chat {
        Some(chat) => {
            chat.messages.iter().any(|message| !message.content.trim().is_empty() || !message.tool_calls.is_empty())
        }
        None if !is_json(json) => !json.trim().is_empty(),
        None => tokens(json).any(|token| match token {
            Token::Text(place) => !is_blank(&json[place]),
            Token::Scalar => true,
            Token::Open { .. } | Token::Close | Token::Key(_) | Token::Null => false,
        }),
    }
}

/// Whether an answer (`$ai_output_choices`) is a refusal and nothing else.
pub fn is_refusal(json: &str) -> bool {
    read_output(json).is_some_and(|chat| chat.is_refusal)
}

/// Whether the raw text of a JSON string is white space.
fn is_blank(raw: &str) -> bool {
    let unescaped = || serde_json::from_str::<String>(&format!("\"{raw}\"")).ok();
    match raw.contains('\\') {
        false => raw.trim().is_empty(),
        true => unescaped().is_some_and(|text| text.trim().is_empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_content() {
        for json in [
            "\"a\"",
            "0",
            "false",
            "[0]",
            r#"{"a":{"b":[null,"x"]}}"#,
            r#"{"q":"Where is A-17?"}"#,
            r#"[{"role":"user","content":"hi"}]"#,
            r#"[{"role":"user","content":""},{"role":"assistant","content":null,"tool_calls":[{"id":"1","function":{"name":"f"}}]}]"#,
            r#"[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]}]"#,
            r#"[{"role":"root","content":"x"}]"#,
            "plain text",
            "[EMAIL_1] wrote",
        ] {
            assert!(has_content(json), "{json}");
            assert!(has_content_read(json, read_output(json).as_ref()), "read as an answer: {json}");
        }
    }

    #[test]
    fn emptiness_in_every_form_is_not() {
        for json in [
            "",
            " \n",
            "null",
            "{}",
            "[]",
            "[{}]",
            "\"\"",
            r#"" \n\t\u00a0""#,
            r#"{"a":{"b":[null,"  "]}}"#,
            r#"[{"role":"user","content":""}]"#,
            r#"[{"role":"user","content":null},{"role":"assistant","content":[]}]"#,
            r#"[{"role":"user","content":[{"type":"text","text":" "}]}]"#,
            r#"[{"role":"assistant","content":[{"type":"thinking","thinking":"hm"}]}]"#,
            r#"[{"role":"posthog","content":"[3 messages removed due to size limit]"}]"#,
            r#"{"messages":[{"role":"user","parts":[]}]}"#,
        ] {
            assert!(!has_content(json), "{json}");
            assert!(!has_content_read(json, read_output(json).as_ref()), "read as an answer: {json}");
        }
    }

    #[test]
    fn a_refusal_is_known_by_its_mark_and_words_beside_it_make_it_an_answer() {
        for refusal in [
            r#"[{"role":"assistant","content":[{"type":"refusal","refusal":"I can't help with that."}]}]"#,
            r#"[{"role":"assistant","content":null,"refusal":"No."}]"#,
            r#"{"choices":[{"message":{"role":"assistant","content":"","refusal":"No."}}]}"#,
            r#"[{"type":"message","role":"assistant","content":[{"type":"refusal","refusal":"No."}]}]"#,
        ] {
            assert!(is_refusal(refusal) && has_content(refusal), "{refusal}");
        }
        for answer in [
            r#"[{"role":"assistant","content":"I can't help with that."}]"#,
            r#"[{"role":"assistant","content":"Yes.","refusal":null}]"#,
            r#"[{"role":"assistant","content":[{"type":"text","text":"Half of it."},{"type":"refusal","refusal":"Not the rest."}]}]"#,
            r#"[{"role":"assistant","content":null,"refusal":"No.","tool_calls":[{"id":"1","function":{"name":"f"}}]}]"#,
            r#"[{"role":"user","content":[{"type":"refusal","refusal":"No."}]}]"#,
            "[]",
            "No.",
        ] {
            assert!(!is_refusal(answer), "{answer}");
        }
    }

    #[test]
    fn depth_is_no_matter() {
        assert!(has_content(&format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000))));
        assert!(!has_content(&format!("{}{}", "[".repeat(100_000), "]".repeat(100_000))));
    }
}
