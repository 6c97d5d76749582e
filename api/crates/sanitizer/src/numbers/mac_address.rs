//! Finds hardware addresses (IEEE 802): six pairs of hex digits, eight in EUI-64, or three groups of four as routers write them.

use crate::{
    scan::Scanned,
    span::{Kind, Span},
};

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    let has_separator = [b':', b'-', b'.'].into_iter().any(|sign| scanned.has_sign(sign));
    if !has_separator || !may_hold_one(scanned) {
        return;
    }
    let mut next = 0;
    for first in 0..scanned.tokens.len() {
        let token = &scanned.tokens[first];
        let separator = scanned.byte_at(token.end());
        let groups = match (separator, token.len()) {
            _ if first < next => continue,
            (b':' | b'-', 2) => 6,
            (b'.', 4) => 3,
            _ => continue,
        };
        let Some(count) = run(scanned, first, token.len(), separator) else { continue };
        if count == groups || count == 8 && groups == 6 {
            let range = token.start()..scanned.tokens[first + count - 1].end();
            let value = &scanned.bytes()[range.clone()];
            let is_address =
                value.iter().any(u8::is_ascii_digit) || value.iter().any(u8::is_ascii_alphabetic) && separator != b'.';
            let hex = value.iter().filter(|byte| byte.is_ascii_hexdigit());
            let is_special =
                hex.clone().all(|byte| *byte == b'0') || hex.clone().all(|byte| matches!(byte, b'f' | b'F'));
            // Digits only are a time: `20-11-05-10-15-30`.
            let is_time = separator == b'-' && value.iter().all(|byte| !byte.is_ascii_alphabetic())
                || separator == b'.' && !value.iter().any(u8::is_ascii_alphabetic);
            if is_address && !is_special && !is_time {
                spans.push(Span { range, kind: Kind::Mac, why: "a hardware address" });
            }
        }
        next = first + count;
    }
}

/// Rejects most texts quickly. Three groups of four without any digit are words.
fn may_hold_one(scanned: &Scanned) -> bool {
    let is_four = |index: usize| {
        let token = &scanned.tokens[index];
        token.len() == 4 && (scanned.byte_at(token.end()) == b'.' || scanned.byte_before(token.start()) == b'.')
    };
    scanned.has_pairs() || scanned.numbers.iter().any(|index| is_four(*index as usize))
}

/// How many groups of `length` hex digits follow each other; `None` if something else follows or precedes them.
fn run(scanned: &Scanned, first: usize, length: usize, separator: u8) -> Option<usize> {
    let start = scanned.tokens[first].start();
    // `:3c` may go on to the left, unless what stands there is no pair: `mac:3c:22:…`.
    let goes_on = first > 0
        && scanned.is_joined(first - 1, separator)
        && scanned.tokens[first - 1].len() == length
        && scanned.token_text(first - 1).bytes().all(|byte| byte.is_ascii_hexdigit());
    if goes_on || scanned.byte_before(start) == separator && !(first > 0 && scanned.is_joined(first - 1, separator)) {
        return None;
    }
    let mut at = first;
    loop {
        let token = scanned.tokens.get(at)?;
        if token.len() != length || !scanned.token_text(at).bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        if !scanned.is_joined(at, separator) || at - first > 8 {
            return Some(at - first + 1);
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::{PrefixSet, found_by};

    fn found(text: &str) -> Vec<Span> {
        found_by(find, &PrefixSet::new([].into_iter()), text)
    }

    #[test]
    fn an_address_is_found_wherever_it_stands() {
        for address in [
            "00:1A:2B:3C:4D:5E",
            "00:1a:2b:3c:4d:5e:",
            "ac-de-fb-cd-ef-ab",
            "0c1d.7aFb.89ab",
            "cafe.babe.0c1d",
            "é: 0c:1d:7a:fb:cd:ef",
        ] {
            for before in 0..130 {
                let text = format!("{} {address}", "x".repeat(before));
                let spans = found(&text);
                assert!(spans.iter().any(|span| span.kind == Kind::Mac), "{text}");
            }
        }
    }
}
