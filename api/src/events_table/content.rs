//! Where the content of an event is, for a pull: PostHog Cloud keeps the content of its AI events in a table of its own, and a verdict
//! has none but that of the event that it judges.

use super::{
    entry::{AboutBy, Entry},
    heavy::HEAVY,
    judgement::Judgement,
    mapping::{IgnoredReason, Mapped},
    source::{Names, Selected},
    table::EventsTable,
};
use crate::event::{ReceivedEvent, json::Json};

/// Where the content of an event is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// In the event.
    Here,
    /// PostHog keeps it apart, under the event's uuid.
    Apart {
        /// `None` when the event has none.
        trace: Option<String>,
    },
    /// In the event of this uuid, which this one judges.
    OfUuid { uuid: String, trace: Option<String> },
    /// In the last generation of this trace with an output before the event.
    OfTrace(String),
    /// The event is not kept.
    Nowhere(IgnoredReason),
}

/// What ties generations together: whose they are, and the trace and session that they belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ties {
    pub(crate) person: String,
    pub(crate) trace: Option<String>,
    pub(crate) session: Option<String>,
}

impl Ties {
    /// Whether one of them is the same.
    pub(crate) fn share(&self, other: &Self) -> bool {
        let is_same = |one: &Option<String>, other: &Option<String>| one.is_some() && one == other;
        self.person == other.person || is_same(&self.trace, &other.trace) || is_same(&self.session, &other.session)
    }
}

impl EventsTable {
    /// What ties an event that is kept to others; `None` for one that nothing is known of.
    pub(crate) fn ties_of(&self, event: &ReceivedEvent<'_>) -> Option<Ties> {
        let (entry, judgement) = self.find(event).0?;
        if matches!(judgement, Judgement::Nothing | Judgement::Unsaid) {
            return None;
        }
        let id = |names: &Option<Names>| names.as_ref().and_then(|names| text(names, event.properties));
        let person = event.distinct_id.as_deref().unwrap_or_default().to_owned();
        Some(Ties { person, trace: id(&entry.trace), session: id(&entry.session) })
    }

    /// Where the content of an event is.
    pub(crate) fn content_of(&self, event: &ReceivedEvent<'_>) -> Content {
        let (found, mapped) = self.find(event);
        let Mapped::Ignored(ignored) = mapped else { return Content::Here };
        let waits = found.filter(|(_, judgement)| match judgement {
            Judgement::Failure | Judgement::Feedback | Judgement::Success => ignored.reason == IgnoredReason::NoContent,
            // A webhook ignores it as no failure. What it judges may be there all the same.
            Judgement::Good => ignored.reason != IgnoredReason::PrivacyMode,
            Judgement::Unsaid | Judgement::Nothing => false,
        });
        waits.and_then(|(entry, _)| entry.content_of(event)).unwrap_or(Content::Nowhere(ignored.reason))
    }

    /// The properties that PostHog keeps apart and some entry takes as its input, with their columns.
    pub(crate) fn heavy_inputs(&self) -> Vec<(&'static str, &'static str)> {
        self.heavy_of(|entry| [entry.input.as_ref(), None, None])
    }

    /// The properties that PostHog keeps apart and some entry takes, with their columns.
    pub(crate) fn heavy_properties(&self) -> Vec<(&'static str, &'static str)> {
        self.heavy_of(|entry| [&entry.input, &entry.output, &entry.tools].map(Option::as_ref))
    }

    fn heavy_of(&self, taken: impl Fn(&Entry) -> [Option<&Names>; 3]) -> Vec<(&'static str, &'static str)> {
        let is_taken = |property: &str| {
            let names = self.entries().iter().flat_map(&taken).flatten();
            names.flat_map(Names::iter).any(|name| name.as_str() == property)
        };
        HEAVY.into_iter().filter(|(property, _)| is_taken(property)).collect()
    }

    /// The names of the events whose content PostHog keeps apart.
    pub(crate) fn heavy_names(&self) -> Vec<&str> {
        let is_heavy = |entry: &&Entry| {
            entry.input.iter().flat_map(Names::iter).any(|name| HEAVY.iter().any(|(heavy, _)| *heavy == name.as_str()))
        };
        let mut names: Vec<_> = self.entries().iter().filter(is_heavy).map(|entry| entry.name.as_str()).collect();
        names.dedup();
        names
    }
}

impl Entry {
    fn content_of(&self, event: &ReceivedEvent<'_>) -> Option<Content> {
        let trace = self.trace.as_ref().and_then(|names| text(names, event.properties));
        match &self.about {
            None => Some(Content::Apart { trace }),
            Some(AboutBy::Uuid(names)) => Some(Content::OfUuid { uuid: text(names, event.properties)?, trace }),
            Some(AboutBy::Trace(names)) => Some(Content::OfTrace(text(names, event.properties)?)),
        }
    }
}

/// The text of the first property that is there; `None` for a blank one.
fn text(names: &Names, properties: Json) -> Option<String> {
    let selected = Selected::new(properties, names.iter());
    names.text(&selected).map(|text| text.into_owned()).filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::event;

    fn of(table: &EventsTable, name: &str, properties: serde_json::Value) -> Content {
        let body = serde_json::json!({"event": {"event": name, "properties": properties}}).to_string();
        table.content_of(&event::parse(body.as_bytes(), None, Uuid::nil).unwrap())
    }

    #[test]
    fn content_is_in_the_event_apart_or_in_what_is_judged() {
        let table = EventsTable::parse(
            "[[events]]\nname = \"survey sent\"\nwhen = { r = 2 }\ngood = { r = 1 }\nabout = { trace = \"$ai_trace_id\" }\n",
        )
        .unwrap();
        let trace = Some("t".to_owned());
        for (name, properties, content) in [
            ("$ai_generation", serde_json::json!({"$ai_is_error": true, "$ai_input": "x"}), Content::Here),
            (
                "$ai_generation",
                serde_json::json!({"$ai_is_error": true, "$ai_trace_id": "t"}),
                Content::Apart { trace: trace.clone() },
            ),
            (
                "$ai_generation",
                serde_json::json!({"$ai_is_error": true, "$ai_trace_id": ""}),
                Content::Apart { trace: None },
            ),
            ("$ai_generation", serde_json::json!({}), Content::Nowhere(IgnoredReason::NotAFailure)),
            (
                "$ai_generation",
                serde_json::json!({"$ai_is_error": true, "$ai_input": null}),
                Content::Nowhere(IgnoredReason::PrivacyMode),
            ),
            (
                "$ai_evaluation",
                serde_json::json!({"$ai_evaluation_result": false, "$ai_target_event_id": "u", "$ai_trace_id": "t"}),
                Content::OfUuid { uuid: "u".into(), trace },
            ),
            (
                "$ai_evaluation",
                serde_json::json!({"$ai_evaluation_result": false}),
                Content::Nowhere(IgnoredReason::NoContent),
            ),
            (
                "$ai_evaluation",
                serde_json::json!({"$ai_evaluation_result": true}),
                Content::Nowhere(IgnoredReason::NotAFailure),
            ),
            ("survey sent", serde_json::json!({"r": 2, "$ai_trace_id": "t"}), Content::OfTrace("t".into())),
            (
                "survey sent",
                serde_json::json!({"text": "rude", "$ai_trace_id": "t"}),
                Content::Nowhere(IgnoredReason::NoContent),
            ),
        ] {
            assert_eq!(of(&table, name, properties.clone()), content, "{name} {properties}");
        }
        assert_eq!(table.heavy_inputs(), [("$ai_input", "input")]);
        assert_eq!(table.heavy_names(), ["$ai_generation"]);
    }
}
