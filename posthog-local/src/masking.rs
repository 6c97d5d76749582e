//! Masking: of several events with the same hash, the first one is handled and the others are skipped for a time.
//! PostHog calls it `masking` in a destination and `trigger_masking` in a workflow.
//!
//! Absent: `threshold`, which lets every n-th event through. A declaration that sets it is refused.

use std::{
    collections::HashMap,
    ops::RangeInclusive,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use serde_json::Value;

use crate::{
    declaration::{DeclarationError, MaskingDeclaration, Variables},
    destinations::template::Template,
    globals::Globals,
    hog,
};

/// The allowed `ttl` of a destination, in seconds.
pub const DESTINATION_TTL_S: RangeInclusive<u64> = 60..=86_400;
/// The allowed `ttl` of a workflow, in seconds: up to three years.
pub const WORKFLOW_TTL_S: RangeInclusive<u64> = 60..=94_608_000;
/// The most hashes. Beyond it, the hash that expires first is forgotten.
const HASHES_MAX: usize = 10_000;
/// The longest hash, in characters. A longer one is cut.
const HASH_CHARS_MAX: usize = 400;

/// Remembers the hashes of events that were handled.
pub struct Mask {
    hash: Template,
    ttl: Duration,
    masked_until: Mutex<HashMap<String, Timestamp>>,
}

impl Mask {
    /// Makes a declared mask ready. `key` is its place in the declaration, for errors.
    ///
    /// # Errors
    /// The key that is wrong.
    pub fn new(
        declared: &MaskingDeclaration,
        key: &str,
        ttl_s: RangeInclusive<u64>,
        variables: &Variables,
    ) -> Result<Self, DeclarationError> {
        if !ttl_s.contains(&declared.ttl) {
            let problem = format!("must be {} to {} seconds", ttl_s.start(), ttl_s.end());
            return Err(DeclarationError::new(format!("{key}.ttl"), problem));
        }
        if declared.threshold.is_some() {
            return Err(DeclarationError::new(
                format!("{key}.threshold"),
                "posthog-local does not have PostHog's threshold",
            ));
        }
        let hash = Template::parse(&declared.hash, variables)
            .map_err(|problem| DeclarationError::new(format!("{key}.hash"), problem))?;
        Ok(Self { hash, ttl: Duration::from_secs(declared.ttl), masked_until: Mutex::default() })
    }

    /// Admits an event, or says why it is skipped.
    ///
    /// # Errors
    /// Another event with the same hash was handled less than `ttl` ago.
    pub fn admit(&self, globals: &Globals, now: Timestamp) -> Result<(), String> {
        let hash = match self.hash.render(globals) {
            Value::Null => String::new(),
            value => hog::text(&value).chars().take(HASH_CHARS_MAX).collect(),
        };
        let mut masked_until = self.masked_until.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(then) = masked_until.get(&hash).filter(|then| **then > now) {
            let wait_s = then.duration_since(now).as_secs();
            return Err(format!(
                "masked: it ran for {hash} less than {} s ago, and may again in {wait_s} s",
                self.ttl.as_secs()
            ));
        }
        if masked_until.len() >= HASHES_MAX {
            masked_until.retain(|_, then| *then > now);
            let soonest = masked_until.iter().min_by_key(|(_, then)| **then).map(|(hash, _)| hash.clone());
            if let Some(hash) = soonest.filter(|_| masked_until.len() >= HASHES_MAX) {
                masked_until.remove(&hash);
            }
        }
        masked_until.insert(hash, now.checked_add(self.ttl).unwrap_or(Timestamp::MAX));
        Ok(())
    }

    /// Forgets all hashes.
    pub fn reset(&self) {
        self.masked_until.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};
    use uuid::Uuid;

    use super::*;
    use crate::{event::CapturedEvent, persons::Persons};

    fn globals(distinct_id: &str) -> Globals {
        let now = Timestamp::UNIX_EPOCH;
        let mut event = CapturedEvent {
            uuid: Uuid::nil(),
            event: "e".to_owned(),
            distinct_id: distinct_id.to_owned(),
            properties: Map::new(),
            timestamp: now,
            captured_at: now,
            ..CapturedEvent::default()
        };
        let person = Persons::default().apply(&mut event);
        Globals::new("http://localhost", &event, &person)
    }

    fn mask(declared: Value) -> Result<Mask, String> {
        let declared = serde_json::from_value(declared).unwrap();
        Mask::new(&declared, "m", WORKFLOW_TTL_S, &Variables::default()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_hash_is_let_through_once_in_its_time() {
        let mask = mask(json!({"hash": "{event.distinct_id}", "ttl": 60})).unwrap();
        let at = |second| Timestamp::from_second(second).unwrap();
        assert!(mask.admit(&globals("a"), at(0)).is_ok());
        assert_eq!(
            mask.admit(&globals("a"), at(59)).unwrap_err(),
            "masked: it ran for a less than 60 s ago, and may again in 1 s"
        );
        assert!(mask.admit(&globals("b"), at(59)).is_ok());
        assert!(mask.admit(&globals("a"), at(60)).is_ok());
        mask.reset();
        assert!(mask.admit(&globals("a"), at(61)).is_ok());
    }

    #[test]
    fn what_posthog_would_refuse_is_refused() {
        let problem = |declared| mask(declared).err().unwrap();
        assert_eq!(problem(json!({"hash": "x", "ttl": 59})), "m.ttl: must be 60 to 94608000 seconds");
        assert!(problem(json!({"hash": "x", "ttl": 60, "threshold": 3})).starts_with("m.threshold: "));
        assert!(problem(json!({"hash": "{nobody}", "ttl": 60})).starts_with("m.hash: "));
    }

    #[test]
    fn hashes_are_bounded() {
        let mask = mask(json!({"hash": "{event.distinct_id}", "ttl": 60})).unwrap();
        for n in 0..=HASHES_MAX {
            mask.admit(&globals(&n.to_string()), Timestamp::from_microsecond(n as i64).unwrap()).unwrap();
        }
        let masked_until = mask.masked_until.lock().unwrap();
        assert_eq!((masked_until.len(), masked_until.contains_key("0")), (HASHES_MAX, false));
    }
}
