//! The file as a dataset: what reads the lines that [`crate::writer`] wrote, in order, in little memory, beside a running API.
//!
//! [`Dataset`] finds the files, [`Lines`] reads a file's lines, [`Record`] reads a line. Each command that stands on them is a
//! module of its own here.

pub mod card;
pub mod export;
pub mod stats;
pub mod verify;

mod duplicates;
mod external_sort;
mod family;
mod files;
pub mod forget;
mod format;
mod lines;
mod output;
mod owner;
mod person;
mod read;
mod receipt;
mod record;
pub mod resanitize;
mod rewrite;
mod time;

pub use self::{
    files::{DataFile, Dataset},
    lines::{LINE_BYTES_MAX, Line, Lines, LinesError},
    record::{Record, RecordError},
};
