//! The names that SDKs give to the four roles.

use std::borrow::Cow;

use serde_json::value::RawValue;

use crate::raw::{Json, Object, open, text_of};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    System,
    User,
    Assistant,
    Tool,
}

impl Role {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Assistant => "assistant",
            Self::Tool => "tool",
        }
    }

    /// `None` for a name that no SDK has: objects with another role are records of something else.
    fn of_name(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "system" | "developer" => Self::System,
            "user" | "human" => Self::User,
            "assistant" | "ai" | "model" | "bot" => Self::Assistant,
            "tool" | "function" => Self::Tool,
            _ => return None,
        })
    }

    /// The role that LangChain's `type` or the name of its class tells (langchain-core, messages/).
    fn of_langchain(name: &str) -> Option<Self> {
        Some(match name.strip_suffix("Chunk").unwrap_or(name) {
            "system" | "SystemMessage" => Self::System,
            "human" | "HumanMessage" => Self::User,
            "ai" | "AIMessage" => Self::Assistant,
            "tool" | "ToolMessage" | "FunctionMessage" => Self::Tool,
            _ => return None,
        })
    }
}

/// Who says a message, and the object with its content.
pub(super) struct Speaker<'a> {
    pub(super) who: Who,
    pub(super) message: Object<'a>,
}

pub(super) enum Who {
    Role(Role),
    /// PostHog's notice that messages were left out.
    PostHog,
    /// A role that is none: the whole is no chat.
    Unknown,
}

/// The speaker of an object; the object itself when it names none.
pub(super) fn speaker_of(object: Object<'_>) -> Result<Speaker<'_>, Object<'_>> {
    if let Some(role) = object.text(&["role"]) {
        let who = match &*role {
            "posthog" => Who::PostHog,
            role => Role::of_name(role).map_or(Who::Unknown, Who::Role),
        };
        return Ok(Speaker { who, message: object });
    }
    let Some((role, inner)) = langchain(&object) else { return Err(object) };
    Ok(Speaker { who: Who::Role(role), message: inner.unwrap_or(object) })
}

/// LangChain's messages: `{"type":"human","content":…}`, with `data` around what follows the type, or as its serializer writes them,
/// `{"lc":1,"id":[…,"HumanMessage"],"kwargs":{…}}`.
fn langchain<'a>(object: &Object<'a>) -> Option<(Role, Option<Object<'a>>)> {
    if object.get("lc").is_some() {
        let class = object.list("id")?.last().and_then(|class: &&RawValue| text_of(class))?;
        return Some((Role::of_langchain(&class)?, Some(object.object(&["kwargs"])?)));
    }
    let role = Role::of_langchain(&object.text(&["type"]).unwrap_or(Cow::Borrowed("")))?;
    match object.get("data").map(open) {
        Some(Some(Json::Object(data))) => Some((role, Some(data))),
        _ => object.get("content").map(|_| (role, None)),
    }
}
