//! Names of persons: by what stands before them (titles, greetings, `name:`, `my name is`), and by the gazetteer.
//!
//! A name alone identifies nobody, and prompts are full of names of poets and of heroes. So the gazetteer counts in a text
//! that holds other personal data (it is a record of somebody), or in a short one (it is about somebody); in a long text
//! without any it is a story or an article, and the names stay.

use super::{
    Kind, Span, cue,
    lex::{Lexed, Token, is_cjk},
    names, public,
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
    if text.is_record && !lexed.text.is_ascii() {
        east_asian(lexed, spans);
    }
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

    fn in_gazetteer(&self, index: usize) -> Option<(usize, usize, &'static str)> {
        if let Some(last) = self.full_name(index) {
            Some((index, last, "a first name and a family name"))
        } else if self.is_record && self.is_single(index) {
            Some((index, index, "a first name in a record"))
        } else if self.is_short && self.is_single_in_short(index) {
            Some((index, index, "a first name"))
        } else {
            None
        }
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

    /// `Dr. Jane Doe`, `Mrs Abrams`.
    fn after_title(&self, index: usize) -> Option<usize> {
        let gap = self.lexed.gap(index);
        let last = self.run(index + 1).filter(|_| matches!(gap, " " | ". " | "."))?;
        let next = &self.lexed.tokens[index + 1];
        let is_abbreviation = self.lexed.tokens[index].len() <= 4;
        let is_name = self.any_name(index + 1, last) || is_abbreviation && next.shape.has_lower();
        (is_name && !self.is_no_name(index + 1) && next.len() > 1).then_some(last)
    }

    fn any_name(&self, first: usize, last: usize) -> bool {
        self.lexed.tokens[first..=last].iter().any(|token| token.names.is_name())
    }

    /// `Name: Jane Doe`, `"owner": "Jane Doe"`, `name=Jane`.
    fn after_key(&self, index: usize) -> Option<(usize, usize)> {
        let lexed = self.lexed;
        let gap = lexed.gap(index);
        let signs = gap
            .trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '*' | '>' | '[' | '(' | '`' | '#'));
        let is_key = gap.len() <= 24
            && (matches!(signs, ":" | "=" | "|" | "\":\"")
                || signs == "?" && self.is_short
                || signs.is_empty() && gap.contains('\t'))
            || matches!(gap, "\": \"" | "': '" | "\":\"" | "=\"" | "='");
        if !is_key || !gap.contains([':', '=', '\t', '?']) || gap.matches('\n').count() > 1 {
            return None;
        }
        let mut first = index + 1;
        // `Hon. …`, `Dr. …` before the name belong to it.
        if lexed.tokens.get(first)?.has(cue::TITLE)
            && matches!(lexed.gap(first), " " | ". ")
            && first + 1 < lexed.tokens.len()
        {
            first += 1;
        }
        let last = self.run(first)?;
        let token = &lexed.tokens[first];
        let is_cjk = !token.shape.has_lower() && !lexed.token_text(first).is_ascii();
        if token.has(cue::NOT_NAME | cue::COMPANY | cue::NAME) && !token.names.is_surely_given() || token.len() < 2 {
            return None;
        }
        let names = lexed.tokens[first..=last].iter().filter(|token| token.names.is_name()).count();
        let is_full = last > first && names >= 1;
        let is_about_someone = self.is_record || self.is_short;
        let is_name = is_about_someone
            && (names >= 1 || last > first && self.is_record || is_cjk)
            && (token.shape.has_lower() || is_cjk || is_full);
        is_name.then_some((first, last))
    }

    /// `Dear Jane`, `Sincerely,\n\nJane Doe`.
    fn after_greeting(&self, index: usize) -> Option<(usize, usize)> {
        let gap = self.lexed.gap(index);
        let is_gap = gap.len() <= 8 && gap.chars().all(|c| c.is_whitespace() || matches!(c, ',' | '-' | ':'));
        let mut first = index + 1;
        if self.lexed.tokens.get(first).is_some_and(|token| token.has(cue::TITLE))
            && matches!(self.lexed.gap(first), " " | ". ")
        {
            first += 1;
        }
        let last = self.run(first).filter(|_| is_gap && !gap.is_empty())?;
        let is_name = self.lexed.tokens[first].names.is_given()
            || last > first && self.any_name(first, last)
            || gap == " "
                && self.lexed.tokens[first].shape.has_lower()
                && self.lexed.byte_at(self.lexed.tokens[last].end()) == b',';
        (is_name && !self.is_no_name(first)).then_some((first, last))
    }

    /// `patient Jane Doe`, `by Jane Doe`, `said Jane`.
    fn after_role(&self, index: usize) -> Option<(usize, usize)> {
        let lexed = self.lexed;
        if lexed.gap(index) != " " {
            return None;
        }
        let first = index + 1;
        let last = self.run(first)?;
        let token = &lexed.tokens[first];
        let is_full = last > first && self.any_name(first, last) && token.names.is_given();
        let has_role =
            self.lexed.tokens[index].has(cue::ROLE) && !self.lexed.tokens[index].has(cue::BY) && self.is_record;
        let is_single = last == first && has_role && token.names.is_given() && token.len() > 3
            || last == first && token.names.is_surely_given() && (self.is_record || lexed.text.len() <= 160);
        let is_full = is_full
            && (last > first + 1
                || lexed.tokens[last].names.is_name()
                || !lexed.tokens[last].has(cue::NOT_NAME | cue::COMPANY));
        let is_full =
            is_full && (token.names.is_surely_given() || lexed.tokens[last].names.is_family()) && last - first <= 3;
        (token.shape.has_lower() && (is_full || is_single) && !self.is_no_name(first) && !self.is_public(first, last))
            .then_some((first, last))
    }

    /// `said Jane`, `starring Jane Doe`: any capitalised word that is no other.
    fn after_verb(&self, index: usize) -> Option<(usize, usize)> {
        let first = index + 1;
        let skip = usize::from(
            self.lexed.tokens.get(first).is_some_and(|token| matches!(&self.lexed.text[token.range()], "me" | "by")),
        );
        let first = first + skip;
        let last = self.run(first).filter(|_| self.lexed.gap(first - 1) == " ")?;
        let token = &self.lexed.tokens[first];
        (token.shape.has_lower()
            && token.len() > 2
            && !token.has(cue::NOT_NAME | cue::COMPANY)
            && !self.is_public(first, last))
        .then_some((first, last))
    }

    /// `my name is Jane`, `I'm Jane`, `I am Jane Doe`, `this is Jane`, `call me Jane`.
    fn introduced(&self, index: usize) -> Option<(usize, usize)> {
        let lexed = self.lexed;
        let token = &lexed.tokens[index];
        if token.has(cue::NAME) {
            let follows = ["name is ", "name's ", "name was ", "Name is ", "name: "]
                .iter()
                .any(|phrase| lexed.text[token.start()..].starts_with(phrase));
            if !follows {
                return None;
            }
            let first = index + 2;
            let next = lexed.tokens.get(first)?;
            let last = self.run(first);
            return match last {
                Some(last) if !next.has(cue::NOT_NAME) || next.names.is_surely_given() => Some((first, last)),
                None if names::look_up_word(lexed.token_text(first)).is_surely_given() => {
                    let family = lexed.tokens.get(first + 1).is_some_and(|token| {
                        token.shape.is_word()
                            && lexed.gap(first) == " "
                            && names::look_up_word(lexed.token_text(first + 1)).is_name()
                    });
                    Some((first, first + usize::from(family)))
                }
                _ => None,
            };
        }
        if !token.names.is_given() {
            return None;
        }
        let before = &lexed.text[..token.start()];
        let tail = before.len().saturating_sub(12);
        let tail = (tail..before.len()).find(|at| before.is_char_boundary(*at)).map_or("", |at| &before[at..]);
        let introduces =
            [" I'm ", "I am ", "this is ", "This is ", "call me ", "named him ", "named her ", "Call me ", "I'm "];
        let is_introduced = introduces.iter().any(|phrase| tail.ends_with(phrase));
        let last = self.run(index)?;
        (is_introduced
            && (token.names.is_surely_given() || last > index)
            && !token.has(cue::NOT_NAME)
            && (self.is_record || self.is_short))
            .then_some((index, last))
    }

    /// `Jane Doe`, `Jane M. Doe`: a first name of the gazetteer and a capitalised word that is no other word.
    fn full_name(&self, index: usize) -> Option<usize> {
        let lexed = self.lexed;
        let token = &lexed.tokens[index];
        let last = self.run(index).filter(|last| *last > index)?;
        let family = &lexed.tokens[last];
        let is_surely_given = token.names.is_surely_given();
        let families = lexed.tokens[index + 1..=last].iter().filter(|token| token.names.is_name()).count();
        let in_capitals = !token.shape.has_lower() && lexed.token_text(index).is_ascii();
        let is_pair = if in_capitals {
            families >= 1 && family.names.is_family()
        } else if is_surely_given {
            !family.has(cue::COMPANY | cue::NOT_NAME) || family.names.is_family()
        } else {
            families >= 1 && (family.names.is_family() || self.is_record) || !lexed.token_text(last).is_ascii()
        };
        (is_pair && family.len() > 1 && !token.has(cue::NOT_NAME) && !self.is_public(index, last) && token.len() > 1)
            .then_some(last)
    }

    /// A name that everybody knows is nobody's secret.
    fn is_public(&self, first: usize, last: usize) -> bool {
        let words = self.lexed.tokens[first..=last].iter().map(|token| &self.lexed.text[token.range()]);
        !self.is_record && public::is_known(words)
    }

    /// A first name alone, in a record: `[Jerry]: …`, `Jerry reported …`.
    fn is_single(&self, index: usize) -> bool {
        let lexed = self.lexed;
        let token = &lexed.tokens[index];
        let before = lexed.byte_before(token.start());
        let after = lexed.byte_at(token.end());
        token.names.is_surely_given() && !self.is_no_name(index) && before == b'[' && after == b']'
    }

    /// A first name alone in a short text: what surrounds it says that it is a person.
    fn is_single_in_short(&self, index: usize) -> bool {
        let lexed = self.lexed;
        let token = &lexed.tokens[index];
        if !token.names.is_surely_given() || self.is_no_name(index) || !token.shape.has_lower() || token.len() < 3 {
            return false;
        }
        let before = index.checked_sub(1).map(|before| &lexed.tokens[before]);
        let follows_person = before.is_some_and(|before| before.has(cue::BY) && lexed.gap(index - 1) == " ");
        let after = &lexed.text[token.end()..];
        let acts = [" said", " says", " asked", " told", " had given", " listed ", " began ", " is from"]
            .iter()
            .any(|verb| after.starts_with(verb));
        let is_sentence = lexed.text.len() <= SENTENCE_BYTES_MAX;
        // Beside another capitalised word it is part of a name, which was judged as a whole.
        let joins = |at: usize| {
            self.lexed.gap(at) == " " && self.lexed.tokens.get(at + 1).is_some_and(|next| next.shape.is_capitalised())
        };
        let is_part = joins(index)
            || index > 0
                && joins(index - 1)
                && lexed.tokens[index - 1].shape.is_capitalised()
                && !lexed.tokens[index - 1].has(cue::NOT_NAME | cue::GREETING | cue::SPEAKS);
        is_sentence && token.len() >= 4 && !is_part || follows_person || acts && index == 0
    }
}
