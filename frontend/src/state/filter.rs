//! The filter of the list.

use shared::event::FEATURE_USED;

use super::{entry::Entry, failure::FailureKind, ledger::RowState};

/// A choice above the list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Filter {
    /// Every event.
    #[default]
    All,
    /// Only `feature_used`.
    Uses,
    /// Only failed generations, whichever event tells of them.
    Failures,
    /// Events that PostHog has not accepted: waiting, being sent or refused.
    NotAccepted,
}

impl Filter {
    /// All choices, in the order in which they are shown.
    pub const EACH: [Self; 4] = [Self::All, Self::Uses, Self::Failures, Self::NotAccepted];

    /// What the choice is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::Uses => "Uses",
            Self::Failures => "Failures",
            Self::NotAccepted => "Not accepted",
        }
    }

    /// Whether the choice shows this line.
    pub fn shows(self, entry: &Entry, state: RowState) -> bool {
        match self {
            Self::All => true,
            Self::Uses => entry.event == FEATURE_USED,
            Self::Failures => FailureKind::of(&entry.event).is_some(),
            Self::NotAccepted => state != RowState::Accepted,
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::event::{AI_GENERATION, GENERATION_FAILED};

    use super::*;

    #[test]
    fn each_choice_shows_what_it_says() {
        let entry = |event: &str| Entry { event: event.into(), ..Entry::default() };
        let rows = [
            (entry(FEATURE_USED), RowState::Accepted),
            (entry(GENERATION_FAILED), RowState::Waiting),
            (entry("$identify"), RowState::Refused),
            (entry(AI_GENERATION), RowState::Accepted),
        ];
        let shown = |filter: Filter| rows.iter().map(|(entry, state)| filter.shows(entry, *state)).collect::<Vec<_>>();
        assert_eq!(shown(Filter::All), [true; 4]);
        assert_eq!(shown(Filter::Uses), [true, false, false, false]);
        assert_eq!(shown(Filter::Failures), [false, true, false, true]);
        assert_eq!(shown(Filter::NotAccepted), [false, true, true, false]);
    }
}
