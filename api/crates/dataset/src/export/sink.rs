//! Where rows go: a file for each part, or standard output.

use std::{io::Write, path::Path};

use anyhow::bail;
use journal::Schema;

use super::{
    done::{Done, Written},
    parquet::ParquetWriter,
    row_formats::{Extra, extras, file_name},
    select::Part,
    settings::{ExportFormat, Settings},
    sides::Sides,
};
use crate::output_file::{OutputFile, make_folder, write_file};

/// The files of an export that is under way. They get their names at the end, all or none.
pub(super) struct Sinks {
    sides: Sides,
    sinks: Vec<(Part, Sink, Written)>,
}

enum Sink {
    Lines(OutputFile),
    Csv(Box<csv::Writer<OutputFile>>),
    Parquet(Box<ParquetWriter>),
}

/// Refuses an export that would replace files, or that standard output cannot take.
pub(super) fn check(settings: &Settings) -> anyhow::Result<()> {
    let parts = Part::of(settings.split);
    if settings.is_to_stdout() {
        match settings.format {
            ExportFormat::EvalsPromptfoo | ExportFormat::EvalsOpenai => {
                bail!("evals are several files, and standard output takes one; name a folder with --output")
            }
            _ if settings.split.is_some() => {
                bail!("--split makes two files, and standard output takes one; name a folder with --output")
            }
            _ => return Ok(()),
        }
    }
    for part in parts {
        refuse_existing(&settings.output.join(file_name(settings.format, *part)), settings.force)?;
    }
    for Extra { file, .. } in extras(settings.format, parts, &Done::default()) {
        refuse_existing(&settings.output.join(file), settings.force)?;
    }
    Ok(())
}

fn refuse_existing(path: &Path, force: bool) -> anyhow::Result<()> {
    if !force && path.symlink_metadata().is_ok() {
        bail!("{} already exists; --force replaces it", path.display());
    }
    Ok(())
}

impl Sinks {
    /// `schema` is that of a table's rows.
    pub(super) fn create(settings: &Settings, schema: &Schema, sides: Sides) -> anyhow::Result<Self> {
        let sinks = Part::of(settings.split).iter().map(|part| {
            let file = file_name(settings.format, *part);
            let output = if settings.is_to_stdout() {
                OutputFile::stdout()
            } else {
                let path = settings.output.join(&file);
                make_folder(path.parent().unwrap_or(Path::new(".")))?;
                OutputFile::create(&path, settings.force)?
            };
            let sink = match settings.format {
                ExportFormat::Csv => {
                    let mut csv = csv::Writer::from_writer(output);
                    csv.write_record(schema.keys)?;
                    Sink::Csv(Box::new(csv))
                }
                ExportFormat::Parquet => Sink::Parquet(Box::new(ParquetWriter::new(output, schema)?)),
                _ => Sink::Lines(output),
            };
            Ok((*part, sink, Written { file, rows: 0 }))
        });
        Ok(Self { sides, sinks: sinks.collect::<anyhow::Result<_>>()? })
    }

    /// Writes a person's row, a line with its newline.
    pub(super) fn write_line(&mut self, distinct_id: &str, line: &[u8]) -> anyhow::Result<()> {
        match self.sink_of(distinct_id) {
            Some(Sink::Lines(file)) => Ok(file.write_all(line)?),
            _ => Ok(()),
        }
    }

    /// Writes a person's row of a table.
    pub(super) fn write_values(&mut self, distinct_id: &str, values: &[&str]) -> anyhow::Result<()> {
        match self.sink_of(distinct_id) {
            Some(Sink::Csv(csv)) => Ok(csv.write_record(values)?),
            Some(Sink::Parquet(parquet)) => parquet.write(values),
            _ => Ok(()),
        }
    }

    fn sink_of(&mut self, distinct_id: &str) -> Option<&mut Sink> {
        let part = self.sides.part_of(distinct_id);
        let (_, sink, written) = self.sinks.iter_mut().find(|(found, ..)| *found == part)?;
        written.rows += 1;
        Some(sink)
    }

    pub(super) fn rows(&self) -> u64 {
        self.sinks.iter().map(|(_, _, written)| written.rows).sum()
    }

    /// Gives the files their names, and writes those that the format's tool needs beside them. A part without rows is no file: readers
    /// fail on an empty one.
    pub(super) fn finish(self, settings: &Settings, done: &mut Done) -> anyhow::Result<()> {
        let mut parts = Vec::new();
        for (part, sink, written) in self.sinks {
            if written.rows == 0 {
                continue;
            }
            match sink {
                Sink::Lines(file) => file.finish()?,
                Sink::Csv(csv) => csv.into_inner().map_err(|error| error.into_error())?.finish()?,
                Sink::Parquet(parquet) => parquet.finish()?.finish()?,
            }
            done.files.push(written);
            parts.push(part);
        }
        if settings.is_to_stdout() {
            return Ok(());
        }
        for Extra { file, text } in extras(settings.format, &parts, done) {
            let path = settings.output.join(file);
            make_folder(path.parent().unwrap_or(Path::new(".")))?;
            write_file(&path, settings.force, text.as_bytes())?;
        }
        Ok(())
    }
}
