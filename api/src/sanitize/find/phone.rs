//! Phone numbers: international ones, North American ones, and digits that a word announces.

use std::sync::LazyLock;

use regex::Regex;

use super::{Kind, Span, continues_word, neighbours};

/// A pattern with the number in its group `number`.
static NUMBERS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        (?<international>  \+[1-9](?:[\ .()/-]{0,2}[0-9]){6,14} )
        | (?<american>     (?:\([2-9][0-9]{2}\)\ ?|[2-9][0-9]{2}[\ .-])[2-9][0-9]{2}[\ .-][0-9]{4} )
        | (?i:phone|telephone|tel|mobile|cell|call(?:\ me)?(?:\ at|\ on)?|fax|whatsapp|text\ me\ at)
          (?:\ number|\ no\.?)?(?:\ is)?[:=\ .]{1,3}
          (?<announced>    \(?[0-9](?:[\ .()/-]{0,2}[0-9]){6,13} )",
    )
    .expect("the pattern is valid")
});

/// The most digits of a number (ITU-T E.164), and the fewest that are taken for one.
const DIGITS_MAX: usize = 15;
const DIGITS_MIN: usize = 7;

pub(super) fn find(text: &str, spans: &mut Vec<Span>) {
    for captures in NUMBERS.captures_iter(text) {
        let number = ["international", "american", "announced"].iter().find_map(|name| captures.name(name));
        let Some(number) = number else { continue };
        let digits = number.as_str().bytes().filter(u8::is_ascii_digit).count();
        let (before, after) = neighbours(text, &number.range());
        let stands_alone =
            !continues_word(before) && !continues_word(after) && !matches!(before, Some('.' | '-' | '/'));
        if stands_alone && (DIGITS_MIN..=DIGITS_MAX).contains(&digits) {
            spans.push(Span { range: number.range(), kind: Kind::Phone });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn numbers_are_found_as_people_write_them() {
        for number in
            ["+1 415 555 0132", "+49 (0)30 901820", "+442079460958", "415-555-0132", "(415) 555-0132", "415.555.0132"]
        {
            assert_eq!(found(&format!("reach me: {number}!")), [("PHONE", number)]);
        }
    }

    #[test]
    fn bare_digits_need_a_word_that_announces_them() {
        assert_eq!(found("tel: 020 7946 0958"), [("PHONE", "020 7946 0958")]);
        assert_eq!(found("my phone number is 4155550132"), [("PHONE", "4155550132")]);
        assert_eq!(found("order 4155550132"), []);
    }
}
