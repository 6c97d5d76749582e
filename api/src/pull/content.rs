//! Step two of a pull: the content that PostHog keeps apart in `posthog.ai_events`, found by the trace, which is that table's key.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};
use journal::time::format_time;
use log::{info, warn};
use serde_json::{Map, Value, json, value::RawValue};

use super::light::{self, JudgedEvent, LightEvent, json_of, other_columns, with_content};
use crate::{
    event::json::members,
    events_table::{Content, EventsTable},
    posthog::{AskError, Project},
};

/// How many events' content is asked for at once.
const EVENTS_MAX: usize = 50;
/// How many generations of one trace are looked through for the one that a verdict means.
const GENERATIONS_MAX: usize = 200;
/// How long before a verdict the event that it judges may have happened, where no trace leads to it. PostHog keeps content for 30 days.
const JUDGED_WITHIN: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How far the times of an event in the two tables may be apart, where no trace leads to it.
const SAME_TIME: SignedDuration = SignedDuration::from_hours(1);

/// An empty list, object or string has two characters.
const EMPTY_MAX: usize = 2;
/// The properties that hold what the model answered.
const OUTPUTS: [&str; 2] = ["$ai_output_choices", "$ai_output"];

/// An event whose content is elsewhere.
pub(super) struct Wanted {
    pub(super) event: LightEvent,
    pub(super) content: Content,
}

/// What was found for an event.
pub(super) enum Fetched {
    /// The event with its content, as PostHog's default template would post it.
    Body(String),
    /// The row is not there yet: PostHog's tables fill apart.
    NotYet,
    /// It is too large to be read.
    TooLarge,
}

/// A row of `posthog.ai_events`.
struct Row {
    uuid: String,
    event: String,
    distinct_id: String,
    timestamp: String,
    /// What stays in the event, and the properties that PostHog keeps apart, with their values.
    properties: Box<RawValue>,
    content: Vec<(&'static str, Box<RawValue>)>,
}

/// Asks for content.
pub(super) struct Contents<'a> {
    project: &'a Project,
    /// The properties that are wanted, and their columns.
    columns: Vec<(&'static str, &'static str)>,
    /// Those of them that hold what the model was asked.
    inputs: Vec<&'static str>,
    /// The events that have content there.
    names: Vec<&'a str>,
}

impl<'a> Contents<'a> {
    pub(super) fn new(project: &'a Project, table: &'a EventsTable) -> Self {
        let inputs = table.heavy_inputs().into_iter().map(|(property, _)| property).collect();
        Self { project, columns: table.heavy_properties(), inputs, names: table.heavy_names() }
    }

    /// Finds the content of each event, and gives what was found, some at a time.
    ///
    /// # Errors
    /// When PostHog does not answer, or `give` fails.
    pub(super) fn each(
        &self,
        wanted: Vec<Wanted>,
        mut give: impl FnMut(Vec<(LightEvent, Fetched)>) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let (of_traces, mut by_uuid): (Vec<_>, Vec<_>) =
            wanted.into_iter().partition(|wanted| matches!(wanted.content, Content::OfTrace(_)));
        for wanted in of_traces {
            let Content::OfTrace(trace) = &wanted.content else { continue };
            let fetched = match self.last_with_output(trace, &wanted.event) {
                Err(AskError::TooLong) => too_large(&wanted),
                Err(error) => return Err(error.into()),
                Ok(row) => self.fetched(&wanted, row.as_ref())?,
            };
            give(vec![(wanted.event, fetched)])?;
        }
        // Those of one trace are asked for together.
        by_uuid.sort_by(|a, b| trace_of(a).cmp(&trace_of(b)));
        while !by_uuid.is_empty() {
            let rest = by_uuid.split_off(by_uuid.len().min(EVENTS_MAX));
            self.batch(by_uuid, &mut give)?;
            by_uuid = rest;
        }
        Ok(())
    }

    /// Asks for a batch; halves it when the answer is too large.
    fn batch(
        &self,
        mut wanted: Vec<Wanted>,
        give: &mut impl FnMut(Vec<(LightEvent, Fetched)>) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let found: Vec<Fetched> = match self.rows_of(&wanted) {
            Err(AskError::TooLong) if wanted.len() > 1 => {
                let second = wanted.split_off(wanted.len() / 2);
                self.batch(wanted, give)?;
                return self.batch(second, give);
            }
            Err(AskError::TooLong) => wanted.iter().map(too_large).collect(),
            Err(error) => return Err(error.into()),
            Ok(rows) => {
                let rows: BTreeMap<_, _> = rows.into_iter().map(|row| (row.uuid.clone(), row)).collect();
                wanted
                    .iter()
                    .map(|wanted| self.fetched(wanted, rows.get(uuid_of(wanted))))
                    .collect::<anyhow::Result<_>>()?
            }
        };
        give(wanted.into_iter().map(|wanted| wanted.event).zip(found).collect())
    }

