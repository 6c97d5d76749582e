//! The queue of events that PostHog does not have yet, in the order in which they happened.
//!
//! It is stored in localStorage. The tab that holds the sender's lock calls [`Outbox::begin`], sends the batch that it returns and
//! passes the answer to [`Outbox::settle`].

use serde::Serialize;

use super::{answer::Answer, backoff, entry::Entry};

/// How many events may wait.
pub const EVENTS_MAX: usize = 500;
/// How many bytes of JSON may wait: browsers give a page about 5 MB, and rewriting a value may need room for both the old and the new one.
pub const BYTES_MAX: usize = 2_000_000;
/// How many events go into one request.
pub const BATCH_EVENTS_MAX: usize = 50;
/// How many bytes go into one request, unless its first event alone is bigger.
pub const BATCH_BYTES_MAX: usize = 512_000;

/// The queue, and the outcome of the last try.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Outbox {
    /// The events, oldest first.
    pub queue: Vec<Entry>,
    /// How many events at the front are being sent right now.
    pub in_flight: usize,
    /// How many events at the front must be sent one by one, because a batch of them was refused and it is not known for which one.
    pub alone: usize,
    /// Failed tries in a row.
    pub tries: u32,
    /// Before this time, in milliseconds since 1970, nothing is sent.
    pub retry_at_ms: u64,
    /// Why the last try failed.
    pub trouble: Option<String>,
}

/// The queue has reached [`EVENTS_MAX`] or [`BYTES_MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueFull;

/// What a sender should do now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Next {
    /// Send these, each of them JSON, then settle.
    Send(Vec<String>),
    /// Call again at this time, in milliseconds since 1970.
    WaitUntil(u64),
    /// Do nothing: the queue is empty.
    #[default]
    Rest,
}

impl Outbox {
    /// Appends an event. This also ends a wait, because somebody is using the page now.
    pub fn push(&mut self, entry: Entry) -> Result<(), QueueFull> {
        if self.queue.len() >= EVENTS_MAX || self.bytes() + entry.json.len() > BYTES_MAX {
            return Err(QueueFull);
        }
        self.queue.push(entry);
        self.retry_now();
        Ok(())
    }

    /// Ends a wait: the next [`Outbox::begin`] gives a batch.
    pub fn retry_now(&mut self) {
        self.retry_at_ms = 0;
    }

    /// Returns the next batch, which stays in the queue: if it were only in the request, it would be lost with the tab. Only the
    /// holder of the sender's lock may call this, so events that are still marked as in flight belong to a tab that is gone.
    pub fn begin(&mut self, now_ms: u64) -> Next {
        self.in_flight = 0;
        if self.queue.is_empty() {
            return Next::Rest;
        }
        if now_ms < self.retry_at_ms {
            return Next::WaitUntil(self.retry_at_ms);
        }
        let count_max = if self.alone > 0 { 1 } else { BATCH_EVENTS_MAX };
        let mut batch = Vec::new();
        let mut bytes = 0;
        for entry in self.queue.iter().take(count_max) {
            bytes += entry.json.len();
            if !batch.is_empty() && bytes > BATCH_BYTES_MAX {
                break;
            }
            batch.push(entry.json.clone());
        }
        self.in_flight = batch.len();
        Next::Send(batch)
    }

    /// Applies PostHog's answer to the batch of [`Outbox::begin`], and returns the events that are finished.
    pub fn settle(&mut self, answer: &Answer, now_ms: u64, chance: f64) -> Vec<Entry> {
        let sent = std::mem::take(&mut self.in_flight).min(self.queue.len());
        match answer {
            Answer::Refused(_) if sent > 1 => {
                self.alone = sent;
                Vec::new()
            }
            Answer::Accepted | Answer::Refused(_) => {
                self.tries = 0;
                self.retry_at_ms = 0;
                self.trouble = None;
                self.alone = self.alone.saturating_sub(sent);
                self.queue.drain(..sent).collect()
            }
            Answer::Later(why) => {
                self.tries = self.tries.saturating_add(1);
                self.retry_at_ms = now_ms + backoff::wait_ms(self.tries, chance);
                self.trouble = Some(why.clone());
                Vec::new()
            }
        }
    }

    /// How many events wait or are being sent.
    pub fn len(&self) -> usize {
        self.queue.len()
    }

    /// Whether PostHog has everything.
    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Whether the queue takes no event at all; a long event may be refused before.
    pub fn is_full(&self) -> bool {
        self.queue.len() >= EVENTS_MAX || self.bytes() >= BYTES_MAX
    }

    /// Why events wait, if they do.
    pub fn why_waiting(&self) -> Option<&str> {
        self.trouble.as_deref().filter(|_| !self.queue.is_empty())
    }

