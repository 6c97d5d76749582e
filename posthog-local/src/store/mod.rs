//! The newest events with everything that happened to them, and the newest e-mails. They are in memory only.
//!
//! [`Store`] is a handle, cheap to clone. Each method that changes something notifies all subscribers; the inspector's
//! stream is made of these changes.

mod common;
mod email;
mod record;
mod states;
mod summary;

use std::{
    collections::{HashMap, VecDeque},
    ops::RangeInclusive,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::broadcast;
use uuid::Uuid;

pub use self::{
    email::{Email, EmailRun, EmailState},
    record::{Attempt, DeliveryState, DestinationRun, Entry, PersonView, Stored, WorkflowRun},
    states::{State, Told},
    summary::Summary,
};

/// How much of the events is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most events.
    pub events_max: usize,
    /// The most bytes that they take together, as JSON (an estimate).
    pub events_bytes_max: usize,
}

impl Limits {
    /// What is kept unless the settings say otherwise.
    pub const DEFAULT: Self = Self { events_max: 1_000, events_bytes_max: 16 * 1024 * 1024 };
}

/// The most e-mails that are stored.
const EMAILS_MAX: usize = 200;
/// The most bytes that the stored e-mails take together (an estimate).
const EMAILS_BYTES_MAX: usize = 4 * 1024 * 1024;
/// How many changes a slow subscriber may be behind. Beyond it, it has to read everything again.
const CHANGES_MAX: usize = 256;

/// Identifies what one destination does with one stored event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunId {
    entry: u64,
    run: usize,
    /// How often the store had been reset when the event was added.
    resets: u64,
}

/// A change in the store. Its JSON is made once for all subscribers.
#[derive(Debug, Clone)]
pub enum Change {
    /// An event was added or updated: its [`Summary`].
    Event(Arc<str>),
    /// An e-mail was added or updated: the [`Email`].
    Email(Arc<str>),
    /// All events and e-mails were removed or replaced.
    Reset,
    /// The faults were changed: their JSON.
    Faults(Arc<str>),
    /// A flag was changed: the JSON of all flags.
    Flags(Arc<str>),
    /// posthog-local is shutting down.
    Stop,
}

/// A handle on the stored events and e-mails.
#[derive(Debug, Clone)]
pub struct Store {
    limits: Limits,
    kept: Arc<Mutex<Kept>>,
    changes: broadcast::Sender<Change>,
}

#[derive(Debug, Default)]
struct Kept {
    entries: VecDeque<Entry>,
    /// The id of the newest entry with each uuid.
    newest: HashMap<Uuid, u64>,
    entries_bytes: usize,
    next_entry: u64,
    emails: VecDeque<Email>,
    emails_bytes: usize,
    resets: u64,
}

impl Default for Store {
    fn default() -> Self {
        Self::new(Limits::DEFAULT)
    }
}

impl Store {
    /// An empty store.
    pub fn new(limits: Limits) -> Self {
        Self { limits, kept: Arc::default(), changes: broadcast::channel(CHANGES_MAX).0 }
    }

    /// How much of the events is kept.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // The store stays readable even if a writer panicked.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Subscribes to every change from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }

    /// Notifies all subscribers of the faults that are on from now on.
    pub fn faults_changed(&self, faults: &impl Serialize) {
        self.notify(Change::Faults, faults);
    }

    /// Notifies all subscribers of the flags as they are from now on.
    pub fn flags_changed(&self, flags: &impl Serialize) {
        self.notify(Change::Flags, flags);
    }

    fn notify(&self, change: fn(Arc<str>) -> Change, value: &impl Serialize) {
        if self.changes.receiver_count() > 0
            && let Ok(json) = serde_json::to_string(value)
        {
            // It is fine if nobody subscribes any more.
            _ = self.changes.send(change(json.into()));
        }
    }

    /// Adds an event, and evicts the oldest ones beyond the limits. Returns an id for each of its destinations.
    ///
    /// Events are in the order of `captured_at`: one that was overtaken on its way here takes the time of the one before.
    pub fn add(&self, mut entry: Entry) -> Vec<RunId> {
        let kept = &mut *self.kept();
        entry.id = kept.next_entry;
        if let Some(last) = kept.entries.back() {
            entry.captured_at = entry.captured_at.max(last.captured_at);
        }
        kept.next_entry += 1;
        kept.entries_bytes += entry.bytes;
        self.notify(Change::Event, &entry.summary());
        let runs =
            (0..entry.destinations.len()).map(|run| RunId { entry: entry.id, run, resets: kept.resets }).collect();
        kept.newest.insert(entry.uuid, entry.id);
        kept.entries.push_back(entry);
        kept.evict_events(self.limits);
        runs
    }

