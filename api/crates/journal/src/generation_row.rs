//! A generation, or a verdict about one, that may be kept. The type is the proof, as [`TrainingRecord`] is: it
//! can be made in this crate only, and each way to make one redacts, or starts from a row that was redacted when it was written.

use std::borrow::Cow;

use misfire_sanitizer::{PseudonymKey, Redactor, distinct_id, stored::redacted_again};
use serde::{Serialize, Serializer, ser::SerializeStruct};
use shared::event::{FAILURE_REASON_CHARS_MAX, INPUT_PROMPT_CHARS_MAX};

use crate::{
    details::{Details, What},
    generation::Generation,
    json_line::to_line_of,
    limits::{FEEDBACK_CHARS_MAX, ID_CHARS_MAX, OUTPUT_CHARS_MAX, cut},
    renewal::Renewal,
    rules,
    schema::GENERATIONS,
    shape::{self, Received},
    training_record::{NotARecord, Sanitizer, TrainingRecord, UNKNOWN},
};

/// A line of `generations.jsonl` that keeps every rule of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GenerationRow {
    values: Generation<'static>,
}

/// A stored row as today's rules write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResanitizedRow {
    /// The row.
    pub row: GenerationRow,
    /// How many values of each type became placeholders, by the type's label.
    pub redactions: Vec<(String, u64)>,
}

impl GenerationRow {
    /// Redacts the rest of an event of which `record` is the line. `whole_input` is the redacted input of the record before it was
    /// shortened, and `redactor` has given the placeholders in it.
    pub(crate) fn new(
        record: &TrainingRecord,
        whole_input: &str,
        input: Option<&Received<'_>>,
        has_reason: bool,
        details: &Details<'_>,
        sanitizer: &Sanitizer,
        redactor: &mut Redactor<'_>,
    ) -> Self {
        let key = &sanitizer.keys.current;
        let received = details.output.as_ref().map(Received::output);
        let output = received.as_ref().map(|output| output.redacted(redactor)).unwrap_or_default();
        let repeated = &sanitizer.repeated;
        let tools = details.tools.as_ref().map(|tools| repeated.tools(tools, &sanitizer.policy, redactor));
        let tools = tools.unwrap_or_default();
        let id = |id: Option<&str>| stored_id(id.unwrap_or_default(), key, sanitizer);
        let mut values = Generation {
            timestamp: record.timestamp().into(),
            kind: details.what.kind().into(),
            uuid: record.uuid().to_string().into(),
            trace_id: id(details.trace_id).into(),
            session_id: id(details.session_id).into(),
            distinct_id: record.distinct_id().to_owned().into(),
            http_status: details.http_status.and_then(status).unwrap_or_default().into(),
            input: shape::input(whole_input, input).into(),
            input_hash: input.map(|input| input.hash(key, &tools.canonical)).unwrap_or_default().into(),
            output: shape::output(&output, received.as_ref()).into(),
            tools: tools.stored.clone().into(),
            ..Generation::default()
        };
        if details.what.is_failed() || has_reason {
            values.failure_reason = record.properties().failure_reason.clone().into();
        }
        if let What::Verdict { about, label, submission, feedback, .. } = &details.what {
            values.about = about.map(|uuid| uuid.to_string()).unwrap_or_default().into();
            values.label = label.name().into();
            values.submission = id(*submission).into();
            let feedback = feedback.as_ref().map(|feedback| redactor.redact_input(feedback)).unwrap_or_default();
            values.feedback = cut(feedback, FEEDBACK_CHARS_MAX).into();
        }
        let mut name = |name: Option<&str>| {
            let name = name.map(|name| repeated.name(name, &sanitizer.policy, redactor)).unwrap_or_default();
            cut(name, ID_CHARS_MAX).into()
        };
        (values.model, values.provider) = (name(details.model), name(details.provider));
        Self { values }
    }

