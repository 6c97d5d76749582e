//! Payment cards: 13 to 19 digits of a known issuer whose last is the check digit (ISO/IEC 7812-1, Luhn).

use std::sync::LazyLock;

use regex::Regex;

use super::{Kind, Span, continues_word, neighbours};

static DIGITS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[2-6](?:[ -]?[0-9]){12,18}").expect("the pattern is valid"));

pub(super) fn find(text: &str, spans: &mut Vec<Span>) {
    for found in DIGITS.find_iter(text) {
        let (before, after) = neighbours(text, &found.range());
        let digits: Vec<u8> = found.as_str().bytes().filter(u8::is_ascii_digit).map(|digit| digit - b'0').collect();
        let stands_alone = !continues_word(before) && !continues_word(after) && !matches!(before, Some('.' | '-'));
        if stands_alone && luhn(&digits) {
            spans.push(Span { range: found.range(), kind: Kind::CreditCard });
        }
    }
}

fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, u32::from(*digit)) {
            (0, digit) => digit,
            (_, digit) if digit < 5 => digit * 2,
            (_, digit) => digit * 2 - 9,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn cards_are_found_with_and_without_separators() {
        for card in ["4111111111111111", "4111 1111 1111 1111", "5555-5555-5555-4444", "378282246310005"] {
            assert_eq!(found(&format!("pay with {card}, please")), [("CREDIT_CARD", card)]);
        }
    }

    #[test]
    fn a_wrong_check_digit_is_no_card() {
        assert_eq!(found("order 4111111111111112"), []);
    }
}
