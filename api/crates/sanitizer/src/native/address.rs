//! Addresses in scripts other than Latin: behind the word for them, and where a street, a house and a flat stand together.
//!
//! Chinese, Japanese and Korean addresses without an announcement have a grammar of their own in `people::address::east_asian`.

use std::ops::Range;

use super::words::{Announcement, Announces};
use crate::{
    native::name::is_georgian,
    scan::{is_cjk, is_latin, is_native_letter, is_unspaced},
    span::{Kind, Span},
};

/// The most characters of an address, and of the name of a street.
const CHARS_MAX: usize = 120;
const STREET_CHARS_MAX: usize = 40;
/// How many announcements after a street are looked at.
const NEAR_PARTS: usize = 16;

/// The address in `reach`, after the word for it. It must have a number or the word for a street.
pub(super) fn announced(text: &str, announcements: &[Announcement], reach: Range<usize>) -> Option<Range<usize>> {
    let (start, assigns) = opening(text, reach.clone())?;
    let end = end_of_parts(text, announcements, start..reach.end);
    let value = &text[start..end];
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let letters = value.chars().filter(|c| is_native_letter(*c)).count();
    let has_street = within(announcements, start..end).any(|part| part.what == Announces::Street);
    // Without a colon, as in `живу на …`, it must be more than a number of rooms.
    let is_address = digits >= 1 && letters >= 3 && (assigns || has_street || letters >= 5);
    (is_address && !value.contains("://") && !value.contains('@')).then_some(start..end)
}

/// Where the address begins, and whether a colon stands before it.
fn opening(text: &str, reach: Range<usize>) -> Option<(usize, bool)> {
    let mut assigns = false;
    let (mut letters, mut signs) = (0, 0);
    for (offset, c) in text[reach.clone()].char_indices() {
        match c {
            ':' | '=' | '՝' | '፦' | '៖' => assigns = true,
            ' ' | '"' | '\'' | '“' | '«' | '「' | '|' | '-' | '*' | '\n' | '〒' | '\t' => {}
            // Particles, and `is` in Chinese.
            'は' | 'が' | '는' | '은' | '是' | '在' | '为' if letters == 0 && !assigns => {
                letters += 1;
                continue;
            }
            c if is_native_letter(c) || c.is_ascii_digit() || c == '#' || c == '№' => {
                return (offset > 0 || is_unspaced(c)).then_some((reach.start + offset, assigns));
            }
            _ => return None,
        }
        signs += 1;
        if signs > 6 {
            return None;
        }
    }
    None
}

/// Where the row of parts that begins at `reach.start` ends. Parts are joined by commas and spaces; after the last number, only capitalised
/// words and words for parts go on.
fn end_of_parts(text: &str, announcements: &[Announcement], reach: Range<usize>) -> usize {
    let mut end = reach.start;
    let mut chars = 0;
    let bytes = &text[reach.clone()];
    let mut has_number = false;
    let mut at = 0;
    while at < bytes.len() && chars < CHARS_MAX {
        let c = bytes[at..].chars().next().unwrap_or(' ');
        let here = reach.start + at;
        let next = bytes[at + c.len_utf8()..].chars().next();
        let is_break = match c {
            '\n' | ';' | '[' | ']' | '{' | '}' | '"' | '<' | '>' | '|' | '!' | '?' | '।' | '」' | '”' | '»' | '='
            | ':' | '\t' | '@' | '_' | '(' => true,
            // A full stop ends an abbreviation within an address, or a sentence.
            '.' => {
                next.is_none()
                    || next == Some('\n')
                    || next == Some(' ') && ends_sentence(bytes, at, announcements, here)
            }
            ',' | '،' | '、' | '፣' | '၊' => {
                has_number && !goes_on(text, announcements, here + c.len_utf8()..reach.end)
            }
            ' ' => has_number && is_verb(text, announcements, here + 1),
            // `です`, `입니다` end the sentence.
            'で' => has_number || bytes[at..].starts_with("です"),
            'に' | 'へ' | 'を' => has_number,
            '이' if has_number && bytes[at..].starts_with("이고") => true,
            '입' | '이' => has_number && (bytes[at..].starts_with("입니다") || bytes[at..].starts_with("이에요")),
            '吗' | '吧' | '呢' => true,
            _ => false,
        };
        if is_break {
            break;
        }
        has_number |= c.is_ascii_digit();
        at += c.len_utf8();
        chars += 1;
        if c.is_alphanumeric() || is_native_letter(c) {
            end = reach.start + at;
        }
    }
    end
}

