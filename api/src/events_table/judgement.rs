//! What an entry makes of an event.

use journal::Label;

use super::{
    condition::Condition,
    entry::Entry,
    source::{Selected, Source},
};
use crate::event::ReceivedEvent;

/// What an event is to its entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Judgement {
    /// A failed generation, or a verdict that another event is bad.
    Failure,
    /// A verdict that another event is good.
    Good,
    /// A text that belongs to a verdict, and is an event of its own: a survey's questions may be answered one after the other.
    Feedback,
    /// A generation that went well, and that a pull wants kept.
    Success,
    /// A part of a verdict that does not say what it is, and of which the entry names nothing.
    Unsaid,
    /// An event of the entry's name, and none of these.
    Nothing,
}

impl Judgement {
    /// The label of a verdict.
    pub(super) fn label(self) -> Label {
        match self {
            Self::Failure => Label::Bad,
            Self::Good => Label::Good,
            Self::Feedback | Self::Success | Self::Unsaid | Self::Nothing => Label::Unsaid,
        }
    }

    /// Whether a reason says anything of it. Words without a property in them are those of a failure.
    pub(super) fn has_reason(self, reason: &Source) -> bool {
        match self {
            Self::Failure => true,
            Self::Good => !reason.is_constant(),
            Self::Feedback | Self::Success | Self::Unsaid | Self::Nothing => false,
        }
    }
}

impl Entry {
    pub(super) fn judge(&self, event: &ReceivedEvent<'_>, properties: &Selected<'_, '_>) -> Judgement {
        let all = |conditions: &[Condition]| conditions.iter().all(|condition| condition.holds(properties));
        let says_something =
            || self.when.iter().chain(&self.good).any(|condition| condition.property.of(properties).is_some());
        let has_feedback = || {
            let feedback = self.feedback.as_ref().and_then(|names| names.text(properties));
            feedback.is_some_and(|text| !text.trim().is_empty())
        };
        let is_verdict = self.about.is_some();
        match () {
            () if !self.unless.is_empty() && all(&self.unless) => Judgement::Nothing,
            () if all(&self.when) => Judgement::Failure,
            () if is_verdict && !self.good.is_empty() && all(&self.good) => Judgement::Good,
            () if is_verdict && !says_something() && self.feedback.is_none() => Judgement::Unsaid,
            () if is_verdict && !says_something() && has_feedback() => Judgement::Feedback,
            () if event.is_wanted_success && self.has_successes() => Judgement::Success,
            () => Judgement::Nothing,
        }
    }
}
