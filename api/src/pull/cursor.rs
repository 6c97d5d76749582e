//! Where in the events of a time a pull is.
//!
//! A page begins where the last one ended, by time and not by an offset, which would be counted anew for each page and would skip
//! events when others come in. Several events may have one time, so a page begins with that of the last event, without the events
//! that were given already. The time is `created_at`, PostHog's own: an event's `timestamp` is the clock of whoever sent it.

use anyhow::bail;
use jiff::{RoundMode, Timestamp, TimestampRound, Unit};
use journal::time::format_time;

/// How many events are asked for at once. PostHog takes as few as 120 queries an hour.
pub(super) const PAGE_ROWS: usize = 1_000;
/// The most events of one millisecond. More would make the query too long, which names them.
const SAME_TIME_MAX: usize = 5_000;

/// Where the next page begins, and how long it is.
#[derive(Debug)]
pub(super) struct Cursor {
    /// In milliseconds, which is how PostHog is asked.
    pub(super) from: Timestamp,
    /// The uuids of the events at `from` that were given.
    pub(super) given: Vec<String>,
    /// How many events the next page may have.
    pub(super) rows: usize,
}

impl Cursor {
    pub(super) fn new(from: Timestamp) -> Self {
        Self { from: floor(from), given: Vec::new(), rows: PAGE_ROWS }
    }

    /// Takes the times and uuids of a page; says whether it was the last one.
    ///
    /// # Errors
    /// When more events have one time than can be told apart.
    pub(super) fn advance(&mut self, page: &[(Timestamp, &str)]) -> anyhow::Result<bool> {
        let is_last = page.len() < self.rows;
        let last = page.iter().map(|(time, _)| floor(*time)).max().unwrap_or(self.from);
        if last > self.from {
            self.from = last;
            self.given.clear();
        }
        self.given
            .extend(page.iter().filter(|(time, _)| floor(*time) >= self.from).map(|(_, uuid)| (*uuid).to_owned()));
        if self.given.len() > SAME_TIME_MAX {
            bail!("more than {SAME_TIME_MAX} events were created at {}", format_time(self.from));
        }
        self.rows = (self.rows * 2).min(PAGE_ROWS);
        Ok(is_last)
    }

    /// The page was too long to be read; false when it had one event only.
    pub(super) fn shorten(&mut self) -> bool {
        let can_be_shorter = self.rows > 1;
        self.rows = (self.rows / 2).max(1);
        can_be_shorter
    }
}

fn floor(time: Timestamp) -> Timestamp {
    time.round(TimestampRound::new().smallest(Unit::Millisecond).mode(RoundMode::Floor)).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Walks over events at these microseconds, as PostHog would answer, and gives how often each came.
    fn walk(microseconds: &[i64], rows: usize) -> anyhow::Result<Vec<usize>> {
        let events: Vec<_> = microseconds
            .iter()
            .enumerate()
            .map(|(number, at)| (Timestamp::from_microsecond(*at).unwrap(), number.to_string()))
            .collect();
        let mut cursor = Cursor { rows, ..Cursor::new(Timestamp::UNIX_EPOCH) };
        let mut came = vec![0; events.len()];
        for _ in 0..1_000 {
            cursor.rows = rows;
            let page: Vec<_> = events
                .iter()
                .filter(|(time, uuid)| *time >= cursor.from && !cursor.given.contains(uuid))
                .take(rows)
                .map(|(time, uuid)| (*time, uuid.as_str()))
                .collect();
            let is_last = cursor.advance(&page)?;
            for (_, uuid) in page {
                came[uuid.parse::<usize>()?] += 1;
            }
            if is_last {
                return Ok(came);
            }
        }
        bail!("there is a last page")
    }

    #[test]
    fn every_event_comes_once_whatever_the_borders_of_the_pages() {
        for rows in 1..=8 {
            for microseconds in [
                &[][..],
                &[1_000, 2_000, 3_000, 4_000, 5_000],
                &[1, 2, 999, 1_000, 1_001, 1_999],
                &[1_000, 1_000, 2_000, 2_000, 2_000, 3_000],
                &[0, 0, 0, 0, 9],
                &[5; 20],
            ] {
                let came = walk(microseconds, rows).unwrap();
                assert!(came.iter().all(|times| *times == 1), "{rows} rows, {microseconds:?}: {came:?}");
            }
        }
    }

    #[test]
    fn more_events_of_one_moment_than_can_be_told_apart_are_an_error_and_not_a_loop() {
        assert!(walk(&[1; SAME_TIME_MAX + 2], 1_000).is_err());
    }

    #[test]
    fn a_page_that_is_too_long_is_asked_for_in_parts_down_to_one_event_and_grows_again() {
        let mut cursor = Cursor::new(Timestamp::UNIX_EPOCH);
        cursor.rows = 3;
        assert!(cursor.shorten() && cursor.rows == 1);
        assert!(!cursor.shorten() && cursor.rows == 1);
        cursor.advance(&[(Timestamp::UNIX_EPOCH, "a")]).unwrap();
        assert_eq!(cursor.rows, 2);
    }
}
