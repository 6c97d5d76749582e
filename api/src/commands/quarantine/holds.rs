//! What a line of the quarantine is good for.

use journal::quarantine::Quarantined;

/// Whether a line holds enough to be posted again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Whole,
    Cut,
    Nothing,
}

impl Holds {
    pub(super) fn of(line: &Quarantined) -> Self {
        match (line.is_input_blank(), line.is_input_cut()) {
            (true, _) => Self::Nothing,
            (false, true) => Self::Cut,
            (false, false) => Self::Whole,
        }
    }

    /// In a word, for scripts and lists.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Whole => "whole_input",
            Self::Cut => "cut_input",
            Self::Nothing => "no_input",
        }
    }
}
