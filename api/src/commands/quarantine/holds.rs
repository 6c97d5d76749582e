//! What a line of the quarantine is good for.

use journal::quarantine::Quarantined;

/// Whether a line holds enough to be posted again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    WholeInput,
    CutInput,
    NoInput,
}

impl Holds {
    pub(super) fn of(line: &Quarantined) -> Self {
        match (line.is_input_blank(), line.is_input_cut()) {
            (true, _) => Self::NoInput,
            (false, true) => Self::CutInput,
            (false, false) => Self::WholeInput,
        }
    }

    /// In a word, for scripts and lists.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::WholeInput => "whole_input",
            Self::CutInput => "cut_input",
            Self::NoInput => "no_input",
        }
    }
}