    /// Adds an e-mail, and evicts the oldest ones beyond the limits.
    pub fn add_email(&self, email: Email) {
        let kept = &mut *self.kept();
        self.notify(Change::Email, &email);
        kept.emails_bytes += email.bytes();
        kept.emails.push_back(email);
        while kept.emails.len() > EMAILS_MAX || kept.emails_bytes > EMAILS_BYTES_MAX {
            let Some(oldest) = kept.emails.pop_front() else { break };
            kept.emails_bytes -= oldest.bytes();
        }
    }

    /// Records whether the SMTP server accepted an e-mail.
    pub fn email_ended(&self, id: &str, sent: Result<(), String>) {
        let kept = &mut *self.kept();
        let Some(email) = kept.emails.iter_mut().find(|email| email.id == id) else { return };
        email.end(sent);
        self.notify(Change::Email, email);
        let (state, reason) = (email.state, email.reason.clone());
        for entry in &mut kept.entries {
            if entry.set_email_state(id, state, &reason) {
                self.notify(Change::Event, &entry.summary());
            }
        }
    }

    /// Records the begin of an attempt.
    pub fn attempt_started(&self, id: RunId, attempt: u32) {
        self.change(id, |run| {
            run.state = DeliveryState::Delivering;
            run.attempt = attempt;
            run.next_attempt_at = None;
        });
    }

    /// Records the end of an attempt. If there is a `wait`, another attempt follows after it.
    pub fn attempt_ended(
        &self,
        id: RunId,
        attempt: Attempt,
        state: DeliveryState,
        stored: Option<Stored>,
        wait: Option<Duration>,
    ) {
        self.change(id, |run| {
            run.attempts.push(attempt);
            run.state = state;
            // A repeated delivery must not hide the line that the first one stored.
            if run.stored.as_ref().is_none_or(|before| before.line.is_none()) {
                run.stored = stored;
            }
            run.next_attempt_at = wait.and_then(|wait| Timestamp::now().checked_add(wait).ok());
        });
    }

    fn change(&self, id: RunId, change: impl FnOnce(&mut DestinationRun)) {
        let kept = &mut *self.kept();
        // An event may have been evicted while it is delivered.
        let Some(entry) = kept.entry_mut(id.entry) else { return };
        let before = entry.destinations[id.run].bytes();
        change(&mut entry.destinations[id.run]);
        let grown = entry.destinations[id.run].bytes() - before;
        entry.bytes += grown;
        self.notify(Change::Event, &entry.summary());
        kept.entries_bytes += grown;
        kept.evict_events(self.limits);
    }

    /// Whether the store was reset since the event was added. Its deliveries then stop.
    pub fn was_reset_since(&self, id: RunId) -> bool {
        self.kept().resets != id.resets
    }

    /// Removes all events and e-mails.
    pub fn reset(&self) {
        let kept = &mut *self.kept();
        // Ids are not used again, so that no new event is mistaken for an old one.
        *kept = Kept { next_entry: kept.next_entry, resets: kept.resets + 1, ..Kept::default() };
        _ = self.changes.send(Change::Reset);
    }

    /// Tells all subscribers that posthog-local is shutting down.
    pub fn stop(&self) {
        _ = self.changes.send(Change::Stop);
    }

    /// Applies `read` to each event, newest first.
    pub fn events<T>(&self, read: impl Fn(&Entry) -> T) -> Vec<T> {
        self.newest_matching(usize::MAX, |_| true, read)
    }

    /// Applies `read` to the newest `count` events that match, newest first.
    pub fn newest_matching<T>(
        &self,
        count: usize,
        matches: impl Fn(&Entry) -> bool,
        read: impl Fn(&Entry) -> T,
    ) -> Vec<T> {
        self.kept().entries.iter().rev().filter(|entry| matches(entry)).take(count).map(read).collect()
    }

