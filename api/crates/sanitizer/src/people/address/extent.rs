//! How far an address extends: after the street, and before it.

use crate::{
    scan::{Scanned, trigger_words as trigger},
    span::{Kind, Span},
};

/// The most tokens of an address after its street.
const TAIL_TOKENS_MAX: usize = 14;

/// The last token of the address that contains a street: a flat, a town, a state and a postal code may follow it.
pub(super) fn tail(scanned: &Scanned, street: usize) -> usize {
    let mut end = street;
    let mut at = street;
    let mut commas = 0;
    // After a postal code on its own line only a country follows: what comes next is another line of the letter.
    let mut after_code = false;
    while at + 1 < scanned.tokens.len() && at - street < TAIL_TOKENS_MAX {
        let gap = scanned.gap(at);
        let next = &scanned.tokens[at + 1];
        let breaks = gap.bytes().filter(|byte| *byte == b'\n').count();
        let is_gap = gap.len() <= 4
            && gap.chars().all(|c| matches!(c, ' ' | ',' | '.' | '\n' | '#' | '-' | '>' | '\t' | '(' | ')'));
        if !is_gap || breaks > 2 || gap.contains(". ") && !next.has(trigger::UNIT) {
            break;
        }
        commas += usize::from(gap.contains(',') || breaks > 0);
        let text = scanned.token_text(at + 1);
        let is_unit =
            next.has(trigger::UNIT) || gap.ends_with('#') || scanned.tokens[at].has(trigger::UNIT) && next.len() <= 5;
        let goes_on =
            scanned.byte_at(next.end()) == b'-' && scanned.byte_at(next.end() + 1).is_ascii_digit() && next.len() < 4;
        let is_code = next.shape.has_digit() && (3..=7).contains(&next.len()) && commas > 0 && !goes_on;
        let is_state = next.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()) && commas > 0;
        let is_town = next.shape.is_word()
            && next.shape.is_capitalised()
            && commas > 0
            && commas <= 4
            && (!next.has(trigger::NOT_NAME) || next.has(trigger::COUNTRY) || leads_country(scanned, at + 1))
            && !next.has(
                trigger::NAME
                    | trigger::PHONE
                    | trigger::GREETING
                    | trigger::TITLE
                    | trigger::BIRTH
                    | trigger::SSN
                    | trigger::USER,
            );
        let is_start_of_field = next.shape.is_word() && scanned.byte_at(next.end()) == b':';
        let is_country = next.has(trigger::COUNTRY) && is_town;
        let is_new_line = after_code && breaks > 0 && !is_country && !leads_country(scanned, at + 1);
        if is_start_of_field || is_new_line || !(is_unit || is_code || is_state || is_town) {
            break;
        }
        after_code |= is_code && next.len() >= 4;
        at += 1;
        // A town may follow a flat even without a comma.
        commas += usize::from(is_unit && next.shape.has_digit());
        // A town counts only if a state, a country or a postal code follows it. Otherwise it may be the next sentence.
        if is_unit || is_code || is_state || is_country || breaks == 0 && gap.contains(',') && at - end <= 1 {
            end = at;
        }
    }
    end
}

/// Whether the word is the first of a country with two: `South Africa`, `United Kingdom`.
fn leads_country(scanned: &Scanned, index: usize) -> bool {
    scanned.tokens.get(index + 1).is_some_and(|next| next.has(trigger::COUNTRY) && next.shape.is_capitalised())
}

/// The last token of the row of numbers and capitalised words that begins at `first`.
pub(super) fn run_of_address(scanned: &Scanned, first: usize) -> usize {
    let mut last = first;
    while last + 1 < scanned.tokens.len() && last - first < 2 * TAIL_TOKENS_MAX {
        let (gap, next) = (scanned.gap(last), &scanned.tokens[last + 1]);
        let is_gap = gap.len() <= 5
            && gap.chars().all(|c| matches!(c, ' ' | ',' | '.' | '\n' | '#' | '-' | '/' | '\'' | '>' | '\t'))
            && gap.matches('\n').count() <= 2;
        let belongs = next.shape.has_digit() && next.len() <= 6
            || next.shape.is_word() && next.shape.is_capitalised() && !next.has(trigger::NOT_NAME & !trigger::STREET)
            || matches!(
                scanned.token_text(last + 1),
                "de" | "la" | "of" | "the" | "van" | "den" | "der" | "del" | "le" | "du" | "nan" | "and" | "di" | "da"
            );
        let ends_sentence = gap.starts_with(". ") && scanned.tokens[last].len() > 4;
        if !is_gap || !belongs || ends_sentence || scanned.byte_at(next.end()) == b':' {
            break;
        }
        last += 1;
    }
    while last > first && scanned.token_text(last).chars().all(char::is_lowercase) {
        last -= 1;
    }
    last
}

/// The first number of the row of numbers and words that ends at `last`, if it stands near.
pub(super) fn back_to_number(scanned: &Scanned, last: usize) -> usize {
    let (mut at, mut first) = (last, last);
    while at > 0 && last - at < 9 {
        let (gap, before) = (scanned.gap(at - 1), &scanned.tokens[at - 1]);
        let is_gap = gap.len() <= 5
            && gap.chars().all(|c| matches!(c, ' ' | ',' | '.' | '\n' | '-' | '/' | '\'' | '>' | '\\'))
            && gap.matches('\n').count() <= 1;
        let belongs = before.shape.is_number() && before.len() <= 5
            || before.shape.is_word() && (before.shape.is_capitalised() || before.len() <= 3);
        if !is_gap
            || !belongs
            || gap.starts_with(". ") && before.len() > 4
            || gap.contains('\n') && first < last && scanned.tokens[first].shape.is_number()
        {
            break;
        }
        at -= 1;
        if before.shape.is_number() {
            first = at;
        }
    }
    first
}

/// The first token of the flat before a house number, as it is written in Britain and Australia: `Flat 3, 44 …`, `Unit 4/12 …`.
pub(super) fn back_to_flat(scanned: &Scanned, first: usize) -> usize {
    const TOKENS_MAX: usize = 4;
    let floor = first.saturating_sub(TOKENS_MAX);
    let unit = (floor..first).rev().find(|at| scanned.tokens[*at].has(trigger::UNIT));
    let Some(unit) = unit.filter(|unit| *unit + 1 < first) else { return first };
    let numbers = (unit + 1..first).all(|at| {
        scanned.tokens[at].shape.has_digit()
            && scanned.tokens[at].len() <= 5
            && matches!(scanned.gap(at), "/" | ", " | " " | ",\n" | "\n")
    });
    if numbers && scanned.gap(unit) == " " { unit } else { first }
}

/// The span of the address from the token `first` to the token `last`.
pub(super) fn address_span(scanned: &Scanned, first: usize, last: usize) -> Span {
    Span {
        range: scanned.tokens[first].start()..scanned.tokens[last].end(),
        kind: Kind::Address,
        why: "a street address",
    }
}
