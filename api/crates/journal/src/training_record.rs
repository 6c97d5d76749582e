//! A failed generation that may be kept. The type is the proof: it can be made here only, and each way to make one redacts, or
//! starts from a line that was redacted when it was written.

use std::sync::Arc;

use jiff::Timestamp;
use misfire_sanitizer::{Input, Policy, Redactor, distinct_id, stored::redacted_again};
use serde::{Serialize, Serializer, ser::SerializeStruct};
use shared::event::{FAILURE_REASON_CHARS_MAX, GENERATION_FAILED, GenerationFailed, INPUT_PROMPT_CHARS_MAX};
use uuid::Uuid;
use validator::Validate;

use crate::{
    details::Details, json_line::to_line_of, limits::cut, pseudonym_key::PseudonymKeys, record::Record,
    repeated::Repeated, rules::has_length, schema::TRAINING_DATA, shape::Received, time::format_time,
};

/// The value for a property that the event does not have: readers infer a column's type from its values, so none is null.
pub const UNKNOWN: &str = "unknown";

/// Everything that redacting needs besides the event: the keys of the pseudonyms and the operator's policy. Clones share the policy.
#[derive(Debug, Clone)]
pub struct Sanitizer {
    /// Ids that could name a person become pseudonyms under the current key.
    pub keys: PseudonymKeys,
    /// The operator's policy.
    pub policy: Arc<Policy>,
    /// What many events repeat, and is clean under the policy.
    pub(crate) repeated: Arc<Repeated>,
}

impl Sanitizer {
    /// Redacts by this policy.
    pub fn new(keys: PseudonymKeys, policy: Arc<Policy>) -> Self {
        Self { keys, policy, repeated: Arc::default() }
    }
}

/// An event as it was received; nothing in it is redacted.
#[derive(Debug)]
pub struct Event<'a> {
    /// The event's name through every hop.
    pub uuid: Uuid,
    /// When it happened.
    pub time: Timestamp,
    /// PostHog's name for the person.
    pub distinct_id: Option<&'a str>,
    /// What the person asked the model for.
    pub input_prompt: Option<Input<'a>>,
    /// Why the generation failed.
    pub failure_reason: Option<Input<'a>>,
    /// What a row of `generations.jsonl` holds besides; `None` where the event has no row.
    pub details: Option<Details<'a>>,
}

/// A line of `training_data.jsonl` that keeps every rule of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrainingRecord {
    time: Timestamp,
    properties: GenerationFailed,
    distinct_id: String,
    /// The id under older keys.
    older_ids: Vec<String>,
    uuid: Uuid,
    redactions: Vec<(String, u64)>,
}

/// An event that holds nothing to train on. What is left of it is redacted, as a record is.
#[derive(Debug)]
pub struct Rejection {
    /// Each property that is wrong, with what is wrong.
    pub fields: Vec<(String, String)>,
    /// The event's name through every hop.
    pub uuid: Uuid,
    /// When it happened.
    pub time: Timestamp,
    /// Whose event it was, by the rule for ids.
    pub distinct_id: String,
    /// The same under older keys.
    pub older_ids: Vec<String>,
    /// The properties that the event has.
    pub properties: GenerationFailed,
}

impl TrainingRecord {
    /// Redacts an event that is a failed generation; its details are left out.
    ///
    /// # Errors
    /// A [`Rejection`] when the event has no usable prompt.
    pub fn new(event: &Event<'_>, sanitizer: &Sanitizer) -> Result<Self, Box<Rejection>> {
        let mut redactor = Redactor::new(&sanitizer.policy);
        let input = event.input_prompt.as_ref().map(Received::input);
        Self::redacted(event, input.as_ref(), sanitizer, &mut redactor).map(|(record, _)| record)
    }

