//! The file as a dataset: what reads the lines that [`crate::writer`] wrote, in order, in little memory, beside a running API.
//!
//! [`Dataset`] finds the files, [`Lines`] reads a file's lines, [`Record`] reads a line. Each command that stands on them is a
//! module of its own here.

mod files;
pub mod forget;
mod lines;
mod owner;
mod person;
mod receipt;
mod record;
pub mod resanitize;
mod rewrite;

pub use self::{
    files::{DataFile, Dataset},
    lines::{LINE_BYTES_MAX, Line, Lines, LinesError},
    record::{Record, RecordError},
};
