//! `misfire export`: the data in the forms that training, evaluation and tables want.

mod messages;
mod parquet;
mod prompts_card;
mod row_formats;
mod select;
mod settings;

use std::{path::Path, process::ExitCode};

use anyhow::bail;
use serde::Serialize;

pub use self::settings::{ExportFormat, Settings, Split};
use self::{
    messages::PromptCounts,
    row_formats::{Extra, Sink},
    select::{Part, Selection},
};
use crate::{
    data_files::Dataset,
    duplicates::{DuplicateFinder, Duplicates},
    failure_family::Families,
    numbers::{counted, thousands},
    output,
    output_file::{make_folder, write_file},
    progress::Progress,
    read::for_each_record,
};

/// The numbers of an export.
#[derive(Debug, Default, Serialize)]
struct Done {
    /// Lines read.
    lines: u64,
    /// Lines that the options choose.
    chosen: u64,
    /// Of those, the ones left out because their prompt came before.
    repeated: u64,
    /// Of the rows. In tables, which hold prompts as they are stored, all are 0.
    #[serde(flatten)]
    prompts: PromptCounts,
    files: Vec<Written>,
}

#[derive(Debug, Serialize)]
struct Written {
    file: String,
    rows: u64,
}

/// Writes the data in another form.
///
/// # Errors
/// When the format needs what a failure does not have, when files would be replaced, when no line is chosen, or when the data
/// cannot be read.
pub fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    refuse_what_needs_an_answer(settings.format)?;
    let dataset = Dataset::open(&settings.data.path)?;
    let done = export(&dataset, settings)?;
    if settings.json {
        output::print_line(serde_json::to_string(&done)?)?;
    } else {
        let repeated = match settings.dedupe {
            Some(_) => format!(", {} of them repeated", thousands(done.repeated)),
            None => String::new(),
        };
        output::print_line(format_args!(
            "{}, {} chosen{repeated}",
            counted(done.lines, "line"),
            thousands(done.chosen)
        ))?;
        for Written { file, rows } in &done.files {
            output::print_line(format_args!("  {}: {}", settings.output.join(file).display(), counted(*rows, "row")))?;
        }
        for remark in remarks(&done.prompts) {
            output::print_line(remark)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What the rows do not show about the prompts.
fn remarks(prompts: &PromptCounts) -> Vec<String> {
    let mut remarks = Vec::new();
    if prompts.no_chats > 0 {
        remarks.push(format!(
            "{}: the prompt is JSON but no chat of a known SDK; it is exported as text, said by the user",
            counted(prompts.no_chats, "row")
        ));
    }
    if prompts.shortened_chats > 0 {
        remarks.push(format!(
            "{}: the chat was too long when it was stored; messages in its middle are missing",
            counted(prompts.shortened_chats, "row")
        ));
    }
    remarks
}

/// Refuses formats that need an answer: without one, the rows would teach a model to fail. Says where answers come from.
fn refuse_what_needs_an_answer(format: ExportFormat) -> anyhow::Result<()> {
    match format {
        ExportFormat::Sft => bail!(
            "sft needs, with each prompt, an answer that is worth imitating, and a failed generation has none. Have the prompts \
             (--format prompts) answered by people or by a better model, keep the answers that are good, and train on those pairs"
        ),
        ExportFormat::Dpo => bail!(
            "dpo needs, with each prompt, a chosen and a rejected answer, and a failed generation has neither: the event holds no \
             output. Have the prompts (--format prompts) answered twice or more, and let people or a judge say which is better"
        ),
        ExportFormat::Prompts
        | ExportFormat::Classification
        | ExportFormat::EvalsPromptfoo
        | ExportFormat::EvalsOpenai
        | ExportFormat::Parquet
        | ExportFormat::Csv => Ok(()),
    }
}

fn export(dataset: &Dataset, settings: &Settings) -> anyhow::Result<Done> {
    let selection = Selection::new(settings);
    let parts = Part::of(settings.split);
    for part in parts {
        refuse_existing(&settings.output.join(row_formats::file_name(settings.format, *part)), settings.force)?;
    }
    for Extra { file, .. } in row_formats::extras(settings.format, parts, &PromptCounts::default()) {
        refuse_existing(&settings.output.join(file), settings.force)?;
    }

    let readings = if settings.dedupe.is_some() { 2 } else { 1 };
    let progress = Progress::bytes(Some(dataset.bytes() * readings));
    let duplicates = match settings.dedupe {
        Some(dedupe) => {
            let mut families = Families::default();
            let mut finder = DuplicateFinder::new(dedupe)?;
            for_each_record(dataset, &progress, |record| {
                if selection.chooses(record, &mut families) {
                    finder.add(&record.input_prompt)?;
                }
                Ok(())
            })?;
            Some(finder.finish()?)
        }
        None => None,
    };
    write_parts(dataset, settings, &selection, parts, duplicates.as_ref(), &progress)
}

fn write_parts(
    dataset: &Dataset,
    settings: &Settings,
    selection: &Selection,
    parts: &[Part],
    duplicates: Option<&Duplicates>,
    progress: &Progress,
) -> anyhow::Result<Done> {
    for part in parts {
        if let Some(folder) = settings.output.join(row_formats::file_name(settings.format, *part)).parent() {
            make_folder(folder)?;
        }
    }
    let mut sinks = parts
        .iter()
        .map(|part| {
            let file = row_formats::file_name(settings.format, *part);
            Ok((
                Sink::create(settings.format, &settings.output.join(&file), settings.force)?,
                Written { file, rows: 0 },
            ))
        })
        .collect::<anyhow::Result<Vec<_>>>()?;
    let mut families = Families::default();
    let mut done = Done::default();
    for_each_record(dataset, progress, |record| {
        done.lines += 1;
        if !selection.chooses(record, &mut families) {
            return Ok(());
        }
        done.chosen += 1;
        if duplicates.is_some_and(|duplicates| duplicates.is_repeat(done.chosen - 1)) {
            done.repeated += 1;
            return Ok(());
        }
        let part = select::part_of(&record.distinct_id, settings.split);
        if let Some((sink, written)) = parts.iter().position(|found| *found == part).and_then(|at| sinks.get_mut(at)) {
            sink.write(record, &mut families, &mut done.prompts)?;
            written.rows += 1;
        }
        Ok(())
    })?;
    if done.chosen == 0 {
        bail!("none of {} is chosen; nothing was written", counted(done.lines, "line"));
    }
    if !dataset.is_unchanged() {
        bail!("files were rewritten meanwhile (somebody's lines were deleted, say); nothing was written, run it again");
    }
    // A part without rows is no file: readers fail on an empty one.
    let mut written_parts = Vec::new();
    for ((sink, written), part) in sinks.into_iter().zip(parts) {
        if written.rows > 0 {
            sink.finish()?;
            done.files.push(written);
            written_parts.push(*part);
        }
    }
    for Extra { file, text } in row_formats::extras(settings.format, &written_parts, &done.prompts) {
        let path = settings.output.join(file);
        make_folder(path.parent().unwrap_or(Path::new(".")))?;
        write_file(&path, settings.force, text.as_bytes())?;
    }
    Ok(done)
}

fn refuse_existing(path: &Path, force: bool) -> anyhow::Result<()> {
    if !force && path.symlink_metadata().is_ok() {
        bail!("{} is there already; --force replaces it", path.display());
    }
    Ok(())
}
