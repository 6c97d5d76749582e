//! Finds personal data and secrets in text, and replaces each value with a typed placeholder such as `[EMAIL_1]`.
//!
//! ```
//! use misfire_sanitizer::{Policy, Redactor};
//!
//! let policy = Policy::default();
//! let redacted = Redactor::new(&policy).redact("write to jane@example.com");
//! assert_eq!(redacted, "write to [EMAIL_1]");
//! ```
//!
//! # Where to start
//!
//! - To redact a record, make a [`Redactor`] and give it the texts of the record. It numbers the placeholders. Chats and other JSON go
//!   through [`Redactor::redact_input`], which keeps them JSON.
//! - To know what stands where, call [`find()`], or [`Policy::spans`] with a policy of your own; to know why, [`explain()`].
//! - To store user ids, call [`distinct_id::sanitize`]: it keeps opaque ids and makes pseudonyms of the others.
//! - To check text that was redacted by an older version, call [`stored::found_in_text`], and compare [`SANITIZER_VERSION`].
//!
//! # How a text passes through
//!
//! | step | module | what |
//! |---|---|---|
//! | 1 | `clean` | control characters are removed (by [`Redactor::redact_input`]) |
//! | 2 | `scan::lookalikes` | look-alikes are replaced, so that `＠` is an `@` |
//! | 3 | `scan` | the text is cut into tokens, and each word is looked up |
//! | 4 | `find` | the finders in `secrets`, `numbers`, `native` (other scripts than Latin), `tables` and `people` run, in this order |
//! | 5 | `merge` | overlapping spans are joined, and the [`Policy`] is applied |
//! | 6 | `redact` | each span is replaced by its placeholder |
//!
//! Steps 2 to 6 are repeated until nothing more is found, because a text may reveal more once it is shorter.
//!
//! # Features
//!
//! `policy` (on by default): `Policy::parse` reads a policy from TOML.

mod clean;
pub mod distinct_id;
mod explain;
mod find;
mod json_text;
mod merge;
mod native;
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
mod tables;

#[cfg(feature = "policy")]
pub use self::policy_file::PolicyError;
pub use self::{
    clean::is_clean,
    distinct_id::PseudonymKey,
    explain::explain,
    find::find,
    json_text::{Input, JsonString},
    placeholder::placeholder,
    policy::Policy,
    redact::Redactor,
    span::{Kind, Scope, Span},
};

/// What `examples/train_names` needs to train the model of names. It may change in any version.
#[cfg(feature = "training")]
#[doc(hidden)]
pub mod training {
    pub use crate::people::training::*;
}

/// The version of the output of this crate. It is raised whenever the output for some text changes.
///
/// Store it beside redacted text: text of an older version may hold what this version would redact, so redact it again. Within
/// one version the output for a text is always the same. `tests/golden` holds the crate to it, on a corpus of its own.
pub const SANITIZER_VERSION: u32 = 7;

/// Runs the examples of the README as tests.
#[cfg(all(doctest, feature = "policy"))]
#[doc = include_str!("../README.md")]
struct Readme;
