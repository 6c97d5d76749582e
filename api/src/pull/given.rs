//! What became of an event that a destination was given.

use crate::events_table::IgnoredReason;

/// What became of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Given {
    Stored,
    Duplicate,
    /// Nothing of it is kept; with the reason.
    Ignored(String),
    /// It would be refused again; with the words.
    Refused(String),
}

impl Given {
    /// It was not kept, although it is a failure: its content cannot be had.
    pub(super) fn ignored(reason: IgnoredReason) -> Self {
        Self::Ignored(reason.as_str().to_owned())
    }
}
