//! The finished events, for the list on the page.

use serde::Serialize;

use super::{answer::Answer, entry::Entry};

/// How many finished events the list remembers.
pub const SENT_MAX: usize = 200;

/// The finished events, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Sent(pub Vec<Entry>);

impl Sent {
    /// Adds an event with PostHog's answer; the oldest one is removed when there are too many.
    pub fn note(&mut self, entry: Entry, answer: &Answer) {
        if self.0.len() == SENT_MAX {
            self.0.drain(..1);
        }
        let refused = match answer {
            Answer::Refused(words) => Some(words.clone()),
            Answer::Accepted | Answer::Later(_) => None,
        };
        self.0.push(Entry { json: String::new(), refused, ..entry });
    }

    /// Removes all of them.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The events, oldest first.
    pub fn entries(&self) -> &[Entry] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(number: usize) -> Entry {
        Entry { detail: number.to_string(), json: "{}".into(), ..Entry::default() }
    }

    #[test]
    fn the_oldest_go_when_there_are_too_many() {
        let mut sent = Sent::default();
        for number in 1..=SENT_MAX + 1 {
            sent.note(entry(number), &Answer::Accepted);
        }
        let details: Vec<&str> = sent.entries().iter().map(|entry| entry.detail.as_str()).collect();
        assert_eq!((details.len(), details[0], details[SENT_MAX - 1]), (SENT_MAX, "2", "201"));
    }

    #[test]
    fn a_refusal_is_noted_with_its_words_and_without_its_json() {
        let mut sent = Sent::default();
        sent.note(entry(1), &Answer::Refused("no".into()));
        sent.note(entry(2), &Answer::Accepted);
        let refused: Vec<_> = sent.entries().iter().map(|entry| entry.refused.as_deref()).collect();
        assert_eq!(refused, [Some("no"), None]);
        assert!(sent.entries().iter().all(|entry| entry.json.is_empty()));
    }
}
