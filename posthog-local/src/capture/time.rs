//! Decides when an event happened (`rust/common/types/src/timestamp.rs`).

use jiff::{SignedDuration, Timestamp, civil, fmt::rfc2822, tz::TimeZone};

/// An event that is further in the future than this counts as sent by a wrong clock.
const AHEAD_MAX: SignedDuration = SignedDuration::from_hours(23);

/// What an event and its request say about time.
#[derive(Debug, Default, Clone, Copy)]
pub struct Claim<'a> {
    /// The event's `timestamp`, in any form.
    pub timestamp: Option<&'a str>,
    /// The event's `offset`: how many milliseconds ago it happened.
    pub offset_ms: Option<i64>,
    /// When the request was sent, by the sender's clock. `None` if no clock is to be corrected.
    pub sent_at: Option<Timestamp>,
}

/// When the event happened, if it is received at `now`.
pub fn happened_at(claim: Claim<'_>, now: Timestamp) -> Timestamp {
    let claimed = match (claim.offset_ms, claim.timestamp.and_then(parse)) {
        (Some(offset), _) => now.checked_sub(SignedDuration::from_millis(offset)),
        (None, None) => return now,
        (None, Some(timestamp)) => match claim.sent_at {
            Some(sent_at) => timestamp.checked_sub(sent_at.duration_since(now)),
            None => Ok(timestamp),
        },
    };
    match claimed {
        Ok(time) if time.duration_since(now) > AHEAD_MAX => now,
        Ok(time) if time.to_zoned_datetime(TimeZone::UTC).year() >= 0 => time,
        // The time is outside of the years 0 to 9999.
        _ => Timestamp::UNIX_EPOCH,
    }
}

/// Reads RFC 3339, a time without a zone (as UTC), a date, or the form of e-mails (RFC 2822).
fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let utc = |time: civil::DateTime| time.to_zoned_datetime(TimeZone::UTC).ok().map(|time| time.timestamp());
    text.parse()
        .ok()
        .or_else(|| text.parse().ok().and_then(utc))
        .or_else(|| text.parse::<civil::Date>().ok().and_then(|date| utc(date.at(0, 0, 0, 0))))
        .or_else(|| rfc2822::DateTimeParser::new().parse_timestamp(text).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn time_follows_posthogs_rules() {
        let now = "2026-03-02T12:00:00Z";
        let claim = Claim::default();
        let with = |timestamp| Claim { timestamp: Some(timestamp), ..claim };
        for (case, claim, expected) in [
            // The worked example of PostHog's source: the sender's clock is 10 s ahead.
            (
                "skew",
                Claim { sent_at: Some(at("2026-03-02T12:00:10Z")), ..with("2026-03-02T11:00:00Z") },
                "2026-03-02T10:59:50Z",
            ),
            ("offset wins", Claim { offset_ms: Some(1500), ..with("2020-01-01T00:00:00Z") }, "2026-03-02T11:59:58.5Z"),
            ("as given", with("2026-03-02T11:00:00.123456Z"), "2026-03-02T11:00:00.123456Z"),
            ("zone", with("2026-03-02T12:00:00+01"), "2026-03-02T11:00:00Z"),
            ("civil is UTC", with("2026-03-02 11:00:00"), "2026-03-02T11:00:00Z"),
            ("date", with("2026-03-02"), "2026-03-02T00:00:00Z"),
            ("e-mail style", with("Mon, 02 Mar 2026 11:00:00 GMT"), "2026-03-02T11:00:00Z"),
            ("unreadable", with("yesterday"), now),
            ("absent", claim, now),
            ("22:59 ahead", with("2026-03-03T10:59:00Z"), "2026-03-03T10:59:00Z"),
            ("23 h ahead", with("2026-03-03T11:00:00Z"), "2026-03-03T11:00:00Z"),
            ("more than 23 h ahead", with("2026-03-03T11:00:00.001Z"), now),
            ("before year 0", with("-000001-03-03T11:00:00Z"), "1970-01-01T00:00:00Z"),
            ("out of range", Claim { offset_ms: Some(i64::MAX), ..claim }, "1970-01-01T00:00:00Z"),
        ] {
            assert_eq!(happened_at(claim, at(now)), at(expected), "{case}");
        }
    }
}
