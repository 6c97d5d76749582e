//! How far an address extends: after the street, and before it.

use crate::{
    scan::{Scanned, trigger_words as trigger},
    span::{Kind, Span},
};

/// The most tokens of an address after its street.
const TAIL_TOKENS_MAX: usize = 14;
/// The most words of a town that only the end of its line marks.
const TOWN_TOKENS_MAX: usize = 4;

/// The last token of the address that contains a street: a flat, a town, a state and a postal code may follow it.
pub(super) fn tail(scanned: &Scanned, street: usize) -> usize {
    // The postal code may have been read as the number of a flat.
    let is_code = scanned.tokens[street].shape.is_number() && matches!(scanned.tokens[street].len(), 4 | 5);
    if is_code && street > 0 && scanned.gap(street - 1).starts_with([',', '\n']) {
        return town_after(scanned, street);
    }
    let mut end = street;
    let mut at = street;
    let in_lower_case = is_in_lower_case(scanned, street);
    // The number of a flat may have been read with the street. A town may follow it even without a comma.
    let mut after_flat = street > 0
        && scanned.tokens[street].shape.has_digit()
        && scanned.tokens[street - 1].has(trigger::UNIT | trigger::FLAT);
    let mut commas = usize::from(after_flat);
    // After a postal code on its own line only a country follows: what comes next is another line of the letter.
    let mut after_code = false;
    let mut has_town = false;
    while at + 1 < scanned.tokens.len() && at - street < TAIL_TOKENS_MAX {
        let gap = scanned.gap(at);
        let next = &scanned.tokens[at + 1];
        let breaks = gap.bytes().filter(|byte| *byte == b'\n').count();
        let is_gap = gap.len() <= 4
            && gap.chars().all(|c| matches!(c, ' ' | ',' | '.' | '\n' | '#' | '-' | '>' | '\t' | '(' | ')'))
            // SMITH'S GREEN
            || gap == "'" && next.len() == 1
            // Çankaya/Ankara
            || gap == "/" && at > street && scanned.tokens[at].shape.is_word() && next.shape.is_word()
            // No: 88 Kat: 3
            || matches!(gap, ":" | ": ") && scanned.tokens[at].has(trigger::FLAT) && next.shape.has_digit();
        let is_abbreviated = next.has(trigger::UNIT) || scanned.tokens[at].has(trigger::UNIT);
        if !is_gap || breaks > 2 || gap.contains(". ") && !is_abbreviated {
            break;
        }
        commas += usize::from(gap.contains(',') || breaks > 0);
        let text = scanned.token_text(at + 1);
        let is_unit = next.has(trigger::UNIT)
            || gap.ends_with('#')
            || scanned.tokens[at].has(trigger::UNIT) && next.len() <= 5
            || is_flat_abroad(scanned, at, gap);
        let goes_on =
            scanned.byte_at(next.end()) == b'-' && scanned.byte_at(next.end() + 1).is_ascii_digit() && next.len() < 4;
        // In lower case, a word and a number after a comma may be those of an order.
        let follows_word =
            at > street && scanned.tokens[at].shape.is_word() && !scanned.tokens[at].has(trigger::COUNTRY);
        let may_be_code = !in_lower_case || breaks > 0 || !follows_word;
        let is_code = next.shape.has_digit() && (3..=7).contains(&next.len()) && commas > 0 && !goes_on && may_be_code;
        let is_state = next.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()) && commas > 0;
        // Chomutice u Horic, Montealegre del Castillo.
        let is_particle = at > street && gap == " " && is_place_particle(text);
        let is_written_as_place = next.shape.is_capitalised() || in_lower_case && next.len() >= 3 || is_particle;
        let is_town = next.shape.is_word()
            && is_written_as_place
            && commas > 0
            && commas <= 4
            && (!next.has(trigger::NOT_NAME) || is_particle || is_place_name(scanned, at + 1))
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
        // Congo (Brazzaville), Korea (South).
        let is_part_of_country =
            scanned.tokens[at].has(trigger::COUNTRY) && gap == " (" && scanned.byte_at(next.end()) == b')';
        let is_country = next.has(trigger::COUNTRY) && is_town || is_part_of_country;
        let is_new_line = after_code && breaks > 0 && !is_country && !is_place_name(scanned, at + 1);
        // In lower case, what follows a comma may be any word.
        let follows_comma = breaks == 0 && gap.contains(',') && !in_lower_case;
        let is_start_of_field = is_start_of_field && !next.has(trigger::FLAT);
        if is_start_of_field || is_new_line || !(is_unit || is_code || is_state || is_town || is_country) {
            break;
        }
        after_code |= is_code && next.len() >= 4;
        at += 1;
        // A town may follow a flat even without a comma.
        let is_flat_number = is_unit && next.shape.has_digit();
        commas += usize::from(is_flat_number);
        after_flat = is_flat_number || after_flat && is_town && breaks == 0;
        // A town counts only if a state, a country or a postal code follows it. Otherwise it may be the next sentence.
        if is_unit || is_code || is_state || is_country || follows_comma && at - end <= 1 {
            end = at;
        }
        // Most of the world writes the code before its town: 29200 Brest. In America the town comes first, and what follows the code
        // is the next sentence.
        if is_code && next.len() >= 4 && !has_town && breaks + commas > 0 {
            return town_after(scanned, at);
        }
        has_town |= is_town && !is_unit;
    }
    // After the number of a flat, what fills the rest of its line is the town.
    if after_flat && at > end && at - end <= TOWN_TOKENS_MAX && ends_line(scanned, at) { at } else { end }
}

