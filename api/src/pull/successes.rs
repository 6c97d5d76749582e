//! The generations that went well and belong to a failure or a verdict: of the same trace, session or person, within an hour
//! (`PULL_SUCCESSES`). SDKs often give each call a trace of its own, so the person matters.
//!
//! The success may come before the failure or after it. So each page of failures is followed by a question for successes around them,
//! and those of the last hours are asked for again, until no success of that hour can show up any more.

use jiff::{SignedDuration, Timestamp};
use journal::time::format_time;
use serde_json::{Map, Value};

use super::light::{ROWS_MAX, Values, uuid_and_time};
use crate::{
    events_table::{EventsTable, Ties},
    posthog::{AskError, Project},
};

/// How far a success may be from the failure or the verdict, by the clocks of whoever sent them.
const WITHIN: SignedDuration = SignedDuration::from_hours(1);
/// How long after PostHog took a failure its successes are asked for: the hour, and an hour for tables that fill late.
const ASKED_FOR: SignedDuration = SignedDuration::from_hours(2);
/// The most failures and verdicts that one question is about: a query has at most 1 MiB.
const ANCHORS_MAX: usize = 1_000;

/// A failure or a verdict.
#[derive(Debug, Clone)]
pub(super) struct Anchor {
    pub(super) ties: Ties,
    /// When it happened.
    pub(super) time: Timestamp,
    /// When PostHog took it.
    pub(super) created_at: Timestamp,
}

/// The failures and verdicts around which successes are asked for, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Anchors(Vec<Anchor>);

impl Anchors {
    pub(super) fn add(&mut self, anchor: Anchor) {
        self.0.push(anchor);
    }

    /// Whether a success belongs to one of them.
    pub(super) fn are_near(&self, ties: &Ties, time: Timestamp) -> bool {
        self.0.iter().any(|anchor| anchor.ties.share(ties) && anchor.time.duration_since(time).abs() <= WITHIN)
    }

    /// Forgets those whose successes have all shown up.
    pub(super) fn forget_old(&mut self, now: Timestamp) {
        self.0.retain(|anchor| now.duration_since(anchor.created_at) <= ASKED_FOR);
    }

    pub(super) fn append(&mut self, mut others: Self) {
        self.0.append(&mut others.0);
    }

    /// The uuids and times of the successes that may belong to them.
    ///
    /// # Errors
    /// When PostHog does not answer.
    pub(super) fn successes(
        &mut self,
        project: &Project,
        table: &EventsTable,
    ) -> Result<Vec<(String, Timestamp)>, AskError> {
        self.0.sort_by_key(|anchor| anchor.time);
        let mut found = Vec::new();
        let mut rest = self.0.as_slice();
        while let Some(first) = rest.first() {
            let is_near = |anchor: &Anchor| anchor.time.duration_since(first.time) <= WITHIN;
            let length = rest.iter().take(ANCHORS_MAX).take_while(|anchor| is_near(anchor)).count();
            let (asked, others) = rest.split_at(length.max(1));
            rest = others;
            let Some((query, values)) = query(table, asked) else { return Ok(found) };
            for row in project.query(&query, &Value::Object(values))? {
                found.push(uuid_and_time(row)?);
            }
        }
        found.sort();
        found.dedup();
        Ok(found)
    }
}

