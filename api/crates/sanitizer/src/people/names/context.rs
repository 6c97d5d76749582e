//! The kind of a text, as far as names are concerned, and which of its words form a name.

use std::cell::OnceCell;

use arrayvec::ArrayVec;

use super::{public_figures, request::Request};
use crate::{
    scan::{Scanned, trigger_words as trigger},
    span::{Kind, Span},
};

/// The longest short text, in bytes.
const SHORT_BYTES_MAX: usize = 380;
/// The longest text that counts as one sentence, in bytes. In a sentence a first name alone is a person, of whom it says something.
pub(super) const SENTENCE_BYTES_MAX: usize = 180;
/// The most words of a name.
const TOKENS_MAX: usize = 5;

/// How far into the text a verb that asks for work in another language may stand, in tokens.
const TASK_TOKENS_MAX: usize = 12;

/// Words in lower case that may stand within a name.
pub(super) const PARTICLES: [&str; 26] = [
    "de", "da", "do", "dos", "das", "del", "della", "di", "du", "la", "le", "van", "von", "der", "den", "ter", "bin",
    "ibn", "al", "el", "y", "e", "af", "av", "zu", "st",
];

/// A text, and what kind of text it is.
pub(super) struct Context<'a> {
    pub(super) scanned: &'a Scanned<'a>,
    /// It holds other personal data, or is a court file.
    pub(super) is_record: bool,
    pub(super) is_short: bool,
    /// It is about nobody real.
    pub(super) is_fiction: bool,
    begins_as_task: bool,
    /// It asks in another language than English for a piece of work. Names in it are looked for; public figures stay.
    is_task_abroad: bool,
    /// Computed once it is asked for, since it reads every word.
    request: OnceCell<Request>,
}

/// Whether a value of this kind makes a text the record of a person.
fn identifies(kind: &Kind) -> bool {
    !matches!(
        kind,
        Kind::Person
            | Kind::Secret
            | Kind::Jwt
            | Kind::PrivateKey
            | Kind::Password
            | Kind::UrlCredentials
            | Kind::Own(_)
            | Kind::Crypto
            | Kind::Coordinates
            | Kind::Username
            | Kind::DateOfBirth
    )
}

/// Whether a text asks for a piece of work: `Write …`, `Can you summarize …`, `I want you to imagine …`.
fn is_task(scanned: &Scanned) -> bool {
    const LEADS: [&str; 14] =
        ["please", "can", "could", "would", "you", "your", "i", "help", "in", "for", "let", "as", "we", "hi"];
    /// How far into the text the verb may stand, in tokens.
    const TOKENS_MAX: usize = 6;
    let Some(first) = scanned.tokens.first() else { return false };
    let is_lead = || LEADS.iter().any(|lead| scanned.token_text(0).eq_ignore_ascii_case(lead));
    first.has(trigger::TASK)
        || scanned.has_trigger(trigger::TASK)
            && scanned.tokens.iter().take(TOKENS_MAX).any(|token| token.has(trigger::TASK))
            && is_lead()
}

impl<'a> Context<'a> {
    /// Judges a text in which `spans` were found.
    pub(super) fn new(scanned: &'a Scanned<'a>, spans: &[Span]) -> Self {
        let is_fiction = scanned.tokens_with(trigger::FICTION).next().is_some();
        let is_legal = scanned.tokens_with(trigger::LEGAL).next().is_some();
        let is_short = scanned.text.len() <= SHORT_BYTES_MAX && !is_fiction;
        Self {
            scanned,
            is_record: spans.iter().any(|span| identifies(&span.kind)) || is_legal,
            is_short,
            is_fiction,
            begins_as_task: is_task(scanned),
            is_task_abroad: scanned.has_trigger(trigger::TASK_ABROAD)
                && scanned.tokens.iter().take(TASK_TOKENS_MAX).any(|token| token.has(trigger::TASK_ABROAD)),
            request: OnceCell::new(),
        }
    }

    fn request(&self) -> Request {
        *self.request.get_or_init(|| if self.is_short { Request::of(self.scanned) } else { Request::default() })
    }

    /// Whether it asks for a piece of work.
    pub(super) fn is_task(&self) -> bool {
        self.begins_as_task || self.request().is_request
    }

    /// Whether it asks for anything.
    pub(super) fn is_question(&self) -> bool {
        self.scanned.has_sign(b'?')
    }

    /// Whether it is a short English text that asks for no work.
    pub(super) fn is_remark(&self) -> bool {
        self.is_short && !self.is_task() && self.request().is_english
    }

    /// Whether it is a short English text that asks for a piece of work.
    pub(super) fn is_english_task(&self) -> bool {
        self.is_short && self.is_task() && self.request().is_english
    }