/// Whether the word after `at`, or the number after that word, is a flat: `2.º izda.`, `D:5`, `3. tv.`
fn is_flat_abroad(scanned: &Scanned, at: usize, gap: &str) -> bool {
    let (token, next) = (&scanned.tokens[at], &scanned.tokens[at + 1]);
    let is_number = |text: &str| text.trim_end_matches(['º', 'ª', '°']).bytes().all(|byte| byte.is_ascii_digit());
    let follows_number = token.shape.has_digit() && next.has(trigger::FLAT) && gap.len() <= 2;
    let goes_with_word = token.has(trigger::FLAT) && is_number(scanned.token_text(at + 1)) && next.len() <= 4;
    let begins_number = next.shape.is_number()
        && next.len() <= 2
        && scanned.tokens.get(at + 2).is_some_and(|word| word.has(trigger::FLAT))
        && scanned.gap(at + 1).len() <= 4;
    follows_number || goes_with_word || begins_number
}

/// The last word of the town that follows the postal code at `code`: `29200 Brest`, `2200 København N`, `60311 Frankfurt am Main`.
fn town_after(scanned: &Scanned, code: usize) -> usize {
    const WORDS_MAX: usize = 4;
    let is_name = |index: usize| {
        scanned.tokens.get(index).is_some_and(|token| {
            token.shape.is_word()
                && token.shape.is_capitalised()
                && token.len() >= 3
                && !token.has(
                    trigger::NOT_NAME
                        | trigger::NAME
                        | trigger::PHONE
                        | trigger::BIRTH
                        | trigger::GREETING
                        | trigger::USER,
                )
                && scanned.byte_at(token.end()) != b':'
        })
    };
    // 130 00 Praha, 1016 HT Amsterdam: the second half of the code.
    let is_half = scanned.gap(code) == " "
        && scanned.tokens.get(code + 1).is_some_and(|half| {
            half.len() == 2
                && scanned.token_text(code + 1).bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
        });
    let mut last = code + usize::from(is_half && is_name(code + 2) && scanned.gap(code + 1) == " ");
    for _ in 0..WORDS_MAX {
        let joins = matches!(scanned.gap(last), " " | "-");
        if joins && is_name(last + 1) {
            last += 1;
        } else if joins
            && last > code
            && is_place_particle(scanned.tokens.get(last + 1).map_or("", |_| scanned.token_text(last + 1)))
            && is_name(last + 2)
        {
            last += 2;
        } else {
            break;
        }
    }
    let is_district =
        |token: &crate::scan::Token| token.len() == 1 && (token.shape.is_capitalised() || token.shape.is_number());
    let has_district = last > code && scanned.gap(last) == " " && scanned.tokens.get(last + 1).is_some_and(is_district);
    last + usize::from(has_district)
}

/// Whether the last word of the street is written in lower case, as all of an address in a chat is.
fn is_in_lower_case(scanned: &Scanned, street: usize) -> bool {
    const NUMBER_TOKENS_MAX: usize = 4;
    let word = (street.saturating_sub(NUMBER_TOKENS_MAX)..=street).rev().find(|at| {
        let token = &scanned.tokens[*at];
        token.shape.is_word() && token.len() >= 3 && !token.has(trigger::UNIT | trigger::FLAT)
    });
    word.is_some_and(|word| !scanned.tokens[word].shape.is_capitalised())
}

/// Whether the token is the last of its line, or of the text.
fn ends_line(scanned: &Scanned, index: usize) -> bool {
    let rest = scanned.text[scanned.tokens[index].end()..].trim_start_matches([' ', '.', '?', '!', '"']);
    rest.is_empty() || rest.starts_with('\n')
}

/// Small words within the name of a place.
fn is_place_particle(text: &str) -> bool {
    matches!(
        text,
        "de" | "la"
            | "le"
            | "les"
            | "du"
            | "des"
            | "del"
            | "di"
            | "da"
            | "do"
            | "dos"
            | "van"
            | "von"
            | "der"
            | "den"
            | "am"
            | "an"
            | "im"
            | "ob"
            | "nad"
            | "pod"
            | "u"
            | "v"
            | "na"
            | "sur"
            | "sous"
    )
}

/// Whether a word that is mostly none of a name is one of a place here: a country, the first word of one (`South Africa`), or a
/// direction before another word (`West Brook`).
fn is_place_name(scanned: &Scanned, index: usize) -> bool {
    let token = &scanned.tokens[index];
    let is_direction = ["north", "south", "east", "west", "new"]
        .iter()
        .any(|word| scanned.token_text(index).eq_ignore_ascii_case(word));
    let next = scanned.tokens.get(index + 1).filter(|_| scanned.gap(index) == " ");
    token.has(trigger::COUNTRY)
        || next.is_some_and(|next| {
            next.has(trigger::COUNTRY)
                || is_direction && next.shape.is_word() && next.shape.is_capitalised() && !next.has(trigger::NOT_NAME)
        })
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
            || next.shape.is_word()
                && next.shape.is_capitalised()
                && (!next.has(trigger::NOT_NAME) || is_place_name(scanned, last + 1))
            || matches!(scanned.token_text(last + 1), "of" | "the" | "nan" | "and")
            || gap == " " && is_place_particle(scanned.token_text(last + 1));
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
