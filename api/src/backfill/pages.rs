//! The events of a time from PostHog's query API, in pages.
//!
//! A page begins where the last one ended, by time and not by an offset, which would be counted anew for each page and would skip
//! events when others come in. Several events may have one time, so a page begins with that of the last event, and those that
//! were given already are known by their uuid.

use std::collections::HashSet;

use anyhow::{Context, bail};
use jiff::{RoundMode, Timestamp, TimestampRound, Unit};
use journal::time::format_time;
use serde_json::{Value, json, value::RawValue};
use shared::event::GENERATION_FAILED;

use crate::posthog::{AskError, Project};

/// The properties as a whole: `properties.input_prompt` would give text with its escapes left in, and no chat messages. No person:
/// the API reads nothing of them.
const EVENTS: &str = "SELECT uuid, distinct_id, timestamp, properties FROM events \
    WHERE event = {event} AND timestamp >= toDateTime({since}) AND timestamp < toDateTime({until}) \
    ORDER BY timestamp LIMIT";
/// How many events are asked for at once: PostHog takes as few as 120 queries an hour.
const PAGE_ROWS: usize = 1_000;
/// The most that PostHog gives (`MAX_SELECT_RETURNED_ROWS` in `posthog/hogql/constants.py`).
const PAGE_ROWS_MAX: usize = 50_000;

/// An event as PostHog has it.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) uuid: String,
    pub(super) distinct_id: String,
    /// As PostHog wrote it.
    pub(super) timestamp: String,
    /// A JSON object, not read.
    pub(super) properties: Box<RawValue>,
}

/// The events of a time.
pub(super) struct Pages {
    project: Project,
    until: Timestamp,
    cursor: Cursor,
}

/// Where the next page begins, and how long it is.
struct Cursor {
    from: Timestamp,
    /// The uuids of the events at `from` that were given.
    given: HashSet<String>,
    rows: usize,
    rows_max: usize,
}

impl Pages {
    /// The failed generations from `since` on and before `until`.
    pub(super) fn new(project: Project, since: Timestamp, until: Timestamp) -> Self {
        Self { project, until, cursor: Cursor::new(since) }
    }

    /// Gives each event, in order, until `give` says no.
    ///
    /// # Errors
    /// When PostHog does not answer, or not with events.
    pub(super) fn each(&mut self, mut give: impl FnMut(Event) -> bool) -> anyhow::Result<()> {
        loop {
            let (since, until) = (format_time(self.cursor.from), format_time(self.until));
            let values = json!({"event": GENERATION_FAILED, "since": since, "until": until});
            let rows = match self.project.query(&format!("{EVENTS} {}", self.cursor.rows), &values) {
                Ok(rows) => rows,
                Err(AskError::TooLong) => {
                    self.cursor.shorten()?;
                    continue;
                }
                Err(AskError::Other(error)) => return Err(error),
            };
            let events = rows.into_iter().map(event).collect::<anyhow::Result<Vec<_>>>()?;
            let times = events.iter().map(|(time, event)| (*time, event.uuid.as_str()));
            let (is_new, is_last) = self.cursor.advance(times)?;
            for ((_, event), is_new) in events.into_iter().zip(is_new) {
                if is_new && !give(event) {
                    return Ok(());
                }
            }
            if is_last {
                return Ok(());
            }
        }
    }
}

impl Cursor {
    fn new(from: Timestamp) -> Self {
        Self { from, given: HashSet::new(), rows: PAGE_ROWS, rows_max: PAGE_ROWS_MAX }
    }

    /// Takes a page's times and uuids; says which are new, and whether it was the last page.
    fn advance<'a>(
        &mut self,
        page: impl ExactSizeIterator<Item = (Timestamp, &'a str)> + Clone,
    ) -> anyhow::Result<(Vec<bool>, bool)> {
        let is_new = page.clone().map(|(_, uuid)| !self.given.contains(uuid)).collect();
        let is_last = page.len() < self.rows;
        // PostHog may know microseconds where it was asked with milliseconds.
        let last = page.clone().map(|(time, _)| floor(time)).max().unwrap_or(self.from);
        if last > self.from {
            self.from = last;
            self.given.clear();
        } else if !is_last {
            // A whole page of one millisecond: only a longer one gets past it.
            if self.rows * 2 > self.rows_max {
                bail!("more than {} events have the time {}", self.rows, format_time(self.from));
            }
            self.rows *= 2;
        }
        self.given.extend(page.filter(|(time, _)| floor(*time) >= self.from).map(|(_, uuid)| uuid.to_owned()));
        Ok((is_new, is_last))
    }

