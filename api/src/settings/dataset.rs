//! Settings of the commands that read the data: `verify`, `stats`, `card`, `export`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::Timestamp;

/// Where the data is.
#[derive(Debug, Clone, Args)]
pub struct DataSettings {
    /// The file that grows, whose closed files are read before it; or one closed file; or the folder.
    #[arg(value_name = "PATH", env = "TRAINING_DATA", default_value = "training_data.jsonl")]
    pub path: PathBuf,
}

/// Settings of `misfire verify`.
#[derive(Debug, Clone, Args)]
pub struct VerifySettings {
    /// Where the data is.
    #[command(flatten)]
    pub data: DataSettings,

    /// Leave out the look for personal data and secrets, which takes most of the time.
    #[arg(long)]
    pub no_sanitizer: bool,

    /// What the sanitizer does besides what is built in: a TOML file.
    #[arg(long, env = "SANITIZER_POLICY", value_name = "SANITIZER_POLICY")]
    pub policy: Option<PathBuf>,

    /// How many places are named of each kind of problem.
    #[arg(long, value_name = "COUNT", default_value_t = 5)]
    pub places: u16,

    /// Say it in JSON.
    #[arg(long)]
    pub json: bool,
}

/// Settings of `misfire stats`.
#[derive(Debug, Clone, Args)]
pub struct StatsSettings {
    /// Where the data is.
    #[command(flatten)]
    pub data: DataSettings,

    /// Write a page with charts to FILE as well.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,

    /// Replace FILE if it is there.
    #[arg(long, requires = "html")]
    pub force: bool,

    /// What the sanitizer does besides what is built in, so that its own placeholders are counted: a TOML file.
    #[arg(long, env = "SANITIZER_POLICY", value_name = "SANITIZER_POLICY")]
    pub policy: Option<PathBuf>,

    /// Say it in JSON.
    #[arg(long)]
    pub json: bool,
}

/// Settings of `misfire card`.
#[derive(Debug, Clone, Args)]
pub struct CardSettings {
    /// Where the data is.
    #[command(flatten)]
    pub data: DataSettings,

    /// Say in JSON what was written.
    #[arg(long)]
    pub json: bool,
}

/// Settings of `misfire export`.
#[derive(Debug, Clone, Args)]
pub struct ExportSettings {
    /// Where the data is.
    #[command(flatten)]
    pub data: DataSettings,

    /// What the rows are for.
    #[arg(long, short)]
    pub format: ExportFormat,

    /// The folder that is made.
    #[arg(long, short, value_name = "FOLDER")]
    pub output: PathBuf,

    /// Two parts in percent, as 90/10: train and test. All lines of a user are in one of them.
    #[arg(long, value_name = "TRAIN/TEST", value_parser = parse_split)]
    pub split: Option<Split>,

    /// Leave out prompts that came before: the very same ones, or also those that are nearly the same.
    #[arg(long, value_name = "HOW")]
    pub dedupe: Option<Dedupe>,

    /// Nothing older: a day (2026-11-01) or a time (2026-11-01T12:00:00Z).
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub since: Option<Timestamp>,

    /// Only what is older than this day or time.
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub until: Option<Timestamp>,

    /// Only failures whose reason, or whose family as `misfire stats` names it, has this text in it; upper and lower case are one.
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,

    /// About this many lines of a hundred, always the same ones: chosen by their uuid.
    #[arg(long, value_name = "PERCENT", value_parser = parse_percent)]
    pub sample: Option<f64>,

    /// Replace the files of an earlier export in FOLDER.
    #[arg(long)]
    pub force: bool,

    /// Say in JSON what was written.
    #[arg(long)]
    pub json: bool,
}

/// What data is exported to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// TRL's prompt-only rows: {"prompt":[{"role":"user","content":…}]}
    Prompts,
    /// Rows of a text classifier: {"text":…,"label":…}, the label being the failure's family
    Classification,
    /// A promptfoo configuration and its tests
    EvalsPromptfoo,
    /// OpenAI Evals: the samples and their entry in the registry
    EvalsOpenai,
    /// Apache Parquet: the six columns, compressed with zstd
    Parquet,
    /// Comma-separated values with a header (RFC 4180)
    Csv,
    /// Refused: an answer is missing
    Sft,
    /// Refused: two answers are missing
    Dpo,
}

/// Which repeated prompts are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Dedupe {
    /// The very same prompt
    Exact,
    /// Prompts that share about four fifths of their runs of three words or more
    Near,
}

/// Two parts of the users, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Split {
    /// How much is for training; the rest is for testing.
    pub train_percent: u8,
}

fn parse_split(text: &str) -> Result<Split, String> {
    let parts =
        text.split_once('/').and_then(|(train, test)| Some((train.parse::<u8>().ok()?, test.parse::<u8>().ok()?)));
    match parts {
        Some((train @ 1..=99, test)) if train.checked_add(test) == Some(100) => Ok(Split { train_percent: train }),
        Some(_) | None => Err("two whole numbers from 1 to 99 that make 100, as 90/10".into()),
    }
}

fn parse_time(text: &str) -> Result<Timestamp, String> {
    let midnight = format!("{text}T00:00:00Z");
    let is_day = text.len() == "2026-11-01".len();
    if is_day { &midnight } else { text }
        .parse()
        .map_err(|_| "a day as 2026-11-01 (in UTC) or a time as 2026-11-01T12:00:00Z".into())
}

fn parse_percent(text: &str) -> Result<f64, String> {
    match text.trim_end_matches('%').parse() {
        Ok(percent) if percent > 0.0 && percent <= 100.0 => Ok(percent),
        Ok(_) | Err(_) => Err("a number above 0 and up to 100".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_parts_make_a_hundred() {
        assert_eq!(parse_split("90/10"), Ok(Split { train_percent: 90 }));
        for bad in ["90", "90/20", "100/0", "0/100", "200/156", "a/b", "90/10/0"] {
            assert!(parse_split(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_day_begins_at_midnight_utc() {
        assert_eq!(parse_time("2026-11-01").unwrap().to_string(), "2026-11-01T00:00:00Z");
        assert_eq!(parse_time("2026-11-01T12:00:00+01:00").unwrap().to_string(), "2026-11-01T11:00:00Z");
        assert!(parse_time("yesterday").is_err() && parse_time("2026-13-01").is_err());
    }

    #[test]
    fn a_sample_is_more_than_nothing_and_at_most_all() {
        assert_eq!((parse_percent("0.5"), parse_percent("100%")), (Ok(0.5), Ok(100.0)));
        assert!(["0", "-1", "101", "NaN", "all"].iter().all(|bad| parse_percent(bad).is_err()));
    }
}
