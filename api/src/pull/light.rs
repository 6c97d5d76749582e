//! Step one of a pull: the events of a time, as PostHog's table `events` has them.

use anyhow::Context;
use jiff::Timestamp;
use journal::time::format_time;
use log::warn;
use serde::Serialize;
use serde_json::{Map, Value, json, value::RawValue};

use super::cursor::Cursor;
use crate::{
    events_table::{Condition, Entry, EventsTable, Name, Names},
    posthog::{AskError, Project},
};

/// How many events are asked for by their uuids at once.
pub(super) const UUIDS_MAX: usize = 200;

/// An event without the content that PostHog keeps apart.
#[derive(Debug)]
pub(super) struct LightEvent {
    pub(super) uuid: String,
    pub(super) name: String,
    pub(super) distinct_id: String,
    /// As PostHog wrote it.
    pub(super) timestamp: String,
    /// When PostHog took it.
    pub(super) created_at: Timestamp,
    /// A JSON object, not read.
    pub(super) properties: Box<RawValue>,
    /// Whether it is wanted although it is a success.
    pub(super) is_wanted_success: bool,
}

/// The events that a table keeps, in the order in which PostHog took them.
pub(super) struct LightEvents {
    /// The condition of the entries, with its values.
    condition: String,
    values: Map<String, Value>,
}

/// A page of events.
pub(super) struct Page {
    pub(super) events: Vec<LightEvent>,
    pub(super) is_last: bool,
    /// An event that is too large to be read was passed by.
    pub(super) too_large: u64,
}

impl LightEvents {
    /// The events that `table` keeps.
    pub(super) fn of(table: &EventsTable) -> Self {
        let mut values = Values::default();
        let mut entries = Vec::new();
        for entry in table.entries() {
            let mut all = vec![format!("event = {}", values.bind(entry.name.as_str()))];
            match entry.about {
                None => all.extend(entry.when.iter().map(|condition| values.condition(condition))),
                Some(_) => all.push(values.verdict(entry)),
            }
            if !entry.unless.is_empty() {
                let unless: Vec<_> = entry.unless.iter().map(|condition| values.condition(condition)).collect();
                all.push(format!("NOT ({})", unless.join(" AND ")));
            }
            entries.push(format!("({})", all.join(" AND ")));
        }
        Self { condition: entries.join(" OR "), values: values.0 }
    }