    /// A page was too long to be read.
    fn shorten(&mut self) -> anyhow::Result<()> {
        self.rows_max = self.rows - 1;
        self.rows /= 2;
        if self.rows == 0 {
            bail!("an event at {} is too long to be read", format_time(self.from));
        }
        Ok(())
    }
}

fn floor(time: Timestamp) -> Timestamp {
    time.round(TimestampRound::new().smallest(Unit::Millisecond).mode(RoundMode::Floor)).unwrap_or(time)
}

fn event(row: Vec<Value>) -> anyhow::Result<(Timestamp, Event)> {
    let [Value::String(uuid), Value::String(distinct_id), Value::String(timestamp), properties] =
        <[Value; 4]>::try_from(row).map_err(|_| wrong())?
    else {
        return Err(wrong());
    };
    // The column is text. An object is read, too.
    let properties = match properties {
        Value::String(text) => text,
        object => object.to_string(),
    };
    let properties =
        RawValue::from_string(properties).with_context(|| format!("{uuid}: its properties are no JSON"))?;
    let time = timestamp.parse().with_context(|| format!("{uuid}: its time cannot be read"))?;
    Ok((time, Event { uuid, distinct_id, timestamp, properties }))
}

fn wrong() -> anyhow::Error {
    anyhow::anyhow!("PostHog's answer has other columns than were asked for")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(millisecond: i64) -> Timestamp {
        Timestamp::from_millisecond(millisecond).unwrap()
    }

    /// Walks over events at these milliseconds, as PostHog would answer, and gives how often each came.
    fn walk(milliseconds: &[i64], rows: usize) -> anyhow::Result<(Vec<usize>, usize)> {
        let events: Vec<_> = milliseconds.iter().enumerate().map(|(n, at)| (time(*at), n.to_string())).collect();
        let mut cursor = Cursor { rows, rows_max: 8, ..Cursor::new(time(0)) };
        let mut came = vec![0; events.len()];
        for pages in 1.. {
            let page: Vec<_> = events
                .iter()
                .filter(|(time, _)| *time >= cursor.from)
                .take(cursor.rows)
                .map(|(t, u)| (*t, u.as_str()))
                .collect();
            let (is_new, is_last) = cursor.advance(page.iter().copied())?;
            for ((_, uuid), _) in page.iter().zip(is_new).filter(|(_, is_new)| *is_new) {
                came[uuid.parse::<usize>()?] += 1;
            }
            if is_last {
                return Ok((came, pages));
            }
        }
        unreachable!("there is a last page")
    }

    #[test]
    fn every_event_comes_once_whatever_the_borders_of_the_pages() {
        for rows in 1..=8 {
            for milliseconds in [&[][..], &[1, 2, 3, 4, 5], &[1, 1, 2, 2, 2, 3], &[0, 0, 0, 0, 9], &[5, 5, 5, 5]] {
                let (came, _) = walk(milliseconds, rows).unwrap();
                assert!(came.iter().all(|times| *times == 1), "{rows} rows, {milliseconds:?}: {came:?}");
            }
        }
    }

    #[test]
    fn more_events_of_one_moment_than_a_page_can_have_are_an_error_and_not_a_loop() {
        assert!(walk(&[1; 20], 2).is_err());
    }

    #[test]
    fn a_page_that_is_too_long_is_asked_for_in_parts_down_to_one_event() {
        let mut cursor = Cursor::new(time(0));
        while cursor.rows > 1 {
            cursor.shorten().unwrap();
        }
        assert!(cursor.shorten().is_err());
    }

    #[test]
    fn a_row_is_read_as_posthog_gives_it() {
        let row =
            |properties: Value| vec![json!("u"), json!("jane"), json!("2026-01-02T01:00:00.123456+01:00"), properties];
        let (time, event) = event(row(json!("{\"input_prompt\":\"\\ud800\"}"))).unwrap();
        assert_eq!(floor(time).to_string(), "2026-01-02T00:00:00.123Z");
        assert_eq!(event.properties.get(), "{\"input_prompt\":\"\\ud800\"}");
        assert_eq!(super::event(row(json!({"a": 1}))).unwrap().1.properties.get(), "{\"a\":1}");
        assert!(super::event(row(json!("{"))).is_err());
        assert!(super::event(vec![json!("u")]).is_err());
    }
}
