//! Finds dates of birth: a date after a word that announces one.

use crate::{
    scan::{Scanned, Token, trigger_words as trigger},
    span::{Kind, Span},
};

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    for index in scanned.tokens_with(trigger::BIRTH) {
        let limit = scanned.tokens[index].end() + 40;
        for first in index + 1..(index + 8).min(scanned.tokens.len()) {
            if scanned.tokens[first].start() > limit {
                break;
            }
            if let Some(last) = date_from(scanned, first) {
                let range = scanned.tokens[first].start()..scanned.tokens[last].end();
                spans.push(Span { range, kind: Kind::DateOfBirth, why: "a date after a word for birth" });
                break;
            }
        }
    }
}

/// The last token of the date that begins with the token `first`.
pub(super) fn date_from(scanned: &Scanned, first: usize) -> Option<usize> {
    let [a, b, c] = scanned.tokens.get(first..first + 3)? else { return None };
    let (left, right) = (scanned.gap(first), scanned.gap(first + 1));
    let small = |token: &Token| token.shape.is_number() && token.len() <= 2;
    let year = |token: &Token| token.shape.is_number() && matches!(token.len(), 2 | 4);
    let is_numeric = left == right
        && matches!(left, "-" | "/" | "." | " ")
        && (a.len() == 4 && a.shape.is_number() && small(b) && small(c) || small(a) && small(b) && year(c));
    let month = |token: &Token| token.has(trigger::MONTH);
    let day = |token: &Token| token.shape.has_digit() && token.len() <= 4;
    let is_spelled = left.len() <= 2 && right.len() <= 3 && year(c) && (month(a) && day(b) || day(a) && month(b));
    (is_numeric || is_spelled).then_some(first + 2)
}
