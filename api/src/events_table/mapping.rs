//! An event becomes a failure with its input and its reason, or is ignored with a reason. Nothing is redacted here.

use std::borrow::Cow;

use jiff::Timestamp;
use journal::Event;
use misfire_sanitizer::Input;

use super::{
    condition::Condition,
    entry::Entry,
    error_text,
    heavy::HEAVY,
    source::{Found, Name, Names, Selected, as_it_is},
    table::EventsTable,
};
use crate::event::{
    ReceivedEvent,
    json::{Json, input, members},
};

/// How much of an event's name is repeated, in characters.
const NAME_CHARS_MAX: usize = 200;

/// What the table says of an event.
#[derive(Debug)]
pub enum Mapped<'a> {
    /// It is kept.
    Failure(Failure<'a>),
    /// It is not, and nothing is wrong.
    Ignored(Ignored),
}

/// A failed generation, as a record needs it.
#[derive(Debug)]
pub struct Failure<'a> {
    /// What the model was asked; `None` when the event does not hold it.
    pub input: Option<Input<'a>>,
    /// Where the input is in the body, or should be (RFC 6901).
    pub input_pointer: String,
    /// Whether the property of the input is there and null.
    pub is_input_null: bool,
    /// Why it failed.
    pub reason: Option<Input<'a>>,
    /// PostHog's name for the person.
    pub distinct_id: Option<Cow<'a, str>>,
}

/// Why an event is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignored {
    /// The reason in a word.
    pub reason: IgnoredReason,
    /// The same in a sentence that names the event and says what to do.
    pub detail: String,
}

/// The reason why an event is not kept, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IgnoredReason {
    /// No entry of the table has the event's name.
    NotKept,
    /// An entry has its name, and the event is not a failure.
    NotAFailure,
    /// PostHog keeps the content apart. A pull brings the event again, with it.
    NoContent,
    /// The SDK sent no content, by its setting.
    PrivacyMode,
    /// The person was erased after it happened.
    Forgotten,
}

impl IgnoredReason {
    /// As the answer and the metrics spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotKept => "not_kept",
            Self::NotAFailure => "not_a_failure",
            Self::NoContent => "no_content",
            Self::PrivacyMode => "privacy_mode",
            Self::Forgotten => "forgotten",
        }
    }
}

impl Failure<'_> {
    /// The event as a record needs it. An event without a time gets the time of its receipt.
    pub fn to_plain(&self, event: &ReceivedEvent<'_>, received_at: Timestamp) -> Event<'_> {
        Event {
            uuid: event.uuid,
            time: event.time.unwrap_or(received_at),
            distinct_id: self.distinct_id.as_deref(),
            input_prompt: self.input.clone(),
            failure_reason: self.reason.clone(),
        }
    }
}

impl EventsTable {
    /// Looks an event up, and reads from it what its entry names. The first entry that takes the event counts.
    pub fn map<'a>(&self, event: &ReceivedEvent<'a>) -> Mapped<'a> {
        self.find(event).1
    }

    /// The same with the entry that decided.
    pub(super) fn find<'a>(&self, event: &ReceivedEvent<'a>) -> (Option<&Entry>, Mapped<'a>) {
        let mut ignored = None;
        for entry in self.entries().iter().filter(|entry| entry.name == event.name) {
            match entry.take(event, self) {
                Mapped::Ignored(reason) if reason.reason == IgnoredReason::NotAFailure => {
                    ignored = ignored.or(Some((Some(entry), Mapped::Ignored(reason))));
                }
                decided => return (Some(entry), decided),
            }
        }
        ignored.unwrap_or_else(|| (None, Mapped::Ignored(self.not_kept(event))))
    }

    fn not_kept(&self, event: &ReceivedEvent<'_>) -> Ignored {
        let kept: Vec<_> = self.names().iter().map(|name| format!("{name:?}")).collect();
        Ignored {
            reason: IgnoredReason::NotKept,
            detail: format!(
                "{:?} is not kept: the events table keeps {}. EVENTS can name a file with more entries",
                shown(&event.name),
                kept.join(", ")
            ),
        }
    }

    /// Where the input of an event of this name is.
    fn input_names(&self, name: &str) -> Option<&Names> {
        self.entries().iter().filter(|entry| entry.name == name).find_map(|entry| entry.input.as_ref())
    }
}

/// What an entry makes of an event.
enum Judgement {
    Failure,
    /// The event is of the entry's name, and no failure.
    NoFailure,
    /// A part of a verdict that does not say what it is: the text to a thumbs down may come in an event of its own.
    Unsaid,
}

