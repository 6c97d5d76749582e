//! A failed generation as the page can send it: as an event of one's own, or as PostHog's SDKs do.

use shared::event::{AI_GENERATION, AiGeneration, Event, GENERATION_FAILED, GenerationFailed};

use super::field_errors::check;

/// Which of the two events tells of the failure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FailureKind {
    /// `generation_failed`.
    #[default]
    GenerationFailed,
    /// `$ai_generation`.
    AiGeneration,
}

/// A failed generation, not checked yet.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// As an event of one's own.
    GenerationFailed(GenerationFailed),
    /// As PostHog's SDKs send it.
    AiGeneration(AiGeneration),
}

/// What is wrong with a failure's prompt and reason: the rest of a sentence that begins with the field's name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FailureErrors {
    /// About the prompt.
    pub prompt: Option<String>,
    /// About the reason.
    pub reason: Option<String>,
}

impl FailureKind {
    /// Both, in the order in which they are shown.
    pub const EACH: [Self; 2] = [Self::GenerationFailed, Self::AiGeneration];

    /// The one whose event has this name.
    pub fn of(event: &str) -> Option<Self> {
        Self::EACH.into_iter().find(|kind| kind.event() == event)
    }

    /// The event's name.
    pub fn event(self) -> &'static str {
        match self {
            Self::GenerationFailed => GENERATION_FAILED,
            Self::AiGeneration => AI_GENERATION,
        }
    }

    /// What the choice is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::GenerationFailed => "generation_failed (your own)",
            Self::AiGeneration => "$ai_generation (PostHog SDKs)",
        }
    }
}

impl Failure {
    /// Its kind.
    pub fn kind(&self) -> FailureKind {
        match self {
            Self::GenerationFailed(_) => FailureKind::GenerationFailed,
            Self::AiGeneration(_) => FailureKind::AiGeneration,
        }
    }

    /// What was asked of the model.
    pub fn prompt(&self) -> &str {
        match self {
            Self::GenerationFailed(failed) => &failed.input_prompt,
            Self::AiGeneration(call) => call.prompt(),
        }
    }

    /// Why it failed.
    pub fn reason(&self) -> &str {
        match self {
            Self::GenerationFailed(failed) => &failed.failure_reason,
            Self::AiGeneration(call) => &call.error,
        }
    }

    /// Checks it by the rules of [`shared::event`].
    pub fn check(&self) -> FailureErrors {
        // The errors go by the names of the fields in Rust.
        let (errors, prompt, reason) = match self {
            Self::GenerationFailed(failed) => (check(failed), "input_prompt", "failure_reason"),
            Self::AiGeneration(call) => (check(call), "input", "error"),
        };
        FailureErrors { prompt: errors.of(prompt), reason: errors.of(reason) }
    }

    /// What is wrong with the event's JSON; `None` when it can be sent.
    pub fn problem(&self) -> Option<String> {
        let [prompt, reason] = match self {
            Self::GenerationFailed(_) => ["input_prompt", "failure_reason"],
            Self::AiGeneration(_) => ["$ai_input", "$ai_error"],
        };
        let errors = self.check();
        let (property, error) =
            errors.prompt.map(|error| (prompt, error)).or(errors.reason.map(|error| (reason, error)))?;
        Some(format!("properties.{property} {error}."))
    }

    /// The event. An `$ai_generation` without a trace gets this one.
    pub fn into_event(self, trace_id: Option<String>) -> Event {
        match self {
            Self::GenerationFailed(failed) => Event::GenerationFailed(failed),
            Self::AiGeneration(call) => {
                Event::AiGeneration(AiGeneration { trace_id: call.trace_id.clone().or(trace_id), ..call })
            }
        }
    }
}

impl FailureErrors {
    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.prompt.is_none() && self.reason.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::examples::EXAMPLES;

    fn each(prompt: &str, reason: &str) -> [Failure; 2] {
        let failed = GenerationFailed { input_prompt: prompt.into(), failure_reason: reason.into() };
        let mut call = EXAMPLES[0].call();
        call.set_prompt(prompt.into());
        call.error = reason.into();
        [Failure::GenerationFailed(failed), Failure::AiGeneration(call)]
    }

    #[test]
    fn both_kinds_are_found_by_the_names_of_their_events_and_go_out_under_them() {
        for failure in each("a chair", "timeout") {
            let kind = failure.kind();
            assert_eq!(FailureKind::of(kind.event()), Some(kind));
            assert!(kind.name().starts_with(kind.event()));
            assert_eq!((failure.prompt(), failure.reason()), ("a chair", "timeout"));
            assert_eq!(failure.into_event(None).name(), kind.event());
        }
        assert_eq!(FailureKind::of("feature_used"), None);
    }

    #[test]
    fn both_kinds_have_the_same_rules_and_name_their_own_properties() {
        let long = "x".repeat(1_025);
        for failure in each(" \n", &long) {
            let errors = failure.check();
            assert_eq!(errors.prompt.as_deref(), Some("must not be blank"));
            assert_eq!(errors.reason.as_deref(), Some("must have at most 1024 characters"));
        }
        assert!(each("x", "").iter().all(|failure| failure.check().is_empty() && failure.problem().is_none()));
        let problems = |prompt, reason| each(prompt, reason).map(|failure| failure.problem().unwrap());
        assert_eq!(
            problems("", &long),
            ["properties.input_prompt must not be blank.", "properties.$ai_input must not be blank."]
        );
        assert_eq!(
            problems("x", &long),
            [
                "properties.failure_reason must have at most 1024 characters.",
                "properties.$ai_error must have at most 1024 characters."
            ]
        );
    }

    #[test]
    fn a_trace_is_given_only_where_there_is_none() {
        let trace = |trace_id: Option<&str>| {
            let call = AiGeneration { trace_id: trace_id.map(Into::into), ..EXAMPLES[0].call() };
            let Event::AiGeneration(call) = Failure::AiGeneration(call).into_event(Some("fresh".into())) else {
                panic!()
            };
            call.trace_id
        };
        assert_eq!(trace(None).as_deref(), Some("fresh"));
        assert_eq!(trace(Some("mine")).as_deref(), Some("mine"));
        assert_eq!(trace(Some("")).as_deref(), Some(""), "an empty trace is a trace, too");
    }
}
