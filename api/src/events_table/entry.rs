//! An entry of the table.

use super::{
    condition::Condition,
    source::{Names, Source},
};

/// Which events of one name are kept, and which of their properties is what.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// The event's name in PostHog.
    pub(crate) name: String,
    /// All hold for an event that is a failure.
    pub(crate) when: Vec<Condition>,
    /// When there are any and all hold, the entry does not take the event.
    pub(crate) unless: Vec<Condition>,
    /// All hold for an event that judges another one as good.
    pub(crate) good: Vec<Condition>,
    /// What the model was asked; `None` when the event judges another one, which holds it.
    pub(crate) input: Option<Names>,
    /// Why it failed.
    pub(crate) reason: Option<Source>,
    /// Which event this one judges.
    pub(crate) about: Option<AboutBy>,
    /// The trace that the event belongs to: PostHog finds the content of a generation by it.
    pub(crate) trace: Option<Names>,
}

/// By which property an event names the one that it judges.
#[derive(Debug, Clone)]
pub(crate) enum AboutBy {
    /// It holds the uuid of that event.
    Uuid(Names),
    /// It holds the trace, and the last generation of it with an output before the event is meant.
    Trace(Names),
}
