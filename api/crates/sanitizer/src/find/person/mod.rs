//! Names of persons: by what stands before them (titles, greetings, `name:`, `my name is`), and by the gazetteer.
//!
//! A name alone identifies nobody, and prompts are full of names of poets and of heroes. So the gazetteer counts in a text
//! that holds other personal data (it is a record of somebody), or in a short one (it is about somebody); in a long text
//! without any it is a story or an article, and the names stay. A text that asks for a piece of work ("Summarize this
//! letter: Dear Jane …") is no record: there a first name alone stays, too.

mod announced;
mod gazetteer;
mod lower_case;

use super::{
    Kind, Span, cue,
    lex::{Lexed, Token, is_cjk},
    public,
};

/// Up to this many bytes a text is short.
const SHORT_BYTES_MAX: usize = 380;
/// Up to this many bytes a first name alone is a person: the text is one sentence, and says something of them.
const SENTENCE_BYTES_MAX: usize = 180;
/// The most words of a name.
const TOKENS_MAX: usize = 5;

const PARTICLES: [&str; 26] = [
    "de", "da", "do", "dos", "das", "del", "della", "di", "du", "la", "le", "van", "von", "der", "den", "ter", "bin",
    "ibn", "al", "el", "y", "e", "af", "av", "zu", "st",
];

pub(super) fn find(lexed: &Lexed, spans: &mut Vec<Span>) {
    let is_fiction = lexed.cued(cue::FICTION).next().is_some();
    let text = Text {
        is_fiction,
        lexed,
        is_record: spans.iter().any(|span| identifies(span.kind)) || lexed.cued(cue::LEGAL).next().is_some(),
        is_short: lexed.text.len() <= SHORT_BYTES_MAX && !is_fiction,
        is_task: is_task(lexed),
    };
    let mut next = 0;
    for &anchor in &lexed.name_anchors {
        let index = anchor as usize;
        if index < next {
            continue;
        }
        if let Some((first, last, why)) = text.name_at(index) {
            spans.push(Span { range: lexed.tokens[first].start()..lexed.tokens[last].end(), kind: Kind::Person, why });
            next = last + 1;
        }
    }
    text.lower_case(spans);
    if text.is_record && !lexed.text.is_ascii() {
        east_asian(lexed, spans);
    }
    let has_birth = spans.iter().any(|span| span.kind == Kind::DateOfBirth);
    if has_birth && !text.is_record && text.tells_of_public_figure() {
        spans.retain(|span| span.kind != Kind::DateOfBirth);
    }
}

/// The text asks for a piece of work: `Write …`, `Can you summarize …`, `I want you to imagine …`.
fn is_task(lexed: &Lexed) -> bool {
    const LEADS: [&str; 14] =
        ["please", "can", "could", "would", "you", "your", "i", "help", "in", "for", "let", "as", "we", "hi"];
    /// How far into the text the verb may stand.
    const TOKENS_MAX: usize = 6;
    let Some(first) = lexed.tokens.first() else { return false };
    let is_lead = LEADS.iter().any(|lead| lexed.token_text(0).eq_ignore_ascii_case(lead));
    first.has(cue::TASK) || is_lead && lexed.tokens.iter().take(TOKENS_MAX).any(|token| token.has(cue::TASK))
}

/// `隆 田中`: in a record, two short words of Chinese, Japanese or Korean with a space between them, which those scripts
/// write nowhere else.
fn east_asian(lexed: &Lexed, spans: &mut Vec<Span>) {
    let is_part = |token: &Token| {
        let text = &lexed.text[token.range()];
        token.len() <= 12 && text.chars().all(is_cjk)
    };
    for index in 1..lexed.tokens.len() {
        let (first, second) = (&lexed.tokens[index - 1], &lexed.tokens[index]);
        if second.start() - first.end() == 1 && lexed.gap(index - 1) == " " && is_part(first) && is_part(second) {
            spans.push(Span { range: first.start()..second.end(), kind: Kind::Person, why: "two words of a name" });
        }
    }
}

/// Kinds that make a text the record of a person.
fn identifies(kind: Kind) -> bool {
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

struct Text<'a> {
    lexed: &'a Lexed<'a>,
    is_record: bool,
    is_short: bool,
    is_fiction: bool,
    is_task: bool,
}

