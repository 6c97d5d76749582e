//! Reads all lines of all files in order, and shows the progress.

use std::ops::ControlFlow;

use anyhow::Context;
use journal::{
    Record,
    lines::{Line, LinesError},
};

use crate::{
    data_files::{DataFile, Dataset},
    progress::Progress,
};

/// How often the progress bar is moved, in bytes.
const PROGRESS_BYTES: u64 = 256 * 1024;

/// Where a line stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) file: &'a DataFile,
    /// The file's place among the dataset's files, from 0.
    pub(super) file_index: usize,
    /// From 1.
    pub(super) line: u64,
}

/// A line, or what stood in its place.
pub(super) enum Found<'a> {
    Line(&'a [u8]),
    /// A line that is longer than any that is read.
    TooLong,
    /// Bytes after the last newline of the file: how many.
    Torn(usize),
}

/// Calls `visit` with each line of each file, in order; it ends early when `visit` breaks.
pub(super) fn for_each_line(
    dataset: &Dataset,
    progress: &Progress,
    mut visit: impl FnMut(Place<'_>, Found<'_>) -> anyhow::Result<ControlFlow<()>>,
) -> anyhow::Result<()> {
    for (file_index, file) in dataset.files().iter().enumerate() {
        let cannot_be_read = || format!("{} cannot be read", file.path.display());
        let mut lines = file.lines().with_context(cannot_be_read)?;
        let mut told = 0;
        loop {
            let place = |line| Place { file, file_index, line };
            let flow = match lines.next_line() {
                Ok(Some(Line { number, bytes })) => visit(place(number), Found::Line(bytes))?,
                Ok(None) => break,
                Err(LinesError::TooLong(number)) => visit(place(number), Found::TooLong)?,
                Err(LinesError::Io(error)) => return Err(error).with_context(cannot_be_read),
            };
            if flow.is_break() {
                return Ok(());
            }
            let position = lines.position();
            if position - told >= PROGRESS_BYTES {
                progress.inc(position - told);
                told = position;
            }
        }
        progress.inc(lines.position() - told);
        if !lines.torn_end().is_empty() {
            let line = lines.number() + 1;
            let flow = visit(Place { file, file_index, line }, Found::Torn(lines.torn_end().len()))?;
            if flow.is_break() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Calls `visit` with each record, in order. The first line that is no record is an error.
pub(super) fn for_each_record(
    dataset: &Dataset,
    progress: &Progress,
    mut visit: impl FnMut(&Record<'_>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    for_each_line(dataset, progress, |place, found| {
        let wrong =
            || format!("line {} of {}; `misfire verify` tells all that is wrong", place.line, place.file.name());
        match found {
            Found::Line(line) => visit(&Record::parse(line).with_context(wrong)?)?,
            Found::TooLong => return Err(anyhow::anyhow!("longer than any line may be")).with_context(wrong),
            // It is being written, or a kill left it: the next start of the API removes it.
            Found::Torn(_) => {}
        }
        Ok(ControlFlow::Continue(()))
    })
}
