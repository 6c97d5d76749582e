//! Chinese, Japanese and Korean addresses, which begin with the largest part and end with the flat.

mod chinese;
mod japanese;
mod korean;

use std::ops::Range;

use crate::{
    scan::{Scanned, is_han, is_hangul, is_kana},
    span::{Kind, Span},
};

/// The most characters before the first number of an address.
const BEFORE_CHARS_MAX: usize = 40;

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

/// The run of characters that `belong` and that ends at `end`, not before `from`.
fn run_before(text: &str, from: usize, end: usize, belongs: impl Fn(char) -> bool) -> Range<usize> {
    let run = text[from..end].char_indices().rev().take(BEFORE_CHARS_MAX).take_while(|(_, c)| belongs(*c)).last();
    run.map_or(end, |(at, _)| from + at)..end
}

/// Where a row of numbers that the given signs join ends: `2-14-8`.
fn joined_numbers(text: &str, start: usize, joints: &[char]) -> usize {
    let mut end = start;
    loop {
        end += text[end..].bytes().take_while(u8::is_ascii_digit).count();
        let rest = text[end..].strip_prefix(joints);
        match rest {
            Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => end = text.len() - rest.len(),
            _ => return end,
        }
    }
}
