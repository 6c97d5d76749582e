//! The one shape: OpenAI's chat messages.

use serde::{Serialize, Serializer, ser::SerializeStruct};

use crate::notice::notice;

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
        let mut items: Vec<String> = self
            .messages
            .iter()
            .map(|message| serde_json::to_string(message).expect("strings always serialize"))
            .collect();
        if self.left_out > 0 {
            let behind = self.messages.iter().take_while(|message| message.role == "system").count();
            items.insert(behind, notice(self.left_out));
        }
        format!("[{}]", items.join(","))
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
