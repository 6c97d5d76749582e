//! The events under PostHog's names, and the rules that the page and the API both check.

use serde::{Deserialize, Serialize};
use validator::{Validate, ValidationError};

/// Name of the event for one use of the feature.
pub const FEATURE_USED: &str = "feature_used";
/// Name of the event for a failed generation.
pub const GENERATION_FAILED: &str = "generation_failed";
/// Name of PostHog's own event for one call of a model, with which its SDKs report failures, too.
pub const AI_GENERATION: &str = "$ai_generation";
/// Name of PostHog's own event that sets properties of a person.
pub const IDENTIFY: &str = "$identify";

/// The longest `input_prompt`, in characters (Unicode scalar values).
pub const INPUT_PROMPT_CHARS_MAX: u64 = 262_144;
/// The longest `failure_reason`, in characters. The API truncates a longer one; the page refuses to send it.
pub const FAILURE_REASON_CHARS_MAX: u64 = 1_024;
/// The longest e-mail address, in bytes (RFC 5321, 4.5.3.1.3: a path of 256 less its angle brackets).
pub const EMAIL_BYTES_MAX: u64 = 254;

/// An event with its properties, as PostHog spells both: `{"event": name, "properties": {…}}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", content = "properties")]
pub enum Event {
    /// A person used the feature.
    #[serde(rename = "feature_used")]
    FeatureUsed(FeatureUsed),
    /// A generation failed. The API turns this event into a line of training data.
    #[serde(rename = "generation_failed")]
    GenerationFailed(GenerationFailed),
    /// A generation failed, told as PostHog's SDKs tell it.
    #[serde(rename = "$ai_generation")]
    AiGeneration(AiGeneration),
    /// A person gave their e-mail address.
    #[serde(rename = "$identify")]
    Identify(Identify),
}

impl Event {
    /// The event's name in PostHog.
    pub fn name(&self) -> &'static str {
        match self {
            Self::FeatureUsed(_) => FEATURE_USED,
            Self::GenerationFailed(_) => GENERATION_FAILED,
            Self::AiGeneration(_) => AI_GENERATION,
            Self::Identify(_) => IDENTIFY,
        }
    }
}

/// Properties of [`FEATURE_USED`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
pub struct FeatureUsed {
    /// How often this person has used the feature, this time included; at least 1. Counted in the browser.
    #[validate(range(min = 1, message = "must be at least 1"))]
    pub total_usage_count: u32,
}

/// Properties of [`GENERATION_FAILED`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
pub struct GenerationFailed {
    /// What the person asked the model for; 1 to [`INPUT_PROMPT_CHARS_MAX`] characters, not all of them white space.
    #[validate(
        length(max = "INPUT_PROMPT_CHARS_MAX", message = "must have at most 262144 characters"),
        custom(function = "not_blank")
    )]
    pub input_prompt: String,
    /// Why it failed; at most [`FAILURE_REASON_CHARS_MAX`] characters.
    #[validate(length(max = "FAILURE_REASON_CHARS_MAX", message = "must have at most 1024 characters"))]
    pub failure_reason: String,
}

