//! The events under PostHog's names, and the rules that the page and the API both check.

use serde::{Deserialize, Serialize};
use validator::{Validate, ValidationError};

/// Name of the event for one use of the feature.
pub const FEATURE_USED: &str = "feature_used";
/// Name of the event for a failed generation.
pub const GENERATION_FAILED: &str = "generation_failed";
/// Name of PostHog's own event that sets properties of a person.
pub const IDENTIFY: &str = "$identify";

/// The longest `input_prompt`, in characters (Unicode scalar values).
pub const INPUT_PROMPT_CHARS_MAX: u64 = 262_144;
/// The longest `failure_reason`, in characters. The API truncates a longer one; the page refuses to send it.
pub const FAILURE_REASON_CHARS_MAX: u64 = 1_024;
/// The longest e-mail address, in bytes (RFC 5321, 4.5.3.1.3: a path of 256 less its angle brackets).
pub const EMAIL_BYTES_MAX: u64 = 254;

/// An event with its properties, as PostHog spells both: `{"event": name, "properties": {…}}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", content = "properties")]
pub enum Event {
    /// A person used the feature.
    #[serde(rename = "feature_used")]
    FeatureUsed(FeatureUsed),
    /// A generation failed. The API turns this event into a line of training data.
    #[serde(rename = "generation_failed")]
    GenerationFailed(GenerationFailed),
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

/// There is nothing to learn from a blank text.
fn not_blank(text: &str) -> Result<(), ValidationError> {
    if text.trim().is_empty() {
        Err(ValidationError::new("blank").with_message("must not be blank".into()))
    } else {
        Ok(())
    }
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
