//! What is kept of an event: a line of `training_data.jsonl`, a row of `generations.jsonl`, or both. One redaction serves both, so
//! that the same value has the same placeholder everywhere.

use jiff::Timestamp;
use misfire_sanitizer::{Input, Redactor};
use uuid::Uuid;

use crate::{
    details::{Details, What},
    generation_row::GenerationRow,
    shape::Received,
    training_record::{Event, Rejection, Sanitizer, TrainingRecord},
};

/// A redacted event: a line, a row, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedactedEvent {
    uuid: Uuid,
    time: Timestamp,
    ids: Vec<String>,
    about: Option<Uuid>,
    line: Option<TrainingRecord>,
    row: Option<GenerationRow>,
    redactions: Vec<(String, u64)>,
}

impl RedactedEvent {
    /// Redacts an event: its input first, then its reason, then what only the row has.
    ///
    /// # Errors
    /// A [`Rejection`] when the event has no usable input.
    pub fn new(event: &Event<'_>, sanitizer: &Sanitizer) -> Result<Self, Box<Rejection>> {
        let mut redactor = Redactor::new(&sanitizer.policy);
        let details = event.details.as_ref();
        for text in details.into_iter().flat_map(texts_of) {
            redactor.reserve_numbers_of(text);
        }
        let input = event.input_prompt.as_ref().map(Received::input);
        let (record, whole_input) = TrainingRecord::redacted(event, input.as_ref(), sanitizer, &mut redactor)?;
        let row = details.map(|details| {
            let whole_input = whole_input.as_deref().unwrap_or(&record.properties().input_prompt);
            let has_reason = event.failure_reason.is_some();
            GenerationRow::new(&record, whole_input, input.as_ref(), has_reason, details, sanitizer, &mut redactor)
        });
        let (about, about_time) = match details.map(|details| &details.what) {
            Some(What::Verdict { about, about_time, .. }) => (*about, *about_time),
            _ => (None, None),
        };
        Ok(Self {
            uuid: record.uuid(),
            // A verdict brings the content of what it judges: whoever was erased in between stays erased.
            time: about_time.map_or(record.time(), |time| time.min(record.time())),
            ids: record.ids(),
            about,
            line: details.is_none_or(|details| details.what.is_failed()).then_some(record),
            row,
            redactions: redactor.counts(),
        })
    }

    /// The event's name through every hop.
    pub fn uuid(&self) -> Uuid {
        self.uuid
    }

    /// When its content came to be: an erasure after that covers it.
    pub fn time(&self) -> Timestamp {
        self.time
    }

    /// Whose it is, as erasures know it: the id, then the same under older keys.
    pub fn ids(&self) -> &[String] {
        &self.ids
    }

    /// Of a verdict: the uuid of what it judges. Where that was removed, the verdict is not kept either.
    pub fn about(&self) -> Option<Uuid> {
        self.about
    }

    /// The line of a failure.
    pub fn line(&self) -> Option<&TrainingRecord> {
        self.line.as_ref()
    }

    /// The row, where the events table asks for one.
    pub fn row(&self) -> Option<&GenerationRow> {
        self.row.as_ref()
    }

    /// How many values of each type became placeholders, by the type's label. It is counted, not stored.
    pub fn redactions(&self) -> &[(String, u64)] {
        &self.redactions
    }
}

fn texts_of<'a>(details: &'a Details<'a>) -> impl Iterator<Item = &'a str> {
    let feedback = match &details.what {
        What::Verdict { feedback, .. } => feedback.as_ref(),
        What::Failure | What::Success => None,
    };
    let inputs = [details.output.as_ref(), details.tools.as_ref(), feedback];
    let names = [details.model, details.provider];
    inputs.into_iter().flatten().map(Input::as_str).chain(names.into_iter().flatten())
}
