//! Finds personal data and secrets in text, and replaces each value with a typed placeholder such as `[EMAIL_1]`.

mod clean;
pub mod distinct_id;
mod find;
mod json_text;
mod merge;
mod numbers;
mod people;
mod placeholder;
mod policy;
#[cfg(feature = "policy")]
mod policy_file;
mod redact;
mod scan;
mod secrets;
mod span;
pub mod stored;

#[cfg(feature = "policy")]
pub use self::policy_file::PolicyError;
pub use self::{
    clean::is_clean,
    distinct_id::PseudonymKey,
    find::find,
    json_text::{Input, JsonString},
    placeholder::placeholder,
    policy::Policy,
    redact::Redactor,
    span::{Kind, Scope, Span},
};

/// The version of the output of this crate. It is raised whenever the output for some text changes.
///
/// Store it beside redacted text: text of an older version may hold what this version would redact, so redact it again. Within
/// one version the output for a text is always the same. `tests/golden` fails if it is not.
pub const SANITIZER_VERSION: u32 = 4;