    /// Applies `read` to the newest event of each uuid that was captured within these microseconds (since 1970), all at
    /// once and in the order of their arrival. Nothing is captured meanwhile.
    pub fn query<T>(
        &self,
        captured: RangeInclusive<i64>,
        read: impl FnOnce(&mut dyn Iterator<Item = &Entry>) -> T,
    ) -> T {
        let kept = self.kept();
        let micros = |entry: &Entry| entry.captured_at.as_microsecond();
        let start = kept.entries.partition_point(|entry| micros(entry) < *captured.start());
        let end = kept.entries.partition_point(|entry| micros(entry) <= *captured.end()).max(start);
        let is_newest = |entry: &&Entry| kept.newest.get(&entry.uuid) == Some(&entry.id);
        read(&mut kept.entries.range(start..end).filter(is_newest))
    }

    /// Applies `read` to the newest event with this uuid.
    pub fn event<T>(&self, uuid: Uuid, read: impl Fn(&Entry) -> T) -> Option<T> {
        let kept = self.kept();
        kept.entry(*kept.newest.get(&uuid)?).map(read)
    }

    /// Applies `read` to the newest event with this uuid, and to the `earlier_max` newest of those that were captured before
    /// it, oldest first.
    pub fn captures<T>(&self, uuid: Uuid, earlier_max: usize, read: impl Fn(&Entry) -> T) -> Option<(T, Vec<T>)> {
        let kept = self.kept();
        let newest = kept.entry(*kept.newest.get(&uuid)?)?;
        let before = kept.entries.iter().rev().filter(|entry| entry.uuid == uuid && entry.id < newest.id);
        // Only a repeated event has any, so that the others do not search the whole store.
        let before = before.take(if newest.repeated { earlier_max } else { 0 });
        let mut earlier: Vec<_> = before.map(&read).collect();
        earlier.reverse();
        Some((read(newest), earlier))
    }

    /// Whether an event with this uuid is stored.
    pub fn contains(&self, uuid: Uuid) -> bool {
        self.event(uuid, |_| ()).is_some()
    }

    /// The e-mails, newest first.
    pub fn emails(&self) -> Vec<Email> {
        self.kept().emails.iter().rev().cloned().collect()
    }
}

impl Kept {
    /// The place of an entry. Ids are consecutive, and entries are only removed from the front.
    fn index(&self, id: u64) -> Option<usize> {
        usize::try_from(id.checked_sub(self.entries.front()?.id)?).ok()
    }

    fn entry(&self, id: u64) -> Option<&Entry> {
        self.entries.get(self.index(id)?)
    }

    fn entry_mut(&mut self, id: u64) -> Option<&mut Entry> {
        let index = self.index(id)?;
        self.entries.get_mut(index)
    }

