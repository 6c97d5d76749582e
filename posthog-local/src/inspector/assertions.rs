//! What a test asks: which events arrived, and what became of them. `GET /_local/events` tells it at once, `GET
//! /_local/wait` as soon as it is so. `LOCAL_API.md` documents both for those who write tests.

use std::{
    collections::HashSet,
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use actix_web::{HttpRequest, HttpResponse, web::Data};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;
use uuid::Uuid;

use crate::{
    pipeline::Pipeline,
    store::{Change, Entry, State, Store},
};

/// The most events of `view=summary`, which is what the inspector's list shows. The store may keep more for queries.
const SUMMARIES_MAX: usize = 1_000;
/// How long `/_local/wait` waits unless the query says otherwise.
const TIMEOUT_DEFAULT: Duration = Duration::from_secs(5);
/// The longest that it waits.
const TIMEOUT_MAX: Duration = Duration::from_secs(60);
/// The most events that it tells.
const TOLD_MAX: usize = 20;
/// The most calls that wait at the same time.
const WAITS_MAX: usize = 256;
/// Changes that come sooner after each other are looked at together.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

const FILTERS: [&str; 5] = ["event", "distinct_id", "uuid", "since", "state"];

/// Which events are asked for. What is missing is any.
#[derive(Debug, Default)]
struct Wanted {
    event: Option<String>,
    distinct_id: Option<String>,
    uuid: Option<Uuid>,
    /// When it arrived, at the earliest.
    since: Option<Timestamp>,
    state: Option<State>,
}

impl Wanted {
    /// Takes a parameter. Returns `false` for one that is not its own.
    fn take(&mut self, key: &str, value: &str) -> Result<bool, String> {
        match key {
            "event" => self.event = Some(value.to_owned()),
            "distinct_id" => self.distinct_id = Some(value.to_owned()),
            "uuid" => self.uuid = Some(value.parse().map_err(|_| format!("uuid: {value:?} is no UUID"))?),
            "since" => self.since = Some(time(value)?),
            "state" => self.state = Some(state(value)?),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Whether the event is one of these, whatever became of it.
    fn names(&self, entry: &Entry) -> bool {
        self.event.as_ref().is_none_or(|name| *name == entry.event)
            && self.distinct_id.as_ref().is_none_or(|id| *id == entry.distinct_id)
            && self.uuid.is_none_or(|uuid| uuid == entry.uuid)
            && self.since.is_none_or(|since| since <= entry.captured_at)
    }

    fn matches(&self, entry: &Entry) -> bool {
        self.names(entry) && self.state.is_none_or(|state| entry.is(state))
    }
}

fn state(text: &str) -> Result<State, String> {
    let known = State::ALL.map(State::name).join(", ");
    let found = State::ALL.into_iter().find(|state| state.name() == text);
    found.ok_or_else(|| format!("state: there is no state {text:?}; there are {known}"))
}

fn time(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| {
        let plus = if text.contains(' ') { "; in a URL, + is written %2B" } else { "" };
        format!("since: {text:?} is no time with an offset, such as 2026-03-02T10:15:30.123Z{plus}")
    })
}

/// A duration: a whole number and its unit.
fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let number: u64 =
        number.parse().map_err(|_| format!("timeout: {text:?} is no duration, such as 500ms, 5s or 1m"))?;
    let millis = match unit {
        "ms" => Some(1),
        "s" => Some(1_000),
        "m" => Some(60_000),
        _ => None,
    };
    let millis = millis.ok_or_else(|| format!("timeout: {unit:?} is no unit; there are ms, s and m"))?;
    let duration = Duration::from_millis(number.saturating_mul(millis));
    match duration <= TIMEOUT_MAX {
        true => Ok(duration),
        false => Err(format!("timeout: is at most {} s", TIMEOUT_MAX.as_secs())),
    }
}

/// Reads a query. `own` takes the parameters that are no filters, and returns `false` for those that it does not know.
fn read(query: &str, more: &[&str], mut own: impl FnMut(&str, &str) -> Result<bool, String>) -> Result<Wanted, String> {
    let mut wanted = Wanted::default();
    let mut seen = HashSet::new();
    for (key, value) in form_urlencoded::parse(query.as_bytes()) {
        let taken = match seen.insert(key.clone()) {
            true => wanted.take(&key, &value).and_then(|taken| Ok(taken || own(&key, &value)?)),
            false => Err(format!("{key}: is given twice")),
        };
        if !taken? {
            let known = [&FILTERS[..], more].concat().join(", ");
            return Err(format!("there is no parameter {key:?}; there are {known}"));
        }
    }
    Ok(wanted)
}

fn refused(problem: String) -> HttpResponse {
    HttpResponse::BadRequest().json(json!({ "error": problem }))
}

/// `GET /_local/events?event=…&distinct_id=…&uuid=…&since=…&state=…`: the stored events that match, newest first, each
/// with its `states`. With `view=summary` only what the inspector's list shows.
pub async fn events(request: HttpRequest, pipeline: Data<Pipeline>) -> HttpResponse {
    let mut is_summary = false;
    let wanted = read(request.query_string(), &["view"], |key, value| match (key, value) {
        ("view", "summary") => {
            is_summary = true;
            Ok(true)
        }
        ("view", _) => Err(format!("view: there is no view {value:?}; there is summary")),
        _ => Ok(false),
    });
    let wanted = match wanted {
        Ok(wanted) => wanted,
        Err(problem) => return refused(problem),
    };
    let events = match is_summary {
        true => {
            pipeline.store.newest_matching(SUMMARIES_MAX, |entry| wanted.matches(entry), |entry| json!(entry.summary()))
        }
        false => pipeline.store.newest_matching(usize::MAX, |entry| wanted.matches(entry), |entry| json!(entry.told())),
    };
    HttpResponse::Ok().json(json!({ "events": events }))
}

/// Counts a call while it waits.
struct Waiting;

static WAITS: AtomicUsize = AtomicUsize::new(0);

impl Drop for Waiting {
    fn drop(&mut self) {
        WAITS.fetch_sub(1, Ordering::Relaxed);
    }
}

/// `GET /_local/wait?event=…&state=delivered&timeout=5s`: waits until an event matches, and tells those that do. If none
/// does within the timeout, `found` is false, and `events` are those that match but for their state, to show what became
/// of them. This is 200 too: a 408 says that the request came too slowly, and browsers repeat it.
pub async fn wait(request: HttpRequest, pipeline: Data<Pipeline>) -> HttpResponse {
    let mut timeout = TIMEOUT_DEFAULT;
    let wanted = read(request.query_string(), &["timeout"], |key, value| match key {
        "timeout" => {
            timeout = duration(value)?;
            Ok(true)
        }
        _ => Ok(false),
    });
    let wanted = match wanted {
        Ok(wanted) => wanted,
        Err(problem) => return refused(problem),
    };
    let _waiting = Waiting;
    if WAITS.fetch_add(1, Ordering::Relaxed) >= WAITS_MAX {
        let problem = format!("more than {WAITS_MAX} calls are waiting");
        return HttpResponse::ServiceUnavailable().json(json!({ "error": problem }));
    }
    let started = Instant::now();
    let found = tokio::time::timeout(timeout, found(&pipeline.store, &wanted)).await.unwrap_or_default();
    let events = match &found[..] {
        [] => pipeline.store.newest_matching(TOLD_MAX, |entry| wanted.names(entry), |entry| json!(entry.told())),
        _ => found.clone(),
    };
    let waited_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    HttpResponse::Ok().json(json!({ "found": !found.is_empty(), "waited_ms": waited_ms, "events": events }))
}

/// The events that match, as soon as there is one; none when posthog-local shuts down.
async fn found(store: &Store, wanted: &Wanted) -> Vec<Value> {
    let mut changes = store.subscribe();
    loop {
        let found = store.newest_matching(TOLD_MAX, |entry| wanted.matches(entry), |entry| json!(entry.told()));
        if !found.is_empty() {
            return found;
        }
        match changes.recv().await {
            Ok(Change::Stop) | Err(RecvError::Closed) => return Vec::new(),
            Ok(_) | Err(RecvError::Lagged(_)) => tokio::time::sleep(LOOK_AGAIN).await,
        }
        // What came meanwhile is looked at now; a shutdown must not be missed.
        while let Ok(change) = changes.try_recv() {
            if matches!(change, Change::Stop) {
                return Vec::new();
            }
        }
    }
}
