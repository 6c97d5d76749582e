//! `misfire stats`: what is in the data, in the terminal, as JSON, or as a page.

mod collect;
mod count;
mod escape;
mod generations;
mod html;
mod periods;
mod svg;
mod text;
mod users;

use std::{path::PathBuf, process::ExitCode};

use clap::Args;

use crate::{
    data_files::{DataSettings, Dataset},
    output,
    output_file::write_file,
    read_policy,
    time_argument::Period,
};

/// Settings of `misfire stats`.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// Where the data is.
    #[command(flatten)]
    pub data: DataSettings,

    /// When it happened.
    #[command(flatten)]
    pub period: Period,

    /// Also write a page with charts to FILE. With `-`, the page goes to standard output and the summary to standard error.
    #[arg(long, value_name = "FILE", allow_hyphen_values = true)]
    pub html: Option<PathBuf>,

    /// Replace FILE if it is there.
    #[arg(long, requires = "html")]
    pub force: bool,

    /// The sanitizer's policy (TOML), so that its own placeholders are counted.
    #[arg(long, env = "SANITIZER_POLICY", value_name = "SANITIZER_POLICY")]
    pub policy: Option<PathBuf>,

    /// Output JSON.
    #[arg(long)]
    pub json: bool,
}

/// Summarizes the data. The status is 1 when there are lines and none of them can be read.
///
/// # Errors
/// When the data cannot be read, or the page cannot be written.
pub fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    settings.period.check()?;
    let policy = read_policy(settings.policy.as_deref())?;
    let dataset = Dataset::open(&settings.data.path)?;
    let period = settings.period.of_lines();
    let mut stats = collect::collect(&dataset, &policy, &period)?;
    stats.generations = generations::collect(&settings.data.path, &dataset, &period)?;
    let summary = match settings.json {
        true => serde_json::to_string(&stats)? + "\n",
        false => text::summary(&stats),
    };
    match &settings.html {
        None => output::print(summary)?,
        Some(path) if path.as_os_str() == "-" => {
            output::print(html::page(&stats))?;
            eprint!("{summary}");
        }
        Some(path) => {
            write_file(path, settings.force, html::page(&stats).as_bytes())?;
            output::print(summary)?;
            if !settings.json {
                output::print_line(format_args!("\nThe page is {}", path.display()))?;
            }
        }
    }
    Ok(if stats.has_only_unreadable_lines() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