    /// The last token of the run of capitalised words that begins at `first`.
    pub(super) fn run(&self, first: usize) -> Option<usize> {
        let scanned = self.scanned;
        let can_begin = scanned.tokens.get(first)?;
        if !can_begin.shape.is_word() || !can_begin.shape.is_capitalised() {
            return None;
        }
        let mut last = first;
        let mut at = first;
        while at + 1 < scanned.tokens.len() && at - first + 1 < TOKENS_MAX {
            let next = &scanned.tokens[at + 1];
            let gap = scanned.gap(at);
            let is_initial = scanned.tokens[at].len() == 1;
            let joins = matches!(gap, " " | "  " | "-" | "'") || is_initial && matches!(gap, ". " | ".");
            if !joins || !next.shape.is_word() {
                break;
            }
            let text = scanned.token_text(at + 1);
            if PARTICLES.contains(&text) && gap == " " {
                // Ortega y Gasset is one name, `García Márquez y de Frida Kahlo` are two.
                let joins_two = matches!(text, "y" | "e");
                let next_is_particle =
                    scanned.tokens.get(at + 2).is_some_and(|_| PARTICLES.contains(&scanned.token_text(at + 2)));
                if joins_two && next_is_particle {
                    break;
                }
                at += 1;
                continue;
            }
            // The `s` of `Jane's` is not part of the name.
            if !next.shape.is_capitalised() || gap == "'" && next.len() == 1 {
                break;
            }
            let is_no_name = next.has(trigger::NOT_NAME | trigger::COMPANY | trigger::STREET)
                && !next.names.is_family()
                || next.has(trigger::NOT_NAME | trigger::MONTH) && !next.names.is_given();
            if is_no_name && next.len() > 1 {
                break;
            }
            at += 1;
            last = at;
        }
        Some(last)
    }

    /// Whether the word is more likely a word than a name.
    pub(super) fn is_no_name(&self, index: usize) -> bool {
        let token = &self.scanned.tokens[index];
        token.has(trigger::NOT_NAME | trigger::COMPANY | trigger::MONTH) && !token.names.is_surely_given()
    }

    /// Whether any of the words is in the dictionary.
    pub(super) fn any_name(&self, first: usize, last: usize) -> bool {
        self.scanned.tokens[first..=last].iter().any(|token| token.names.is_name())
    }

    /// Whether the words are the name of a public figure, in a text that is about such: a task, a question, or a long text. In a
    /// short remark the same name may be anybody's.
    pub(super) fn is_public(&self, first: usize, last: usize) -> bool {
        self.may_be_public() && self.is_known(first, last)
    }

    /// Whether the text is one about public figures.
    fn may_be_public(&self) -> bool {
        !self.is_short || self.is_question() || self.is_task() || self.is_task_abroad
    }

    /// Whether the words belong to the name of a public figure: with those before and after them, as `Columbus` in `Christopher
    /// Columbus`.
    pub(super) fn is_part_of_public(&self, first: usize, last: usize) -> bool {
        if self.is_record || !self.may_be_public() {
            return false;
        }
        let start = last.saturating_sub(TOKENS_MAX).max(first.saturating_sub(TOKENS_MAX));
        let end = (first + TOKENS_MAX).min(self.scanned.tokens.len() - 1);
        // Each word stands in many of the names that are tried, so its key is found once.
        let keys: ArrayVec<u128, { 2 * TOKENS_MAX + 1 }> = (start..=end).map(|index| self.public_key(index)).collect();
        (start..=first).any(|from| {
            let to = end.min(from + TOKENS_MAX);
            let names =
                keys[from - start..=to - start].iter().scan(public_figures::NameHash::default(), |name, key| {
                    *name = name.and(*key);
                    Some(*name)
                });
            names.skip(last - from).any(public_figures::is_known)
        })
    }

    fn public_key(&self, index: usize) -> u128 {
        public_figures::key_of(self.scanned.token_text(index), self.scanned.key(index))
    }

    /// Whether the words are the name of a public figure, in a text that is not the record of a person.
    fn is_known(&self, first: usize, last: usize) -> bool {
        let name = || {
            let keys = (first..=last).map(|index| self.public_key(index));
            keys.fold(public_figures::NameHash::default(), public_figures::NameHash::and)
        };
        !self.is_record && public_figures::is_known(name())
    }

    /// Whether a first name alone counts: in a record, or in a short text that asks for no piece of work.
    pub(super) fn may_be_single(&self) -> bool {
        self.is_record || self.is_short && !self.is_task()
    }

    /// Whether the name ends an argument of a call, as in the example of code `greet("My name is Paul")`.
    pub(super) fn is_argument(&self, last: usize) -> bool {
        let end = self.scanned.tokens[last].end();
        matches!(self.scanned.byte_at(end), b'"' | b'\'') && matches!(self.scanned.byte_at(end + 1), b')' | b']' | b',')
    }

    /// Whether any name in the text is that of a public figure.
    pub(super) fn tells_of_public_figure(&self) -> bool {
        self.scanned.name_anchors.iter().any(|anchor| {
            let first = *anchor as usize;
            self.run(first).is_some_and(|last| self.is_known(first, last))
        })
    }
}
