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
};

/// Settings of `misfire stats`.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// Where the data is.
    #[command(flatten)]
    pub data: DataSettings,

    /// Write a page with charts to FILE as well.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,

    /// Replace FILE if it is there.
    #[arg(long, requires = "html")]
    pub force: bool,

    /// A policy for the sanitizer, whose own placeholders are then counted: a TOML file.
    #[arg(long, env = "SANITIZER_POLICY", value_name = "SANITIZER_POLICY")]
    pub policy: Option<PathBuf>,

    /// Output as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Summarizes the data.
///
/// # Errors
/// When the data cannot be read, or the page cannot be written.
pub fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let policy = read_policy(settings.policy.as_deref())?;
    let dataset = Dataset::open(&settings.data.path)?;
    let mut stats = collect::collect(&dataset, &policy)?;
    stats.generations = generations::collect(&settings.data.path, &dataset)?;
    if let Some(path) = &settings.html {
        write_file(path, settings.force, html::page(&stats).as_bytes())?;
    }
    if settings.json {
        output::print_line(serde_json::to_string(&stats)?)?;
    } else {
        output::print(text::summary(&stats))?;
        if let Some(path) = &settings.html {
            output::print_line(format_args!("\nThe page is {}", path.display()))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