    fn bytes(&self) -> usize {
        self.queue.iter().map(|entry| entry.json.len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_000_000;

    fn numbered(number: u32) -> Entry {
        Entry { json: number.to_string(), ..Entry::default() }
    }

    fn of_length(bytes: usize) -> Entry {
        Entry { json: "x".repeat(bytes), ..Entry::default() }
    }

    fn filled(numbers: std::ops::RangeInclusive<u32>) -> Outbox {
        let mut outbox = Outbox::default();
        for number in numbers {
            outbox.push(numbered(number)).unwrap();
        }
        outbox
    }

    fn sent(next: Next) -> Vec<u32> {
        match next {
            Next::Send(batch) => batch.iter().map(|json| json.parse().unwrap()).collect(),
            other => panic!("nothing was sent: {other:?}"),
        }
    }

    fn done(entries: Vec<Entry>) -> Vec<u32> {
        entries.iter().map(|entry| entry.json.parse().unwrap()).collect()
    }

    #[test]
    fn an_accepted_batch_leaves_in_order_and_what_came_meanwhile_stays() {
        let mut outbox = filled(1..=3);
        assert_eq!(sent(outbox.begin(NOW)), [1, 2, 3]);
        outbox.push(numbered(4)).unwrap();
        assert_eq!(done(outbox.settle(&Answer::Accepted, NOW, 0.5)), [1, 2, 3]);
        assert_eq!(sent(outbox.begin(NOW)), [4]);
        assert_eq!(done(outbox.settle(&Answer::Accepted, NOW, 0.5)), [4]);
        assert_eq!(outbox.begin(NOW), Next::Rest);
    }

    #[test]
    fn after_a_failure_everything_waits_and_then_goes_in_order() {
        let mut outbox = filled(1..=2);
        sent(outbox.begin(NOW));
        assert!(outbox.settle(&Answer::Later("down".into()), NOW, 0.5).is_empty());
        assert_eq!(outbox.why_waiting(), Some("down"));
        assert_eq!(outbox.begin(NOW + 999), Next::WaitUntil(NOW + 1_000));
        assert_eq!(sent(outbox.begin(NOW + 1_000)), [1, 2]);
        outbox.settle(&Answer::Later("down".into()), NOW + 1_000, 0.5);
        assert_eq!(outbox.retry_at_ms, NOW + 3_000);
        assert_eq!(sent(outbox.begin(NOW + 3_000)), [1, 2]);
        outbox.settle(&Answer::Accepted, NOW + 3_000, 0.5);
        assert_eq!((outbox.why_waiting(), outbox.len()), (None, 0));
    }

    #[test]
    fn a_new_event_ends_the_wait_but_does_not_overtake() {
        let mut outbox = filled(1..=1);
        sent(outbox.begin(NOW));
        outbox.settle(&Answer::Later("down".into()), NOW, 0.5);
        outbox.push(numbered(2)).unwrap();
        assert_eq!(sent(outbox.begin(NOW + 1)), [1, 2]);
    }

    #[test]
    fn a_refused_batch_is_sent_one_by_one_so_that_only_the_guilty_event_is_refused() {
        let mut outbox = filled(1..=3);
        sent(outbox.begin(NOW));
        assert!(outbox.settle(&Answer::Refused("bad".into()), NOW, 0.5).is_empty());
        outbox.push(numbered(4)).unwrap();
        for expected in [1, 2, 3] {
            assert_eq!(sent(outbox.begin(NOW)), [expected]);
            let answer = if expected == 2 { Answer::Refused("bad".into()) } else { Answer::Accepted };
            assert_eq!(done(outbox.settle(&answer, NOW, 0.5)), [expected]);
        }
        outbox.push(numbered(5)).unwrap();
        assert_eq!(sent(outbox.begin(NOW)), [4, 5]);
    }

    #[test]
    fn a_tab_that_died_in_flight_loses_nothing() {
        let mut outbox = filled(1..=2);
        sent(outbox.begin(NOW));
        assert_eq!(outbox.in_flight, 2);
        assert_eq!(sent(outbox.begin(NOW)), [1, 2]);
    }

    #[test]
    fn a_batch_is_bounded_by_events_and_by_bytes_but_never_empty() {
        assert_eq!(sent(filled(1..=51).begin(NOW)).len(), BATCH_EVENTS_MAX);

        let mut outbox = Outbox::default();
        outbox.push(of_length(BATCH_BYTES_MAX + 1)).unwrap();
        outbox.push(numbered(2)).unwrap();
        let Next::Send(batch) = outbox.begin(NOW) else { panic!() };
        assert_eq!(batch.len(), 1);

        let mut outbox = Outbox::default();
        outbox.push(of_length(BATCH_BYTES_MAX - 1)).unwrap();
        outbox.push(of_length(1)).unwrap();
        outbox.push(of_length(1)).unwrap();
        let Next::Send(batch) = outbox.begin(NOW) else { panic!() };
        assert_eq!(batch.len(), 2);
    }

    #[test]
    fn the_queue_takes_its_bound_and_not_one_more() {
        let mut outbox = filled(1..=EVENTS_MAX as u32 - 1);
        assert!(!outbox.is_full());
        outbox.push(numbered(500)).unwrap();
        assert!(outbox.is_full());
        assert_eq!(outbox.push(numbered(501)), Err(QueueFull));
        assert_eq!(outbox.len(), EVENTS_MAX);
    }

    #[test]
    fn the_queue_takes_its_bytes_and_not_one_more() {
        let mut outbox = Outbox::default();
        assert_eq!(outbox.push(of_length(BYTES_MAX + 1)), Err(QueueFull));
        outbox.push(of_length(BYTES_MAX - 1)).unwrap();
        assert!(!outbox.is_full());
        assert_eq!(outbox.push(of_length(2)), Err(QueueFull));
        outbox.push(of_length(1)).unwrap();
        assert!(outbox.is_full());
    }
}
