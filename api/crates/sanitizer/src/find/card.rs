//! Payment cards: 13 to 19 digits of a known issuer whose last is the check digit (ISO/IEC 7812-1, Luhn).

use super::{Kind, Span, checksum, cue, lex::Lexed};

const DIGITS: std::ops::RangeInclusive<usize> = 13..=19;
/// The fewest digits of a group that another follows.
const GROUP_MIN: usize = 3;

pub(super) fn find(lexed: &Lexed, spans: &mut Vec<Span>) {
    let mut next = 0;
    for &anchor in &lexed.long_numbers {
        let first = anchor as usize;
        if first < next || lexed.tokens[first].len() < GROUP_MIN || !lexed.tokens[first].shape.is_number() {
            continue;
        }
        if let Some(last) = card_from(lexed, first) {
            let range = lexed.tokens[first].start()..lexed.tokens[last].end();
            spans.push(Span { range, kind: Kind::CreditCard, why: "a card's number" });
            next = last + 1;
        }
    }
}

/// The last token of the card's number that begins with the token `first`.
fn card_from(lexed: &Lexed, first: usize) -> Option<usize> {
    let start = lexed.tokens[first].start();
    if matches!(lexed.byte_before(start), b'.' | b'_' | b'+')
        || lexed.byte_before(start) == b'-' && first > 0 && lexed.tokens[first - 1].end() + 1 == start
    {
        return None;
    }
    let mut digits = checksum::Digits::new();
    let mut groups = 0;
    let mut at = first;
    let mut separator = None;
    loop {
        let text = lexed.token_text(at);
        if digits.len() + text.len() > *DIGITS.end() {
            return None;
        }
        digits.extend(checksum::digits(text));
        groups += 1;
        let is_grouped = (3..=5).contains(&groups) || groups == 1;
        let followed = matches!(
            (lexed.byte_at(lexed.tokens[at].end()), lexed.byte_at(lexed.tokens[at].end() + 1)),
            (b'.' | b'_' | b'-', b'0'..=b'9')
        );
        if DIGITS.contains(&digits.len()) && is_grouped && is_known_issuer(&digits) && !(groups == 1 && followed) {
            let is_announced = || lexed.cues_before(first, 5, 40) & cue::CARD != 0;
            let is_formatted = groups == 4 && digits.len() == 16 && text.len() == 4;
            let is_one_digit = digits.iter().all(|digit| *digit == digits[0]);
            if !is_one_digit && (checksum::luhn(&digits) || is_formatted && is_announced()) {
                return Some(at);
            }
        }
        let gap = lexed.gap(at);
        let is_next = matches!(gap, " " | "-") && separator.is_none_or(|separator| separator == gap);
        let next = lexed.tokens.get(at + 1)?;
        if !is_next || !next.shape.is_number() || text.len() < GROUP_MIN {
            return None;
        }
        separator = Some(gap);
        at += 1;
    }
}

/// The issuers' ranges and the lengths of their cards.
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
