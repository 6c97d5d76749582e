//! Content in the one shape of the crate `chat`, and the hash that tells equal inputs.

use std::{borrow::Cow, cell::OnceCell};

use misfire_sanitizer::{Input, PseudonymKey, Redactor};
use shared::event::INPUT_PROMPT_CHARS_MAX;

use crate::limits::{OUTPUT_CHARS_MAX, TOOLS_CHARS_MAX, cut};

/// The purpose of the hash of an input; it keeps such hashes apart from all others under the key.
const INPUT_PURPOSE: &str = "misfire input";

/// A redacted input as messages, or as it is where it is no chat.
pub(crate) fn input(redacted: &str, received: Option<&Received<'_>>) -> String {
    shaped(redacted, received, chat::read, INPUT_PROMPT_CHARS_MAX)
}

/// A redacted answer as messages, or as it is where it is no chat.
pub(crate) fn output(redacted: &str, received: Option<&Received<'_>>) -> String {
    shaped(redacted, received, chat::read_output, OUTPUT_CHARS_MAX)
}

/// `received` is the same before redaction: where nothing in it was replaced, it is not read again.
fn shaped(redacted: &str, received: Option<&Received<'_>>, read: Read, chars_max: u64) -> String {
    match received.filter(|received| received.input.as_str() == redacted) {
        Some(received) => fitted(received.chat(), redacted, chars_max),
        None => fitted(read(redacted).as_ref(), redacted, chars_max),
    }
}

fn fitted(chat: Option<&chat::Chat>, redacted: &str, chars_max: u64) -> String {
    let text = chat.map_or(Cow::Borrowed(redacted), |chat| Cow::Owned(chat.to_json()));
    // Bytes first: their number is known, and there are never fewer of them than characters.
    if text.len() as u64 <= chars_max {
        return text.into_owned();
    }
    chat::shorten(&text, chars_max).unwrap_or_else(|| cut(text.into_owned(), chars_max))
}

/// Redacted definitions of tools in OpenAI's shape: as many whole ones as there is room for. Nothing when they define no function.
pub(crate) fn tools(redacted: &str) -> String {
    let mut json = String::new();
    for tool in chat::read_tools(redacted).unwrap_or_default() {
        let tool = serde_json::to_string(&tool).unwrap_or_default();
        let chars = |text: &str| text.chars().count() as u64;
        if chars(&json) + chars(&tool) + 2 > TOOLS_CHARS_MAX {
            break;
        }
        json.push(if json.is_empty() { '[' } else { ',' });
        json.push_str(&tool);
    }
    if !json.is_empty() {
        json.push(']');
    }
    json
}

/// The canonical spelling of definitions of tools; nothing where no function is defined.
pub(crate) fn canonical_tools(received: &str) -> String {
    let tools = chat::read_tools(received);
    tools.map(|tools| chat::canonical(&serde_json::to_string(&tools).unwrap_or_default())).unwrap_or_default()
}

type Read = fn(&str) -> Option<chat::Chat>;

/// What the model was asked or answered, before anything in it is redacted. It is read when somebody asks for the chat, and once.
pub(crate) struct Received<'a> {
    input: &'a Input<'a>,
    read: Read,
    chat: OnceCell<Option<chat::Chat>>,
}

impl<'a> Received<'a> {
    pub(crate) fn input(input: &'a Input<'a>) -> Self {
        Self { input, read: chat::read, chat: OnceCell::new() }
    }

    pub(crate) fn output(input: &'a Input<'a>) -> Self {
        Self { input, read: chat::read_output, chat: OnceCell::new() }
    }

    fn chat(&self) -> Option<&chat::Chat> {
        self.chat.get_or_init(|| (self.read)(self.input.as_str())).as_ref()
    }

    /// Its text, redacted: without images and files, and `""` where JSON holds nothing to train on.
    pub(crate) fn redacted(&self, redactor: &mut Redactor<'_>) -> String {
        match self.input {
            Input::Plain(text) => redactor.redact_input(&Input::Plain(chat::without_base64_in_text(text))),
            Input::Json(json) if !chat::has_content_read(json, self.chat()) => String::new(),
            Input::Json(json) => redactor.redact_input(&Input::Json(&chat::without_base64(json))),
        }
    }

