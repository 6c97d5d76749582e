//! Faults on purpose: failures between an app, PostHog and a receiver, so that they can be tested.
//!
//! They are set in the inspector or by `PUT /_local/faults`. The inspector shows them while they are on. A reset or a
//! restart turns them off.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// The longest delay, in milliseconds.
const DELAY_MS_MAX: u64 = 60_000;
/// The longest delay of a row in `posthog.ai_events`, in milliseconds: a day.
const HEAVY_DELAY_MS_MAX: u64 = 24 * 60 * 60 * 1_000;
/// The longest `Retry-After` of the query API, in seconds.
const RETRY_AFTER_S_MAX: u32 = 3_600;
/// The most repetitions of one delivery.
const REPETITIONS_MAX: u32 = 10;
/// The largest factor on waits.
const TIME_SCALE_MAX: f64 = 100.0;
/// Reordered deliveries are each delayed by a random time up to this.
pub const REORDERED_WITHIN: Duration = Duration::from_secs(1);

/// What fails on purpose. A missing field is off.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Faults {
    /// The capture API answers this much later, in milliseconds.
    pub answer_delay_ms: u64,
    /// The capture API accepts no event and answers this status: 429, 500 or 503.
    pub answer_status: Option<u16>,
    /// The capture API accepts no event and closes the connection without an answer.
    pub drop_connections: bool,
    /// Each delivery begins this much later, in milliseconds.
    pub delivery_delay_ms: u64,
    /// Each delivery is repeated this many times after its last attempt.
    pub duplicates: u32,
    /// The answers to this many first attempts are lost: the receiver has the event, but PostHog does not know.
    pub lost_answers: u32,
    /// Each delivery begins at a random time within a second, regardless of the ones before it.
    pub reordered: bool,
    /// The names of the destinations that deliver nothing.
    pub stopped: Vec<String>,
    /// Each row of `posthog.ai_events` appears this much later than the event in `events`, in milliseconds. It is applied
    /// when a query is asked, so that the rows appear at once when it is turned off.
    pub heavy_delay_ms: u64,
    /// The query API answers this much later, in milliseconds.
    pub query_delay_ms: u64,
    /// The query API answers this status: 429, 500, 503 or 504.
    pub query_status: Option<u16>,
    /// The `Retry-After` of that answer, in seconds.
    pub query_retry_after_s: Option<u32>,
    /// Factor on the waits between attempts; 1 is PostHog's own waits.
    pub time_scale: Option<f64>,
}

