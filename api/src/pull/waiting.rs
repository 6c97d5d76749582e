//! The events whose content was not there yet. They are asked for again for a day.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long an event is asked for again.
const PATIENCE: SignedDuration = SignedDuration::from_hours(24);
/// The most events that wait. Nothing of an event is kept here but its name and its times.
const EVENTS_MAX: usize = 2_000;

/// Events that wait for their content, by their uuids. The list is bounded, and survives a restart.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Waiting(BTreeMap<String, WaitingEvent>);

/// An event that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct WaitingEvent {
    /// When it happened, by the clock of whoever sent it.
    pub(super) timestamp: Timestamp,
    /// Since when it waits.
    pub(super) since: Timestamp,
    /// Whether it is wanted although it is a success.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) is_wanted_success: bool,
}

impl Waiting {
    /// An event begins to wait, or goes on. False when the list is full, so that it will not be asked for again.
    pub(super) fn add(&mut self, uuid: &str, timestamp: Timestamp, now: Timestamp) -> bool {
        if !self.0.contains_key(uuid) && self.0.len() >= EVENTS_MAX {
            return false;
        }
        self.0.entry(uuid.to_owned()).or_insert(WaitingEvent { timestamp, since: now, is_wanted_success: false });
        true
    }

    /// Notes that an event which waits is wanted although it is a success.
    pub(super) fn want_success(&mut self, uuid: &str) {
        if let Some(event) = self.0.get_mut(uuid) {
            event.is_wanted_success = true;
        }
    }

    /// Whether an event waits and is wanted although it is a success.
    pub(super) fn is_wanted_success(&self, uuid: &str) -> bool {
        self.0.get(uuid).is_some_and(|event| event.is_wanted_success)
    }

    pub(super) fn contains(&self, uuid: &str) -> bool {
        self.0.contains_key(uuid)
    }

    pub(super) fn remove(&mut self, uuid: &str) {
        self.0.remove(uuid);
    }

    /// Gives up those that have waited for too long, and names them.
    pub(super) fn give_up(&mut self, now: Timestamp) -> Vec<String> {
        let is_over = |event: &WaitingEvent| now.duration_since(event.since) > PATIENCE;
        let over: Vec<_> = self.0.iter().filter(|(_, event)| is_over(event)).map(|(uuid, _)| uuid.clone()).collect();
        over.iter().for_each(|uuid| self.remove(uuid));
        over
    }

    /// All that wait, in order of their times, so that those of one time are asked for together.
    pub(super) fn by_time(&self) -> Vec<(String, Timestamp)> {
        let mut all: Vec<_> = self.0.iter().map(|(uuid, event)| (uuid.clone(), event.timestamp)).collect();
        all.sort_by_key(|(_, timestamp)| *timestamp);
        all
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_waits_for_a_day_however_often_it_is_asked_for() {
        let (mut waiting, start) = (Waiting::default(), Timestamp::UNIX_EPOCH);
        let after = |hours| start + SignedDuration::from_hours(hours);
        assert!(
            waiting.add("a", start, start) && waiting.add("b", start, after(20)) && waiting.add("a", start, after(20))
        );
        assert_eq!(waiting.give_up(after(24)), Vec::<String>::new());
        assert_eq!(waiting.give_up(after(25)), ["a"]);
        assert_eq!((waiting.len(), waiting.by_time()), (1, vec![("b".into(), start)]));
    }

    #[test]
    fn the_list_is_bounded() {
        let mut waiting = Waiting::default();
        let mut add = |uuid: usize| waiting.add(&uuid.to_string(), Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH);
        assert!((0..EVENTS_MAX).all(&mut add) && !add(EVENTS_MAX) && add(0));
    }
}