    fn rows_of(&self, wanted: &[Wanted]) -> Result<Vec<Row>, AskError> {
        let (with_trace, without): (Vec<_>, Vec<_>) = wanted.iter().partition(|wanted| trace_of(wanted).is_some());
        let mut rows = Vec::new();
        if !with_trace.is_empty() {
            let traces: BTreeSet<_> = with_trace.iter().filter_map(|wanted| trace_of(wanted)).collect();
            let uuids: Vec<_> = with_trace.iter().map(|wanted| uuid_of(wanted)).collect();
            let values = json!({"traces": traces, "uuids": uuids});
            rows.extend(self.rows("trace_id IN {traces} AND uuid IN {uuids}", values, 2 * uuids.len())?);
        }
        // An empty trace is that of many events, so those are found by their times.
        if !without.is_empty() {
            let uuids: Vec<_> = without.iter().map(|wanted| uuid_of(wanted)).collect();
            let times = without.iter().map(|wanted| time_of(&wanted.event));
            let (first, last) = (times.clone().min().unwrap_or_default(), times.max().unwrap_or_default());
            let before = if without.iter().any(|wanted| is_judged(wanted)) { JUDGED_WITHIN } else { SAME_TIME };
            let values = json!({
                "uuids": uuids,
                "from": format_time(first.saturating_sub(before).unwrap_or(first)),
                "to": format_time(last.saturating_add(SAME_TIME).unwrap_or(last)),
            });
            let condition = "uuid IN {uuids} AND timestamp >= toDateTime({from}) AND timestamp <= toDateTime({to})";
            rows.extend(self.rows(condition, values, 2 * uuids.len())?);
        }
        Ok(rows)
    }

    /// The last generation of a trace with an output before the verdict. It is found first, and then asked for: the content of a whole
    /// trace may be long. In privacy mode the output is the text `null`.
    fn last_with_output(&self, trace: &str, verdict: &LightEvent) -> Result<Option<Row>, AskError> {
        let is_there =
            |column: &str| format!("(length(ifNull({column}, '')) > {EMPTY_MAX} AND ifNull({column}, '') != 'null')");
        let outputs: Vec<_> = ["output_choices", "output"].map(is_there).to_vec();
        let query = format!(
            "SELECT uuid, timestamp FROM posthog.ai_events WHERE trace_id = {{trace}} AND timestamp <= toDateTime({{to}}) \
             AND event IN {{names}} AND ({}) ORDER BY timestamp DESC LIMIT 1",
            outputs.join(" OR ")
        );
        // PostHog is asked in milliseconds, and may know microseconds.
        let to = time_of(verdict).saturating_add(SignedDuration::from_millis(1)).unwrap_or(time_of(verdict));
        let values = json!({"trace": trace, "to": format_time(to), "names": self.names});
        let Some(row) = self.ask(&query, &values)?.into_iter().next() else { return Ok(None) };
        let (uuid, _) = light::uuid_and_time(row)?;
        let values = json!({"trace": trace, "uuids": [uuid]});
        Ok(self.rows("trace_id = {trace} AND uuid IN {uuids}", values, 2)?.into_iter().next())
    }

    fn fetched(&self, wanted: &Wanted, row: Option<&Row>) -> anyhow::Result<Fetched> {
        match row {
            Some(row) => with_row(wanted, row),
            None if is_judged(wanted) => self.judged_in_events(wanted),
            None => Ok(Fetched::NotYet),
        }
    }

    fn judged_in_events(&self, wanted: &Wanted) -> anyhow::Result<Fetched> {
        let to = time_of(&wanted.event);
        let from = to.saturating_sub(JUDGED_WITHIN)?;
        let found = match &wanted.content {
            Content::OfTrace(trace) => light::of_trace(self.project, &self.names, trace, from, to, GENERATIONS_MAX),
            _ => light::by_uuid(self.project, &[uuid_of(wanted)], from, to.saturating_add(SAME_TIME)?),
        };
        let events = match found {
            Ok(events) => events,
            Err(AskError::TooLong) => return Ok(too_large(wanted)),
            Err(error) => return Err(error.into()),
        };
        let is_by_trace = matches!(wanted.content, Content::OfTrace(_));
        let has = |event: &LightEvent, properties: &[&str]| {
            members(&event.properties, properties).into_iter().flatten().count() > 0
        };
        let has_output = |event: &LightEvent| {
            let outputs = members(&event.properties, &OUTPUTS).into_iter().flatten();
            outputs.into_iter().any(|value| value.get().len() > EMPTY_MAX && value.get() != "null")
        };
        let is_meant = |event: &LightEvent| has(event, &self.inputs) && (!is_by_trace || has_output(event));
        let Some(judged) = events.into_iter().find(is_meant) else { return Ok(Fetched::NotYet) };
        let about = JudgedEvent {
            uuid: &judged.uuid,
            timestamp: &judged.timestamp,
            event: &judged.name,
            distinct_id: &judged.distinct_id,
            properties: &judged.properties,
        };
        Ok(Fetched::Body(wanted.event.to_body(&[], Some(&about))?))
    }

