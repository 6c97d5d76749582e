//! Completes names of which only a part was found, and drops what is no name after all.

use std::ops::Range;

use crate::{
    scan::{Scanned, trigger_words as trigger},
    span::{Kind, Span},
};

/// What follows a family name: `Jr.`, `III`.
const SUFFIXES: [&str; 7] = ["Jr", "Sr", "jr", "sr", "II", "III", "IV"];
/// Small words before a family name that belong to it. `de` and `la` are missing: in `la casa de Ana` they do not.
const PARTICLES: [&str; 6] = ["van", "von", "ter", "ten", "bin", "ibn"];
/// Words for public places, which are named after persons.
const PLACES: &str = "Square Park Hall Station Bridge Airport Hospital University College School Library Museum Stadium Theatre Theater \
    Cathedral Church Palace Castle Bay Island Islands Falls Lake River Beach Tower Memorial Foundation Award Prize Cup County";
/// Words after which a capitalised word is not the first of a sentence. None is German, where any noun has a capital.
const BEFORE_NAMES: [&str; 14] =
    ["a", "by", "with", "from", "to", "and", "is", "says", "said", "named", "called", "met", "I'm", "my"];

/// Extends the names in `spans` to their first and last word.
pub(super) fn complete(scanned: &Scanned, spans: &mut Vec<Span>, is_record: bool) {
    spans.retain(|span| {
        span.kind != Kind::Person
            || !(names_credential(scanned, &span.range) || !is_record && is_in_quoted_sentence(scanned, &span.range))
    });
    spans.retain(|span| span.kind != Kind::Person || !names_place(scanned, &span.range));
    for span in spans.iter_mut().filter(|span| span.kind == Kind::Person) {
        let range = &span.range;
        let first = scanned.tokens.partition_point(|token| token.start() < range.start);
        let last = scanned.tokens.partition_point(|token| token.start() < range.end).saturating_sub(1);
        if last < first || scanned.tokens[first].start() != range.start || scanned.tokens[last].end() != range.end {
            continue;
        }
        let (first, last) = with_neighbour(scanned, first, last);
        let first = back_to_family(scanned, first);
        let first = back_to_particle(scanned, first);
        span.range = scanned.tokens[first].start()..with_suffix(scanned, last);
        if names_street(scanned, last) {
            let range = scanned.tokens[first].start()..scanned.tokens[last + 1].end();
            *span = Span { range, kind: Kind::Address, why: "a street that is named after a person" };
        }
    }
}

/// The end of the name, with a second half behind a hyphen, and with a suffix such as `Jr.`
fn with_suffix(scanned: &Scanned, mut last: usize) -> usize {
    let next = |at: usize| scanned.tokens.get(at + 1);
    if next(last).is_some_and(|half| half.shape.is_word() && half.shape.is_capitalised() && half.shape.has_lower())
        && scanned.gap(last) == "-"
    {
        last += 1;
    }
    let has_suffix = next(last).is_some()
        && matches!(scanned.gap(last), " " | ", ")
        && SUFFIXES.contains(&scanned.token_text(last + 1));
    if !has_suffix {
        return scanned.tokens[last].end();
    }
    let end = scanned.tokens[last + 1].end();
    let is_abbreviation = scanned.token_text(last + 1).eq_ignore_ascii_case("jr")
        || scanned.token_text(last + 1).eq_ignore_ascii_case("sr");
    end + usize::from(is_abbreviation && scanned.byte_at(end) == b'.')
}

/// Whether a word for a public place follows the name: `King George Square`, `Victoria Park`.
fn names_place(scanned: &Scanned, range: &Range<usize>) -> bool {
    let Some(rest) = scanned.text[range.end..].strip_prefix(' ') else { return false };
    let length = rest.bytes().take(12).take_while(u8::is_ascii_alphabetic).count();
    rest.starts_with(|c: char| c.is_ascii_uppercase())
        && PLACES.split_whitespace().any(|place| place == &rest[..length])
}

/// Whether the word for a street follows the name: `on Boyle Street`.
fn names_street(scanned: &Scanned, last: usize) -> bool {
    const STREETS: [&str; 4] = ["Street", "Road", "Avenue", "Lane"];
    last + 1 < scanned.tokens.len() && scanned.gap(last) == " " && STREETS.contains(&scanned.token_text(last + 1))
}

fn back_to_particle(scanned: &Scanned, first: usize) -> usize {
    match first.checked_sub(1) {
        Some(before) if scanned.gap(before) == " " && PARTICLES.contains(&scanned.token_text(before)) => before,
        _ => first,
    }
}

