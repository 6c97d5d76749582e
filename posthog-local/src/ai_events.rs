//! PostHog's `$ai_` events: their ids become text, and their content is split off
//! (`nodejs/src/ingestion/.../split-ai-events-step.ts`).
//!
//! PostHog Cloud keeps prompts and answers in a table of their own, `posthog.ai_events`, for 30 days. The copy that
//! destinations, workflows and the table `events` see has lost them: the keys are absent, whatever their values were. A
//! self-hosted PostHog splits nothing unless it is told to.

use serde::Deserialize;
use serde_json::Value;

use crate::{event::CapturedEvent, json::Object};

/// What the name of every such event begins with (`AI_EVENT_NAME_PREFIX`).
pub const PREFIX: &str = "$ai_";

/// The properties that are split off, each with its column of `posthog.ai_events` (`posthog/models/ai_events/sql.py`).
pub const HEAVY: [(&str, &str); 6] = [
    ("$ai_input", "input"),
    ("$ai_output", "output"),
    ("$ai_output_choices", "output_choices"),
    ("$ai_input_state", "input_state"),
    ("$ai_output_state", "output_state"),
    ("$ai_tools", "tools"),
];

/// The ids that PostHog stores as text whatever their type (`normalizeTraceProperties`).
const IDS: [&str; 4] = ["$ai_trace_id", "$ai_session_id", "$ai_span_id", "$ai_parent_id"];

/// What happens to the content of `$ai_` events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AiEvents {
    /// It is split off, as on PostHog Cloud.
    #[default]
    Split,
    /// It stays in the event, as on a self-hosted PostHog. The table `posthog.ai_events` is empty.
    Whole,
}

impl AiEvents {
    /// Prepares an event. Returns the content that was split off: `None` for an event that has no row in
    /// `posthog.ai_events`, and an empty object for one that has a row without content.
    pub fn prepare(self, event: &mut CapturedEvent) -> Option<Object> {
        if !event.event.starts_with(PREFIX) {
            return None;
        }
        for key in IDS {
            match event.properties.get_mut(key) {
                None | Some(Value::Null | Value::String(_)) => {}
                Some(id) => *id = id.to_string().into(),
            }
        }
        match self {
            Self::Whole => None,
            Self::Split => {
                let is_heavy = |key: &str| HEAVY.iter().any(|(heavy, _)| *heavy == key);
                let properties = std::mem::take(&mut event.properties);
                let (heavy, light) = properties.into_iter().partition(|(key, _)| is_heavy(key));
                event.properties = light;
                Some(heavy)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn event(name: &str, properties: Value) -> CapturedEvent {
        let Value::Object(properties) = properties else { panic!("properties are an object") };
        CapturedEvent {
            uuid: Uuid::nil(),
            event: name.to_owned(),
            distinct_id: "d".to_owned(),
            properties,
            timestamp: Timestamp::UNIX_EPOCH,
            captured_at: Timestamp::UNIX_EPOCH,
            ..CapturedEvent::default()
        }
    }

    #[test]
    fn every_ai_event_loses_its_content_whatever_it_is_and_no_other_event_does() {
        let all = json!({"$ai_input": null, "a": 1, "$ai_output": "", "$ai_output_choices": [], "$ai_model": "m",
            "$ai_input_state": {}, "$ai_output_state": 0, "$ai_tools": [{}], "$ai_error": "e"});
        for name in ["$ai_generation", "$ai_span", "$ai_evaluation", "$ai_something_new"] {
            let mut trimmed = event(name, all.clone());
            let heavy = AiEvents::Split.prepare(&mut trimmed).unwrap();
            assert_eq!(json!(trimmed.properties), json!({"a": 1, "$ai_model": "m", "$ai_error": "e"}), "{name}");
            assert_eq!(heavy.len(), HEAVY.len());
            assert_eq!(heavy["$ai_input"], Value::Null, "privacy mode is content, too");
        }
        for name in ["generation_failed", "ai_generation", "$pageview", "$AI_generation"] {
            let mut whole = event(name, all.clone());
            assert_eq!(AiEvents::Split.prepare(&mut whole), None);
            assert_eq!(json!(whole.properties), all, "{name}");
        }
        let mut without = event("$ai_metric", json!({"$ai_metric_value": 1}));
        assert_eq!(AiEvents::Split.prepare(&mut without), Some(Object::new()), "it has a row nevertheless");
    }

    #[test]
    fn a_self_hosted_posthog_splits_nothing() {
        let all = json!({"$ai_input": [], "$ai_tools": null});
        let mut whole = event("$ai_generation", all.clone());
        assert_eq!(AiEvents::Whole.prepare(&mut whole), None);
        assert_eq!(json!(whole.properties), all);
    }

    #[test]
    fn ids_become_text() {
        let ids = json!({"$ai_trace_id": 7, "$ai_session_id": true, "$ai_span_id": "s", "$ai_parent_id": null, "n": 7});
        for mode in [AiEvents::Split, AiEvents::Whole] {
            let mut cast = event("$ai_span", ids.clone());
            mode.prepare(&mut cast);
            let expected = json!({"$ai_trace_id": "7", "$ai_session_id": "true", "$ai_span_id": "s",
                "$ai_parent_id": null, "n": 7});
            assert_eq!(json!(cast.properties), expected);
        }
    }
}
