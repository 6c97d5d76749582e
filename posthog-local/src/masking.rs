//! Masking: of events that hash to the same text, one is acted on and the others are left out for a while. It is
//! `masking` of a PostHog destination and `trigger_masking` of a workflow.
//!
//! Absent: `threshold`, which lets every n-th through. A declaration that asks for it is refused.

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
    filters::compare,
    globals::Globals,
};

/// What a destination may ask for, in seconds.
pub const DESTINATION_TTL_S: RangeInclusive<u64> = 60..=86_400;
/// What a workflow may ask for, in seconds: up to three years.
pub const WORKFLOW_TTL_S: RangeInclusive<u64> = 60..=94_608_000;
/// More hashes are not remembered: the one that would be free again soonest is forgotten.
const HASHES_MAX: usize = 10_000;
/// The longest hash, in characters; what is longer counts as what it begins with.
const HASH_CHARS_MAX: usize = 400;

/// Remembers what was acted on.
pub struct Mask {
    hash: Template,
    ttl: Duration,
    free_at: Mutex<HashMap<String, Timestamp>>,
}

impl Mask {
    /// Makes a declared mask ready. `key` is its place in the declaration.
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
        Ok(Self { hash, ttl: Duration::from_secs(declared.ttl), free_at: Mutex::default() })
    }

    /// Lets an event through, or says why not.
    ///
    /// # Errors
    /// Another event of the same hash was acted on less than `ttl` ago.
    pub fn admit(&self, globals: &Globals, now: Timestamp) -> Result<(), String> {
        let hash = match self.hash.render(globals) {
            Value::Null => String::new(),
            value => compare::text(&value).chars().take(HASH_CHARS_MAX).collect(),
        };
        let mut free_at = self.free_at.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(then) = free_at.get(&hash).filter(|then| **then > now) {
            let wait_s = then.duration_since(now).as_secs();
            return Err(format!(
                "masked: it ran for {hash} less than {} s ago, and may again in {wait_s} s",
                self.ttl.as_secs()
            ));
        }
        if free_at.len() >= HASHES_MAX {
            free_at.retain(|_, then| *then > now);
            let soonest = free_at.iter().min_by_key(|(_, then)| **then).map(|(hash, _)| hash.clone());
            if let Some(hash) = soonest.filter(|_| free_at.len() >= HASHES_MAX) {
                free_at.remove(&hash);
            }
        }
        free_at.insert(hash, now.checked_add(self.ttl).unwrap_or(Timestamp::MAX));
        Ok(())
    }

    /// Forgets everything.
    pub fn reset(&self) {
        self.free_at.lock().unwrap_or_else(PoisonError::into_inner).clear();
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
        let event = CapturedEvent {
            uuid: Uuid::nil(),
            event: "e".to_owned(),
            distinct_id: distinct_id.to_owned(),
            properties: Map::new(),
            timestamp: now,
            captured_at: now,
        };
        Globals::new("http://localhost", &event, &Persons::default().apply(&event))
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
        let free_at = mask.free_at.lock().unwrap();
        assert_eq!((free_at.len(), free_at.contains_key("0")), (HASHES_MAX, false));
    }
}
