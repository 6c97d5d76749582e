//! `misfire quarantine show`.

use std::process::ExitCode;

use clap::Args;
use dataset::{LiveSettings, output, quarantine};
use journal::quarantine::Quarantined;
use uuid::Uuid;

/// Settings of `misfire quarantine show`.
#[derive(Debug, Clone, Args)]
pub struct ShowSettings {
    /// The event's uuid, as `misfire quarantine list` shows it.
    #[arg(value_name = "UUID")]
    pub uuid: Uuid,

    /// Where the data is, beside the quarantine.
    #[command(flatten)]
    pub data: LiveSettings,

    /// Output JSON.
    #[arg(long)]
    pub json: bool,
}

pub(super) fn run(settings: &ShowSettings) -> anyhow::Result<ExitCode> {
    let mut is_there = false;
    quarantine::for_each(&settings.data.live()?, |line| {
        if line.uuid == settings.uuid {
            is_there = true;
            output::print_line(if settings.json { serde_json::to_string(line)? } else { in_words(line) })?;
        }
        Ok(())
    })?;
    if is_there {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("{} is not in quarantine", settings.uuid);
    Ok(ExitCode::FAILURE)
}

/// Only sanitized text, from which control characters were removed when it was stored.
fn in_words(line: &Quarantined) -> String {
    let Quarantined { received_at, uuid, event, reason, distinct_id, input_prompt, failure_reason } = line;
    let note = if line.is_input_cut() { ", cut" } else { "" };
    format!(
        "uuid            {uuid}\nreceived_at     {received_at}\nevent           {event}\nreason          {reason}\n\
         distinct_id     {distinct_id}\nfailure_reason  {failure_reason}\ninput_prompt    {} bytes{note}\n{input_prompt}",
        input_prompt.len()
    )
}