impl Faults {
    /// Checks the bounds.
    ///
    /// # Errors
    /// A field is out of its bounds, or `stopped` names a destination that is not one of `destinations`.
    pub fn check<'a>(&self, mut destinations: impl Iterator<Item = &'a str>) -> Result<(), String> {
        for (field, delay_ms, max_ms) in [
            ("answer_delay_ms", self.answer_delay_ms, DELAY_MS_MAX),
            ("delivery_delay_ms", self.delivery_delay_ms, DELAY_MS_MAX),
            ("heavy_delay_ms", self.heavy_delay_ms, HEAVY_DELAY_MS_MAX),
            ("query_delay_ms", self.query_delay_ms, DELAY_MS_MAX),
        ] {
            if delay_ms > max_ms {
                return Err(format!("{field} must be at most {max_ms}"));
            }
        }
        if self.query_status.is_some_and(|status| ![429, 500, 503, 504].contains(&status)) {
            return Err("query_status must be 429, 500, 503 or 504".to_owned());
        }
        if self.query_retry_after_s.is_some_and(|seconds| seconds > RETRY_AFTER_S_MAX) {
            return Err(format!("query_retry_after_s must be at most {RETRY_AFTER_S_MAX}"));
        }
        for (field, count) in [("duplicates", self.duplicates), ("lost_answers", self.lost_answers)] {
            if count > REPETITIONS_MAX {
                return Err(format!("{field} must be at most {REPETITIONS_MAX}"));
            }
        }
        if self.answer_status.is_some_and(|status| ![429, 500, 503].contains(&status)) {
            return Err("answer_status must be 429, 500 or 503".to_owned());
        }
        if self.time_scale.is_some_and(|scale| !(0.0..=TIME_SCALE_MAX).contains(&scale)) {
            return Err(format!("time_scale must be 0 to {TIME_SCALE_MAX}"));
        }
        match self.stopped.iter().find(|name| !destinations.any(|known| known == *name)) {
            Some(name) => Err(format!("stopped: there is no destination {name:?}")),
            None => Ok(()),
        }
    }

    /// How much later the rows of `posthog.ai_events` appear.
    pub fn heavy_delay(&self) -> SignedDuration {
        SignedDuration::from_millis(i64::try_from(self.heavy_delay_ms).unwrap_or(i64::MAX))
    }

    /// The faults that are on, in words.
    pub fn descriptions(&self) -> Vec<String> {
        let mut descriptions = Vec::new();
        let mut describe = |is_on: bool, text: String| is_on.then(|| descriptions.push(text));
        describe(self.answer_delay_ms > 0, format!("capture answers {} ms later", self.answer_delay_ms));
        if let Some(status) = self.answer_status {
            describe(true, format!("capture takes no event and answers {status}"));
        }
        describe(self.drop_connections, "capture takes no event and drops the connection".to_owned());
        describe(self.delivery_delay_ms > 0, format!("deliveries begin {} ms later", self.delivery_delay_ms));
        describe(self.duplicates > 0, format!("each delivery is sent {} times more", self.duplicates));
        describe(self.lost_answers > 0, format!("the answers to the first {} attempts are lost", self.lost_answers));
        describe(self.reordered, "deliveries are out of order".to_owned());
        describe(!self.stopped.is_empty(), format!("stopped: {}", self.stopped.join(", ")));
        describe(self.heavy_delay_ms > 0, format!("content can be queried {} ms later", self.heavy_delay_ms));
        describe(self.query_delay_ms > 0, format!("queries are answered {} ms later", self.query_delay_ms));
        if let Some(status) = self.query_status {
            let after = self.query_retry_after_s.map_or(String::new(), |seconds| format!(", Retry-After {seconds}"));
            describe(true, format!("queries are answered {status}{after}"));
        }
        if let Some(scale) = self.time_scale {
            describe(true, format!("waits between attempts take {scale} times as long"));
        }
        descriptions
    }
}

/// The current faults, shared by all parts of posthog-local. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct SharedFaults(Arc<RwLock<Arc<Faults>>>);

impl SharedFaults {
    /// The faults that are on now.
    pub fn current(&self) -> Arc<Faults> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces the faults.
    pub fn set(&self, faults: Faults) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(faults);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_fault_is_told_and_bounded() {
        assert_eq!(Faults::default().descriptions(), Vec::<String>::new());
        for (on, too_much) in [
            (json!({"answer_delay_ms": 60_000}), json!({"answer_delay_ms": 60_001})),
            (json!({"answer_status": 429}), json!({"answer_status": 200})),
            (json!({"drop_connections": true}), json!({"time_scale": -1})),
            (json!({"delivery_delay_ms": 1}), json!({"delivery_delay_ms": 60_001})),
            (json!({"duplicates": 10}), json!({"duplicates": 11})),
            (json!({"lost_answers": 10}), json!({"lost_answers": 11})),
            (json!({"reordered": true}), json!({"time_scale": 101})),
            (json!({"stopped": ["known"]}), json!({"stopped": ["unknown"]})),
            (json!({"time_scale": 0.5}), json!({"time_scale": 1e9})),
            (json!({"heavy_delay_ms": 86_400_000}), json!({"heavy_delay_ms": 86_400_001})),
            (json!({"query_delay_ms": 60_000}), json!({"query_delay_ms": 60_001})),
            (json!({"query_status": 504}), json!({"query_status": 404})),
            (json!({"query_status": 429, "query_retry_after_s": 3_600}), json!({"query_retry_after_s": 3_601})),
        ] {
            let faults: Faults = serde_json::from_value(on.clone()).unwrap();
            assert_eq!((faults.check(["known"].into_iter()), faults.descriptions().len()), (Ok(()), 1), "{on}");
            let faults: Faults = serde_json::from_value(too_much.clone()).unwrap();
            assert!(faults.check(["known"].into_iter()).is_err(), "{too_much}");
        }
        assert!(serde_json::from_value::<Faults>(json!({"answer_dely_ms": 1})).is_err());
    }
}
