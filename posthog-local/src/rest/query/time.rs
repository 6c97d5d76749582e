//! Times in a query, in microseconds since 1970.

use jiff::{Timestamp, civil, fmt::strtime, tz::TimeZone};

/// A time in an answer: UTC, in milliseconds where that loses nothing, else in microseconds.
pub(super) fn format(micros: i64) -> String {
    let time = Timestamp::from_microsecond(micros).unwrap_or_default();
    if micros % 1_000 == 0 { format!("{time:.3}") } else { format!("{time:.6}") }
}

/// A time as `toString` gives it.
pub(super) fn plain(micros: i64) -> String {
    let time = Timestamp::from_microsecond(micros).unwrap_or_default();
    strtime::format("%Y-%m-%d %H:%M:%S%.6f", time).unwrap_or_default()
}

/// What `toDateTime` reads (`parseDateTime64BestEffortOrNull`): a time with an offset or without one (UTC), or a date.
pub(super) fn best_effort(text: &str) -> Option<i64> {
    let text = text.trim();
    text.parse::<Timestamp>().ok().map(Timestamp::as_microsecond).or_else(|| civil(text))
}

/// What ClickHouse reads where a text meets a time, and in `toDateTime64`: a time without an offset (UTC), or a date.
pub(super) fn civil(text: &str) -> Option<i64> {
    // A third dash would be an offset.
    let is_plain =
        text.bytes().all(|byte| byte.is_ascii_digit() || b"-: .T".contains(&byte)) && text.matches('-').count() == 2;
    let time = text.parse::<civil::DateTime>().ok().filter(|_| is_plain)?;
    Some(time.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp().as_microsecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_posthog_reads_them() {
        let noon = Some(1_767_355_200_000_000);
        for text in ["2026-01-02T12:00:00Z", "2026-01-02T13:00:00+01:00", "2026-01-02 12:00:00", "2026-01-02T12:00:00"]
        {
            assert_eq!(best_effort(text), noon, "{text}");
        }
        assert_eq!(best_effort("2026-01-02 12:00:00.000001"), noon.map(|noon| noon + 1));
        assert_eq!(best_effort("2026-01-02"), noon.map(|noon| noon - 43_200_000_000));
        assert_eq!((best_effort("soon"), civil("soon"), civil("")), (None, None, None));
        // Only toDateTime reads an offset.
        assert_eq!((civil("2026-01-02 12:00:00"), civil("2026-01-02T12:00:00Z")), (noon, None));
        assert_eq!((civil("2026-01-02T13:00:00+01:00"), civil("2026-01-02T13:00:00-01:00")), (None, None));
    }

    #[test]
    fn times_are_told_in_full() {
        assert_eq!(format(1_767_355_200_000_000), "2026-01-02T12:00:00.000Z");
        assert_eq!(format(1_767_355_200_000_001), "2026-01-02T12:00:00.000001Z");
        assert_eq!(plain(1_767_355_200_123_456), "2026-01-02 12:00:00.123456");
    }
}
