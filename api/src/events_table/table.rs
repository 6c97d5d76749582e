//! The table: its entries, and where it is read from.

use std::{fs, path::Path, sync::Arc};

use anyhow::Context;

use super::{entry::Entry, file};

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