    /// HMAC-SHA-256 in hex of what the model was asked and offered, before anything in it is redacted. Equal inputs have equal hashes,
    /// whatever their white space and their order of keys, and whichever SDK shaped them. Images and files count by their bytes, or by
    /// their URLs: their markers are the same for many.
    pub(crate) fn hash(&self, key: &PseudonymKey, canonical_tools: &str) -> String {
        let mut hashed = match self.chat() {
            Some(chat) => chat.to_canonical_json(),
            None => chat::canonical(self.input.as_str()),
        };
        hashed.push('\0');
        hashed.push_str(canonical_tools);
        // A marker begins with a bracket. Most chats have none, and need not be searched for files.
        let may_have_markers = |chat: &chat::Chat| chat.messages.iter().any(|message| message.content.contains('['));
        if self.chat().is_some_and(may_have_markers) {
            for source in chat::media_sources(self.input.as_str()) {
                hashed.push('\0');
                hashed.push_str(&source);
            }
        }
        key.hash(INPUT_PURPOSE, &hashed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_redacted(redacted: &str) -> String {
        let alone = input(redacted, None);
        let received = Input::Json(redacted);
        assert_eq!(input(redacted, Some(&Received::input(&received))), alone, "read once, and read again");
        alone
    }

    fn hash(input: &str, tools: &str) -> String {
        let key = PseudonymKey::new(*b"0123456789abcdef").unwrap();
        Received::input(&Input::Json(input)).hash(&key, &canonical_tools(tools))
    }

    #[test]
    fn equal_inputs_and_tools_have_equal_hashes_and_others_do_not() {
        let (ask, tools) = (
            r#"[{"role":"user","content":"Where is A-17?"}]"#,
            r#"[{"name":"f","input_schema":{"type":"object","properties":{}}}]"#,
        );
        let same = hash(ask, tools);
        assert_eq!(same.len(), 64);
        for (input, tools) in [
            (r#"[ {"content":"Where is A-17?", "role":"user"} ]"#, tools),
            (r#"{"messages":[{"role":"human","content":[{"type":"text","text":"Where is A-17?"}]}]}"#, tools),
            (ask, r#"[{"type":"function","function":{"parameters":{"properties":{},"type":"object"},"name":"f"}}]"#),
        ] {
            assert_eq!(hash(input, tools), same, "{input} {tools}");
        }
        for (input, tools) in [
            (r#"[{"role":"user","content":"Where is A-18?"}]"#, tools),
            (r#"[{"role":"system","content":"Where is A-17?"}]"#, tools),
            (ask, ""),
            (ask, r#"[{"name":"g","input_schema":{"type":"object","properties":{}}}]"#),
        ] {
            assert_ne!(hash(input, tools), same, "{input} {tools}");
        }
    }

    #[test]
    fn the_bytes_of_an_image_count_and_so_does_its_url() {
        let asked = |image: &str| {
            hash(&format!(r#"[{{"role":"user","content":[{{"type":"text","text":"What is it?"}},{image}]}}]"#), "")
        };
        let of_openai = |url: &str| asked(&format!(r#"{{"type":"image_url","image_url":{{"url":"{url}"}}}}"#));
        let (one, other) = ("iVBORw0KGgo".repeat(20), "iVBORw0KGgp".repeat(20));
        let same = of_openai(&format!("data:image/png;base64,{one}"));
        let of_anthropic =
            format!(r#"{{"type":"image","source":{{"type":"base64","media_type":"image/png","data":"{one}"}}}}"#);
        assert_eq!(asked(&of_anthropic), same, "whichever SDK shaped it");
        assert_ne!(of_openai(&format!("data:image/png;base64,{other}")), same);
        assert_eq!(of_openai("https://a.b/1.png"), of_openai("https://a.b/1.png"));
        assert_ne!(of_openai("https://a.b/1.png"), of_openai("https://a.b/2.png"));
        // Of what an SDK left out nothing is known.
        assert_eq!(of_openai("[base64 image redacted]"), of_openai("[base64 image redacted]"));
    }

    #[test]
    fn what_is_too_long_keeps_its_shape() {
        let long = "x".repeat(INPUT_PROMPT_CHARS_MAX as usize);
        let chat =
            of_redacted(&format!(r#"[{{"role":"user","content":"{long}"}},{{"role":"user","content":"last"}}]"#));
        assert!(chat.chars().count() as u64 <= INPUT_PROMPT_CHARS_MAX);
        assert_eq!(chat::read(&chat).unwrap().messages.last().unwrap().content, "last");
        assert_eq!(output(&format!("{long}y"), None).len() as u64, OUTPUT_CHARS_MAX);
        let tool = |number: usize| format!(r#"{{"name":"f{number}","description":"{}"}}"#, "x".repeat(1_000));
        let many = tools(&format!("[{}]", (0..100).map(tool).collect::<Vec<_>>().join(",")));
        let kept = chat::read_tools(&many).unwrap().len();
        assert!(many.len() as u64 <= TOOLS_CHARS_MAX && (40..65).contains(&kept), "{kept}");
        assert_eq!((tools("[]"), tools("nothing")), (String::new(), String::new()));
    }
}
