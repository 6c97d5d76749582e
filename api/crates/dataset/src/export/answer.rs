//! An answer as messages of the assistant.

use chat::Message;

/// An answer, read.
pub(super) struct Answer {
    pub(super) messages: Vec<Message>,
    /// Whether the output holds messages that are no part of it.
    pub(super) has_left_out: bool,
}

/// The answer in an `output`; `None` when the assistant says nothing in it.
///
/// Of several choices it is the first. A tool that the product called in between stays; what comes after the assistant's last words,
/// say the result of a tool that nobody answered, goes.
pub(super) fn answer_of(output: &str) -> Option<Answer> {
    let mut messages = match is_like_messages(output).then(|| chat::read_output(output)).flatten() {
        Some(chat) => chat.messages,
        None => vec![Message { role: "assistant", content: output.to_owned(), ..Message::default() }],
    };
    let is_assistants = |message: &Message| message.role == "assistant";
    if !messages.first().is_some_and(is_assistants) {
        return None;
    }
    let in_output = messages.len();
    let second_choice = messages.windows(2).position(|two| two.iter().all(is_assistants));
    messages.truncate(second_choice.map_or(messages.len(), |before| before + 1));
    while messages.last().is_some_and(|last| !is_assistants(last)) {
        messages.pop();
    }
    let last = messages.last()?;
    let is_answer = !last.content.trim().is_empty() || !last.tool_calls.is_empty();
    is_answer.then_some(Answer { has_left_out: messages.len() < in_output, messages })
}

/// Whether an output is a list of messages. A model's words may be JSON, too: `{"title":…}` or `["a","b"]`.
fn is_like_messages(output: &str) -> bool {
    let is_list_of_objects =
        output.trim_start().strip_prefix('[').is_some_and(|rest| rest.trim_start().starts_with('{'));
    is_list_of_objects && memchr::memmem::find(output.as_bytes(), b"\"role\"").is_some()
}

/// An answer as one text, for what compares texts: the words alone, or the JSON of the messages where tools are called.
pub(super) fn text_of(messages: &[Message]) -> String {
    match messages {
        [only] if only.tool_calls.is_empty() => only.content.clone(),
        _ => serde_json::to_string(messages).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_what_the_assistant_says() {
        let call = r#"{"role":"assistant","content":"","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]}"#;
        let tool = r#"{"role":"tool","tool_call_id":"c","content":"12"}"#;
        let list = |items: &[&str]| format!("[{}]", items.join(","));
        let say = |text: &str| format!(r#"{{"role":"assistant","content":"{text}"}}"#);
        for (output, roles, last, left_out) in [
            ("Hello.".to_owned(), &["assistant"][..], "Hello.", false),
            (r#"{"title":"x"}"#.into(), &["assistant"], r#"{"title":"x"}"#, false),
            (r#"["a"]"#.into(), &["assistant"], r#"["a"]"#, false),
            ("[EMAIL_1] wrote".into(), &["assistant"], "[EMAIL_1] wrote", false),
            (list(&[&say("one")]), &["assistant"], "one", false),
            (list(&[&say("one"), &say("two")]), &["assistant"], "one", true),
            (list(&[call]), &["assistant"], "", false),
            (list(&[call, tool]), &["assistant"], "", true),
            (list(&[call, tool, &say("twelve")]), &["assistant", "tool", "assistant"], "twelve", false),
        ] {
            let Answer { messages, has_left_out } = answer_of(&output).unwrap();
            assert_eq!(has_left_out, left_out, "{output}");
            assert_eq!(messages.iter().map(|message| message.role).collect::<Vec<_>>(), roles, "{output}");
            assert_eq!(messages.last().unwrap().content, last);
        }
        for none in ["", " ", r#"[{"role":"user","content":"x"}]"#, r#"[{"role":"assistant","content":" "}]"#] {
            assert!(answer_of(none).is_none(), "{none}");
        }
    }
}
