//! Finds license plates after a word for them: `Kennzeichen M-QT 4821`, `plate GK-418-TZ`, `nr rejestracyjny WE 4T812`.
//!
//! Nearly every country has forms of its own, and changes them. After the word, any few capitals with digits count, in up to three
//! groups. The forms that also count after weaker words (`car`, `registration`) are in the tables of `national_ids`.

use std::ops::RangeInclusive;

use crate::{
    scan::{Scanned, trigger_words as trigger},
    span::{Kind, Span},
};

/// The letters and digits of a plate, and how many of each it has at least.
const LENGTH: RangeInclusive<usize> = 5..=8;
const LETTERS_MIN: usize = 2;
const DIGITS_MIN: usize = 2;
/// The most groups of a plate, and the most letters and digits of one.
const GROUPS_MAX: usize = 3;
const GROUP_LENGTH_MAX: usize = 5;
/// How far before the plate its word may stand, in tokens and in bytes.
const TOKENS_BEFORE: usize = 4;
const BYTES_BEFORE: usize = 40;
/// Words that announce a plate only if it has a form of the tables, because much else stands beside them.
const WEAK: &str = "car reg registration vehicle vehicles";
/// Capitals with numbers beside them that are no plate: standards, units, currencies.
const OTHERS: &str = "API CHF CPU DIN EN EUR FPS GB GBP GPU IEC ISO KB KG MB MM NO NR PLN RAM RFC TB USD";

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    if !scanned.has_trigger(trigger::PLATE) {
        return;
    }
    let mut next = 0;
    for &anchor in &scanned.numbers {
        let index = anchor as usize;
        if index < next || !is_announced(scanned, index) || !is_group(scanned, index) {
            continue;
        }
        let first =
            (next..index).rev().take(GROUPS_MAX - 1).take_while(|at| is_group(scanned, *at) && joins(scanned, *at));
        let first = first.last().unwrap_or(index);
        let mut last = index;
        while last + 1 < scanned.tokens.len()
            && last + 1 < first + GROUPS_MAX
            && joins(scanned, last)
            && is_group(scanned, last + 1)
        {
            last += 1;
        }
        // The longest part that is a plate. Capitals before it may belong to the sentence.
        let whole = (first..=index).find_map(|first| {
            (index..=last).rev().find(|last| is_plate(scanned, first, *last)).map(|last| (first, last))
        });
        if let Some((first, last)) = whole {
            let range = scanned.tokens[first].start()..scanned.tokens[last].end();
            spans.push(Span { range, kind: Kind::LicensePlate, why: "a license plate after a word for it" });
            next = last + 1;
        }
    }
}

fn is_announced(scanned: &Scanned, index: usize) -> bool {
    let start = scanned.tokens[index].start();
    (index.saturating_sub(TOKENS_BEFORE + GROUPS_MAX - 1)..index).any(|before| {
        let token = &scanned.tokens[before];
        token.has(trigger::PLATE)
            && start - token.end() <= BYTES_BEFORE
            && !WEAK.split(' ').any(|word| scanned.token_text(before).eq_ignore_ascii_case(word))
    })
}

/// Whether a token may be a group of a plate: capitals, digits, or both.
fn is_group(scanned: &Scanned, index: usize) -> bool {
    let text = scanned.token_text(index);
    text.len() <= GROUP_LENGTH_MAX
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        && !begins_other(text.as_bytes())
}

/// Whether a value begins with capitals that are something else, as `ISO 7591`.
pub(super) fn begins_other(value: &[u8]) -> bool {
    let capitals = value.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    capitals > 1 && OTHERS.split(' ').any(|other| other.as_bytes() == &value[..capitals])
}

fn joins(scanned: &Scanned, index: usize) -> bool {
    matches!(scanned.gap(index), " " | "-" | "·" | "•" | ".")
}

fn is_plate(scanned: &Scanned, first: usize, last: usize) -> bool {
    let texts = (first..=last).flat_map(|index| scanned.token_text(index).bytes());
    let (digits, letters) = texts.fold((0, 0), |(digits, letters), byte| {
        (digits + usize::from(byte.is_ascii_digit()), letters + usize::from(byte.is_ascii_uppercase()))
    });
    LENGTH.contains(&(digits + letters)) && letters >= LETTERS_MIN && digits >= DIGITS_MIN
}
