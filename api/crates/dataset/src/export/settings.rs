//! The flags of `misfire export`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::{data_files::DataSettings, duplicates::Dedupe, time_argument::Period};

/// Settings of `misfire export`.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// Where the data is.
    #[command(flatten)]
    pub data: DataSettings,

    /// The format of the rows.
    #[arg(long, short)]
    pub format: ExportFormat,

    /// The folder to write to; it is made when it is missing. `-` is standard output, for formats of one file.
    #[arg(long, short, value_name = "FOLDER", allow_hyphen_values = true)]
    pub output: PathBuf,

    /// Split into train and test, in percent, as 90/10. All rows of a user, and of a trace, are in one part.
    #[arg(long, value_name = "TRAIN/TEST", value_parser = parse_split)]
    pub split: Option<Split>,

    /// Leave out repeated prompts: exact repetitions, or near ones too.
    #[arg(long, value_name = "HOW")]
    pub dedupe: Option<Dedupe>,

    /// When it happened.
    #[command(flatten)]
    pub period: Period,

    /// Only failures whose reason contains this text, or whose family does (`misfire stats` lists the families). Case does not matter.
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,

    /// Only generations of this model; case does not matter. Repeat the flag for more than one.
    #[arg(long, value_name = "NAME")]
    pub model: Vec<String>,

    /// Only prompts with at least this many messages of the user.
    #[arg(long, value_name = "NUMBER")]
    pub min_turns: Option<usize>,

    /// A sample of about this many percent of the lines; the same lines every time.
    #[arg(long, value_name = "PERCENT", value_parser = parse_percent)]
    pub sample: Option<f64>,

    /// In parquet and csv: the eighteen columns of generations.jsonl instead of the six.
    #[arg(long)]
    pub generations: bool,

    /// In kto: write the rows even if all labels are the same.
    #[arg(long)]
    pub one_sided: bool,

    /// The sanitizer's policy (TOML), so that its own placeholders are recognised.
    #[arg(long, env = "SANITIZER_POLICY", value_name = "SANITIZER_POLICY")]
    pub policy: Option<PathBuf>,

    /// Replace the files of an earlier export in FOLDER.
    #[arg(long)]
    pub force: bool,

    /// Output JSON.
    #[arg(long)]
    pub json: bool,
}

/// A format of rows.
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
    /// Apache Parquet: the six columns, or eighteen, compressed with zstd
    Parquet,
    /// Comma-separated values with a header (RFC 4180)
    Csv,
    /// Answers to imitate: {"messages":[…],"tools":[…]}, as OpenAI's fine-tuning and TRL's SFTTrainer read them
    Sft,
    /// Two answers to a prompt: {"prompt":[…],"chosen":[…],"rejected":[…]}, for TRL's DPOTrainer
    Dpo,
    /// Answers with a label: {"prompt":[…],"completion":[…],"label":true}, for TRL's KTOTrainer
    Kto,
}

impl ExportFormat {
    /// Whether its rows are made of `generations.jsonl`, so that it needs answers.
    pub(super) fn needs_generations(self) -> bool {
        matches!(self, Self::Sft | Self::Dpo | Self::Kto)
    }

    pub(super) fn is_table(self) -> bool {
        matches!(self, Self::Parquet | Self::Csv)
    }

    pub(super) fn is_eval(self) -> bool {
        matches!(self, Self::EvalsPromptfoo | Self::EvalsOpenai)
    }
}

impl Settings {
    /// Whether the rows go to standard output.
    pub(super) fn is_to_stdout(&self) -> bool {
        self.output.as_os_str() == "-"
    }
}

/// How users are split into two parts, in percent.
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
    fn a_sample_is_more_than_nothing_and_at_most_all() {
        assert_eq!((parse_percent("0.5"), parse_percent("100%")), (Ok(0.5), Ok(100.0)));
        assert!(["0", "-1", "101", "NaN", "all"].iter().all(|bad| parse_percent(bad).is_err()));
    }
}