impl Text<'_> {
    /// First and last token of the name that `index` is part of or announces, and why it is one.
    fn name_at(&self, index: usize) -> Option<(usize, usize, &'static str)> {
        let token = &self.lexed.tokens[index];
        let is_about_someone = self.is_record || self.is_short;
        let because = |name: Option<(usize, usize)>, why| name.map(|(first, last)| (first, last, why));
        let when = |holds: bool| holds.then_some(());

        let titled = when(token.has(cue::TITLE) && token.shape.is_capitalised() && is_about_someone)
            .and_then(|()| Some((index, self.after_title(index)?)));
        let titled = because(titled, "a title before a name");
        let keyed = || because(when(token.has(cue::NAME)).and_then(|()| self.after_key(index)), "a key for names");
        let greeted = || {
            let greeted = when(token.has(cue::GREETING) && is_about_someone).and_then(|()| self.after_greeting(index));
            because(greeted, "a greeting or a signature")
        };
        let speaks = || {
            let speaks = when(token.has(cue::SPEAKS) && self.is_short).and_then(|()| self.after_verb(index));
            because(speaks, "a person speaks or plays")
        };
        let acts = || {
            let acts = when(token.has(cue::ROLE | cue::BY) && is_about_someone).and_then(|()| self.after_role(index));
            because(acts, "a person's role before a name")
        };
        let introduced =
            || because(self.introduced(index).filter(|_| self.is_record || !self.is_fiction), "an introduction");
        let known = || self.in_gazetteer(index).filter(|_| token.names.is_given() && is_about_someone);
        titled.or_else(keyed).or_else(greeted).or_else(speaks).or_else(acts).or_else(introduced).or_else(known)
    }

    /// The last token of the run of capitalised words that begins at `first`.
    fn run(&self, first: usize) -> Option<usize> {
        let lexed = self.lexed;
        let can_begin = lexed.tokens.get(first)?;
        if !can_begin.shape.is_word() || !can_begin.shape.is_capitalised() {
            return None;
        }
        let mut last = first;
        let mut at = first;
        while at + 1 < lexed.tokens.len() && at - first + 1 < TOKENS_MAX {
            let next = &lexed.tokens[at + 1];
            let gap = lexed.gap(at);
            let is_initial = lexed.tokens[at].len() == 1;
            let joins = matches!(gap, " " | "  " | "-" | "'") || is_initial && matches!(gap, ". " | ".");
            if !joins || !next.shape.is_word() {
                break;
            }
            let text = lexed.token_text(at + 1);
            if PARTICLES.contains(&text) && gap == " " {
                at += 1;
                continue;
            }
            // `Jane's`: the s is none of it.
            if !next.shape.is_capitalised() || gap == "'" && next.len() == 1 {
                break;
            }
            let is_no_name = next.has(cue::NOT_NAME | cue::COMPANY | cue::STREET) && !next.names.is_family()
                || next.has(cue::NOT_NAME | cue::MONTH) && !next.names.is_given();
            if is_no_name && next.len() > 1 {
                break;
            }
            at += 1;
            last = at;
        }
        Some(last)
    }

    fn is_no_name(&self, index: usize) -> bool {
        let token = &self.lexed.tokens[index];
        token.has(cue::NOT_NAME | cue::COMPANY | cue::MONTH) && !token.names.is_surely_given()
    }

    fn any_name(&self, first: usize, last: usize) -> bool {
        self.lexed.tokens[first..=last].iter().any(|token| token.names.is_name())
    }

    /// A name that everybody knows is nobody's secret.
    fn is_public(&self, first: usize, last: usize) -> bool {
        let words = self.lexed.tokens[first..=last].iter().map(|token| &self.lexed.text[token.range()]);
        !self.is_record && public::is_known(words)
    }

    /// A first name alone says somebody: in a record, or where nobody asks for a piece of work.
    fn may_be_single(&self) -> bool {
        self.is_record || self.is_short && !self.is_task
    }

    /// `greet("My name is Paul")`: an example in code.
    fn is_argument(&self, last: usize) -> bool {
        let end = self.lexed.tokens[last].end();
        matches!(self.lexed.byte_at(end), b'"' | b'\'') && matches!(self.lexed.byte_at(end + 1), b')' | b']' | b',')
    }

    fn tells_of_public_figure(&self) -> bool {
        self.lexed.name_anchors.iter().any(|anchor| {
            let first = *anchor as usize;
            self.run(first).is_some_and(|last| self.is_public(first, last))
        })
    }
}