/// Whether the full stop at `at` ends a sentence: the word before it is long and no abbreviation of the tables.
fn ends_sentence(text: &str, at: usize, announcements: &[Announcement], place: usize) -> bool {
    let letters = text[..at].chars().rev().take_while(|c| is_native_letter(*c)).count();
    let is_part = ends_part(announcements, place);
    if text[..at].ends_with(is_cjk) {
        return true;
    }
    letters > 4 && !is_part || letters == 0
}

/// Whether the address goes on after a comma: with a number, a capital, or a word for a part of it.
fn goes_on(text: &str, announcements: &[Announcement], reach: Range<usize>) -> bool {
    let rest = text[reach.clone()].trim_start_matches(' ');
    let at = reach.end - rest.len();
    let Some(first) = rest.chars().next() else { return false };
    let is_part = begins_part(announcements, at);
    let caseless = is_native_letter(first) && (!first.is_uppercase() && !first.is_lowercase() || is_georgian(first));
    is_part || first.is_ascii_digit() || first == '№' || first.is_uppercase() && !is_latin(first) || caseless
}

/// Whether the word at `at` belongs to the sentence around the address: it is in lower case and no part of an address.
fn is_verb(text: &str, announcements: &[Announcement], at: usize) -> bool {
    let Some(first) = text[at..].chars().next() else { return true };
    let letters = text[at..].chars().take_while(|c| is_native_letter(*c)).count();
    let is_part = begins_part(announcements, at);
    let is_hangul_verb =
        ["맞으", "입니", "이고", "이며", "으로", "에서"].iter().any(|verb| text[at..].starts_with(verb));
    is_hangul_verb || first.is_lowercase() && !is_georgian(first) && letters > 1 && !is_part
}

/// The announcements whose words begin in the range.
fn within(announcements: &[Announcement], range: Range<usize>) -> impl Iterator<Item = &Announcement> {
    let from = announcements.partition_point(|part| part.bare_start < range.start);
    announcements[from..].iter().take_while(move |part| part.bare_start < range.end)
}

/// Whether a word for a part of an address begins at `at`.
fn begins_part(announcements: &[Announcement], at: usize) -> bool {
    within(announcements, at..at + 1).any(|part| part.what.is_within_address())
}

/// Whether a word for a part of an address ends at `at`.
fn ends_part(announcements: &[Announcement], at: usize) -> bool {
    let next = announcements.partition_point(|part| part.bare_start < at);
    announcements[..next].last().is_some_and(|part| part.end == at && part.what.is_within_address())
}

/// Addresses that a word for a street begins, with a house number near: `ул. Ленина, д. 5, кв. 12`, `רחוב הרצל 15`.
pub(super) fn unannounced(text: &str, announcements: &[Announcement], spans: &mut Vec<Span>) {
    let mut next = 0;
    for (index, street) in announcements.iter().enumerate().filter(|(_, part)| part.what == Announces::Street) {
        if street.start < next {
            continue;
        }
        if let Some(range) = around_street(text, announcements, index) {
            next = range.end;
            spans.push(Span { range, kind: Kind::Address, why: "a street and a house number" });
        }
    }
}

