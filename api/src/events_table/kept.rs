//! An event that is kept, with what its line and its row need. Nothing in it is redacted.

use std::borrow::Cow;

use jiff::Timestamp;
use journal::{Details, Event, Label, What};
use misfire_sanitizer::Input;
use uuid::Uuid;

use super::{
    entry::Entry,
    source::{Name, Names, Selected, as_it_is},
};
use crate::event::{
    ReceivedEvent,
    json::{Json, members},
};

/// A generation, or a verdict about one.
#[derive(Debug)]
pub struct Kept<'a> {
    /// What the model was asked; `None` when the event does not hold it.
    pub input: Option<Input<'a>>,
    /// Where the input is in the body, or should be.
    pub(super) place: Place<'a>,
    /// Whether the property of the input is there and null.
    pub is_input_null: bool,
    /// Why it failed, or why it is judged so.
    pub reason: Option<Input<'a>>,
    /// PostHog's name for the person.
    pub distinct_id: Option<Cow<'a, str>>,
    /// What a row holds besides; `None` where the entry asks for none.
    pub(super) row: Option<RowParts<'a>>,
}

/// Where an input is in the body, or should be. Only of an event that is refused anybody asks for the pointer.
#[derive(Debug)]
pub(super) struct Place<'a> {
    pub(super) name: Name,
    pub(super) properties: Json<'a>,
    /// The pointer of the event.
    pub(super) event: &'static str,
}

/// What a row holds besides.
#[derive(Debug)]
pub(super) struct RowParts<'a> {
    pub(super) kind: RowKind<'a>,
    trace_id: Option<Cow<'a, str>>,
    session_id: Option<Cow<'a, str>>,
    model: Option<Cow<'a, str>>,
    provider: Option<Cow<'a, str>>,
    http_status: Option<Cow<'a, str>>,
    output: Option<Input<'a>>,
    tools: Option<Input<'a>>,
}

/// [`What`] happened.
#[derive(Debug)]
pub(super) enum RowKind<'a> {
    Failure,
    Success,
    Verdict {
        about: Option<Uuid>,
        about_time: Option<Timestamp>,
        label: Label,
        submission: Option<Cow<'a, str>>,
        feedback: Option<Input<'a>>,
    },
}

impl Kept<'_> {
    /// Where the input is in the body, or should be (RFC 6901).
    pub fn input_pointer(&self) -> String {
        format!("{}/properties/{}", self.place.event, pointer_of(&self.place.name, self.place.properties))
    }

    /// The event as it is redacted. An event without a time gets the time of its receipt.
    pub fn to_plain(&self, event: &ReceivedEvent<'_>, received_at: Timestamp) -> Event<'_> {
        Event {
            uuid: event.uuid,
            time: event.time.unwrap_or(received_at),
            distinct_id: self.distinct_id.as_deref(),
            input_prompt: self.input.clone(),
            failure_reason: self.reason.clone(),
            details: self.row.as_ref().map(RowParts::to_details),
        }
    }

    /// Whether the model answered anything. Where it refused, nothing can be learned of how it goes well.
    pub(super) fn has_output(&self) -> bool {
        let output = self.row.as_ref().and_then(|row| row.output.as_ref());
        output.is_some_and(|output| match output {
            Input::Plain(text) => !text.trim().is_empty(),
            Input::Json(json) => chat::has_content(json) && !chat::is_refusal(json),
        })
    }
}

impl<'a> RowParts<'a> {
    /// What an entry names of these properties ([`Entry::row_names`]).
    pub(super) fn of(entry: &Entry, selected: &Selected<'a, '_>, kind: RowKind<'a>) -> Self {
        let text = |names: &Option<Names>| names.as_ref().and_then(|names| names.text(selected));
        Self {
            kind,
            trace_id: text(&entry.trace),
            session_id: text(&entry.session),
            model: text(&entry.model),
            provider: text(&entry.provider),
            http_status: text(&entry.http_status),
            output: value(entry.output.as_ref(), selected),
            tools: value(entry.tools.as_ref(), selected),
        }
    }

    /// A verdict of `entry`, with what `judged` names of the event that is judged. It belongs to that event's trace, or to its own where
    /// that one has none.
    pub(super) fn of_verdict(entry: &Entry, event: &ReceivedEvent<'a>, label: Label, judged: &Entry) -> Option<Self> {
        let about = event.about.as_ref()?;
        let named = [&entry.trace, &entry.session, &entry.submission, &entry.feedback];
        let selected = Selected::new(event.properties, named.into_iter().flatten().flat_map(Names::iter));
        let text = |names: &Option<Names>| names.as_ref().and_then(|names| names.text(&selected));
        let kind = RowKind::Verdict {
            about: about.uuid,
            about_time: about.time,
            label,
            submission: text(&entry.submission),
            feedback: value(entry.feedback.as_ref(), &selected),
        };
        let parts = Self::of(judged, &Selected::new(about.properties, judged.row_names()), kind);
        let (trace_id, session_id) = (text(&entry.trace), text(&entry.session));
        Some(Self { trace_id: parts.trace_id.or(trace_id), session_id: parts.session_id.or(session_id), ..parts })
    }

    fn to_details(&self) -> Details<'_> {
        Details {
            what: match &self.kind {
                RowKind::Failure => What::Failure,
                RowKind::Success => What::Success,
                RowKind::Verdict { about, about_time, label, submission, feedback } => What::Verdict {
                    about: *about,
                    about_time: *about_time,
                    label: *label,
                    submission: submission.as_deref(),
                    feedback: feedback.clone(),
                },
            },
            trace_id: self.trace_id.as_deref(),
            session_id: self.session_id.as_deref(),
            model: self.model.as_deref(),
            provider: self.provider.as_deref(),
            http_status: self.http_status.as_deref(),
            output: self.output.clone(),
            tools: self.tools.clone(),
        }
    }
}

/// The value of the first property that is there, when there is anything in it.
fn value<'a>(names: Option<&Names>, selected: &Selected<'a, '_>) -> Option<Input<'a>> {
    let of = |name: &Name| name.of(selected).and_then(as_it_is);
    names.and_then(|names| names.iter().find_map(of))
}

/// The last part of a pointer: the property of that very name, or the members that a dot reads.
fn pointer_of(name: &Name, properties: Json) -> String {
    // Nearly every name is as it is.
    let escaped = |key: &str| match key.contains(['~', '/']) {
        true => key.replace('~', "~0").replace('/', "~1"),
        false => key.to_owned(),
    };
    let is_member = name.as_str().contains('.') && members(properties, &[name.as_str()])[0].is_none();
    match is_member {
        true => name.segments().map(escaped).collect::<Vec<_>>().join("/"),
        false => escaped(name.as_str()),
    }
}