    fn evict_events(&mut self, limits: Limits) {
        while self.entries.len() > limits.events_max || self.entries_bytes > limits.events_bytes_max {
            let Some(oldest) = self.entries.pop_front() else { return };
            self.entries_bytes -= oldest.bytes;
            if self.newest.get(&oldest.uuid) == Some(&oldest.id) {
                self.newest.remove(&oldest.uuid);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::*;

    fn entry(text: &str) -> Entry {
        let event = crate::event::CapturedEvent {
            uuid: Uuid::now_v7(),
            event: "e".to_owned(),
            distinct_id: "d".to_owned(),
            properties: Map::from_iter([("text".to_owned(), json!(text))]),
            timestamp: Timestamp::UNIX_EPOCH,
            captured_at: Timestamp::UNIX_EPOCH,
            ..Default::default()
        };
        let person = PersonView { id: Uuid::nil(), name: "d".to_owned(), properties: Arc::default() };
        let destination = DestinationRun::new("destination".to_owned(), true, String::new());
        Entry::new(event, None, person, false, vec![destination], Vec::new())
    }

    const EVENTS_MAX: usize = Limits::DEFAULT.events_max;
    const ALWAYS: RangeInclusive<i64> = i64::MIN..=i64::MAX;

    #[test]
    fn events_are_in_the_order_of_their_time_and_found_by_it() {
        let store = Store::default();
        for micros in [5, 7, 6, 7, 9] {
            store.add(Entry { captured_at: Timestamp::from_microsecond(micros).unwrap(), ..entry("") });
        }
        let found = |captured| store.query(captured, |entries| entries.map(|entry| entry.id).collect::<Vec<_>>());
        assert_eq!(found(ALWAYS), [0, 1, 2, 3, 4]);
        assert_eq!(found(7..=8), [1, 2, 3], "the one that was overtaken takes the time of the one before");
        assert_eq!((found(5..=5), found(9..=i64::MAX)), (vec![0], vec![4]));
        assert_eq!((found(i64::MIN..=4), found(10..=11)), (vec![], vec![]));
        #[expect(clippy::reversed_empty_ranges, reason = "a query may ask for a time that ends before it begins")]
        let none = found(9..=5);
        assert_eq!(none, [0; 0]);
    }

    #[test]
    fn an_event_is_found_by_its_uuid_and_the_newest_one_counts() {
        let store = Store::new(Limits { events_max: 2, ..Limits::DEFAULT });
        let (first, other) = (entry("first"), entry("other"));
        let again = Entry { properties: entry("again").properties, ..first.clone() };
        let uuid = first.uuid;
        let text = |entry: &Entry| entry.properties["text"].clone();
        store.add(first);
        store.add(again);
        assert_eq!(
            (store.event(uuid, text), store.query(ALWAYS, |entries| entries.count())),
            (Some(json!("again")), 1)
        );
        // The first one is evicted, and the second one is still found.
        store.add(other);
        assert_eq!((store.event(uuid, text), store.contains(uuid)), (Some(json!("again")), true));
        store.add(entry(""));
        assert!(!store.contains(uuid));
        store.reset();
        assert_eq!(store.query(ALWAYS, |entries| entries.count()), 0);
    }

    #[test]
    fn the_oldest_events_go_when_there_are_too_many() {
        let store = Store::default();
        let first = store.add(entry(""))[0];
        for _ in 1..EVENTS_MAX {
            store.add(entry(""));
        }
        assert_eq!(store.events(|entry| entry.id).last(), Some(&0));
        store.add(entry(""));
        let ids = store.events(|entry| entry.id);
        assert_eq!((ids.len(), ids[0], ids[EVENTS_MAX - 1]), (EVENTS_MAX, EVENTS_MAX as u64, 1));
        // What comes late for a forgotten event changes no other.
        store.attempt_started(first, 1);
        assert!(store.events(|entry| entry.destinations[0].attempt).iter().all(|attempt| *attempt == 0));
    }

    #[test]
    fn the_oldest_events_go_when_they_are_too_large_together() {
        let store = Store::default();
        let megabyte = "x".repeat(1024 * 1024);
        for _ in 0..20 {
            store.add(entry(&megabyte));
        }
        assert_eq!(store.events(|entry| entry.id), [19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5]);
        // Answers count as well.
        let newest = store.kept().entries.back().map(|entry| entry.id).unwrap();
        let id = RunId { entry: newest, run: 0, resets: 0 };
        let answer = Attempt {
            number: 1,
            at: Timestamp::UNIX_EPOCH,
            millis: 1,
            status: None,
            error: Some(megabyte),
            answer: None,
        };
        store.attempt_ended(id, answer, DeliveryState::Failed, None, None);
        assert_eq!(store.events(|entry| entry.id).len(), 14);
    }

    #[test]
    fn a_repeated_event_keeps_the_ones_before_it() {
        let store = Store::default();
        let first = entry("");
        let again = |repeated| Entry { uuid: first.uuid, repeated, ..entry("") };
        let ids = |earlier_max| store.captures(first.uuid, earlier_max, |entry| entry.id);
        assert_eq!(ids(2), None);
        store.add(again(false));
        store.add(entry("another"));
        assert_eq!(ids(2), Some((0, vec![])));
        for _ in 0..3 {
            store.add(again(true));
        }
        assert_eq!(ids(9), Some((4, vec![0, 2, 3])));
        assert_eq!(ids(2), Some((4, vec![2, 3])), "the newest of them");
    }

    #[test]
    fn a_reset_ends_what_was_on_its_way() {
        let store = Store::default();
        let old = store.add(entry(""))[0];
        store.reset();
        let new = store.add(entry(""))[0];
        assert!(store.was_reset_since(old) && !store.was_reset_since(new));
        store.attempt_started(old, 1);
        assert_eq!(store.events(|entry| entry.destinations[0].attempt), [0]);
    }
}