impl Entry {
    fn take<'a>(&self, event: &ReceivedEvent<'a>, table: &EventsTable) -> Mapped<'a> {
        let properties = Selected::new(event.properties, self.names());
        match self.judge(&properties) {
            Judgement::NoFailure => return Mapped::Ignored(self.no_failure(event)),
            Judgement::Unsaid => return Mapped::Ignored(waits_for_its_target(event)),
            Judgement::Failure => {}
        }
        let reason = self.reason.as_ref().and_then(|source| source.of(&properties, reason));
        if let Some(names) = &self.input {
            let distinct_id = event.distinct_id.clone();
            return with_input(names, event.properties, event.pointer, &event.name, reason, distinct_id);
        }
        let about = event.about.as_ref();
        match about.and_then(|about| Some((about, table.input_names(&about.name)?))) {
            Some((about, names)) => {
                with_input(names, about.properties, "/about", &about.name, reason, about.distinct_id.clone())
            }
            None => Mapped::Ignored(waits_for_its_target(event)),
        }
    }

    /// Whether the entry takes the event as a failure, wherever its content is.
    pub(super) fn takes(&self, event: &ReceivedEvent<'_>) -> bool {
        let properties = Selected::new(event.properties, self.names());
        matches!(self.judge(&properties), Judgement::Failure)
    }

    fn judge(&self, properties: &Selected<'_, '_>) -> Judgement {
        let all = |conditions: &[Condition]| conditions.iter().all(|condition| condition.holds(properties));
        let says_something =
            || self.when.iter().chain(&self.good).any(|condition| condition.property.of(properties).is_some());
        match () {
            () if !self.unless.is_empty() && all(&self.unless) => Judgement::NoFailure,
            () if all(&self.when) => Judgement::Failure,
            () if self.about.is_some() && !says_something() => Judgement::Unsaid,
            () => Judgement::NoFailure,
        }
    }

    /// All names that the entry reads, but for that of the input.
    fn names(&self) -> impl Iterator<Item = &Name> {
        let conditions = self.when.iter().chain(&self.unless).chain(&self.good);
        let reason = self.reason.iter().flat_map(|source| source.names());
        conditions.map(|condition| &condition.property).chain(reason)
    }

    fn no_failure(&self, event: &ReceivedEvent<'_>) -> Ignored {
        let wanted = |condition: &Condition| format!("{} is {}", condition.property.as_str(), condition.spellings()[0]);
        let wanted: Vec<_> = self.when.iter().map(wanted).collect();
        let unless: Vec<_> = self.unless.iter().map(|condition| condition.property.as_str()).collect();
        let unless = if unless.is_empty() { String::new() } else { format!(", but for {}", unless.join(" and ")) };
        Ignored {
            reason: IgnoredReason::NotAFailure,
            detail: format!(
                "{:?} is kept when {}{unless}; this one is no such event",
                shown(&event.name),
                wanted.join(" and ")
            ),
        }
    }
}

fn with_input<'a>(
    names: &Names,
    properties: Json<'a>,
    pointer: &str,
    event_name: &str,
    reason: Option<Input<'a>>,
    distinct_id: Option<Cow<'a, str>>,
) -> Mapped<'a> {
    let selected = Selected::new(properties, names.iter());
    let (name, found) = names.of(&selected);
    let is_heavy = HEAVY.iter().any(|(heavy, _)| *heavy == name.as_str());
    let (event_name, property) = (shown(event_name), name.as_str());
    match found {
        Found::Absent if is_heavy => Mapped::Ignored(Ignored {
            reason: IgnoredReason::NoContent,
            detail: format!(
                "{event_name:?} came without {property}: PostHog Cloud keeps it apart, and no webhook carries it. The pull brings \
                 the event again with it (POSTHOG_PROJECT turns it on)"
            ),
        }),
        Found::Null if is_heavy => Mapped::Ignored(Ignored {
            reason: IgnoredReason::PrivacyMode,
            detail: format!(
                "{event_name:?} came with {property} null: its SDK sends no content, as in privacy mode, and there is nothing to keep"
            ),
        }),
        found => Mapped::Failure(Failure {
            input_pointer: format!("{pointer}/properties/{}", pointer_of(name, properties)),
            is_input_null: matches!(found, Found::Null),
            input: match found {
                Found::Value(value) => input(value),
                Found::Absent | Found::Null => None,
            },
            reason,
            distinct_id,
        }),
    }
}

fn waits_for_its_target(event: &ReceivedEvent<'_>) -> Ignored {
    Ignored {
        reason: IgnoredReason::NoContent,
        detail: format!(
            "{:?} judges another event, which holds the content. The pull brings both together (POSTHOG_PROJECT turns it on)",
            shown(&event.name)
        ),
    }
}

/// A reason: of an error that is JSON only the name and the message.
fn reason<'a>(name: &Name, value: Json<'a>) -> Option<Input<'a>> {
    let as_text = as_it_is(value)?;
    let is_posthogs = name.as_str().starts_with("$ai_");
    let is_error = match &as_text {
        Input::Plain(text) => error_text::is_json(text),
        Input::Json(json) => error_text::is_json(json),
    };
    if !is_error {
        return Some(as_text);
    }
    match error_text::of_json(as_text.as_str()) {
        Some(text) => Some(Input::Plain(text.into())),
        // Of a team's own property the team knows what is in it.
        None => (!is_posthogs).then_some(as_text),
    }
}

/// The last part of a pointer: the property of that very name, or the members that a dot reads.
fn pointer_of(name: &Name, properties: Json) -> String {
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    let is_member = name.as_str().contains('.') && members(properties, &[name.as_str()])[0].is_none();
    match is_member {
        true => name.segments().map(escaped).collect::<Vec<_>>().join("/"),
        false => escaped(name.as_str()),
    }
}

/// A name as an answer and the log repeat it.
fn shown(name: &str) -> String {
    name.chars().take(NAME_CHARS_MAX).collect()
}
