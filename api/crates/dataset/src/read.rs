//! Reads all lines of all files in order, and shows the progress.

use std::ops::ControlFlow;

use anyhow::Context;
use journal::{
    Record,
    generation::Generation,
    lines::{Line, LinesError},
};

use crate::{
    at::At,
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
    /// Where the line begins, in bytes from the start of the file.
    pub(super) offset: u64,
}

/// A row of `generations.jsonl`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// How many rows stand before it, in all files.
    pub(super) ordinal: u64,
    pub(super) at: At,
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
            let offset = lines.position();
            let place = |line| Place { file, file_index, line, offset };
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
            let place = Place { file, file_index, line, offset: lines.position() };
            let flow = visit(place, Found::Torn(lines.torn_end().len()))?;
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
    for_each_whole_line(dataset, progress, |place, line| {
        visit(&Record::parse(line).with_context(|| wrong_line(place))?)
    })
}

/// Calls `visit` with each row of `generations.jsonl`, in order. The first line that is none is an error.
pub(super) fn for_each_generation(
    generations: &Dataset,
    progress: &Progress,
    mut visit: impl FnMut(Row, &Generation<'_>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut ordinal = 0;
    for_each_whole_line(generations, progress, |place, line| {
        let generation = Generation::parse(line).with_context(|| wrong_line(place))?;
        let at = At { file: place.file_index as u32, offset: place.offset, length: line.len() as u32 };
        visit(Row { ordinal, at }, &generation)?;
        ordinal += 1;
        Ok(())
    })
}

/// Calls `visit` with each line, in order. One that is too long is an error.
pub(super) fn for_each_whole_line(
    dataset: &Dataset,
    progress: &Progress,
    mut visit: impl FnMut(Place<'_>, &[u8]) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    for_each_line(dataset, progress, |place, found| {
        match found {
            Found::Line(line) => visit(place, line)?,
            Found::TooLong => {
                return Err(anyhow::anyhow!("longer than any line may be")).with_context(|| wrong_line(place));
            }
            // It is being written, or a kill left it: the next start of the API removes it.
            Found::Torn(_) => {}
        }
        Ok(ControlFlow::Continue(()))
    })
}

fn wrong_line(place: Place<'_>) -> String {
    format!("line {} of {}; `misfire verify` tells all that is wrong", place.line, place.file.name())
}
