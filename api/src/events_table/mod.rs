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
//! | step | module | what |
//! |---|---|---|
//! | 1 | `file` | reads the file; each mistake is an error with its line |
//! | 2 | `condition` | does an event have the values that an entry asks for? |
//! | 3 | `source` | the value of a property, of the first of several, or of a text with properties in it |
//! | 4 | `error_text` | of an error that is JSON, its name and message alone |
//! | 5 | `mapping` | an event becomes a failure, or is ignored with a reason |
//! | 6 | `content` | for a pull: where is the content of an event that does not hold it? |

mod condition;
mod content;
mod entry;
mod error_text;
mod file;
mod mapping;
mod source;

use std::{fs, path::Path, sync::Arc};

use anyhow::Context;

pub use self::mapping::{Failure, Ignored, IgnoredReason, Mapped};
pub(crate) use self::{condition::Condition, content::Content, entry::Entry};

/// The entries that are built in.
const BUILT_IN: &str = include_str!("built_in.toml");

/// Which events are kept. Clones share the entries.
#[derive(Debug, Clone)]
pub struct EventsTable(Arc<[Entry]>);

impl EventsTable {
    /// The built-in table.
    ///
    /// # Panics
    /// Never: a test reads it.
    pub fn built_in() -> Self {
        Self(file::parse(BUILT_IN).expect("a test reads the built-in table").entries.into())
    }

    /// Reads a table from TOML.
    ///
    /// # Errors
    /// A message that names the line.
    pub fn parse(toml: &str) -> Result<Self, file::TableError> {
        let mut table = file::parse(toml)?;
        if table.has_built_in {
            let replaced: Vec<_> = table.entries.iter().map(|entry| entry.name.clone()).collect();
            let built_in = Self::built_in();
            table.entries.extend(built_in.0.iter().filter(|entry| !replaced.contains(&entry.name)).cloned());
        }
        Ok(Self(table.entries.into()))
    }

    /// The table in a file, or the built-in one.
    ///
    /// # Errors
    /// When the file cannot be read or is no table; the message names it and the line.
    pub fn read(file: Option<&Path>) -> anyhow::Result<Self> {
        let Some(file) = file else { return Ok(Self::built_in()) };
        let text = fs::read_to_string(file).with_context(|| format!("EVENTS: {} cannot be read", file.display()))?;
        Self::parse(&text).with_context(|| format!("EVENTS: {}", file.display()))
    }

    /// The entries, in the order in which they are asked.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.0
    }

    /// The names of the events that an entry takes, each once.
    pub fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for entry in self.entries() {
            if !names.contains(&entry.name.as_str()) {
                names.push(entry.name.as_str());
            }
        }
        names
    }
}

#[cfg(test)]
mod tests;
