//! House numbers as they are written in the world, with the flat: `12`, `14b`, `1208/74`, `174-2`, `No: 312/5`, `12, 3º B`, `23 bis`,
//! `15, kv. 3`.

use crate::scan::{Scanned, trigger_words as trigger};

/// The most digits of a house number.
const DIGITS_MAX: usize = 5;
/// The most parts of a flat after it.
const PARTS_MAX: usize = 5;

/// The last token of the house number, with its flat, that stands right after the token `street`, perhaps with a word for number between.
pub(super) fn after(scanned: &Scanned, street: usize) -> Option<usize> {
    let gap = scanned.gap(street);
    let next = scanned.tokens.get(street + 1)?;
    let is_word_for_number = next.len() <= 6 && next.has(trigger::NUMBER) && matches!(gap, " " | ", " | ". " | ".");
    let number = if is_word_for_number
        && matches!(scanned.gap(street + 1), " " | ". " | ": " | "." | ":" | ".: " | "° " | "º ")
    {
        street + 2
    } else if matches!(gap, " " | ", " | ". " | "." | " #" | " # " | ": " | " n° " | " nº " | " n." | ", n° " | ", nº ")
    {
        street + 1
    } else {
        return None;
    };
    is_house_number(scanned, number).then(|| with_flat(scanned, number))
}

/// Whether the token is the number of a house: up to five digits, and a letter perhaps; nothing that is counted or measured.
pub(super) fn is_house_number(scanned: &Scanned, index: usize) -> bool {
    let Some(token) = scanned.tokens.get(index) else { return false };
    let text = scanned.token_text(index);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let suffix = &text[digits..];
    let is_number = (1..=DIGITS_MAX).contains(&digits)
        && (suffix.is_empty()
            || matches!(suffix, "bis" | "ter")
            || suffix.chars().count() == 1 && suffix.chars().all(char::is_alphabetic));
    let (sign, after) = (scanned.byte_at(token.end()), scanned.byte_at(token.end() + 1));
    // 2025-01-20 is a date.
    let is_date = digits == 4 && sign == b'-' && after.is_ascii_digit();
    let goes_on =
        is_date || matches!(sign, b'%' | b'$') || matches!(sign, b':' | b'.' | b',') && after.is_ascii_digit();
    is_number
        && !goes_on
        && !text.starts_with("00")
        && !scanned.text[token.end()..].trim_start_matches(' ').starts_with(['€', '$', '£', '%'])
}

/// The last token of the house number that begins at `number`, with what belongs to it.
fn with_flat(scanned: &Scanned, number: usize) -> usize {
    let mut last = number;
    // 1208/74, 12-14, 174-2, 12 B, 12 bis.
    while let Some(next) = scanned.tokens.get(last + 1) {
        let (gap, text) = (scanned.gap(last), scanned.token_text(last + 1));
        let is_joined =
            matches!(gap, "/" | "-" | " - " | " / ") && next.shape.has_digit() && next.len() <= 5 && next.len() < 5;
        let is_letter = gap == " "
            && (text.len() == 1 && text.bytes().all(|byte| byte.is_ascii_uppercase())
                || matches!(text, "bis" | "ter" | "quater" | "BIS"))
            && !scanned.text[next.end()..].starts_with(['.', '\''])
            && last == number;
        if !(is_joined || is_letter) || last > number + 3 {
            break;
        }
        last += 1;
    }
    with_flats(scanned, last)
}

/// The last token of the flat that follows the token `last`: `, ap. 42`, `, bât. C`.
pub(super) fn with_flats(scanned: &Scanned, mut last: usize) -> usize {
    for _ in 0..PARTS_MAX {
        match flat_part(scanned, last) {
            Some(end) => last = end,
            None => break,
        }
    }
    last
}

/// The last token of the part of a flat that follows the token `last`: `, ap. 42`, `, 2. th`, ` lgh 1102`, `, 3º B`, ` A 4`.
fn flat_part(scanned: &Scanned, last: usize) -> Option<usize> {
    let gap = scanned.gap(last);
    let next = scanned.tokens.get(last + 1)?;
    let is_gap = matches!(gap, " " | ", " | "," | " - " | ". " | "/" | ".º " | "º " | ", #" | " #" | "., ");
    if !is_gap {
        return None;
    }
    let text = scanned.token_text(last + 1);
    // A word for the part, and its number: ap. 42, bl. A2, D: 5, m. 3, kv 12.
    let is_unit_word = next.has(trigger::UNIT) || next.has(trigger::FLAT) && !gap.contains(". ");
    if is_unit_word {
        let number = scanned.tokens.get(last + 2)?;
        let is_number =
            number.shape.has_digit() && number.len() <= 5 || number.len() == 1 && number.shape.is_capitalised();
        let is_joined = matches!(scanned.gap(last + 1), " " | ". " | ": " | "." | ":" | "-");
        return (is_number && is_joined).then_some(last + 2);
    }
    // 3º B, 2.º Esq, 2. th, 4t 2a: a floor and a door.
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let after = &scanned.text[next.end()..];
    let is_ordinal = digits > 0
        && digits <= 2
        && gap.contains([',', ' '])
        && (text[digits..].starts_with(['º', 'ª', '°'])
            || after.starts_with(['º', '°', 'ª'])
            || after.starts_with(".º")
            || after.starts_with(".°"));
    let is_floor = digits > 0
        && digits <= 2
        && text.len() == digits
        && gap == ", "
        && [". th", ". tv", ". mf", ". sal", ".th", ".tv"].iter().any(|floor| after.starts_with(floor))
        || digits > 0
            && digits < text.len()
            && text.len() <= 4
            && gap == ", "
            && matches!(&text[digits..], "t" | "r" | "n" | "è" | "a" | "e");
    // 2.º Esq: the sign is a word of its own.
    let sign = usize::from(
        is_ordinal
            && scanned.gap(last + 1) == "."
            && matches!(scanned.tokens.get(last + 2).map(|_| scanned.token_text(last + 2)), Some("º" | "ª")),
    );
    let last = last + sign;
    if is_ordinal || is_floor {
        let door = scanned.tokens.get(last + 2).filter(|door| {
            door.len() <= 4 && matches!(scanned.gap(last + 1), " " | "º " | "° " | "ª " | ".º " | ". " | ".")
        });
        let is_door = door.is_some_and(|door| {
            door.shape.has_digit()
                || door.len() <= 2
                || matches!(scanned.token_text(last + 2), "Esq" | "Dto" | "Dta" | "Izq" | "izq" | "dcha")
        });
        return Some(last + 1 + usize::from(is_door));
    }
    // A staircase and a flat: 12 A 4.
    (text.len() == 1
        && next.shape.is_number()
        && last > 0
        && scanned.tokens[last].len() == 1
        && scanned.tokens[last].shape.is_capitalised()
        && gap == " ")
        .then_some(last + 1)
}
