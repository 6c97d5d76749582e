//! Everything that the page stores: the person, the queue, the finished events. Each click is one change of it, made under one lock,
//! and stored either as a whole or not at all.

use shared::{
    capture::CaptureEvent,
    event::{Event, FeatureUsed, Identify},
};
use uuid::Uuid;

use super::{
    answer::Answer,
    entry::Entry,
    failure::Failure,
    outbox::{Outbox, QueueFull},
    person::Person,
    sent::Sent,
};

/// What the page stores, in three parts, each under its own key in localStorage.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// The simulated person.
    pub person: Person,
    /// Events that PostHog does not have yet.
    pub outbox: Outbox,
    /// Events that PostHog accepted or refused.
    pub sent: Sent,
}

/// What a new event gets from outside: an id and a time.
#[derive(Debug, Clone)]
pub struct Stamp {
    /// UUID v7.
    pub uuid: Uuid,
    /// The browser's clock, in milliseconds since 1970.
    pub at_ms: u64,
    /// The same time in ISO 8601.
    pub timestamp: String,
}

/// The state of an event in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowState {
    /// Being sent, or about to be.
    Sending,
    /// PostHog has it.
    Accepted,
    /// It will be tried again.
    Waiting,
    /// PostHog refused it.
    Refused,
}

impl Ledger {
    /// Whether it was read from storage: that always gives a person an id.
    pub fn is_read(&self) -> bool {
        !self.person.distinct_id.is_empty()
    }

    /// Counts `uses` uses of the feature and queues an event for each; returns the new count.
    pub fn use_feature(&mut self, uses: u32, stamp: impl Fn() -> Stamp) -> Result<u32, QueueFull> {
        for _ in 0..uses {
            let total_usage_count = self.person.usage_count.saturating_add(1);
            self.capture(Event::FeatureUsed(FeatureUsed { total_usage_count }), stamp())?;
            self.person.usage_count = total_usage_count;
        }
        Ok(self.person.usage_count)
    }

    /// Queues a failed generation; the trace is for an `$ai_generation` that has none.
    pub fn fail_generation(&mut self, failure: Failure, trace_id: String, stamp: Stamp) -> Result<(), QueueFull> {
        self.capture(failure.into_event(Some(trace_id)), stamp)
    }

    /// Takes an address, or that there shall be none, and then counts `uses`: PostHog must know the address before it gets an
    /// event that may send a mail.
    pub fn answer_email(
        &mut self,
        identify: Option<Identify>,
        uses: u32,
        stamp: impl Fn() -> Stamp,
    ) -> Result<u32, QueueFull> {
        self.person.email_asked = true;
        if let Some(identify) = identify {
            self.person.email = Some(identify.set.email.clone());
            self.capture(Event::Identify(identify), stamp())?;
        }
        self.use_feature(uses, stamp)
    }

    /// Asks for an address again.
    pub fn ask_email(&mut self) {
        self.person.email_asked = false;
    }

    /// Continues as another person. Queued events of the person before are still sent, under their id.
    pub fn start_over(&mut self, distinct_id: String) {
        self.person = Person::new(distinct_id);
    }

    /// Applies PostHog's answer to the events in flight; returns how many are finished.
    pub fn settle(&mut self, answer: &Answer, now_ms: u64, chance: f64) -> usize {
        let done = self.outbox.settle(answer, now_ms, chance);
        let count = done.len();
        for entry in done {
            self.sent.note(entry, answer);
        }
        count
    }

    /// The list, newest first. Events leave the queue at its front, so all queued ones are newer than all finished ones.
    pub fn rows(&self) -> Vec<(&Entry, RowState)> {
        let troubled = self.outbox.why_waiting().is_some();
        let mut rows = Vec::new();
        for (index, entry) in self.outbox.queue.iter().enumerate().rev() {
            let waits = troubled && index >= self.outbox.in_flight;
            rows.push((entry, if waits { RowState::Waiting } else { RowState::Sending }));
        }
        for entry in self.sent.entries().iter().rev() {
            rows.push((entry, if entry.refused.is_some() { RowState::Refused } else { RowState::Accepted }));
        }
        rows
    }

    /// An event of this person, ready to be queued.
    pub fn entry(&self, event: Event, stamp: Stamp) -> Entry {
        let Stamp { uuid, at_ms, timestamp } = stamp;
        let distinct_id = self.person.distinct_id.clone();
        Entry::new(&CaptureEvent { uuid, distinct_id, timestamp, event }, at_ms)
    }

    fn capture(&mut self, event: Event, stamp: Stamp) -> Result<(), QueueFull> {
        let entry = self.entry(event, stamp);
        self.outbox.push(entry)
    }
}

impl RowState {
    /// One word for tests and styles.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sending => "sending",
            Self::Accepted => "accepted",
            Self::Waiting => "waiting",
            Self::Refused => "refused",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use shared::event::{GenerationFailed, PersonProperties};

    use super::*;
    use crate::state::{
        examples::EXAMPLES,
        outbox::{EVENTS_MAX, Next},
    };

    fn stamps() -> impl Fn() -> Stamp {
        let next = Cell::new(0);
        move || {
            next.set(next.get() + 1);
            Stamp { uuid: Uuid::from_u128(next.get()), at_ms: 0, timestamp: String::new() }
        }
    }

