//! The events table: which of PostHog's events are kept, and which of their properties is what. It is the one place that knows the
//! names of properties, and the only thing that a team changes to keep other events.
//!
//! A table is a TOML file that `EVENTS` names. Its entries come before the built-in ones, and an entry replaces the built-in entries of
//! its name:
//!
//! ```toml
//! built_in = true              # false leaves the built-in entries out
//!
//! [[events]]
//! name = "letter_failed"       # the event's name in PostHog
//! when = { state = "failed" }  # kept only when all these properties have these values
//! unless = { test = true }     # and not all these have these
//! input = ["prompt", "ai.prompt"]   # the first property that is there; a dot reads a member of an object
//! reason = "letter {kind}: {error}" # a text with the values of properties in it, or a list of names as above
//! ```
//!
//! An entry with `output` gets its events a row of `generations.jsonl`, too. `tools`, `model`, `provider`, `http_status`, `trace` and
//! `session` are what the row holds besides. An entry with `about` takes verdicts: `when` says which are bad and `good` which are good,
//! `submission` ties the events of one answer together, and `feedback` is what a person wrote.
//!
//! | step | module | what |
//! |---|---|---|
//! | 1 | `file` | reads the file; each mistake is an error with its line |
//! | 2 | `condition` | does an event have the values that an entry asks for? |
//! | 3 | `source` | the value of a property, of the first of several, or of a text with properties in it |
//! | 4 | `error_text` | of an error that is JSON, its name and message alone |
//! | 5 | `judgement` | is the event a failure, a success, a verdict, or nothing? |
//! | 6 | `mapping` | an event is kept, with what `kept` holds of it, or is ignored with a reason |
//! | 7 | `content` | for a pull: where is the content of an event that does not hold it? |

mod condition;
mod content;
mod entry;
mod error_text;
mod file;
mod heavy;
mod judgement;
mod kept;
mod mapping;
mod source;
mod table;

pub(crate) use self::{
    condition::Condition,
    content::{Content, Ties},
    entry::Entry,
    source::{Name, Names},
};
pub use self::{
    kept::Kept,
    mapping::{Ignored, IgnoredReason, Mapped},
    table::EventsTable,
};

#[cfg(test)]
mod tests;
