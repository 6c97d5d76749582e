//! `misfire quarantine list`.

use std::process::ExitCode;

use clap::Args;
use dataset::{LiveSettings, Period, output, quarantine};
use serde_json::json;

use super::holds::Holds;

/// Settings of `misfire quarantine list`.
#[derive(Debug, Clone, Args)]
pub struct ListSettings {
    /// Where the data is, beside the quarantine.
    #[command(flatten)]
    pub data: LiveSettings,

    /// When the API received it.
    #[command(flatten)]
    pub period: Period,

    /// Output JSON.
    #[arg(long)]
    pub json: bool,
}

pub(super) fn run(settings: &ListSettings) -> anyhow::Result<ExitCode> {
    settings.period.check()?;
    let (live, period) = (settings.data.live()?, settings.period.of_lines());
    let (mut events, mut retryable) = (0_u64, 0_u64);
    let mut json = Vec::new();
    let unreadable = quarantine::for_each(&live, |line| {
        if !period.contains(&line.received_at) {
            return Ok(());
        }
        let holds = Holds::of(line);
        events += 1;
        retryable += u64::from(holds == Holds::Whole);
        if settings.json {
            let (uuid, received_at, event, reason) = (line.uuid, &line.received_at, &line.event, &line.reason);
            json.push(json!({
                "uuid": uuid, "received_at": received_at, "event": event, "holds": holds.as_str(), "reason": reason,
            }));
            return Ok(());
        }
        let (event, reason) = (line.event.escape_debug(), line.reason.escape_debug());
        output::print_line(format_args!(
            "{}  {}  {event}  {:11}  {reason}",
            line.uuid,
            line.received_at,
            holds.as_str()
        ))?;
        Ok(())
    })?;
    if settings.json {
        output::print_line(serde_json::Value::Array(json))?;
    } else if events == 0 {
        output::print_line("nothing is in quarantine")?;
    } else {
        let plural = if events == 1 { "" } else { "s" };
        output::print_line(format_args!("{events} event{plural}, {retryable} with a whole input"))?;
    }
    if unreadable > 0 {
        eprintln!("{unreadable} more lines in quarantine cannot be read");
    }
    Ok(ExitCode::SUCCESS)
}
