//! Decides what follows an attempt (`nodejs/src/cdp/utils/cdp-fetch.ts`, `hog-executor-async.service.ts`, `config.ts`).

use std::time::Duration;

use hyper::{HeaderMap, StatusCode, header::RETRY_AFTER};
use jiff::{Timestamp, fmt::rfc2822};

/// `CDP_FETCH_RETRIES`: the most attempts, the first one included.
pub const ATTEMPTS_MAX: u32 = 3;
/// The most attempts while the answer is 429, if [`OnTooMany::Patient`]: `RATE_LIMIT_MIN_RETRIES` of the newest revisions, plus the first attempt.
pub const RATE_LIMITED_ATTEMPTS_MAX: u32 = 7;
/// `CDP_FETCH_BACKOFF_BASE_MS`: the step by which waits grow.
const BACKOFF_BASE_MS: u64 = 1_000;
/// `CDP_FETCH_BACKOFF_MAX_MS`: the longest wait.
const BACKOFF_MAX_MS: u64 = 30_000;
/// The longest wait after a 429 without `Retry-After`.
const RATE_LIMITED_BACKOFF_MAX_MS: u64 = 60_000;
/// `MAX_FETCH_RETRY_AFTER_MS`: the longest `Retry-After` that is followed.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(5 * 60);
/// The random part of a wait is smaller than this, in milliseconds.
pub const JITTER_MS: u64 = 1_000;

/// What a 429 means. PostHog's revisions of September 2026 differ (PostHog#92214).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnTooMany {
    /// The same as a 503: three attempts, with waits that grow by a second. `Retry-After` is not read.
    #[default]
    Strict,
    /// Seven attempts, with waits that double or are as long as `Retry-After` asks.
    Patient,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// With an answer.
    Answered {
        /// The answer's status.
        status: StatusCode,
        /// The wait that its `Retry-After` asks for.
        retry_after: Option<Duration>,
    },
    /// Without an answer: there was no connection, it broke, or it took too long.
    Unanswered,
}

/// What follows an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Nothing, because the event was delivered: the status was below 300. (For some revisions of PostHog a 3xx counts
    /// too.)
    Delivered,
    /// Nothing, because the delivery has failed for good.
    GiveUp,
    /// Another attempt after a wait.
    RetryAfter(Duration),
}

/// Decides after attempt number `attempt` (the first is 1). `jitter_ms` is random, 0 to 999.
pub fn next(attempt: u32, ended: &Ended, on_too_many: OnTooMany, jitter_ms: u64) -> Next {
    let (attempts_max, wait) = match ended {
        Ended::Answered { status, .. } if status.as_u16() < 300 => return Next::Delivered,
        Ended::Answered { status: StatusCode::TOO_MANY_REQUESTS, retry_after } if on_too_many == OnTooMany::Patient => {
            let doubled = BACKOFF_BASE_MS << (attempt - 1).min(16);
            let backoff = Duration::from_millis((doubled + jitter_ms).min(RATE_LIMITED_BACKOFF_MAX_MS));
            (RATE_LIMITED_ATTEMPTS_MAX, retry_after.map_or(backoff, |wait| wait.min(RETRY_AFTER_MAX)))
        }
        Ended::Answered { status, .. } if !is_retried(*status) => return Next::GiveUp,
        Ended::Answered { .. } | Ended::Unanswered => {
            let wait_ms = (BACKOFF_BASE_MS * u64::from(attempt) + jitter_ms).min(BACKOFF_MAX_MS);
            (ATTEMPTS_MAX, Duration::from_millis(wait_ms))
        }
    };
    if attempt < attempts_max { Next::RetryAfter(wait) } else { Next::GiveUp }
}

/// `RETRIABLE_STATUS_CODES`
fn is_retried(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 429 | 500 | 502 | 503 | 504)
}

/// Reads `Retry-After`, in seconds or as a date.
pub fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(Duration::try_from(date.duration_since(now)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    use OnTooMany::{Patient, Strict};

    fn answered(status: u16) -> Ended {
        Ended::Answered { status: StatusCode::from_u16(status).unwrap(), retry_after: None }
    }

    #[test]
    fn only_posthogs_statuses_and_broken_connections_are_tried_again() {
        for status in 200..600 {
            let expected = match status {
                200..300 => Next::Delivered,
                408 | 429 | 500 | 502 | 503 | 504 => Next::RetryAfter(Duration::from_millis(1_999)),
                _ => Next::GiveUp,
            };
            assert_eq!(next(1, &answered(status), Strict, 999), expected, "{status}");
        }
        assert_eq!(next(2, &Ended::Unanswered, Strict, 0), Next::RetryAfter(Duration::from_secs(2)));
        assert_eq!(next(3, &Ended::Unanswered, Strict, 0), Next::GiveUp);
        assert_eq!(next(3, &answered(503), Patient, 0), Next::GiveUp);
        // A 429 is no exception unless the setting says so, whatever it asks for.
        let asked =
            Ended::Answered { status: StatusCode::TOO_MANY_REQUESTS, retry_after: Some(Duration::from_secs(60)) };
        assert_eq!(next(2, &asked, Strict, 0), Next::RetryAfter(Duration::from_secs(2)));
        assert_eq!(next(3, &asked, Strict, 0), Next::GiveUp);
    }

    #[test]
    fn too_many_requests_is_met_with_more_patience() {
        let asked = |seconds| Ended::Answered {
            status: StatusCode::TOO_MANY_REQUESTS,
            retry_after: Some(Duration::from_secs(seconds)),
        };
        assert_eq!(next(1, &asked(7), Patient, 999), Next::RetryAfter(Duration::from_secs(7)));
        assert_eq!(next(1, &asked(3600), Patient, 0), Next::RetryAfter(Duration::from_secs(300)));
        assert_eq!(next(6, &answered(429), Patient, 0), Next::RetryAfter(Duration::from_secs(32)));
        assert_eq!(next(6, &answered(429), Patient, 999), Next::RetryAfter(Duration::from_millis(32_999)));
        assert_eq!(next(7, &answered(429), Patient, 0), Next::GiveUp);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = "2026-03-02T12:00:00Z".parse().unwrap();
        let read = |text: &str| retry_after(&[(RETRY_AFTER, text.parse().unwrap())].into_iter().collect(), now);
        assert_eq!(read("120"), Some(Duration::from_secs(120)));
        assert_eq!(read("Mon, 02 Mar 2026 12:00:30 GMT"), Some(Duration::from_secs(30)));
        assert_eq!(read("Mon, 02 Mar 2026 11:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!(read("soon"), None);
    }
}
