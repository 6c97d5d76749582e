//! What an event says besides its input, its reason and its person: a row of `generations.jsonl` holds it.

use jiff::Timestamp;
use misfire_sanitizer::Input;
use uuid::Uuid;

/// What an event says besides input, reason and person; nothing in it is redacted.
#[derive(Debug)]
pub struct Details<'a> {
    /// What happened.
    pub what: What<'a>,
    /// The trace.
    pub trace_id: Option<&'a str>,
    /// The session.
    pub session_id: Option<&'a str>,
    /// The model.
    pub model: Option<&'a str>,
    /// The provider.
    pub provider: Option<&'a str>,
    /// The status of the provider's answer.
    pub http_status: Option<&'a str>,
    /// What the model answered.
    pub output: Option<Input<'a>>,
    /// The tools that the model was offered.
    pub tools: Option<Input<'a>>,
}

/// What happened.
#[derive(Debug)]
pub enum What<'a> {
    /// A generation failed.
    Failure,
    /// A generation went well.
    Success,
    /// Somebody or something judged a generation. The event's input and person are those of what is judged.
    Verdict {
        /// The uuid of what is judged, if it is known.
        about: Option<Uuid>,
        /// When that happened: an erasure since then covers the verdict, too.
        about_time: Option<Timestamp>,
        /// The verdict.
        label: Label,
        /// What ties the events of one survey answer together.
        submission: Option<&'a str>,
        /// What a person wrote.
        feedback: Option<Input<'a>>,
    },
}

/// A verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// The answer is bad.
    Bad,
    /// The answer is good.
    Good,
    /// A part of a verdict that does not say it: the text to a thumbs down may come in an event of its own.
    Unsaid,
}

impl What<'_> {
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Failure => "failure",
            Self::Success => "success",
            Self::Verdict { .. } => "verdict",
        }
    }

    /// Whether the event is a failed generation, which has a line of `training_data.jsonl`.
    pub(crate) fn is_failed(&self) -> bool {
        matches!(self, Self::Failure | Self::Verdict { label: Label::Bad, .. })
    }
}

impl Label {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bad => "bad",
            Self::Good => "good",
            Self::Unsaid => "",
        }
    }
}
