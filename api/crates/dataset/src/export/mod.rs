//! `misfire export`: the data in the forms that training, evaluation and tables want.
//!
//! Rows are made of lines of `training_data.jsonl` (`lines`), or of `generations.jsonl`: `training` makes those with answers,
//! `generation_table` the table of all eighteen columns. `select` and `sides` choose; `messages`, `answer` and `placeholders` read texts;
//! `row_formats`, `rows_card` and `parquet` write them; `sink` owns the files.

mod answer;
mod by_uuid;
mod done;
mod generation_table;
mod inputs;
mod later_answers;
mod lines;
mod lines_of_model;
mod messages;
mod parquet;
mod placeholders;
mod report;
mod row_formats;
mod rows_card;
mod select;
mod settings;
mod sides;
mod sink;
mod training;

use std::{io, process::ExitCode};

use anyhow::bail;

pub use self::settings::{ExportFormat, Settings, Split};
use self::{inputs::Inputs, placeholders::Labels};
use crate::{
    data_files::{Dataset, is_one_closed},
    read_policy,
};

/// Writes the data in another form.
///
/// # Errors
/// When what the format needs is not there, when files would be replaced, when no row is chosen, or when the data cannot be read.
pub fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    settings.period.check()?;
    let needs_generations = settings.format.needs_generations() || settings.generations;
    if settings.generations && !settings.format.is_table() {
        bail!("--generations is for parquet and csv; the other formats read generations.jsonl by themselves");
    }
    if settings.one_sided && settings.format != ExportFormat::Kto {
        bail!("--one-sided is for kto");
    }
    if needs_generations && is_one_closed(&settings.data.path) {
        bail!("{} is one closed file, and pairs are made of all; name the folder", settings.data.path.display());
    }
    sink::check(settings)?;
    let generations = Dataset::open_generations(&settings.data.path)?;
    let lines = Dataset::open(&settings.data.path);
    let lines = if generations.is_some() && needs_generations { lines.ok() } else { Some(lines?) };
    let labels = Labels::new(&read_policy(settings.policy.as_deref())?);
    let inputs = Inputs { lines: lines.as_ref(), generations: generations.as_ref(), labels };

    let done = if settings.generations {
        generation_table::export(&inputs, settings)
    } else if settings.format.needs_generations() {
        training::export(&inputs, settings)
    } else {
        lines::export(&inputs, settings)
    };
    match done {
        Ok(done) => report::print(&done, settings)?,
        // `misfire export -o - | head`: the reader has what it wanted.
        Err(error) if settings.is_to_stdout() && is_broken_pipe(&error) => {}
        Err(error) => return Err(error),
    }
    Ok(ExitCode::SUCCESS)
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let is_broken = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| cause.downcast_ref().is_some_and(is_broken))
}
