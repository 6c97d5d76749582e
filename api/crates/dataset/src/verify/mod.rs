//! `misfire verify`: is every line what a line must be, and would every reader load the files?

mod line;
mod report;

use std::{
    ops::ControlFlow,
    path::{Path, PathBuf},
    process::ExitCode,
    thread,
    time::Duration,
};

use clap::Args;
use journal::{
    Generation, Record,
    catalog::Catalog,
    file_names::{closed_files, generations_file, misfire_folder},
    json_line::holds_line_separators,
};
use misfire_sanitizer::Policy;

use self::report::{Problem, Report};
use crate::{
    data_files::{DataSettings, Dataset},
    external_sort::ExternalSort,
    output,
    progress::Progress,
    read::{Found, Place, for_each_line},
    read_policy,
    receipt::InStreams,
};

/// The memory for uuids, in bytes. The rest go to a temporary file, 24 bytes each.
const UUIDS_BYTES: usize = 24 * 1024 * 1024;
/// How long a running API may take to write the rest of a line.
const WRITE_WAIT: Duration = Duration::from_millis(500);
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Settings of `misfire verify`.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// Where the data is.
    #[command(flatten)]
    pub data: DataSettings,

    /// Do not search for personal data and secrets, which takes most of the time.
    #[arg(long)]
    pub no_sanitizer: bool,

    /// The sanitizer's policy (TOML), applied on top of the built-in rules.
    #[arg(long, env = "SANITIZER_POLICY", value_name = "SANITIZER_POLICY")]
    pub policy: Option<PathBuf>,

    /// How many places are shown for each kind of problem.
    #[arg(long, value_name = "COUNT", default_value_t = 5)]
    pub places: u16,

    /// Output JSON.
    #[arg(long)]
    pub json: bool,
}

/// Checks the data and reports what is wrong.
///
/// # Errors
/// When the data cannot be read.
pub fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let policy = read_policy(settings.policy.as_deref())?;
    let mut report = Report::new(!settings.no_sanitizer, settings.places.into());
    let policy = (!settings.no_sanitizer).then_some(&policy);
    for (holds, dataset) in datasets(&settings.data.path)? {
        report.set_in_streams(in_streams(&dataset)?);
        verify(&dataset, holds, policy, &mut report)?;
    }
    if settings.json {
        output::print_line(report.to_json()?)?;
    } else {
        output::print(report.to_text())?;
    }
    Ok(if report.is_fine() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What the lines of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    Lines,
    Rows,
}

/// The files of lines, and those of the rows beside them. A path that names a file of rows, or one closed file, stands alone.
fn datasets(path: &Path) -> anyhow::Result<Vec<(Holds, Dataset)>> {
    let dataset = Dataset::open(path)?;
    let generations = generations_file(dataset.live());
    if dataset.live() == generations {
        return Ok(vec![(Holds::Rows, dataset)]);
    }
    let is_one_closed = dataset.files().len() == 1 && dataset.files()[0].number.is_some() && path.is_file();
    let has_rows = generations.exists() || !closed_files(&generations)?.is_empty();
    let mut datasets = vec![(Holds::Lines, dataset)];
    if has_rows && !is_one_closed {
        datasets.push((Holds::Rows, Dataset::open(&generations)?));
    }
    Ok(datasets)
}

/// What waits in the streams of the cluster whose files these are; nothing where the files are a copy.
fn in_streams(dataset: &Dataset) -> anyhow::Result<Option<InStreams>> {
    Ok(InStreams::of(&Catalog::read(&misfire_folder(dataset.live()))?))
}

fn verify(dataset: &Dataset, holds: Holds, policy: Option<&Policy>, report: &mut Report) -> anyhow::Result<()> {
    let progress = Progress::bytes(Some(dataset.bytes()));
    let (first_file, mut ordinal) = report.begin(dataset);
    let mut uuids = ExternalSort::new(UUIDS_BYTES);
    for_each_line(dataset, &progress, |place, found| {
        match found {
            Found::Line(line) => {
                report.count_line(first_file + place.file_index);
                if let Some(uuid) = check_line(place, line, holds, policy, report) {
                    uuids.push((uuid.as_u128(), ordinal))?;
                }
                ordinal += 1;
            }
            Found::TooLong => {
                report.count_line(first_file + place.file_index);
                report.add(place, Problem::TooLong, "");
                ordinal += 1;
            }
            Found::Torn(bytes) if is_being_written(place) => log::debug!("{bytes} bytes were being written"),
            Found::Torn(_) => report.add(place, Problem::NoNewline, ""),
        }
        Ok(ControlFlow::Continue(()))
    })?;
    uuids.sorted()?.for_each_repeated(|first, again| {
        report.add_repeated(first, again);
        Ok(())
    })?;
    for file in dataset.files().iter().filter(|file| file.bytes == 0) {
        report.add(Place { file, file_index: 0, line: 0, offset: 0 }, Problem::Empty, "");
    }
    Ok(())
}

/// Reports what is wrong with a line; gives its uuid, if it has one.
fn check_line(
    place: Place<'_>,
    line: &[u8],
    holds: Holds,
    policy: Option<&Policy>,
    report: &mut Report,
) -> Option<uuid::Uuid> {
    let mut line = line;
    if place.line == 1
        && let Some(rest) = line.strip_prefix(BYTE_ORDER_MARK)
    {
        report.add(place, Problem::ByteOrderMark, "");
        line = rest;
    }
    if let Some(rest) = line.strip_suffix(b"\r") {
        report.add(place, Problem::CarriageReturn, "");
        line = rest;
    }
    if line.trim_ascii().is_empty() {
        report.add(place, Problem::Blank, "");
        return None;
    }
    if holds_line_separators(line) {
        report.add(place, Problem::LineSeparator, "");
    }
    let mut wrong = |problem: Problem, detail: &str| report.add(place, problem, detail);
    let checked = match holds {
        Holds::Lines => Record::parse(line).map(|record| line::check(&record, policy, &mut wrong)),
        Holds::Rows => Generation::parse(line).map(|row| line::check_generation(&row, policy, &mut wrong)),
    };
    match checked {
        Ok(uuid) => uuid,
        Err(error) => {
            let (problem, detail) = line::why_unreadable(line, &error);
            report.add(place, problem, &detail);
            None
        }
    }
}

/// Whether the torn end of the live file is a line that is being written: then the file grows.
fn is_being_written(place: Place<'_>) -> bool {
    if place.file.number.is_some() {
        return false;
    }
    thread::sleep(WRITE_WAIT);
    place.file.path.metadata().is_ok_and(|metadata| metadata.len() != place.file.bytes)
}
