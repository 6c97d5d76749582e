//! Misfire's lines at rest: what a line is, and the files that hold lines without losing one that was acknowledged.
//!
//! A folder of data looks like this:
//!
//! ```text
//! training_data.jsonl            the live file: whole lines are appended, nothing else ever changes in it
//! generations.jsonl              the live file of what training needs beyond that; it has closed files of its own
//! training_data.000001.jsonl     a closed file: only a command rewrites it, and only by rename
//! .misfire/                      everything that is not data: the lock, the catalog, the quarantine, the erasures
//! ```
//!
//! The modules, from the line to the folder:
//!
//! 1. the line: [`schema`] (its keys), [`redacted_event`] with [`training_record`] and [`generation_row`] (the only way to make one),
//!    [`record`] and [`generation`] (reading one back, strictly), [`rules`] and [`limits`] (what each value must be), `shape` (chats in
//!    one shape), [`time`] and [`json_line`] (how values are written);
//! 2. reading files: [`lines`], [`file_names`], [`file_summary`], [`recent_uuids`];
//! 3. owning files: [`lock`], [`live_file`], `recovery`, [`quarantine`], [`catalog`];
//! 4. changing what is stored: [`erasure_guard`], [`owner`] and `hang_up` (asking the process that holds the lock), [`rewrite`], [`renewal`].
//!
//! One process owns the live file: whoever holds the [`lock`]. The types here do no locking among threads, so one thread of that
//! process should call them. Nothing here knows HTTP, metrics or the command line.

pub mod details;
pub mod generation;
pub mod generation_row;
pub mod json_line;
pub mod limits;
pub mod record;
pub mod redacted_event;
mod repeated;
pub mod rules;
pub mod schema;
mod shape;
pub mod time;
pub mod training_record;

pub mod file_names;
pub mod file_summary;
mod file_system;
pub mod lines;
pub mod recent_uuids;

pub mod catalog;
pub mod live_file;
pub mod lock;
pub mod pseudonym_key;
pub mod quarantine;
mod recovery;

pub mod erasure_guard;
mod hang_up;
pub mod owner;
pub mod renewal;
pub mod rewrite;

#[cfg(test)]
mod power_cut_tests;

pub use self::{
    details::{Details, Label, What},
    file_system::{FileId, list_folder, metadata_at, parent_of, private_file, replace_file, sync_dir},
    generation::Generation,
    generation_row::GenerationRow,
    record::{Record, RecordError},
    recovery::BATCH_BYTES_MAX,
    redacted_event::RedactedEvent,
    schema::{GENERATIONS, Schema, TRAINING_DATA},
    training_record::{Event, Rejection, Sanitizer, TrainingRecord},
};