/// The address around the word for a street at `index`.
fn around_street(text: &str, announcements: &[Announcement], index: usize) -> Option<Range<usize>> {
    let street = &announcements[index];
    let first = text[street.start..].chars().next()?;
    // Where words have capitals, the name of a street has one: `шоссе длиной 12 км` has none.
    let is_cased = first.is_lowercase() || first.is_uppercase();
    let rest = &text[street.end..];
    let reach = rest
        .char_indices()
        .take(STREET_CHARS_MAX)
        .find(|(_, c)| matches!(c, '\n' | ';' | '!' | '?' | '[' | '(' | ':'))
        .map_or_else(
            || text.floor_char_boundary(text.len().min(street.end + 2 * STREET_CHARS_MAX)),
            |(at, _)| street.end + at,
        );
    let number = street.end + text[street.end..reach].find(|c: char| c.is_ascii_digit())?;
    let name = &text[street.end..number];
    let name_letters = name.chars().filter(|c| is_native_letter(*c)).count();
    let before = name_before(text, street.start);
    let is_named_after =
        is_cased && name.split([' ', '-', '.', '"', '«']).any(|word| word.starts_with(char::is_uppercase));
    let has_name = if is_cased {
        is_named_after || name_letters <= 5 && before.is_some_and(|start| text[start..].starts_with(char::is_uppercase))
    } else {
        // 45/7 หมู่ 3 ต.บางพลี: other parts follow the number.
        let has_parts = announcements[index + 1..]
            .iter()
            .take(2)
            .all(|part| part.what.is_within_address() && part.start < number + STREET_CHARS_MAX);
        name_letters >= 2 || before.is_some() || has_parts && index + 2 < announcements.len()
    };
    let lower_words = name
        .split([' ', ',', '.'])
        .filter(|word| word.chars().count() > 3 && word.starts_with(char::is_lowercase))
        .filter(|word| !within(announcements, street.end..number).any(|part| text[part.start..part.end] == **word))
        .count();
    let commas = name.matches([',', '،']).count();
    let words = name.split_whitespace().count();
    // A number before the word for the street belongs to the house in India and Thailand.
    let is_year = text[number..].bytes().take_while(u8::is_ascii_digit).count() >= 4;
    let ends_else = within(announcements, street.end..number).any(|part| !part.what.is_within_address());
    if !has_name
        || lower_words > 0
        || commas > 2
        || words > 6
        || is_year
        || ends_else
        || name.contains(". ") && words > 4
    {
        return None;
    }
    let digits_end = number + text[number..].bytes().take_while(u8::is_ascii_digit).count();
    if counts(&text[digits_end..]) {
        return None;
    }
    let start = back_to_town(text, announcements, index, before.filter(|_| name_letters <= 5 && !is_named_after));
    let end = end_of_parts(text, announcements, start..text.floor_char_boundary(text.len().min(start + 3 * CHARS_MAX)));
    let stop = announcements[index + 1..]
        .iter()
        .take(NEAR_PARTS)
        .find(|part| !part.what.is_within_address() && part.start > number);
    let end = stop.map_or(end, |stop| end.min(text[..stop.start].trim_end_matches([' ', ',', '،', '.']).len()));
    (end >= digits_end).then_some(start..end)
}

/// Whether the number is an amount or a year.
fn counts(rest: &str) -> bool {
    let rest = rest.trim_start_matches(' ');
    ["км", "м ", "лет", "год", "г.", "%", "км", "століт", "век", "χλμ", "كم", "ק\"מ", "कि", "กม", "กิโล"]
        .iter()
        .any(|unit| rest.starts_with(unit))
}

/// Where the one or two words before the word for a street begin: `Ленинский проспект`, `गांधी नगर`.
fn name_before(text: &str, street: usize) -> Option<usize> {
    const CHARS_MAX: usize = 24;
    let before = text[..street].strip_suffix(' ')?;
    let word = before.char_indices().rev().take(CHARS_MAX).take_while(|(_, c)| is_native_letter(*c) || *c == '-');
    let start = word.last().map_or(before.len(), |(at, _)| at);
    (start < before.len()).then_some(start)
}

/// Where the address begins if a town, a house or other parts stand before the street: `г. Казань, ул. Баумана`.
fn back_to_town(text: &str, announcements: &[Announcement], index: usize, name: Option<usize>) -> usize {
    let street = announcements[index].start;
    let mut start = name.unwrap_or(street);
    for part in announcements[..index].iter().rev().take(4) {
        let between = &text[part.end..start.max(part.end)];
        if !part.what.is_within_address() || between.chars().count() > 30 || between.contains(['\n', ';', ':']) {
            break;
        }
        start = part.start;
    }
    // A house number in front: `99/12 ซอยสุขุมวิท`.
    let before = text[..start].trim_end_matches(' ');
    let number = before.len()
        - before.bytes().rev().take(8).take_while(|byte| byte.is_ascii_digit() || matches!(byte, b'/' | b'-')).count();
    if number < before.len() && !text[..number].ends_with(|c: char| c.is_alphanumeric()) { number } else { start }
}
