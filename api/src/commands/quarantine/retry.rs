//! `misfire quarantine retry`.
//!
//! An event keeps its uuid, so that it is stored once however often this is run, and it is posted as PostHog posts it, with the same
//! secret. When it happened is not kept: its time is that of its first receipt. Only a line whose event the API has acknowledged, or
//! has in its data already, is removed, and that comes last: a run that is killed leaves lines that the next one finds stored.
//!
//! What the API would refuse again is not posted, for it would only come back into the quarantine. Whether it would is tried here, by
//! the same events table and policy.

use std::{
    collections::{HashMap, HashSet},
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
};

use anyhow::Context;
use clap::Args;
use dataset::{LiveSettings, Period, output, quarantine, read_policy};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use journal::{Sanitizer, quarantine::Quarantined, training_record::UNKNOWN};
use misfire_sanitizer::{Input, PseudonymKey, stored::as_received};
use serde::Serialize;
use serde_json::{json, value::RawValue};
use uuid::Uuid;

use super::holds::Holds;
use crate::{
    commands::events::{Tried, try_body},
    events_table::{EventsTable, IgnoredReason},
    pull::{ApiClient, Given},
    settings::Secrets,
};

/// How many of the events that are left are named.
const NAMED_MAX: u64 = 20;
/// PostHog may have taken an event this long before the API received it: it delivers again for hours after an outage.
const DELIVERY_TIME_MAX: SignedDuration = SignedDuration::from_hours(24);

/// Settings of `misfire quarantine retry`.
#[derive(Debug, Clone, Args)]
pub struct RetrySettings {
    /// Where the data is, beside the quarantine.
    #[command(flatten)]
    pub data: LiveSettings,

    /// Only this event; repeat the flag for more. [default: all]
    #[arg(long, value_name = "UUID")]
    pub uuid: Vec<Uuid>,

    /// When the API received it.
    #[command(flatten)]
    pub period: Period,

    /// The address of the API: host and port, or a URL.
    #[arg(long, env = "API_ADDR", value_name = "API_ADDR", default_value = "127.0.0.1:3000")]
    pub api: String,

    /// The events table (TOML), the same as the API's.
    #[arg(long, env = "EVENTS", value_name = "EVENTS")]
    pub events: Option<PathBuf>,

    /// The sanitizer's policy (TOML), the same as the API's.
    #[arg(long, env = "SANITIZER_POLICY", value_name = "SANITIZER_POLICY")]
    pub policy: Option<PathBuf>,

    /// Say what would be posted, and post nothing.
    #[arg(long)]
    pub dry_run: bool,

    /// Output JSON.
    #[arg(long)]
    pub json: bool,
}

/// What became of the events.
#[derive(Debug, Default, Serialize)]
struct Counts {
    events: u64,
    /// Posted now, and on disk; with `--dry-run` those that would be posted.
    stored: u64,
    /// In the data before.
    stored_before: u64,
    /// Of a person who was erased since.
    erased: u64,
    /// Left: the API takes them no better than before.
    refused: u64,
    /// Left: there is no input, or only a part of it.
    without_input: u64,
    /// Lines that were removed from the quarantine.
    removed_lines: u64,
}

impl Counts {
    fn left(&self) -> u64 {
        self.refused + self.without_input
    }
}

/// Posts events, and counts what became of them.
struct Retry<'a> {
    settings: &'a RetrySettings,
    api: ApiClient,
    table: EventsTable,
    sanitizer: Sanitizer,
    counts: Counts,
    /// The events that need no line in quarantine any more.
    done: HashSet<Uuid>,
    /// When the first event without a whole input was received.
    oldest_without_input: Option<String>,
}