/// `None` for a table whose entries know no success.
fn query(table: &EventsTable, anchors: &[Anchor]) -> Option<(String, Map<String, Value>)> {
    let mut values = Values::default();
    let ids = |id: fn(&Ties) -> Option<&String>| -> Vec<&str> {
        let mut ids: Vec<_> = anchors.iter().filter_map(|anchor| id(&anchor.ties)).map(String::as_str).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    let persons = ids(|ties| Some(&ties.person));
    let (traces, sessions) = (ids(|ties| ties.trace.as_ref()), ids(|ties| ties.session.as_ref()));
    let mut entries = Vec::new();
    for entry in table.entries().iter().filter(|entry| entry.has_successes()) {
        let mut same = vec![format!("distinct_id IN {}", values.bind(persons.clone()))];
        for (names, ids) in [(&entry.trace, &traces), (&entry.session, &sessions)] {
            if let (Some(names), false) = (names, ids.is_empty()) {
                same.push(values.text_in(names, ids));
            }
        }
        let mut all = vec![format!("event = {}", values.bind(entry.name.as_str())), format!("({})", same.join(" OR "))];
        for conditions in [&entry.when, &entry.unless] {
            if !conditions.is_empty() {
                let conditions: Vec<_> = conditions.iter().map(|condition| values.condition(condition)).collect();
                all.push(format!("NOT ({})", conditions.join(" AND ")));
            }
        }
        entries.push(format!("({})", all.join(" AND ")));
    }
    if entries.is_empty() {
        return None;
    }
    let times = anchors.iter().map(|anchor| anchor.time);
    let (first, last) = (times.clone().min()?, times.max()?);
    let mut values = values.into_map();
    values.insert("from".into(), format_time(first.saturating_sub(WITHIN).ok()?).into());
    // PostHog is asked in milliseconds, and may know microseconds.
    values.insert("to".into(), format_time(last.saturating_add(WITHIN + SignedDuration::from_secs(1)).ok()?).into());
    let query = format!(
        "SELECT uuid, timestamp FROM events WHERE ({}) AND timestamp >= toDateTime({{from}}) AND \
         timestamp <= toDateTime({{to}}) ORDER BY timestamp LIMIT {ROWS_MAX}",
        entries.join(" OR ")
    );
    Some((query, values))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ties(person: &str, trace: Option<&str>, session: Option<&str>) -> Ties {
        Ties { person: person.into(), trace: trace.map(str::to_owned), session: session.map(str::to_owned) }
    }

    #[test]
    fn a_success_belongs_to_a_failure_of_its_person_trace_or_session_within_an_hour() {
        let time = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(10);
        let mut anchors = Anchors::default();
        anchors.add(Anchor { ties: ties("a", Some("t"), None), time, created_at: time });
        let minutes = |minutes| time + SignedDuration::from_mins(minutes);
        for (success, at, is_near) in [
            (ties("a", None, None), minutes(60), true),
            (ties("a", Some("other"), Some("s")), minutes(-60), true),
            (ties("b", Some("t"), None), minutes(0), true),
            (ties("a", Some("t"), None), minutes(61), false),
            (ties("a", Some("t"), None), minutes(-61), false),
            (ties("b", None, None), minutes(1), false),
            (ties("b", Some("u"), Some("s")), minutes(1), false),
        ] {
            assert_eq!(anchors.are_near(&success, at), is_near, "{success:?} {at}");
        }
        anchors.forget_old(minutes(120));
        assert!(anchors.are_near(&ties("a", None, None), time));
        anchors.forget_old(minutes(121));
        assert!(!anchors.are_near(&ties("a", None, None), time));
    }

    #[test]
    fn one_question_names_each_id_once_and_leaves_failures_out() {
        let anchor = |person: &str| Anchor {
            ties: ties(person, Some("t"), None),
            time: Timestamp::UNIX_EPOCH + SignedDuration::from_hours(2),
            created_at: Timestamp::UNIX_EPOCH,
        };
        let (query, values) = query(&EventsTable::built_in(), &[anchor("b"), anchor("a"), anchor("b")]).unwrap();
        assert_eq!(
            query,
            "SELECT uuid, timestamp FROM events WHERE ((event = {v3} AND (distinct_id IN {v0} OR \
             (JSONExtractString(properties, {v2}) IN {v1})) AND NOT ((JSONExtractRaw(properties, {v5}) IN {v4})))) AND \
             timestamp >= toDateTime({from}) AND timestamp <= toDateTime({to}) ORDER BY timestamp LIMIT 50000"
        );
        assert_eq!((&values["v0"], &values["v1"]), (&serde_json::json!(["a", "b"]), &serde_json::json!(["t"])));
        assert_eq!(values["from"], "1970-01-01T01:00:00.000Z");
    }
}
