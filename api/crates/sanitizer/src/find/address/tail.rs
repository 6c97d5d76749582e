//! How far an address goes on behind the street, and where one began.

use super::super::{cue, lex::Lexed};

/// The most tokens that an address goes on for.
const TAIL_TOKENS_MAX: usize = 14;

/// What goes on after a street: flat, town, state, postal code.
pub(super) fn tail(lexed: &Lexed, street: usize) -> usize {
    let mut end = street;
    let mut at = street;
    let mut commas = 0;
    while at + 1 < lexed.tokens.len() && at - street < TAIL_TOKENS_MAX {
        let gap = lexed.gap(at);
        let next = &lexed.tokens[at + 1];
        let breaks = gap.bytes().filter(|byte| *byte == b'\n').count();
        let is_gap = gap.len() <= 4
            && gap.chars().all(|c| matches!(c, ' ' | ',' | '.' | '\n' | '#' | '-' | '>' | '\t' | '(' | ')'));
        if !is_gap || breaks > 2 || gap.contains(". ") && !next.has(cue::UNIT) {
            break;
        }
        commas += usize::from(gap.contains(',') || breaks > 0);
        let text = lexed.token_text(at + 1);
        let is_unit = next.has(cue::UNIT) || gap.ends_with('#') || lexed.tokens[at].has(cue::UNIT) && next.len() <= 5;
        let goes_on =
            lexed.byte_at(next.end()) == b'-' && lexed.byte_at(next.end() + 1).is_ascii_digit() && next.len() < 4;
        let is_code = next.shape.has_digit() && (3..=7).contains(&next.len()) && commas > 0 && !goes_on;
        let is_state = next.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()) && commas > 0;
        let is_town = next.shape.is_word()
            && next.shape.is_capitalised()
            && commas > 0
            && commas <= 4
            && (!next.has(cue::NOT_NAME) || next.has(cue::COUNTRY) || leads_country(lexed, at + 1))
            && !next.has(cue::NAME | cue::PHONE | cue::GREETING | cue::TITLE | cue::BIRTH | cue::SSN | cue::USER);
        let is_start_of_field = next.shape.is_word() && lexed.byte_at(next.end()) == b':';
        if is_start_of_field || !(is_unit || is_code || is_state || is_town) {
            break;
        }
        at += 1;
        // What follows a flat is a town.
        commas += usize::from(is_unit && next.shape.has_digit());
        // A town counts once a state, a country or a code follows it: else it may be the next sentence.
        let is_country = next.has(cue::COUNTRY) && is_town;
        if is_unit || is_code || is_state || is_country || breaks == 0 && gap.contains(',') && at - end <= 1 {
            end = at;
        }
    }
    end
}

/// `South` of `South Africa`, `United` of `United Kingdom`.
fn leads_country(lexed: &Lexed, index: usize) -> bool {
    lexed.tokens.get(index + 1).is_some_and(|next| next.has(cue::COUNTRY) && next.shape.is_capitalised())
}

/// The last token of the row of numbers and capitalised words that begins at `first`.
pub(super) fn run_of_address(lexed: &Lexed, first: usize) -> usize {
    let mut last = first;
    while last + 1 < lexed.tokens.len() && last - first < 2 * TAIL_TOKENS_MAX {
        let (gap, next) = (lexed.gap(last), &lexed.tokens[last + 1]);
        let is_gap = gap.len() <= 5
            && gap.chars().all(|c| matches!(c, ' ' | ',' | '.' | '\n' | '#' | '-' | '/' | '\'' | '>' | '\t'))
            && gap.matches('\n').count() <= 2;
        let belongs = next.shape.has_digit() && next.len() <= 6
            || next.shape.is_word() && next.shape.is_capitalised() && !next.has(cue::NOT_NAME & !cue::STREET)
            || matches!(
                lexed.token_text(last + 1),
                "de" | "la" | "of" | "the" | "van" | "den" | "der" | "del" | "le" | "du" | "nan" | "and" | "di" | "da"
            );
        let ends_sentence = gap.starts_with(". ") && lexed.tokens[last].len() > 4;
        if !is_gap || !belongs || ends_sentence || lexed.byte_at(next.end()) == b':' {
            break;
        }
        last += 1;
    }
    while last > first && lexed.token_text(last).chars().all(char::is_lowercase) {
        last -= 1;
    }
    last
}

/// The first number of the row of numbers and words that ends at `last`, if it stands near.
pub(super) fn back_to_number(lexed: &Lexed, last: usize) -> usize {
    let (mut at, mut first) = (last, last);
    while at > 0 && last - at < 9 {
        let (gap, before) = (lexed.gap(at - 1), &lexed.tokens[at - 1]);
        let is_gap = gap.len() <= 5
            && gap.chars().all(|c| matches!(c, ' ' | ',' | '.' | '\n' | '-' | '/' | '\'' | '>' | '\\'))
            && gap.matches('\n').count() <= 1;
        let belongs = before.shape.is_number() && before.len() <= 5
            || before.shape.is_word() && (before.shape.is_capitalised() || before.len() <= 3);
        if !is_gap
            || !belongs
            || gap.starts_with(". ") && before.len() > 4
            || gap.contains('\n') && first < last && lexed.tokens[first].shape.is_number()
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