pub(super) fn run(settings: &RetrySettings, secrets: &Secrets) -> anyhow::Result<ExitCode> {
    settings.period.check()?;
    let live = settings.data.live()?;
    let latest = latest_lines(settings)?;
    let mut retry = Retry {
        settings,
        api: ApiClient::new(&settings.api, secrets)?,
        table: EventsTable::read(settings.events.as_deref())?,
        sanitizer: Sanitizer::new(
            // For a trial that is thrown away.
            PseudonymKey::new(Uuid::new_v4().as_bytes().to_vec()).context("a uuid has 16 bytes")?.into(),
            Arc::new(read_policy(settings.policy.as_deref())?),
        ),
        counts: Counts { events: latest.len() as u64, ..Counts::default() },
        done: quarantine::stored(&live, &latest.keys().copied().collect())?,
        oldest_without_input: None,
    };
    retry.counts.stored_before = retry.done.len() as u64;
    let mut number = 0;
    let posted = quarantine::for_each(&live, |line| {
        number += 1;
        if latest.get(&line.uuid) == Some(&number) && !retry.done.contains(&line.uuid) {
            retry.take(line)
        } else {
            Ok(())
        }
    });
    // What was stored until the API went away is done all the same.
    if !settings.dry_run {
        retry.counts.removed_lines = quarantine::remove(&live, &retry.done)?;
    }
    posted?;
    retry.report()?;
    Ok(if retry.counts.left() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The number of the last line of each event that is asked for, from 1. An event that came several times has several lines.
fn latest_lines(settings: &RetrySettings) -> anyhow::Result<HashMap<Uuid, u64>> {
    let period = settings.period.of_lines();
    let (mut latest, mut number) = (HashMap::new(), 0);
    quarantine::for_each(&settings.data.live()?, |line| {
        number += 1;
        let is_asked = settings.uuid.is_empty() || settings.uuid.contains(&line.uuid);
        if is_asked && period.contains(&line.received_at) {
            latest.insert(line.uuid, number);
        }
        Ok(())
    })?;
    Ok(latest)
}

impl Retry<'_> {
    fn take(&mut self, line: &Quarantined) -> anyhow::Result<()> {
        match Holds::of(line) {
            Holds::Whole => {}
            holds @ (Holds::Cut | Holds::Nothing) => {
                self.counts.without_input += 1;
                self.oldest_without_input.get_or_insert_with(|| line.received_at.clone());
                self.name(line.uuid, if holds == Holds::Nothing { "there is no input" } else { "the input was cut" });
                return Ok(());
            }
        }
        let body = body_of(line)?;
        match try_body(&self.table, body.as_bytes(), &self.sanitizer) {
            Tried::Stored(_) => {}
            Tried::Ignored(ignored) => return self.refused(line.uuid, &ignored.detail),
            Tried::Refused(wrong) => return self.refused(line.uuid, &wrong),
        }
        if self.settings.dry_run {
            self.counts.stored += 1;
            return Ok(());
        }
        match self.api.post(&body)? {
            Given::Stored => self.counts.stored += 1,
            Given::Duplicate => self.counts.stored_before += 1,
            // Nothing of them may stay, here neither.
            Given::Ignored(reason) if reason == IgnoredReason::Forgotten.as_str() => self.counts.erased += 1,
            Given::Ignored(why) | Given::Refused(why) => return self.refused(line.uuid, &why),
        }
        self.done.insert(line.uuid);
        Ok(())
    }

    /// The line stays, which is no failure of the command.
    fn refused(&mut self, uuid: Uuid, why: &str) -> anyhow::Result<()> {
        self.counts.refused += 1;
        self.name(uuid, why);
        Ok(())
    }

    fn name(&self, uuid: Uuid, why: &str) {
        if self.counts.left() <= NAMED_MAX {
            eprintln!("{uuid} is left: {why}");
        }
    }

    fn report(&self) -> anyhow::Result<()> {
        let Counts { events, stored, stored_before, erased, removed_lines, .. } = self.counts;
        let left = self.counts.left();
        if left > NAMED_MAX {
            eprintln!("and {} more are left", left - NAMED_MAX);
        }
        if let Some(since) = self.oldest_without_input.as_deref().and_then(day_before) {
            eprintln!(
                "an event without its whole input must come from PostHog again: misfire pull --since {since}; then run this again, to \
                 clear away what is stored by then"
            );
        }
        if self.settings.json {
            return Ok(output::print_line(serde_json::to_string(&self.counts)?)?);
        }
        let plural = if events == 1 { "" } else { "s" };
        let would_be = if self.settings.dry_run { "would be posted" } else { "stored" };
        let of_erased = if erased > 0 { format!(", {erased} of people who were erased") } else { String::new() };
        Ok(output::print_line(format_args!(
            "{events} event{plural}: {stored} {would_be}, {stored_before} stored before{of_erased}, {left} left; \
             lines removed from the quarantine: {removed_lines}"
        ))?)
    }
}

/// The event as PostHog would post it.
fn body_of(line: &Quarantined) -> anyhow::Result<String> {
    #[derive(Serialize)]
    struct Properties {
        input_prompt: Box<RawValue>,
        #[serde(skip_serializing_if = "Option::is_none")]
        failure_reason: Option<Box<RawValue>>,
    }
    let reason = Some(line.failure_reason.as_str()).filter(|reason| *reason != UNKNOWN);
    let properties =
        Properties { input_prompt: as_json(&line.input_prompt)?, failure_reason: reason.map(as_json).transpose()? };
    let distinct_id = Some(&line.distinct_id).filter(|id| *id != UNKNOWN);
    let head = json!({
        "uuid": line.uuid, "event": line.event, "distinct_id": distinct_id, "timestamp": line.received_at,
    });
    // The properties hold raw JSON, of which a `Value` would not keep every digit.
    let head = head.to_string();
    let head = head.strip_suffix('}').unwrap_or(&head);
    Ok(format!("{{\"event\":{head},\"properties\":{}}}}}", serde_json::to_string(&properties)?))
}

/// A text as it was sent: as JSON when it was JSON, say a chat, else as a string.
fn as_json(text: &str) -> anyhow::Result<Box<RawValue>> {
    Ok(match as_received(text) {
        Input::Json(json) => RawValue::from_string(json.to_owned())?,
        Input::Plain(text) => RawValue::from_string(serde_json::to_string(&text)?)?,
    })
}

/// The day on which PostHog may have taken what the API received at this time.
fn day_before(received_at: &str) -> Option<String> {
    let time: Timestamp = received_at.parse().ok()?;
    Some(TimeZone::UTC.to_datetime(time.checked_sub(DELIVERY_TIME_MAX).ok()?).date().to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn an_event_is_posted_as_it_came_as_far_as_it_is_kept() {
        let line = |input: &str, reason: &str, id: &str| Quarantined {
            received_at: "2025-11-30T16:38:21.968Z".into(),
            uuid: Uuid::from_u128(7),
            event: "generation_failed".into(),
            reason: "input_prompt is null".into(),
            distinct_id: id.into(),
            input_prompt: input.into(),
            failure_reason: reason.into(),
        };
        for (input, reason, id, properties, distinct_id) in [
            (
                "a chair",
                "timeout",
                "user_1",
                json!({"input_prompt": "a chair", "failure_reason": "timeout"}),
                json!("user_1"),
            ),
            ("\"a\" {", UNKNOWN, UNKNOWN, json!({"input_prompt": "\"a\" {"}), Value::Null),
            (
                r#"[{"role":"user","content":"x"}]"#,
                r#"{"code":503}"#,
                "u_1",
                json!({"input_prompt": [{"role": "user", "content": "x"}], "failure_reason": {"code": 503}}),
                json!("u_1"),
            ),
        ] {
            let body: Value = serde_json::from_str(&body_of(&line(input, reason, id)).unwrap()).unwrap();
            let expected = json!({"event": {
                "uuid": Uuid::from_u128(7), "event": "generation_failed", "distinct_id": distinct_id,
                "timestamp": "2025-11-30T16:38:21.968Z", "properties": properties,
            }});
            assert_eq!(body, expected);
        }
        assert!(body_of(&line("[1.50,1e400]", "x", "u")).unwrap().contains("[1.50,1e400]"), "no digit is lost");
        assert_eq!(day_before("2025-12-01T16:38:21.968Z").as_deref(), Some("2025-11-30"));
    }
}
