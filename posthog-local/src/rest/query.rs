//! `query`: the one query that posthog-local answers, for the events of a period (`posthog/api/query.py`). A receiver
//! asks it after an outage.
//!
//! There is no HogQL engine. The query must be [`EVENTS`], word for word, except for white space and the limit. The
//! values of its `{placeholders}` are in `values`, as in PostHog.

use actix_web::http::{Method, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    call::{Answer, Call},
    error::ApiError,
};
use crate::{event::iso_millis, pipeline::Pipeline, store::Entry};

/// The query, without the number of its limit.
const EVENTS: &str = "SELECT uuid, distinct_id, timestamp, properties FROM events \
    WHERE event = {event} AND timestamp >= toDateTime({since}) AND timestamp < toDateTime({until}) \
    ORDER BY timestamp LIMIT";
/// The most rows of an answer (`MAX_SELECT_RETURNED_ROWS` in `posthog/hogql/constants.py`).
const ROWS_MAX: usize = 50_000;

pub(super) fn events(pipeline: &Pipeline, call: &Call) -> Answer {
    if call.method != Method::POST {
        return Err(call.not_allowed());
    }
    let query = call.body.get("query").ok_or_else(|| ApiError::required("query"))?;
    let limit = limit(query).ok_or_else(|| {
        ApiError::invalid("query", format!("posthog-local only answers this HogQLQuery: {EVENTS} <number>"))
    })?;
    let value = |name: &str| {
        let value = query["values"][name].as_str();
        value.ok_or_else(|| ApiError::invalid("query", format!("Placeholders not found in values: {name}")))
    };
    let time = |name: &str| {
        let time = value(name)?.parse::<Timestamp>();
        time.map_err(|_| ApiError::invalid("query", format!("{name} is not a time with an offset")))
    };
    let (event, since, until) = (value("event")?, time("since")?, time("until")?);

    let is_wanted = |entry: &Entry| entry.event == event && since <= entry.timestamp && entry.timestamp < until;
    let mut rows: Vec<_> = pipeline
        .store
        .events(|entry| is_wanted(entry).then(|| (entry.timestamp, entry.uuid, row(entry))))
        .into_iter()
        .flatten()
        .collect();
    rows.sort_by_key(|(timestamp, uuid, _)| (*timestamp, *uuid));
    // PostHog stores one event for each uuid.
    rows.dedup_by_key(|(_, uuid, _)| *uuid);
    let has_more = rows.len() > limit;
    let results: Vec<_> = rows.into_iter().take(limit).map(|(_, _, row)| row).collect();
    Ok((
        StatusCode::OK,
        json!({
            "columns": ["uuid", "distinct_id", "timestamp", "properties"], "results": results, "hasMore": has_more,
            "limit": limit, "offset": 0, "is_cached": false, "error": null,
        }),
    ))
}

/// The limit of the query, if it is the one that is answered.
fn limit(query: &Value) -> Option<usize> {
    let text = query["query"].as_str().filter(|_| query["kind"] == "HogQLQuery")?;
    let words: Vec<_> = text.split_whitespace().collect();
    let (limit, words) = words.split_last()?;
    let is_known = words.iter().copied().eq(EVENTS.split_whitespace());
    is_known.then(|| limit.parse().ok()).flatten().map(|limit: usize| limit.min(ROWS_MAX))
}

/// A row of the answer. `properties` is text, as in PostHog's table.
fn row(entry: &Entry) -> Value {
    let properties = serde_json::to_string(&entry.properties).unwrap_or_default();
    json!([entry.uuid, entry.distinct_id, iso_millis(entry.timestamp), properties])
}
