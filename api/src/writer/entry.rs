//! What is appended: the finished lines of an event or of a rejection, and whose they are.

use jiff::Timestamp;
use journal::{GenerationRow, RedactedEvent, Rejection, TrainingRecord, quarantine};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Whose event it is, when it happened, and its name: what an erasure is looked up by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whose {
    /// The id as it would stand in a line, under each key of the pseudonyms.
    pub ids: Vec<String>,
    /// When its content came to be.
    pub time: Timestamp,
    /// The event's name through every hop.
    pub uuid: Uuid,
    /// Of a verdict: the uuid of what it judges.
    pub about: Option<Uuid>,
}

/// The finished lines, each with its `\n`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lines {
    /// Of an event: its line, its row or both.
    Event {
        /// For `training_data.jsonl`.
        line: Option<Vec<u8>>,
        /// For `generations.jsonl`.
        row: Option<Vec<u8>>,
    },
    /// What is left of a rejected event, for the quarantine.
    Rejection(Vec<u8>),
}

/// What is appended as one: all of it is durable, or none is acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What an erasure is looked up by.
    pub whose: Whose,
    /// The lines.
    pub lines: Lines,
}

impl Entry {
    /// The line of an event, its row or both.
    pub fn of_event(event: &RedactedEvent) -> Self {
        Self {
            whose: Whose { ids: event.ids().to_vec(), time: event.time(), uuid: event.uuid(), about: event.about() },
            lines: Lines::Event {
                line: event.line().map(TrainingRecord::to_line),
                row: event.row().map(GenerationRow::to_line),
            },
        }
    }

    /// What is left of a rejected event.
    pub fn of_rejection(rejection: &Rejection, received_at: Timestamp) -> Self {
        Self {
            whose: Whose { ids: rejection.ids(), time: rejection.time, uuid: rejection.uuid, about: None },
            lines: Lines::Rejection(quarantine::to_line(rejection, received_at)),
        }
    }

    /// The bytes of its lines.
    pub fn bytes(&self) -> u64 {
        match &self.lines {
            Lines::Event { line, row } => [line, row].into_iter().flatten().map(Vec::len).sum::<usize>() as u64,
            Lines::Rejection(line) => line.len() as u64,
        }
    }
}
