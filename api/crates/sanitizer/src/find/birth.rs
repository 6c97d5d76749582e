//! Dates of birth: a date beside a word that says so.

use super::{Kind, Span, cue, lex::Lexed};

pub(super) fn find(lexed: &Lexed, spans: &mut Vec<Span>) {
    for index in lexed.cued(cue::BIRTH) {
        let limit = lexed.tokens[index].end() + 40;
        for first in index + 1..(index + 8).min(lexed.tokens.len()) {
            if lexed.tokens[first].start() > limit {
                break;
            }
            if let Some(last) = date_from(lexed, first) {
                let range = lexed.tokens[first].start()..lexed.tokens[last].end();
                spans.push(Span { range, kind: Kind::DateOfBirth, why: "a date of birth" });
                break;
            }
        }
    }
}

/// The last token of the date that begins with the token `first`.
pub(super) fn date_from(lexed: &Lexed, first: usize) -> Option<usize> {
    let [a, b, c] = lexed.tokens.get(first..first + 3)? else { return None };
    let (left, right) = (lexed.gap(first), lexed.gap(first + 1));
    let small = |token: &super::lex::Token| token.shape.is_number() && token.len() <= 2;
    let year = |token: &super::lex::Token| token.shape.is_number() && matches!(token.len(), 2 | 4);
    let is_numeric = left == right
        && matches!(left, "-" | "/" | "." | " ")
        && (a.len() == 4 && a.shape.is_number() && small(b) && small(c) || small(a) && small(b) && year(c));
    let month = |token: &super::lex::Token| token.has(cue::MONTH);
    let day = |token: &super::lex::Token| token.shape.has_digit() && token.len() <= 4;
    let is_spelled = left.len() <= 2 && right.len() <= 3 && year(c) && (month(a) && day(b) || day(a) && month(b));
    (is_numeric || is_spelled).then_some(first + 2)
}