    fn rows(&self, condition: &str, values: Value, limit: usize) -> Result<Vec<Row>, AskError> {
        let columns: String = self.columns.iter().map(|(_, column)| format!(", {column}")).collect();
        let mut values: Map<String, Value> = values.as_object().cloned().unwrap_or_default();
        values.insert("names".into(), self.names.clone().into());
        let query = format!(
            "SELECT uuid, event, distinct_id, timestamp, properties{columns} FROM posthog.ai_events WHERE {condition} \
             AND event IN {{names}} ORDER BY timestamp DESC LIMIT {limit}"
        );
        let rows = self.ask(&query, &Value::Object(values))?;
        Ok(rows.into_iter().map(|row| self.row(row)).collect::<anyhow::Result<_>>()?)
    }

    fn ask(&self, query: &str, values: &Value) -> Result<Vec<Vec<Value>>, AskError> {
        match self.project.query(query, values) {
            // A PostHog that does not split events may not have the table.
            Err(AskError::Refused { status: 400, error }) if error.to_string().contains("Unknown table") => {
                info!("this PostHog has no posthog.ai_events: it keeps content in the events");
                Ok(Vec::new())
            }
            answer => answer,
        }
    }

    fn row(&self, mut row: Vec<Value>) -> anyhow::Result<Row> {
        if row.len() != 5 + self.columns.len() {
            return Err(other_columns());
        }
        let content = row.split_off(5);
        let [
            Value::String(uuid),
            Value::String(event),
            Value::String(distinct_id),
            Value::String(timestamp),
            properties,
        ] = <[Value; 5]>::try_from(row).map_err(|_| other_columns())?
        else {
            return Err(other_columns());
        };
        // What the event did not have is null. In privacy mode it had `null`, which is the text of these four letters here.
        let content = self.columns.iter().zip(content).filter(|(_, value)| !value.is_null());
        let content = content.map(|((property, _), value)| Ok((*property, json_or_text(value)?)));
        Ok(Row {
            content: content.collect::<anyhow::Result<_>>()?,
            properties: json_of(properties).with_context(|| format!("{uuid}: its properties are no JSON"))?,
            uuid,
            event,
            distinct_id,
            timestamp,
        })
    }
}

/// A column of content: JSON text, where a plain string is quoted. What is no JSON all the same is a string.
fn json_or_text(column: Value) -> anyhow::Result<Box<RawValue>> {
    let text = column.clone();
    Ok(json_of(column).or_else(|_| json_of(Value::String(text.to_string())))?)
}

fn with_row(wanted: &Wanted, row: &Row) -> anyhow::Result<Fetched> {
    let content: Vec<_> = row.content.iter().map(|(property, value)| (*property, &**value)).collect();
    if !is_judged(wanted) {
        return Ok(Fetched::Body(wanted.event.to_body(&content, None)?));
    }
    let properties = with_content(&row.properties, &content)?;
    let about = JudgedEvent {
        uuid: &row.uuid,
        timestamp: &row.timestamp,
        event: &row.event,
        distinct_id: &row.distinct_id,
        properties: &properties,
    };
    Ok(Fetched::Body(wanted.event.to_body(&[], Some(&about))?))
}

fn too_large(wanted: &Wanted) -> Fetched {
    warn!("{}: passed by, for its content is too large to be read", wanted.event.uuid);
    Fetched::TooLarge
}

fn is_judged(wanted: &Wanted) -> bool {
    matches!(wanted.content, Content::OfUuid { .. } | Content::OfTrace(_))
}

/// The uuid under which the content stands.
fn uuid_of(wanted: &Wanted) -> &str {
    match &wanted.content {
        Content::OfUuid { uuid, .. } => uuid,
        _ => &wanted.event.uuid,
    }
}

fn trace_of(wanted: &Wanted) -> Option<&str> {
    match &wanted.content {
        Content::Apart { trace } | Content::OfUuid { trace, .. } => trace.as_deref(),
        _ => None,
    }
}

/// When the event happened, by the clock of whoever sent it; when PostHog took it, if that cannot be read.
pub(super) fn time_of(event: &LightEvent) -> Timestamp {
    event.timestamp.parse().unwrap_or(event.created_at)
}