    fn jane() -> Identify {
        Identify { set: PersonProperties { email: "jane@example.com".into() } }
    }

    fn rows(ledger: &Ledger) -> Vec<(String, &'static str)> {
        ledger.rows().iter().map(|(entry, state)| (entry.detail.clone(), state.name())).collect()
    }

    fn sent(ledger: &mut Ledger) -> Vec<CaptureEvent> {
        let Next::Send(batch) = ledger.outbox.begin(0) else { panic!("nothing was sent") };
        batch.iter().map(|json| serde_json::from_str(json).unwrap()).collect()
    }

    #[test]
    fn uses_are_counted_without_gap_or_repeat() {
        let (mut ledger, stamp) = (Ledger::default(), stamps());
        assert_eq!(ledger.use_feature(1, &stamp), Ok(1));
        assert_eq!(ledger.use_feature(2, &stamp), Ok(3));
        let details: Vec<&str> = ledger.rows().iter().map(|(entry, _)| entry.detail.as_str()).collect();
        assert_eq!(details, ["use 3", "use 2", "use 1"]);
    }

    #[test]
    fn the_address_goes_out_before_the_uses_that_come_with_it() {
        let mut ledger = Ledger::default();
        ledger.answer_email(Some(jane()), 2, stamps()).unwrap();
        let batch = sent(&mut ledger);
        let names: Vec<&str> = batch.iter().map(|event| event.event.name()).collect();
        assert_eq!(names, ["$identify", "feature_used", "feature_used"]);
        assert_eq!(ledger.person.email.as_deref(), Some("jane@example.com"));
    }

    #[test]
    fn a_failure_goes_out_as_the_event_that_was_chosen() {
        let (mut ledger, stamp) = (Ledger::default(), stamps());
        let failed = GenerationFailed { input_prompt: "a chair".into(), failure_reason: "timeout".into() };
        for failure in [Failure::GenerationFailed(failed), Failure::AiGeneration(EXAMPLES[1].call())] {
            ledger.fail_generation(failure, "trace".into(), stamp()).unwrap();
        }
        assert_eq!(rows(&ledger).last(), Some(&("a chair".into(), "sending")));
        let batch = sent(&mut ledger);
        assert_eq!([batch[0].event.name(), batch[1].event.name()], ["generation_failed", "$ai_generation"]);
        let Event::AiGeneration(call) = &batch[1].event else { panic!("{batch:?}") };
        assert_eq!((call.trace_id.as_deref(), call.prompt()), (Some("trace"), EXAMPLES[1].prompt));
    }

    #[test]
    fn a_skipped_field_stays_away_until_it_is_asked_for() {
        let mut ledger = Ledger::default();
        assert_eq!(ledger.answer_email(None, 1, stamps()), Ok(1));
        assert!(ledger.person.email_asked && ledger.person.email.is_none());
        assert_eq!(rows(&ledger), [("use 1".into(), "sending")]);
        ledger.ask_email();
        assert!(!ledger.person.email_asked);
    }

    #[test]
    fn a_new_person_counts_from_nothing_and_the_old_ones_events_keep_their_name() {
        let stamp = stamps();
        let mut ledger = Ledger { person: Person::new("old".into()), ..Ledger::default() };
        ledger.answer_email(Some(jane()), 1, &stamp).unwrap();
        ledger.start_over("new".into());
        assert_eq!(ledger.person, Person::new("new".into()));
        ledger.use_feature(1, &stamp).unwrap();
        let batch = sent(&mut ledger);
        let ids: Vec<&str> = batch.iter().map(|event| event.distinct_id.as_str()).collect();
        assert_eq!(ids, ["old", "old", "new"]);
    }

    #[test]
    fn a_use_that_found_no_room_is_not_counted() {
        let (mut ledger, stamp) = (Ledger::default(), stamps());
        ledger.use_feature(EVENTS_MAX as u32, &stamp).unwrap();
        assert_eq!(ledger.use_feature(1, &stamp), Err(QueueFull));
        assert_eq!(ledger.person.usage_count, EVENTS_MAX as u32);
    }

    #[test]
    fn a_row_goes_from_sending_to_waiting_to_accepted_or_refused() {
        let (mut ledger, stamp) = (Ledger::default(), stamps());
        ledger.use_feature(1, &stamp).unwrap();
        assert_eq!(rows(&ledger), [("use 1".into(), "sending")]);
        ledger.outbox.begin(0);
        ledger.settle(&Answer::Later("down".into()), 0, 0.5);
        assert_eq!(rows(&ledger), [("use 1".into(), "waiting")]);
        ledger.outbox.begin(5_000);
        assert_eq!(rows(&ledger), [("use 1".into(), "sending")]);
        assert_eq!(ledger.settle(&Answer::Accepted, 5_000, 0.5), 1);
        assert_eq!(rows(&ledger), [("use 1".into(), "accepted")]);
        ledger.use_feature(1, &stamp).unwrap();
        ledger.outbox.begin(5_000);
        ledger.settle(&Answer::Refused("no".into()), 5_000, 0.5);
        assert_eq!(rows(&ledger), [("use 2".into(), "refused"), ("use 1".into(), "accepted")]);
    }
}
