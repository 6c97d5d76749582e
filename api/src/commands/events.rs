//! `misfire events`: checks an events table, and shows what an event would become.

use std::{fs, io::Read, path::PathBuf, process::ExitCode, sync::Arc};

use anyhow::Context;
use clap::Args;
use dataset::{output, read_policy};
use jiff::Timestamp;
use journal::{RedactedEvent, Sanitizer};
use misfire_sanitizer::PseudonymKey;
use uuid::Uuid;

use crate::{
    event,
    events_table::{EventsTable, Ignored, Mapped},
    settings::Secrets,
};

/// Settings of `misfire events`.
#[derive(Debug, Clone, Args)]
#[command(group = clap::ArgGroup::new("what").required(true).multiple(true).args(["check", "try_body"]))]
pub struct Settings {
    /// Check this table, and use it for --try.
    #[arg(long, value_name = "FILE")]
    pub check: Option<PathBuf>,

    /// Show what the event in this body would become; `-` reads standard input.
    #[arg(long = "try", value_name = "BODY.json", id = "try_body")]
    pub try_body: Option<PathBuf>,

    /// The table for --try, unless --check names one.
    #[arg(long, env = "EVENTS", value_name = "EVENTS")]
    pub events: Option<PathBuf>,

    /// The sanitizer's policy for --try.
    #[arg(long = "policy", env = "SANITIZER_POLICY", value_name = "SANITIZER_POLICY")]
    pub policy: Option<PathBuf>,
}

/// Checks the table, and tries the body. The status is 1 when the event would be refused.
///
/// # Errors
/// When a file cannot be read, or the table is none.
pub fn run(settings: &Settings, secrets: &Secrets) -> anyhow::Result<ExitCode> {
    let table = EventsTable::read(settings.check.as_deref().or(settings.events.as_deref()))?;
    if let Some(file) = &settings.check {
        output::print_line(format_args!("{} keeps {}", file.display(), table.names().join(", ")))?;
    }
    let Some(body) = &settings.try_body else { return Ok(ExitCode::SUCCESS) };
    let body = match body.as_os_str() == "-" {
        true => {
            output::say_waiting("misfire events --try BODY.json");
            let mut text = Vec::new();
            std::io::stdin().read_to_end(&mut text)?;
            text
        }
        false => fs::read(body).with_context(|| format!("{} cannot be read", body.display()))?,
    };
    let policy = Arc::new(read_policy(settings.policy.as_deref())?);
    let sanitizer = Sanitizer::new(key(secrets)?.into(), policy);
    let (words, status) = match try_body(&table, &body, &sanitizer) {
        Tried::Stored(redacted) => (shown(&redacted), ExitCode::SUCCESS),
        Tried::Ignored(ignored) => {
            (format!("ignored, {}: {}", ignored.reason.as_str(), ignored.detail), ExitCode::SUCCESS)
        }
        Tried::Refused(wrong) => (format!("refused: {wrong}"), ExitCode::FAILURE),
    };
    output::print_line(words)?;
    Ok(status)
}

/// What the API would make of a body.
pub(super) enum Tried {
    /// It would be stored.
    Stored(Box<RedactedEvent>),
    /// Nothing of it would be kept, and nothing is wrong.
    Ignored(Ignored),
    /// It would be refused, for this reason.
    Refused(String),
}

/// Does with a body what the API does, but for the writing.
pub(super) fn try_body(table: &EventsTable, body: &[u8], sanitizer: &Sanitizer) -> Tried {
    let event = match event::parse(body, None, Uuid::now_v7) {
        Ok(event) => event,
        Err(error) => return Tried::Refused(error.to_string()),
    };
    let kept = match table.map(&event) {
        Mapped::Ignored(ignored) => return Tried::Ignored(ignored),
        Mapped::Kept(kept) => kept,
    };
    match RedactedEvent::new(&kept.to_plain(&event, Timestamp::now()), sanitizer) {
        Ok(redacted) => Tried::Stored(Box::new(redacted)),
        Err(rejection) => {
            let wrong = rejection.fields.iter().map(|(_, wrong)| format!("#{} {wrong}", kept.input_pointer()));
            Tried::Refused(wrong.collect::<Vec<_>>().join("; "))
        }
    }
}

/// The line and the row, with what each is.
fn shown(redacted: &RedactedEvent) -> String {
    let shown = |what: &str, line: Vec<u8>| format!("{what}:\n{}", String::from_utf8_lossy(line.trim_ascii_end()));
    let line = redacted.line().map(|line| shown("stored, as this line", line.to_line()));
    let row = redacted.row().map(|row| shown("stored, as this row of generations.jsonl", row.to_line()));
    line.into_iter().chain(row).collect::<Vec<_>>().join("\n")
}

/// The key of the API, or one that is as good for a look.
fn key(secrets: &Secrets) -> anyhow::Result<PseudonymKey> {
    if let Some(key) = secrets.pseudonym_keys().first() {
        return PseudonymKey::new(key.as_bytes()).context("PSEUDONYM_KEY is too short; 16 bytes is the least");
    }
    eprintln!(
        "PSEUDONYM_KEY is not set: the pseudonyms shown here are made with a random key and differ from the API's"
    );
    PseudonymKey::new(Uuid::new_v4().as_bytes().to_vec()).context("a uuid has 16 bytes")
}
