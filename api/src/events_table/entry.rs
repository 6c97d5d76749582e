//! An entry of the table.

use super::{
    condition::Condition,
    source::{Name, Names, Source},
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
    /// The session that the event belongs to.
    pub(crate) session: Option<Names>,
    /// What the model answered. An entry that names it asks for rows of `generations.jsonl`.
    pub(crate) output: Option<Names>,
    /// The tools that the model was offered.
    pub(crate) tools: Option<Names>,
    /// The model.
    pub(crate) model: Option<Names>,
    /// The provider.
    pub(crate) provider: Option<Names>,
    /// The status of the provider's answer.
    pub(crate) http_status: Option<Names>,
    /// What ties the events of one survey answer together.
    pub(crate) submission: Option<Names>,
    /// What a person wrote about the answer.
    pub(crate) feedback: Option<Names>,
}

impl Entry {
    /// The names of what a row holds besides input, reason and person.
    pub(super) fn row_names(&self) -> impl Iterator<Item = &Name> {
        let named =
            [&self.trace, &self.session, &self.model, &self.provider, &self.http_status, &self.output, &self.tools];
        named.into_iter().flatten().flat_map(Names::iter)
    }

    /// Whether its events can be generations that went well: it names an answer, and says by what a failure is known.
    pub(crate) fn has_successes(&self) -> bool {
        self.input.is_some() && self.output.is_some() && !self.when.is_empty()
    }
}

/// By which property an event names the one that it judges.
#[derive(Debug, Clone)]
pub(crate) enum AboutBy {
    /// It holds the uuid of that event.
    Uuid(Names),
    /// It holds the trace, and the last generation of it with an output before the event is meant.
    Trace(Names),
}
