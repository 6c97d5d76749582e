//! `misfire stats`: what is in the data, in the terminal, as JSON, or as a page.

mod collect;
mod html;
mod periods;
mod svg;
mod text;
mod users;

use std::process::ExitCode;

use super::{Dataset, output::write_file};
use crate::{sanitize::Policy, settings::StatsSettings};

/// Says what is in the data.
///
/// # Errors
/// When the data cannot be read, or the page not be written.
pub fn run(settings: &StatsSettings) -> anyhow::Result<ExitCode> {
    let policy = match &settings.policy {
        Some(path) => Policy::read(path)?,
        None => Policy::default(),
    };
    let dataset = Dataset::open(&settings.data.path)?;
    let stats = collect::collect(&dataset, &policy)?;
    if let Some(path) = &settings.html {
        write_file(path, settings.force, html::page(&stats).as_bytes())?;
    }
    if settings.json {
        println!("{}", serde_json::to_string(&stats)?);
    } else {
        print!("{}", text::summary(&stats));
        if let Some(path) = &settings.html {
            println!("\nThe page is {}", path.display());
        }
    }
    Ok(ExitCode::SUCCESS)
}
