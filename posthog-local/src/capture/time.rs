//! Decides when an event happened (`rust/common/types/src/timestamp.rs`).

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde_json::json;

use super::date;
use crate::warning::Warning;

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

/// When the event happened, if it is received at `now`, and what PostHog did to the time.
pub fn happened_at(claim: Claim<'_>, now: Timestamp) -> (Timestamp, Vec<Warning>) {
    let mut warnings = Vec::new();
    let parsed = claim.timestamp.and_then(|text| date::parse(text, now));
    if let (Some(text), None) = (claim.timestamp, parsed) {
        warnings.push(warning(text, "it cannot be read"));
    }
    let claimed = match (claim.offset_ms, parsed) {
        (Some(offset), _) => now.checked_sub(SignedDuration::from_millis(offset)),
        (None, None) => return (now, warnings),
        (None, Some(timestamp)) => match claim.sent_at {
            Some(sent_at) => timestamp.checked_sub(sent_at.duration_since(now)),
            None => Ok(timestamp),
        },
    };
    let text = claim.timestamp.unwrap_or("offset");
    let time = match claimed {
        Ok(time) if time.duration_since(now) > AHEAD_MAX => {
            warnings.push(warning(text, "it is more than 23 hours ahead"));
            now
        }
        Ok(time) if time.to_zoned_datetime(TimeZone::UTC).year() >= 0 => time,
        // The time is outside of the years 0 to 9999.
        _ => {
            warnings.push(warning(text, "its year is not within 0 and 9999"));
            Timestamp::UNIX_EPOCH
        }
    };
    (time, warnings)
}

/// PostHog replaces such a time without a word. Its workers would call it so (`ignored_invalid_timestamp`).
fn warning(text: &str, reason: &str) -> Warning {
    Warning::new(
        "ignored_invalid_timestamp",
        format!("the timestamp {text:?} is replaced, because {reason}"),
        json!({ "field": "timestamp", "value": text, "reason": reason }),
    )
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
            ("date", with("2026-03-01"), "2026-03-01T12:00:00Z"),
            ("e-mail style", with("Mon, 02 Mar 2026 11:00:00 GMT"), "2026-03-02T11:00:00Z"),
            ("unreadable", with("yesterday"), now),
            ("absent", claim, now),
            ("22:59 ahead", with("2026-03-03T10:59:00Z"), "2026-03-03T10:59:00Z"),
            ("23 h ahead", with("2026-03-03T11:00:00Z"), "2026-03-03T11:00:00Z"),
            ("more than 23 h ahead", with("2026-03-03T11:00:00.001Z"), now),
            ("before year 0", with("-000001-03-03T11:00:00Z"), "1970-01-01T00:00:00Z"),
            ("out of range", Claim { offset_ms: Some(i64::MAX), ..claim }, "1970-01-01T00:00:00Z"),
        ] {
            let (time, warnings) = happened_at(claim, at(now));
            assert_eq!(time, at(expected), "{case}");
            let is_replaced = ["unreadable", "more than 23 h ahead", "before year 0", "out of range"].contains(&case);
            assert_eq!(!warnings.is_empty(), is_replaced, "{case}: {warnings:?}");
        }
    }
}
