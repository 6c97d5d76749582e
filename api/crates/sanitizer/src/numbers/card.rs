//! Finds the numbers of payment cards: 13 to 19 digits that begin with the range of an issuer and end with a check digit (Luhn,
//! ISO/IEC 7812-1).

use crate::{
    numbers::checksum,
    scan::{Scanned, trigger_words as trigger},
    span::{Kind, Span},
};

/// How many digits a number has.
const DIGITS: std::ops::RangeInclusive<usize> = 13..=19;
/// The fewest digits of a group that another group follows.
const GROUP_MIN: usize = 3;

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    let mut next = 0;
    for &anchor in &scanned.long_numbers {
        let first = anchor as usize;
        if first < next || scanned.tokens[first].len() < GROUP_MIN || !scanned.tokens[first].shape.is_number() {
            continue;
        }
        if let Some(last) = card_from(scanned, first) {
            let range = scanned.tokens[first].start()..scanned.tokens[last].end();
            spans.push(Span { range, kind: Kind::CreditCard, why: "the number of a payment card" });
            next = last + 1;
        }
    }
}

/// The last token of the number that begins with the token `first`.
fn card_from(scanned: &Scanned, first: usize) -> Option<usize> {
    let start = scanned.tokens[first].start();
    if matches!(scanned.byte_before(start), b'.' | b'_' | b'+')
        || scanned.byte_before(start) == b'-' && first > 0 && scanned.tokens[first - 1].end() + 1 == start
    {
        return None;
    }
    let mut digits = checksum::Digits::new();
    let mut groups = 0;
    let mut at = first;
    let mut separator = None;
    loop {
        let text = scanned.token_text(at);
        if digits.len() + text.len() > *DIGITS.end() {
            return None;
        }
        digits.extend(checksum::digits(text));
        groups += 1;
        let is_grouped = (3..=5).contains(&groups) || groups == 1;
        let followed = matches!(
            (scanned.byte_at(scanned.tokens[at].end()), scanned.byte_at(scanned.tokens[at].end() + 1)),
            (b'.' | b'_' | b'-', b'0'..=b'9')
        );
        if DIGITS.contains(&digits.len()) && is_grouped && is_known_issuer(&digits) && !(groups == 1 && followed) {
            let is_announced = || scanned.triggers_before(first, 5, 40) & trigger::CARD != 0;
            let is_formatted = groups == 4 && digits.len() == 16 && text.len() == 4;
            let is_one_digit = digits.iter().all(|digit| *digit == digits[0]);
            if !is_one_digit && (checksum::luhn(&digits) || is_formatted && is_announced()) {
                return Some(at);
            }
        }
        let gap = scanned.gap(at);
        let is_next = matches!(gap, " " | "-") && separator.is_none_or(|separator| separator == gap);
        let next = scanned.tokens.get(at + 1)?;
        if !is_next || !next.shape.is_number() || text.len() < GROUP_MIN {
            return None;
        }
        separator = Some(gap);
        at += 1;
    }
}

/// Whether the number has the beginning and the length of an issuer's.
fn is_known_issuer(digits: &[u32]) -> bool {
    let start = |count: usize| digits[..count].iter().fold(0, |number, digit| number * 10 + digit);
    let (two, three, four) = (start(2), start(3), start(4));
    match digits.len() {
        13 => two / 10 == 4,
        14 => (300..=305).contains(&three) || matches!(two, 36 | 38 | 39),
        15 => matches!(two, 34 | 37) || four == 1800 || four == 2131 || four == 2014 || four == 2149,
        16 => {
            two / 10 == 4
                || (51..=55).contains(&two)
                || (2221..=2720).contains(&four)
                || matches!(two, 35 | 36 | 38 | 39 | 50 | 56..=69)
                || (2200..=2204).contains(&four)
                || (8100..=8171).contains(&four)
                || four == 9792
        }
        17..=19 => two / 10 == 4 && digits.len() == 19 || matches!(two, 50 | 56..=69) || two == 62,
        _ => false,
    }
}
