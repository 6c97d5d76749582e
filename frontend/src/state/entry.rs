//! An event as the page stores it: serialized once, when it happens, then only sent and listed.

use serde::Serialize;
use shared::{capture::CaptureEvent, event::Event};

use super::excerpt::excerpt;

/// How much of a prompt the list shows, in characters.
pub const EXCERPT_CHARS_MAX: usize = 160;

/// An event in the queue or in the list of finished ones.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The event's id on its whole way.
    pub uuid: String,
    /// What kind of event it is.
    pub event: String,
    /// Its count, prompt or address, shortened.
    pub detail: String,
    /// When it happened, in milliseconds since 1970.
    pub at_ms: u64,
    /// The event as JSON, a [`CaptureEvent`]. Text, because code to parse it again would make the page a quarter larger.
    pub json: String,
    /// PostHog's message if it refused the event.
    pub refused: Option<String>,
}

impl Entry {
    /// Serializes an event.
    pub fn new(event: &CaptureEvent, at_ms: u64) -> Self {
        Self {
            uuid: event.uuid.to_string(),
            event: event.event.name().to_owned(),
            detail: detail(&event.event),
            at_ms,
            // Cannot fail: these types hold strings and numbers only.
            json: serde_json::to_string(event).unwrap_or_default(),
            refused: None,
        }
    }
}

/// What distinguishes the event from others of its kind in the list.
fn detail(event: &Event) -> String {
    match event {
        Event::FeatureUsed(used) => format!("use {}", used.total_usage_count),
        Event::GenerationFailed(failed) => excerpt(&failed.input_prompt, EXCERPT_CHARS_MAX),
        Event::AiGeneration(call) => excerpt(call.prompt(), EXCERPT_CHARS_MAX),
        Event::Identify(identify) => identify.set.email.clone(),
    }
}

#[cfg(test)]
mod tests {
    use shared::event::{AiMessage, FeatureUsed, GenerationFailed, Identify, PersonProperties};
    use uuid::Uuid;

    use super::*;
    use crate::state::examples::EXAMPLES;

    fn entry(event: Event) -> Entry {
        let event =
            CaptureEvent { uuid: Uuid::from_u128(7), distinct_id: "person".into(), timestamp: "t".into(), event };
        Entry::new(&event, 5)
    }

    fn failed(prompt: String) -> Event {
        Event::GenerationFailed(GenerationFailed { input_prompt: prompt, failure_reason: String::new() })
    }

    #[test]
    fn an_entry_holds_the_event_as_it_will_be_sent() {
        let entry = entry(Event::FeatureUsed(FeatureUsed { total_usage_count: 3 }));
        assert_eq!(entry.uuid, "00000000-0000-0000-0000-000000000007");
        assert_eq!((entry.event.as_str(), entry.detail.as_str(), entry.at_ms), ("feature_used", "use 3", 5));
        let event: CaptureEvent = serde_json::from_str(&entry.json).unwrap();
        assert_eq!(event.event, Event::FeatureUsed(FeatureUsed { total_usage_count: 3 }));
        assert_eq!(event.uuid.to_string(), entry.uuid);
    }

    #[test]
    fn an_address_is_its_own_detail() {
        let set = PersonProperties { email: "jane@example.com".into() };
        assert_eq!(entry(Event::Identify(Identify { set })).detail, "jane@example.com");
    }

    #[test]
    fn a_generation_shows_its_prompt_and_not_the_chat_around_it() {
        let mut call = EXAMPLES[1].call();
        call.input.push(AiMessage { role: "assistant".into(), content: "So".into() });
        call.set_prompt("x".repeat(161));
        let entry = entry(Event::AiGeneration(call.clone()));
        assert_eq!((entry.event.as_str(), entry.detail), ("$ai_generation", format!("{}…", "x".repeat(160))));
        assert_eq!(serde_json::from_str::<CaptureEvent>(&entry.json).unwrap().event, Event::AiGeneration(call));
    }

    #[test]
    fn a_prompt_is_cut_between_characters() {
        assert_eq!(entry(failed("é".repeat(160))).detail, "é".repeat(160));
        assert_eq!(entry(failed("é".repeat(161))).detail, format!("{}…", "é".repeat(160)));
    }
}
