//! Finds personal data and secrets in text, and replaces each value with a typed placeholder such as `[EMAIL_1]`.

mod clean;
pub mod distinct_id;
pub mod find;
mod json_text;
mod policy;
mod redact;
pub mod stored;

pub use self::{
    clean::is_clean,
    distinct_id::PseudonymKey,
    find::{Kind, Scope, Span, placeholder},
    json_text::{Input, JsonString},
    policy::{Policy, PolicyError},
    redact::Redactor,
};

/// The version of what this crate writes. Raise it whenever the output for some text may differ: the writer then closes
/// the file, so that every file was written by one version.
pub const SANITIZER_VERSION: u32 = 3;
