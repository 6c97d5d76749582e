//! An event is kept with its input, its reason and what a row holds besides, or is ignored with a reason. Nothing is redacted here.

use std::borrow::Cow;

use misfire_sanitizer::Input;

use super::{
    condition::Condition,
    entry::Entry,
    error_text,
    heavy::HEAVY,
    judgement::Judgement,
    kept::{Kept, Place, RowKind, RowParts},
    source::{Found, Name, Names, Selected, as_it_is},
    table::EventsTable,
};
use crate::event::{
    About, ReceivedEvent,
    json::{Json, input},
};

/// How much of an event's name is repeated, in characters.
const NAME_CHARS_MAX: usize = 200;

/// What the table says of an event.
#[derive(Debug)]
pub enum Mapped<'a> {
    /// It is kept.
    Kept(Box<Kept<'a>>),
    /// It is not, and nothing is wrong.
    Ignored(Ignored),
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

impl EventsTable {
    /// Looks an event up, and reads from it what its entry names. The first entry that takes the event counts.
    pub fn map<'a>(&self, event: &ReceivedEvent<'a>) -> Mapped<'a> {
        self.find(event).1
    }

    /// The same with the entry that decided, and what the event is to it.
    pub(super) fn find<'a>(&self, event: &ReceivedEvent<'a>) -> (Option<(&Entry, Judgement)>, Mapped<'a>) {
        let mut ignored = None;
        for entry in self.entries().iter().filter(|entry| entry.name == event.name) {
            let (judgement, mapped) = entry.take(event, self);
            if judgement != Judgement::Nothing {
                return (Some((entry, judgement)), mapped);
            }
            ignored = ignored.or(Some((Some((entry, judgement)), mapped)));
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

    /// The entry that says where the content of a judged event is.
    fn judged_by<'e, 'r, 'a>(&'e self, about: &'r About<'a>) -> Option<(&'r About<'a>, &'e Entry, &'e Names)> {
        let entries = self.entries().iter().filter(|entry| entry.name == about.name);
        entries.into_iter().find_map(|entry| Some((about, entry, entry.input.as_ref()?)))
    }
}

impl Entry {
    fn take<'a>(&self, event: &ReceivedEvent<'a>, table: &EventsTable) -> (Judgement, Mapped<'a>) {
        let properties = Selected::new(event.properties, self.names());
        let judgement = self.judge(event, &properties);
        let source = self.reason.as_ref().filter(|source| judgement.has_reason(source));
        let reason = source.and_then(|source| source.of(&properties, reason));
        let mapped = match judgement {
            Judgement::Nothing => Mapped::Ignored(self.no_failure(event)),
            Judgement::Unsaid => Mapped::Ignored(waits_for_its_target(event)),
            _ => match &self.input {
                Some(input) => self.take_generation(input, event, &properties, judgement, reason),
                None => self.take_verdict(event, table, judgement, reason),
            },
        };
        match mapped {
            // Nothing was answered, or the model refused: it is no example of how it goes well.
            Mapped::Kept(kept) if judgement == Judgement::Success && !kept.has_output() => {
                (Judgement::Nothing, Mapped::Ignored(self.no_failure(event)))
            }
            mapped => (judgement, mapped),
        }
    }

    fn take_generation<'a>(
        &self,
        input: &Names,
        event: &ReceivedEvent<'a>,
        selected: &Selected<'a, '_>,
        judgement: Judgement,
        reason: Option<Input<'a>>,
    ) -> Mapped<'a> {
        let kind = if judgement == Judgement::Success { RowKind::Success } else { RowKind::Failure };
        let row = self.output.as_ref().map(|_| RowParts::of(self, selected, kind));
        let content = Content { input, name: &event.name, properties: event.properties, pointer: event.pointer };
        content.kept(selected, reason, event.distinct_id.clone(), row)
    }

    fn take_verdict<'a>(
        &self,
        event: &ReceivedEvent<'a>,
        table: &EventsTable,
        judgement: Judgement,
        reason: Option<Input<'a>>,
    ) -> Mapped<'a> {
        let about = event.about.as_ref();
        let Some((about, judged, input)) = about.and_then(|about| table.judged_by(about)) else {
            return Mapped::Ignored(match judgement {
                Judgement::Good => self.no_failure(event),
                _ => waits_for_its_target(event),
            });
        };
        let row = RowParts::of_verdict(self, event, judgement.label(), judged);
        let content = Content { input, name: &about.name, properties: about.properties, pointer: "/about" };
        let selected = Selected::new(about.properties, input.iter());
        content.kept(&selected, reason, about.distinct_id.clone(), row)
    }

    /// All names that the entry reads to judge an event, to say why, and to find the input and what a row holds besides: one reading
    /// of the properties finds all.
    pub(super) fn names(&self) -> impl Iterator<Item = &Name> {
        let conditions = self.when.iter().chain(&self.unless).chain(&self.good);
        let reason = self.reason.iter().flat_map(|source| source.names());
        let feedback = self.feedback.iter().flat_map(Names::iter);
        let input = self.input.iter().flat_map(Names::iter);
        let row = self.row_names().filter(|_| self.input.is_some() && self.output.is_some());
        conditions.map(|condition| &condition.property).chain(reason).chain(feedback).chain(input).chain(row)
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

/// Where the content of a generation stands.
struct Content<'e, 'a> {
    input: &'e Names,
    name: &'e str,
    properties: Json<'a>,
    pointer: &'static str,
}

impl<'a> Content<'_, 'a> {
    fn kept(
        self,
        selected: &Selected<'a, '_>,
        reason: Option<Input<'a>>,
        distinct_id: Option<Cow<'a, str>>,
        row: Option<RowParts<'a>>,
    ) -> Mapped<'a> {
        let (name, found) = self.input.of(selected);
        let is_heavy = HEAVY.iter().any(|(heavy, _)| *heavy == name.as_str());
        let (event_name, property) = (self.name, name.as_str());
        match found {
            Found::Absent if is_heavy => Mapped::Ignored(Ignored {
                reason: IgnoredReason::NoContent,
                detail: format!(
                    "{:?} came without {property}: PostHog Cloud keeps it apart, and no webhook carries it. The pull brings \
                     the event again with it (POSTHOG_PROJECT turns it on)",
                    shown(event_name)
                ),
            }),
            Found::Null if is_heavy => Mapped::Ignored(Ignored {
                reason: IgnoredReason::PrivacyMode,
                detail: format!(
                    "{:?} came with {property} null: its SDK sends no content, as in privacy mode, and there is nothing to keep",
                    shown(event_name)
                ),
            }),
            found => Mapped::Kept(Box::new(Kept {
                place: Place { name: name.clone(), properties: self.properties, event: self.pointer },
                is_input_null: matches!(found, Found::Null),
                input: match found {
                    Found::Value(value) => input(value),
                    Found::Absent | Found::Null => None,
                },
                reason,
                distinct_id,
                row,
            })),
        }
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

/// A name as an answer and the log repeat it.
fn shown(name: &str) -> String {
    name.chars().take(NAME_CHARS_MAX).collect()
}