    /// The next page of what PostHog took from the cursor's time on and before `until`.
    ///
    /// # Errors
    /// When PostHog does not answer, or not with events.
    pub(super) fn page(&self, project: &Project, cursor: &mut Cursor, until: Timestamp) -> anyhow::Result<Page> {
        let mut too_large = 0;
        loop {
            match self.query(project, "uuid, event, distinct_id, timestamp, created_at, properties", cursor, until) {
                Ok(rows) => {
                    let events = rows.into_iter().map(LightEvent::of).collect::<anyhow::Result<Vec<_>>>()?;
                    let times: Vec<_> = events.iter().map(|event| (event.created_at, event.uuid.as_str())).collect();
                    let is_last = cursor.advance(&times)?;
                    return Ok(Page { events, is_last, too_large });
                }
                Err(AskError::TooLong) if cursor.shorten() => {}
                Err(AskError::TooLong) => {
                    let Some((uuid, time)) = self.first(project, cursor, until)? else {
                        return Ok(Page { events: Vec::new(), is_last: true, too_large });
                    };
                    warn!("{uuid}: passed by, for PostHog's answer with it is too large to be read");
                    too_large += 1;
                    cursor.advance(&[(time, &uuid)])?;
                    cursor.rows = 1;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// The uuids of what PostHog took from `from` on and before `until`, with the events' own times.
    ///
    /// # Errors
    /// When PostHog does not answer.
    pub(super) fn uuids(
        &self,
        project: &Project,
        from: Timestamp,
        until: Timestamp,
    ) -> anyhow::Result<Vec<(String, Timestamp)>> {
        let cursor = Cursor { rows: ROWS_MAX, ..Cursor::new(from) };
        let rows = self.query(project, "uuid, timestamp", &cursor, until)?;
        rows.into_iter().map(uuid_and_time).collect()
    }

    fn first(
        &self,
        project: &Project,
        cursor: &Cursor,
        until: Timestamp,
    ) -> anyhow::Result<Option<(String, Timestamp)>> {
        let rows = self.query(project, "uuid, created_at", cursor, until)?;
        rows.into_iter().next().map(uuid_and_time).transpose()
    }

    fn query(
        &self,
        project: &Project,
        columns: &str,
        cursor: &Cursor,
        until: Timestamp,
    ) -> Result<Vec<Vec<Value>>, AskError> {
        let mut values = self.values.clone();
        values.insert("since".into(), format_time(cursor.from).into());
        values.insert("until".into(), format_time(until).into());
        let mut query = format!(
            "SELECT {columns} FROM events WHERE created_at >= toDateTime({{since}}) AND created_at < toDateTime({{until}}) \
             AND ({})",
            self.condition
        );
        if !cursor.given.is_empty() {
            values.insert("given".into(), cursor.given.clone().into());
            query.push_str(" AND uuid NOT IN {given}");
        }
        query.push_str(&format!(" ORDER BY created_at, uuid LIMIT {}", cursor.rows));
        project.query(&query, &Value::Object(values))
    }
}

/// The most rows that PostHog gives (`MAX_SELECT_RETURNED_ROWS` in `posthog/hogql/constants.py`).
pub(super) const ROWS_MAX: usize = 50_000;

/// Events by their uuids. Their times narrow the search: the table is ordered by time.
///
/// # Errors
/// [`AskError`].
pub(super) fn by_uuid(
    project: &Project,
    uuids: &[&str],
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<LightEvent>, AskError> {
    let values = json!({"uuids": uuids, "from": format_time(from), "to": format_time(to)});
    // A uuid may have several rows.
    events_where(project, "uuid IN {uuids}", values, 2 * uuids.len())
}

/// The events of a trace, the last first.
///
/// # Errors
/// [`AskError`].
pub(super) fn of_trace(
    project: &Project,
    names: &[&str],
    trace: &str,
    from: Timestamp,
    to: Timestamp,
    limit: usize,
) -> Result<Vec<LightEvent>, AskError> {
    let values = json!({"names": names, "trace": trace, "from": format_time(from), "to": format_time(to)});
    events_where(project, "event IN {names} AND JSONExtractString(properties, '$ai_trace_id') = {trace}", values, limit)
}

fn events_where(project: &Project, condition: &str, values: Value, limit: usize) -> Result<Vec<LightEvent>, AskError> {
    let query = format!(
        "SELECT uuid, event, distinct_id, timestamp, created_at, properties FROM events WHERE {condition} AND \
         timestamp >= toDateTime({{from}}) AND timestamp <= toDateTime({{to}}) ORDER BY timestamp DESC LIMIT {limit}"
    );
    let rows = project.query(&query, &values)?;
    Ok(rows.into_iter().map(LightEvent::of).collect::<anyhow::Result<Vec<_>>>()?)
}

/// The values of a query's `{placeholders}`, which PostHog quotes.
#[derive(Default)]
pub(super) struct Values(Map<String, Value>);

impl Values {
    pub(super) fn into_map(self) -> Map<String, Value> {
        self.0
    }

    pub(super) fn bind(&mut self, value: impl Into<Value>) -> String {
        let name = format!("v{}", self.0.len());
        self.0.insert(name.clone(), value.into());
        format!("{{{name}}}")
    }

    /// The property as it stands in the event, compared with each spelling that matches. A property of a type that PostHog guessed
    /// would be compared by that type.
    pub(super) fn condition(&mut self, condition: &Condition) -> String {
        let spellings = self.bind(condition.spellings());
        let whole = self.bind(condition.property.as_str());
        let mut is_one = vec![format!("JSONExtractRaw(properties, {whole}) IN {spellings}")];
        let segments: Vec<_> = condition.property.segments().map(|segment| self.bind(segment)).collect();
        if segments.len() > 1 {
            is_one.push(format!("JSONExtractRaw(properties, {}) IN {spellings}", segments.join(", ")));
        }
        format!("({})", is_one.join(" OR "))
    }

    /// A verdict that is bad or good, or a part of one: a text alone, without a word about which.
    fn verdict(&mut self, entry: &Entry) -> String {
        let mut kinds = Vec::new();
        for conditions in [&entry.when, &entry.good] {
            let conditions: Vec<_> = conditions.iter().map(|condition| self.condition(condition)).collect();
            if !conditions.is_empty() {
                kinds.push(format!("({})", conditions.join(" AND ")));
            }
        }
        if let Some(feedback) = &entry.feedback {
            let says = entry.when.iter().chain(&entry.good).flat_map(|condition| self.paths(&condition.property));
            let mut all: Vec<_> = says.map(|path| format!("NOT JSONHas(properties, {path})")).collect();
            let nothing = self.bind(vec!["", "null", "\"\""]);
            let texts = feedback.iter().flat_map(|name| self.paths(name));
            let texts: Vec<_> =
                texts.map(|path| format!("JSONExtractRaw(properties, {path}) NOT IN {nothing}")).collect();
            all.push(format!("({})", texts.join(" OR ")));
            kinds.push(format!("({})", all.join(" AND ")));
        }
        format!("({})", kinds.join(" OR "))
    }

    /// One of some properties has one of these texts.
    pub(super) fn text_in(&mut self, names: &Names, texts: &[&str]) -> String {
        let texts = self.bind(texts.to_vec());
        let paths: Vec<_> = names.iter().flat_map(|name| self.paths(name)).collect();
        let any: Vec<_> =
            paths.iter().map(|path| format!("JSONExtractString(properties, {path}) IN {texts}")).collect();
        format!("({})", any.join(" OR "))
    }

    /// Where a property may stand: under its very name, or as a member of an object.
    fn paths(&mut self, name: &Name) -> Vec<String> {
        let mut paths = vec![self.bind(name.as_str())];
        let segments: Vec<_> = name.segments().map(str::to_owned).collect();
        if segments.len() > 1 {
            let segments: Vec<_> = segments.into_iter().map(|segment| self.bind(segment)).collect();
            paths.push(segments.join(", "));
        }
        paths
    }
}

impl LightEvent {
    fn of(row: Vec<Value>) -> anyhow::Result<Self> {
        let [
            Value::String(uuid),
            Value::String(name),
            Value::String(distinct_id),
            Value::String(timestamp),
            Value::String(created_at),
            properties,
        ] = <[Value; 6]>::try_from(row).map_err(|_| other_columns())?
        else {
            return Err(other_columns());
        };
        let properties = json_of(properties).with_context(|| format!("{uuid}: its properties are no JSON"))?;
        let created_at = created_at.parse().with_context(|| format!("{uuid}: its created_at cannot be read"))?;
        Ok(Self { uuid, name, distinct_id, timestamp, created_at, properties, is_wanted_success: false })
    }

    /// The event as PostHog's default template posts it. `content` are properties that PostHog keeps apart, and `about` is the event
    /// that this one judges.
    ///
    /// # Errors
    /// When the properties are no object.
    pub(super) fn to_body(
        &self,
        content: &[(&str, &RawValue)],
        about: Option<&JudgedEvent<'_>>,
    ) -> anyhow::Result<String> {
        let properties = with_content(&self.properties, content)?;
        let event = BodyEvent {
            uuid: &self.uuid,
            event: &self.name,
            elements_chain: "",
            distinct_id: &self.distinct_id,
            properties: &properties,
            timestamp: &self.timestamp,
        };
        let kept_as = self.is_wanted_success.then_some("success");
        Ok(serde_json::to_string(&Body { event, person: (), about, kept_as })?)
    }
}

/// The default template's body. PostHog's persons are `null` where it knows none.
#[derive(Serialize)]
struct Body<'a> {
    event: BodyEvent<'a>,
    person: (),
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<&'a JudgedEvent<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kept_as: Option<&'static str>,
}

#[derive(Serialize)]
struct BodyEvent<'a> {
    uuid: &'a str,
    event: &'a str,
    elements_chain: &'static str,
    distinct_id: &'a str,
    properties: &'a RawValue,
    timestamp: &'a str,
}

/// The event that another one judges.
#[derive(Serialize)]
pub(super) struct JudgedEvent<'a> {
    pub(super) uuid: &'a str,
    pub(super) timestamp: &'a str,
    pub(super) event: &'a str,
    pub(super) distinct_id: &'a str,
    pub(super) properties: &'a RawValue,
}

/// Properties with more of them before. Of two equal keys the last counts, so what the event holds itself stays.
pub(super) fn with_content(properties: &RawValue, content: &[(&str, &RawValue)]) -> anyhow::Result<Box<RawValue>> {
    let rest = properties.get().trim_start().strip_prefix('{').context("properties are an object")?.trim_start();
    let mut members: Vec<_> =
        content.iter().map(|(key, value)| format!("{}:{}", Value::from(*key), value.get())).collect();
    if !rest.starts_with('}') {
        members.push(String::new());
    }
    Ok(RawValue::from_string(format!("{{{}{rest}", members.join(",")))?)
}

/// A column of JSON text. An object is read, too.
pub(super) fn json_of(column: Value) -> serde_json::Result<Box<RawValue>> {
    RawValue::from_string(match column {
        Value::String(text) => text,
        other => other.to_string(),
    })
}

pub(super) fn uuid_and_time(row: Vec<Value>) -> anyhow::Result<(String, Timestamp)> {
    match <[Value; 2]>::try_from(row) {
        Ok([Value::String(uuid), Value::String(time)]) => Ok((uuid, time.parse()?)),
        _ => Err(other_columns()),
    }
}

pub(super) fn other_columns() -> anyhow::Error {
    anyhow::anyhow!("PostHog's answer has other columns than were asked for")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_a_condition_whose_values_posthog_quotes() {
        let table = EventsTable::parse(
            "built_in = false\n[[events]]\nname = \"it's\"\ninput = \"i\"\nwhen = { \"a.b\" = 2 }\nunless = { c = true }\n",
        )
        .unwrap();
        let light = LightEvents::of(&table);
        assert_eq!(
            light.condition,
            "(event = {v0} AND (JSONExtractRaw(properties, {v2}) IN {v1} OR JSONExtractRaw(properties, {v3}, {v4}) IN {v1}) \
             AND NOT ((JSONExtractRaw(properties, {v6}) IN {v5})))"
        );
        assert_eq!(light.values["v0"], "it's");
        assert_eq!(light.values["v5"], json!(["true", "\"true\""]));
    }

    #[test]
    fn content_is_put_back_into_the_properties_and_a_row_is_read_as_posthog_gives_it() {
        let row = |properties: &str| {
            LightEvent::of(vec![
                json!("u"),
                json!("e"),
                json!("d"),
                json!("2026-01-01T00:00:00Z"),
                json!("2026-01-01T00:00:01.000001Z"),
                json!(properties),
            ])
            .unwrap()
        };
        let content: Box<RawValue> = RawValue::from_string("[1]".into()).unwrap();
        for (properties, joined) in [
            ("{}", r#"{"$ai_input":[1]}"#),
            (" { }", r#"{"$ai_input":[1]}"#),
            (r#"{"a":"\ud800"}"#, r#"{"$ai_input":[1],"a":"\ud800"}"#),
        ] {
            assert_eq!(with_content(&row(properties).properties, &[("$ai_input", &content)]).unwrap().get(), joined);
            assert_eq!(with_content(&row("{}").properties, &[]).unwrap().get(), "{}");
        }
        let body = row(r#"{"a":1}"#).to_body(&[], None).unwrap();
        assert_eq!(
            body,
            r#"{"event":{"uuid":"u","event":"e","elements_chain":"","distinct_id":"d","properties":{"a":1},"timestamp":"2026-01-01T00:00:00Z"},"person":null}"#
        );
        assert!(LightEvent::of(vec![json!("u")]).is_err());
    }
}
