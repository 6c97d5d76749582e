//! Chinese, Japanese and Korean addresses, which begin with the largest part and end with the flat.

mod chinese;
mod japanese;
mod korean;
mod runs;

use crate::{
    scan::{Scanned, is_han, is_hangul, is_kana},
    span::{Kind, Span},
};

/// Finds addresses by their grammar, from each number that follows a character of these scripts.
pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    let text = scanned.text;
    let mut next = 0;
    for &anchor in &scanned.numbers {
        let token = &scanned.tokens[anchor as usize];
        if token.start() < next || !token.shape.is_number() || token.len() > 6 {
            continue;
        }
        let before = &text[next..token.start()];
        let found = match before.trim_end_matches([' ', ',']).chars().next_back() {
            Some(c) if is_hangul(c) => korean::around(text, next, token.range()),
            Some(c) if is_han(c) || is_kana(c) => {
                chinese::around(text, next, token.range()).or_else(|| japanese::around(text, next, token.range()))
            }
            _ => None,
        };
        if let Some(range) = found {
            next = range.end;
            spans.push(Span { range, kind: Kind::Address, why: "an address by its grammar" });
        }
    }
}