    /// A stored row as today's rules would write it, or `None` when it would stay as it is. The hash of its input stays: it was made
    /// before anything was redacted.
    ///
    /// # Errors
    /// [`NotARecord`] when the row must change and breaks a rule that redacting does not mend.
    pub fn resanitized(row: &Generation<'_>, sanitizer: &Sanitizer) -> Result<Option<ResanitizedRow>, NotARecord> {
        let mut redactor = Redactor::new(&sanitizer.policy);
        let texts: [&str; 7] =
            [&row.input, &row.failure_reason, &row.output, &row.tools, &row.feedback, &row.model, &row.provider];
        texts.iter().for_each(|text| redactor.reserve_numbers_of(text));
        let [input, failure_reason, output, tools, feedback, model, provider] =
            texts.map(|text| redacted_again(text, &sanitizer.policy, &mut redactor));
        let id = |id: &str| match is_stored_id(id, sanitizer) {
            true => id.to_owned(),
            false => stored_id(id, &sanitizer.keys.current, sanitizer),
        };
        let today = Generation {
            // A placeholder may be longer than what it stands for.
            input: fitted(input, INPUT_PROMPT_CHARS_MAX).into(),
            failure_reason: cut(failure_reason, FAILURE_REASON_CHARS_MAX).into(),
            output: fitted(output, OUTPUT_CHARS_MAX).into(),
            tools: if tools == row.tools { tools } else { shape::tools(&tools) }.into(),
            feedback: cut(feedback, FEEDBACK_CHARS_MAX).into(),
            model: cut(model, ID_CHARS_MAX).into(),
            provider: cut(provider, ID_CHARS_MAX).into(),
            trace_id: id(&row.trace_id).into(),
            session_id: id(&row.session_id).into(),
            distinct_id: id(&row.distinct_id).into(),
            submission: id(&row.submission).into(),
            ..row.clone().into_owned()
        };
        if today == *row {
            return Ok(None);
        }
        Self { values: today }.checked().map(|row| Some(ResanitizedRow { row, redactions: redactor.counts() }))
    }

    /// A stored row under fresh ids.
    ///
    /// # Errors
    /// [`NotARecord`] when the row breaks a rule.
    pub fn anonymised(row: &Generation<'_>, renewal: &Renewal) -> Result<Self, NotARecord> {
        let uuid = |text: &str| match text {
            "" => Ok(String::new()),
            text => text.parse().map(|uuid| renewal.uuid(uuid).to_string()).map_err(|_| NotARecord),
        };
        let values = Generation {
            uuid: uuid(&row.uuid)?.into(),
            about: uuid(&row.about)?.into(),
            distinct_id: renewal.distinct_id().to_owned().into(),
            trace_id: renewal.id("trace", &row.trace_id).into(),
            session_id: renewal.id("session", &row.session_id).into(),
            submission: renewal.id("submission", &row.submission).into(),
            ..row.clone().into_owned()
        };
        Self { values }.checked()
    }

    /// Nothing becomes a row that breaks a rule.
    fn checked(self) -> Result<Self, NotARecord> {
        let mut is_fine = true;
        rules::check_generation(&self.values, |_| is_fine = false);
        if is_fine { Ok(self) } else { Err(NotARecord) }
    }

    /// The values, redacted.
    pub fn values(&self) -> &Generation<'static> {
        &self.values
    }

    /// The line as it stands in the file, its `\n` included.
    pub fn to_line(&self) -> Vec<u8> {
        let bytes: usize = self.values.values().into_iter().map(str::len).sum();
        to_line_of(self, bytes)
    }
}

impl Serialize for GenerationRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let values = self.values.values();
        let mut line = serializer.serialize_struct("GenerationRow", values.len())?;
        for (key, value) in GENERATIONS.keys.iter().zip(values) {
            line.serialize_field(key, value)?;
        }
        line.end()
    }
}

/// An id by the rule for ids; nothing of a blank one.
fn stored_id(id: &str, key: &PseudonymKey, sanitizer: &Sanitizer) -> String {
    if id.trim().is_empty() { String::new() } else { distinct_id::sanitize(id, key, &sanitizer.policy) }
}

/// Whether an id is one that [`stored_id`] may have given, or stands for none.
pub(crate) fn is_stored_id(id: &str, sanitizer: &Sanitizer) -> bool {
    id.is_empty() || id == UNKNOWN || distinct_id::is_sanitized(id, &sanitizer.policy)
}

/// A status of HTTP in digits. SDKs send 0 where there was no answer.
fn status(text: &str) -> Option<String> {
    let status: u16 = text.trim().parse().ok()?;
    (100..=599).contains(&status).then(|| status.to_string())
}

fn fitted(text: String, chars_max: u64) -> String {
    if text.len() as u64 <= chars_max {
        return text;
    }
    let shorter: Option<Cow<'_, str>> = chat::shorten(&text, chars_max).map(Cow::Owned);
    shorter.map_or_else(|| cut(text.clone(), chars_max), Cow::into_owned)
}