    /// Redacts an event, of which `input` is the prompt; gives the whole redacted input as well, where it was too long for a line.
    ///
    /// The rules of [`GenerationFailed`] are checked on the redacted properties: to cut `failure_reason` any earlier could
    /// cut a secret in two and leave a half that nothing recognises.
    ///
    /// # Errors
    /// A [`Rejection`] when the event has no usable prompt.
    pub(crate) fn redacted(
        event: &Event<'_>,
        input: Option<&Received<'_>>,
        sanitizer: &Sanitizer,
        redactor: &mut Redactor<'_>,
    ) -> Result<(Self, Option<String>), Box<Rejection>> {
        let texts = [&event.input_prompt, &event.failure_reason];
        texts.into_iter().flatten().for_each(|text| redactor.reserve_numbers_of(text.as_str()));
        let input_prompt = input.map(|input| input.redacted(redactor)).unwrap_or_default();
        let failure_reason =
            event.failure_reason.as_ref().map(|reason| redactor.redact_input(reason)).unwrap_or_default();

        let (input_prompt, whole_input) = match fitted(&input_prompt) {
            Some(fitted) => (fitted, Some(input_prompt)),
            None => (input_prompt, None),
        };
        let properties = GenerationFailed {
            input_prompt,
            failure_reason: match failure_reason.trim() {
                "" => UNKNOWN.to_owned(),
                _ => cut(failure_reason, FAILURE_REASON_CHARS_MAX),
            },
        };
        let id_under = |key| match event.distinct_id {
            Some(id) => distinct_id::sanitize(id, key, &sanitizer.policy),
            None => UNKNOWN.to_owned(),
        };
        let record = Self {
            time: event.time,
            properties,
            distinct_id: id_under(&sanitizer.keys.current),
            older_ids: sanitizer.keys.older.iter().map(id_under).collect(),
            uuid: event.uuid,
            redactions: redactor.counts(),
        };
        let record = record.checked().map_err(|mut rejection| {
            if event.input_prompt.is_none() {
                rejection.fields = vec![("input_prompt".into(), "is missing".into())];
            }
            rejection
        })?;
        Ok((record, whole_input))
    }

    /// Nothing becomes a record that breaks a rule of the event.
    fn checked(self) -> Result<Self, Box<Rejection>> {
        let Err(errors) = self.properties.validate() else { return Ok(self) };
        let mut fields: Vec<_> = errors
            .field_errors()
            .into_iter()
            .flat_map(|(field, errors)| errors.iter().map(move |error| (field.to_string(), error.to_string())))
            .collect();
        fields.sort();
        let Self { time, properties, distinct_id, older_ids, uuid, redactions: _ } = self;
        Err(Box::new(Rejection { fields, uuid, time, distinct_id, older_ids, properties }))
    }

    /// A stored line as today's rules would write it, or `None` when it would stay as it is.
    ///
    /// # Errors
    /// [`NotARecord`] when the line must change and breaks a rule that redacting does not mend.
    pub fn resanitized(line: &Record<'_>, sanitizer: &Sanitizer) -> Result<Option<Self>, NotARecord> {
        let mut redactor = Redactor::new(&sanitizer.policy);
        let texts: [&str; 2] = [&line.input_prompt, &line.failure_reason];
        texts.iter().for_each(|text| redactor.reserve_numbers_of(text));
        let [input_prompt, failure_reason] = texts.map(|text| redacted_again(text, &sanitizer.policy, &mut redactor));
        let properties = GenerationFailed {
            // A placeholder may be longer than what it stands for.
            input_prompt: cut(fitted(&input_prompt).unwrap_or(input_prompt), INPUT_PROMPT_CHARS_MAX),
            failure_reason: cut(failure_reason, FAILURE_REASON_CHARS_MAX),
        };
        let id = &*line.distinct_id;
        let distinct_id = match id == UNKNOWN || distinct_id::is_sanitized(id, &sanitizer.policy) {
            true => id.to_owned(),
            // As an event with this id would be stored today: the person's old and new lines join.
            false => distinct_id::sanitize(id, &sanitizer.keys.current, &sanitizer.policy),
        };
        let is_same = properties.input_prompt == line.input_prompt
            && properties.failure_reason == line.failure_reason
            && distinct_id == line.distinct_id;
        if is_same {
            return Ok(None);
        }
        let record = Self { redactions: redactor.counts(), properties, distinct_id, ..Self::stored(line)? };
        record.checked_as_a_line().map(Some)
    }

