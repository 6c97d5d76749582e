//! The one shape: OpenAI's chat messages.

use serde::{Serialize, Serializer, ser::SerializeStruct};

use crate::{canonical::canonical, notice::notice};

/// A chat in the one shape.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chat {
    /// The messages, the oldest first. Empty when every message was left out.
    pub messages: Vec<Message>,
    /// How many messages are missing because the chat was too long, as its notices say: those of PostHog's Vercel SDK
    /// (`[3 messages removed due to size limit]`) and those of [`shorten()`](crate::shorten()). The notices are no messages.
    pub left_out: u64,
    /// Whether the assistant refuses, and says and calls nothing else. SDKs mark a refusal (OpenAI's `refusal`); one in plain words is
    /// not known.
    pub is_refusal: bool,
}

impl Chat {
    /// The messages as compact JSON. Where some are missing, the notice of [`shorten()`](crate::shorten()) says how many, behind the
    /// first system messages: [`read()`](crate::read()) counts it again.
    ///
    /// # Panics
    /// Never: strings always serialize.
    pub fn to_json(&self) -> String {
        if self.left_out == 0 {
            return serde_json::to_string(&self.messages).expect("strings always serialize");
        }
        let mut items: Vec<String> = self
            .messages
            .iter()
            .map(|message| serde_json::to_string(message).expect("strings always serialize"))
            .collect();
        let behind = self.messages.iter().take_while(|message| message.role == "system").count();
        items.insert(behind, notice(self.left_out));
        format!("[{}]", items.join(","))
    }

    /// The [`canonical()`] spelling of [`Self::to_json`], without a way through its text.
    ///
    /// # Panics
    /// Never: strings always serialize.
    pub fn to_canonical_json(&self) -> String {
        if self.left_out > 0 {
            return canonical(&self.to_json());
        }
        let messages: Vec<_> = self.messages.iter().map(InOrder::of).collect();
        serde_json::to_string(&messages).expect("strings always serialize")
    }
}

/// A message with its keys in alphabetical order.
#[derive(Serialize)]
struct InOrder<'a> {
    content: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    role: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_call_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_calls: Vec<CallInOrder<'a>>,
}

#[derive(Serialize)]
struct CallInOrder<'a> {
    function: FunctionInOrder<'a>,
    id: &'a str,
    r#type: &'static str,
}

#[derive(Serialize)]
struct FunctionInOrder<'a> {
    arguments: &'a str,
    name: &'a str,
}

impl<'a> InOrder<'a> {
    fn of(message: &'a Message) -> Self {
        let call = |call: &'a ToolCall| CallInOrder {
            function: FunctionInOrder { arguments: &call.arguments, name: &call.name },
            id: &call.id,
            r#type: "function",
        };
        Self {
            content: &message.content,
            name: message.name.as_deref(),
            role: message.role,
            tool_call_id: message.tool_call_id.as_deref(),
            tool_calls: message.tool_calls.iter().map(call).collect(),
        }
    }
}

/// A message. It is serialized with the keys in this order, and without those that are absent or empty; `content` is always there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Message {
    /// `system`, `user`, `assistant` or `tool`.
    pub role: &'static str,
    /// The text. What is no text stands in it as a marker (`[image]`, `[file application/pdf, 120 kB]`). Empty beside tool calls.
    pub content: String,
    /// The tools that the assistant calls.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tool_calls: Vec<ToolCall>,
    /// In a `tool` message: the [`ToolCall::id`] that it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool_call_id: Option<String>,
    /// The name of the participant or of the tool.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A call of a tool, serialized as `{"id":…,"type":"function","function":{"name":…,"arguments":…}}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolCall {
    /// The SDK's id. Where it sends none (Gemini), `call_1`, `call_2` and so on.
    pub id: String,
    /// The name of the tool.
    pub name: String,
    /// The arguments as JSON text. A model can write broken JSON, which stays as it is.
    pub arguments: String,
}

impl Serialize for ToolCall {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Function<'a> {
            name: &'a str,
            arguments: &'a str,
        }
        let mut call = serializer.serialize_struct("ToolCall", 3)?;
        call.serialize_field("id", &self.id)?;
        call.serialize_field("type", "function")?;
        call.serialize_field("function", &Function { name: &self.name, arguments: &self.arguments })?;
        call.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_canonical_spelling_is_that_of_the_json() {
        let call = ToolCall { id: "c1".into(), name: "f".into(), arguments: "{\"a\": 1}".into() };
        let said = |role, content: &str| Message { role, content: content.into(), ..Message::default() };
        let messages = vec![
            said("system", "be \"brief\"\n\u{2028}\u{7f}"),
            Message { name: Some("mara".into()), ..said("user", "é [image]") },
            Message { tool_calls: vec![call.clone(), call], ..said("assistant", "") },
            Message { tool_call_id: Some("c1".into()), name: Some("f".into()), ..said("tool", "{}") },
        ];
        for left_out in [0, 3] {
            let chat = Chat { messages: messages.clone(), left_out, is_refusal: false };
            assert_eq!(chat.to_canonical_json(), canonical(&chat.to_json()));
        }
        assert_eq!(Chat::default().to_canonical_json(), "[]");
    }
}