/// The family name before the name, as Vietnamese, Hungarian and forms in many countries write it: a word right after the label of a
/// field (`Numele: Ciubotariu Mădălina`), or one that is listed as a family name and as nothing else.
fn back_to_family(scanned: &Scanned, first: usize) -> usize {
    let Some(before) = first.checked_sub(1) else { return first };
    let token = &scanned.tokens[before];
    let is_turned = scanned.gap(before) == ", ";
    if !is_turned && scanned.gap(before) != " "
        || !may_be_name(scanned, before)
        || !scanned.tokens[first].names.is_given()
    {
        return first;
    }
    let label = scanned.text[..token.start()].trim_end_matches([' ', '\t', '"']);
    let follows_label = label.ends_with(':') && before > 0 && scanned.tokens[before - 1].has(trigger::NAME);
    let is_family = token.names.is_family() && !token.names.is_given() && !begins_sentence(scanned, before);
    if follows_label || is_family && !is_turned { before } else { first }
}

/// Whether the word is the first of its text, line or sentence, where any word has a capital.
fn begins_sentence(scanned: &Scanned, index: usize) -> bool {
    index == 0 || scanned.gap(index - 1).contains(['.', '!', '?', '\n', '"'])
}

/// A name of one word, with the other word of the name if that is certain: the two are all that their line holds, or the other
/// stands before the name within a sentence.
fn with_neighbour(scanned: &Scanned, first: usize, last: usize) -> (usize, usize) {
    if first != last {
        return (first, last);
    }
    let before = first.checked_sub(1).map(|at| if is_initial(scanned, at) { at.saturating_sub(1) } else { at });
    let before = before.filter(|at| scanned.gap(*at) == " " && may_be_name(scanned, *at));
    if let Some(before) = before {
        let follows_small_word = before
            .checked_sub(1)
            .is_some_and(|at| scanned.gap(at) == " " && BEFORE_NAMES.contains(&scanned.token_text(at)));
        if follows_small_word || begins_line(scanned, before) && ends_line(scanned, first) {
            return (before, first);
        }
    }
    let after = if last + 1 < scanned.tokens.len() && is_initial(scanned, last + 1) { last + 2 } else { last + 1 };
    let after = Some(after).filter(|at| *at < scanned.tokens.len() && scanned.gap(last) == " ");
    match after.filter(|at| may_be_name(scanned, *at)) {
        Some(after) if begins_line(scanned, first) && ends_line(scanned, after) => (first, after),
        _ => (first, last),
    }
}

/// Whether the token is the initial between two names: `Jane M. Doe`.
fn is_initial(scanned: &Scanned, index: usize) -> bool {
    let token = &scanned.tokens[index];
    token.len() == 1 && token.shape.is_capitalised() && matches!(scanned.gap(index), " " | ". ")
}

/// Whether a word is written as a part of a name and announces nothing else.
fn may_be_name(scanned: &Scanned, index: usize) -> bool {
    let token = &scanned.tokens[index];
    token.shape.is_word()
        && token.shape.is_capitalised()
        && token.shape.has_lower()
        && token.len() >= 3
        && token.triggers == 0
}

/// Whether nothing but marks of quoting stand before the word on its line.
fn begins_line(scanned: &Scanned, index: usize) -> bool {
    let before = &scanned.text[..scanned.tokens[index].start()];
    let before = before.trim_end_matches(['>', ' ', '"']);
    before.is_empty() || before.ends_with('\n')
}

fn ends_line(scanned: &Scanned, index: usize) -> bool {
    let after = scanned.text[scanned.tokens[index].end()..].trim_start_matches([' ', '"']);
    after.is_empty() || after.starts_with(['\n', '\r'])
}

/// Whether the words end with one for a credential: `# Dev Token`, `Excited User`.
fn names_credential(scanned: &Scanned, range: &Range<usize>) -> bool {
    const WORDS: [&str; 6] = ["token", "user", "username", "password", "credentials", "secret"];
    let text = &scanned.text[range.clone()];
    let last = text.rsplit(' ').next().unwrap_or(text);
    WORDS.iter().any(|word| last.eq_ignore_ascii_case(word))
}

/// Whether the name stands in an example of language: `Is the sentence "Mrs. Smith is the teacher" correct?`
fn is_in_quoted_sentence(scanned: &Scanned, range: &Range<usize>) -> bool {
    const BEFORE_BYTES_MAX: usize = 160;
    let floor = scanned.text.floor_char_boundary(range.start.saturating_sub(BEFORE_BYTES_MAX));
    let before = &scanned.text[floor..range.start];
    let Some(quote) = before.rfind(['"', '“', '\n']) else { return false };
    let opens = before[quote..].starts_with(['"', '“']);
    let introduction = before[..quote].trim_end_matches([' ', ':', ',']);
    opens
        && [
            "sentence", "phrase", "satz", "frase", "oración", "oração", "zin", "zdanie", "mening", "sætning", "věta",
            "cümle",
        ]
        .iter()
        .any(|word| {
            introduction.len() >= word.len()
                && introduction
                    .get(introduction.len() - word.len()..)
                    .is_some_and(|ending| ending.eq_ignore_ascii_case(word))
        })
}