    /// A stored line under another id and another uuid.
    ///
    /// # Errors
    /// [`NotARecord`] when the line breaks a rule.
    pub fn anonymised(line: &Record<'_>, distinct_id: &str, uuid: Uuid) -> Result<Self, NotARecord> {
        Self { distinct_id: distinct_id.to_owned(), uuid, ..Self::stored(line)? }.checked_as_a_line()
    }

    /// The rules of a line are those that `misfire verify` checks. They are looser than those of an event: earlier versions
    /// stored blank prompts.
    fn checked_as_a_line(self) -> Result<Self, NotARecord> {
        let GenerationFailed { input_prompt, failure_reason } = &self.properties;
        let is_line =
            has_length(input_prompt, INPUT_PROMPT_CHARS_MAX) && has_length(failure_reason, FAILURE_REASON_CHARS_MAX);
        if is_line { Ok(self) } else { Err(NotARecord) }
    }

    fn stored(line: &Record<'_>) -> Result<Self, NotARecord> {
        Ok(Self {
            time: line.timestamp.parse().map_err(|_| NotARecord)?,
            properties: GenerationFailed {
                input_prompt: line.input_prompt.clone().into_owned(),
                failure_reason: line.failure_reason.clone().into_owned(),
            },
            distinct_id: line.distinct_id.clone().into_owned(),
            older_ids: Vec::new(),
            uuid: line.uuid.parse().map_err(|_| NotARecord)?,
            redactions: Vec::new(),
        })
    }

    /// How many values of each type became placeholders, by the type's label. It is counted, not stored.
    pub fn redactions(&self) -> &[(String, u64)] {
        &self.redactions
    }

    /// The event's name through every hop.
    pub fn uuid(&self) -> Uuid {
        self.uuid
    }

    /// The time as it stands in the line.
    pub(crate) fn timestamp(&self) -> String {
        format_time(self.time)
    }

    /// When the event happened, or was received if it did not say.
    pub fn time(&self) -> Timestamp {
        self.time
    }

    /// Whose event it was, by the rule for ids.
    pub fn distinct_id(&self) -> &str {
        &self.distinct_id
    }

    /// Whose event it was, as erasures know it: the id, then the same under older keys.
    pub fn ids(&self) -> Vec<String> {
        std::iter::once(&self.distinct_id).chain(&self.older_ids).cloned().collect()
    }

    /// The redacted properties.
    pub fn properties(&self) -> &GenerationFailed {
        &self.properties
    }

    /// The line as it stands in the file, its `\n` included.
    pub fn to_line(&self) -> Vec<u8> {
        to_line_of(self, self.properties.input_prompt.len() + self.properties.failure_reason.len())
    }
}

impl Rejection {
    /// Whose event it was, as erasures know it: the id, then the same under older keys.
    pub fn ids(&self) -> Vec<String> {
        std::iter::once(&self.distinct_id).chain(&self.older_ids).cloned().collect()
    }
}

/// A stored line breaks a rule of a line, so that no record can be made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the line breaks a rule of a line; `misfire verify` says which")]
pub struct NotARecord;

impl Serialize for TrainingRecord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let GenerationFailed { input_prompt, failure_reason } = &self.properties;
        let mut uuid = Uuid::encode_buffer();
        let values = [
            &*format_time(self.time),
            GENERATION_FAILED,
            failure_reason,
            input_prompt,
            &self.distinct_id,
            self.uuid.hyphenated().encode_lower(&mut uuid),
        ];
        let mut line = serializer.serialize_struct("TrainingRecord", values.len())?;
        for (key, value) in TRAINING_DATA.keys.iter().zip(values) {
            line.serialize_field(key, value)?;
        }
        line.end()
    }
}

/// A chat that is too long loses messages in its middle; `None` for one that fits, and for what is no chat. That is done after
/// redacting: to cut a message any earlier could cut a secret in two and leave a half that nothing recognises.
fn fitted(prompt: &str) -> Option<String> {
    // Bytes first: their number is known, and there are never fewer of them than characters.
    if prompt.len() as u64 <= INPUT_PROMPT_CHARS_MAX {
        return None;
    }
    chat::shorten(prompt, INPUT_PROMPT_CHARS_MAX)
}