/// Properties of [`AI_GENERATION`] for a failure, as posthog-python sends them (`posthog/ai/utils.py`), less what describes the
/// machine and the tokens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
pub struct AiGeneration {
    /// What this call belongs to. The SDKs always send one; `None` until the page makes one for the event that goes out.
    #[serde(rename = "$ai_trace_id", default, skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<String>,
    /// Whose model it is, such as `openai`.
    #[serde(rename = "$ai_provider")]
    pub provider: String,
    /// The model, by its provider's name for it.
    #[serde(rename = "$ai_model")]
    pub model: String,
    /// The chat that the model was given. Its [`prompt`](Self::prompt) has 1 to [`INPUT_PROMPT_CHARS_MAX`] characters, not all of
    /// them white space.
    #[serde(rename = "$ai_input")]
    #[validate(custom(function = "prompted"))]
    pub input: Vec<AiMessage>,
    /// What the model said before it failed; mostly nothing.
    #[serde(rename = "$ai_output_choices")]
    pub output_choices: Vec<AiMessage>,
    /// Always true here. A call that did not fail has no such property.
    #[serde(rename = "$ai_is_error")]
    pub is_error: bool,
    /// Why it failed; at most [`FAILURE_REASON_CHARS_MAX`] characters.
    #[serde(rename = "$ai_error")]
    #[validate(length(max = "FAILURE_REASON_CHARS_MAX", message = "must have at most 1024 characters"))]
    pub error: String,
    /// The provider's HTTP status; 0 when there was no answer.
    #[serde(rename = "$ai_http_status")]
    pub http_status: u16,
    /// How long the call took, in seconds.
    #[serde(rename = "$ai_latency")]
    pub latency: f64,
    /// Which library reports it.
    #[serde(rename = "$ai_lib")]
    pub lib: String,
}

/// The role of the person in a chat.
const USER: &str = "user";

/// A message of a chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AiMessage {
    /// Who speaks: `system`, `user` or `assistant`.
    pub role: String,
    /// What they say.
    pub content: String,
}

impl AiGeneration {
    /// What the person asked for: the last message of the role `user`, or else the last message; empty when there is none.
    pub fn prompt(&self) -> &str {
        prompt_index(&self.input).map_or("", |index| &self.input[index].content)
    }

    /// Replaces what the person asked for, and leaves the messages around it.
    pub fn set_prompt(&mut self, content: String) {
        match prompt_index(&self.input) {
            Some(index) => self.input[index].content = content,
            None => self.input.push(AiMessage { role: USER.into(), content }),
        }
    }
}

/// Properties of [`IDENTIFY`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
pub struct Identify {
    /// The properties that PostHog sets on the person.
    #[serde(rename = "$set")]
    #[validate(nested)]
    pub set: PersonProperties,
}

/// The properties of a person that the page sets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
pub struct PersonProperties {
    /// The address that PostHog's workflow sends mail to.
    #[validate(custom(function = "email"))]
    pub email: String,
}

/// Which message of a chat is its prompt; see [`AiGeneration::prompt`].
fn prompt_index(chat: &[AiMessage]) -> Option<usize> {
    chat.iter().rposition(|message| message.role == USER).or(chat.len().checked_sub(1))
}

/// The rules of [`GenerationFailed::input_prompt`], for the prompt of a chat.
fn prompted(chat: &[AiMessage]) -> Result<(), ValidationError> {
    let text = prompt_index(chat).map_or("", |index| &chat[index].content);
    if text.chars().count() as u64 > INPUT_PROMPT_CHARS_MAX {
        return Err(ValidationError::new("length").with_message("must have at most 262144 characters".into()));
    }
    not_blank(text)
}

/// There is nothing to learn from a blank text. The API drops control characters, so they are no text, either.
fn not_blank(text: &str) -> Result<(), ValidationError> {
    if text.chars().all(|c| c.is_whitespace() || c.is_control()) {
        return Err(ValidationError::new("blank").with_message("must not be blank".into()));
    }
    Ok(())
}

/// Checks only the shape: whether an address works shows when mail arrives. `validator`'s own rule would add its regexes to the
/// wasm.
fn email(address: &str) -> Result<(), ValidationError> {
    let shaped = address.len() as u64 <= EMAIL_BYTES_MAX
        && !address.chars().any(|c| c.is_whitespace() || c.is_control())
        && !address.contains(['<', '>', ',', ';', ':', '"', '(', ')', '[', ']', '\\'])
        && address.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty()
                && !domain.contains('@')
                && domain.contains('.')
                && domain.split('.').all(|label| !label.is_empty())
        });
    if shaped {
        Ok(())
    } else {
        Err(ValidationError::new("email").with_message("must be an e-mail address like jane@example.com".into()))
    }
}
