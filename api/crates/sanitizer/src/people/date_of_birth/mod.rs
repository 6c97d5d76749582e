//! Finds dates of birth: a date after a word that announces one, and the dates of a column that is headed by one.

mod column;
mod compact;

use crate::{
    scan::{Scanned, Token, trigger_words as trigger},
    span::{Kind, Span},
};

/// How far from the word the date may begin, in tokens and in bytes.
const TOKENS_MAX: usize = 8;
const BYTES_MAX: usize = 40;

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    let (mut read_to, mut line_end) = (0, 0);
    for index in scanned.tokens_with(trigger::BIRTH) {
        let token = &scanned.tokens[index];
        if token.start() < read_to {
            continue;
        }
        // A line is examined once, or a long one of such words would take long.
        if token.start() >= line_end {
            if let Some(end) = column::find(scanned, index, spans) {
                read_to = end;
                continue;
            }
            line_end = memchr::memchr(b'\n', &scanned.bytes()[token.end()..])
                .map_or(scanned.text.len(), |at| token.end() + at);
        }
        let limit = token.end() + BYTES_MAX;
        for first in index + 1..(index + TOKENS_MAX).min(scanned.tokens.len()) {
            // The default of a column, the example of a schema and the bound of a check are nobody's.
            if scanned.tokens[first].start() > limit || is_of_schema(scanned.token_text(first)) {
                break;
            }
            if let Some(last) = date_from(scanned, first).or_else(|| compact_date(scanned, first)) {
                let range = scanned.tokens[first].start()..scanned.tokens[last].end();
                spans.push(Span { range, kind: Kind::DateOfBirth, why: "a date after a word for birth" });
                break;
            }
        }
    }
}

fn is_of_schema(word: &str) -> bool {
    ["default", "example", "examples", "format", "pattern", "check", "minimum", "maximum"]
        .iter()
        .any(|known| word.eq_ignore_ascii_case(known))
}

/// The last token of the date that begins with the token `first`.
pub(super) fn date_from(scanned: &Scanned, first: usize) -> Option<usize> {
    let [a, b, c] = scanned.tokens.get(first..first + 3)? else { return None };
    let (left, right) = (scanned.gap(first), scanned.gap(first + 1));
    let small = |token: &Token| token.shape.is_number() && token.len() <= 2;
    let year = |token: &Token| token.shape.is_number() && matches!(token.len(), 2 | 4);
    let is_numeric = left == right
        && matches!(left, "-" | "/" | "." | " " | ". ")
        && (a.len() == 4 && a.shape.is_number() && small(b) && small(c) || small(a) && small(b) && year(c));
    let month = |token: &Token| token.has(trigger::MONTH);
    let day = |token: &Token| token.shape.has_digit() && token.len() <= 4;
    let is_spelled = left.len() <= 2 && right.len() <= 3 && year(c) && (month(a) && day(b) || day(a) && month(b));
    (is_numeric || is_spelled).then_some(first + 2)
}

/// The date in one run of digits, as ISO 8601 and vCard write it: `19790214`. It stands right behind a colon or an equals sign.
fn compact_date(scanned: &Scanned, first: usize) -> Option<usize> {
    let token = &scanned.tokens[first];
    let gap =
        scanned.text[scanned.tokens[first.checked_sub(1)?].end()..token.start()].trim_end_matches(['"', '\'', ' ']);
    (gap.ends_with([':', '=']) && compact::is_compact(scanned.token_text(first))).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::find;
    use crate::{scan::found_by, secrets::KEY_PREFIXES};

    #[test]
    fn the_dates_of_a_column_of_births_are_found_and_those_of_other_columns_are_not() {
        let found = |text: &str| -> Vec<String> {
            found_by(find, &KEY_PREFIXES, text).into_iter().map(|span| text[span.range].to_owned()).collect()
        };
        let csv =
            "id,joined,dob,plan\n1,2026-01-05,1987-03-14,pro\n2,2026-01-07,,free\n3,2026-01-09,\"1991-12-02\",pro\n";
        assert_eq!(found(csv), ["1987-03-14", "1991-12-02"]);
        assert_eq!(
            found("no;birth_date;since\r\nK1;03.11.1974;01.04.2022\r\nK2;28.02.1983;15.09.2023\r\n"),
            ["03.11.1974", "28.02.1983"]
        );
        assert_eq!(found("| name | birthdate |\n| a, b | 1979-02-14 |"), ["1979-02-14"]);
        assert_eq!(found("dob\tx\n19790214\t20260101"), ["19790214"]);
        assert_eq!(found("id,born,plan\n1,yes,2026-01-05\n"), [""; 0]);
    }
}