#[cfg(test)]
mod tests {
    use misfire_sanitizer::PseudonymKey;

    use super::*;

    fn sanitizer() -> Sanitizer {
        Sanitizer::new(PseudonymKey::new(*b"0123456789abcdef").unwrap().into(), Arc::default())
    }

    fn event(prompt: &str) -> Event<'_> {
        Event {
            uuid: Uuid::nil(),
            time: "2025-11-30T16:38:21.968Z".parse().unwrap(),
            distinct_id: Some("user_1007"),
            input_prompt: Some(Input::Plain(prompt.into())),
            failure_reason: Some(Input::Plain("timeout".into())),
            details: None,
        }
    }

    #[test]
    fn a_line_has_six_keys_in_order_and_ends_with_a_newline() {
        let line =
            TrainingRecord::new(&event("generate a marketing email for new users"), &sanitizer()).unwrap().to_line();
        assert_eq!(
            String::from_utf8(line).unwrap(),
            "{\"timestamp\":\"2025-11-30T16:38:21.968Z\",\"event\":\"generation_failed\",\"failure_reason\":\"timeout\",\
             \"input_prompt\":\"generate a marketing email for new users\",\"distinct_id\":\"user_1007\",\
             \"uuid\":\"00000000-0000-0000-0000-000000000000\"}\n"
        );
    }

    #[test]
    fn an_event_without_a_prompt_is_rejected_and_what_is_left_of_it_is_redacted() {
        let mut event = event("");
        event.failure_reason = Some(Input::Plain("mail to jane@example.com bounced".into()));
        let rejection = TrainingRecord::new(&event, &sanitizer()).unwrap_err();
        assert_eq!(rejection.fields[0].0, "input_prompt");
        assert_eq!(rejection.properties.failure_reason, "mail to [EMAIL_1] bounced");
    }

    #[test]
    fn a_stored_line_becomes_the_same_line_when_nothing_in_it_changes() {
        let line = TrainingRecord::new(&event("write to jane@example.com"), &sanitizer()).unwrap().to_line();
        let record = Record::parse(line.trim_ascii_end()).unwrap();
        assert_eq!(TrainingRecord::resanitized(&record, &sanitizer()), Ok(None));
        let anonymised = TrainingRecord::anonymised(&record, "u_1", Uuid::from_u128(7)).unwrap();
        assert_eq!((anonymised.distinct_id(), anonymised.uuid()), ("u_1", Uuid::from_u128(7)));
    }

    #[test]
    fn a_stored_line_with_an_address_in_it_is_redacted() {
        let line = TrainingRecord::new(&event("a chair"), &sanitizer()).unwrap().to_line();
        let record = Record {
            input_prompt: "[EMAIL_1], bob@example.com".into(),
            ..Record::parse(line.trim_ascii_end()).unwrap()
        };
        let today = TrainingRecord::resanitized(&record, &sanitizer()).unwrap().unwrap();
        assert_eq!(today.properties().input_prompt, "[EMAIL_1], [EMAIL_2]");
        assert_eq!(today.redactions(), [("EMAIL".to_owned(), 1)]);
    }

    #[test]
    fn no_record_is_made_of_a_line_that_breaks_a_rule() {
        let line = TrainingRecord::new(&event("a chair"), &sanitizer()).unwrap().to_line();
        let record = Record::parse(line.trim_ascii_end()).unwrap();
        for broken in [
            Record { timestamp: "yesterday".into(), ..record.clone() },
            Record { uuid: "1".into(), ..record.clone() },
            Record { input_prompt: "".into(), ..record },
        ] {
            let leaking = Record { failure_reason: "jane@example.com".into(), ..broken.clone() };
            assert_eq!(TrainingRecord::resanitized(&leaking, &sanitizer()), Err(NotARecord));
            assert_eq!(TrainingRecord::anonymised(&broken, "u_1", Uuid::nil()), Err(NotARecord));
        }
    }
}
