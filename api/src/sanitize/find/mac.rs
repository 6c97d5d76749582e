//! Hardware addresses (IEEE 802): six pairs of hex digits, or three groups of four as routers write them; EUI-64 has eight pairs.

use memchr::memchr3_iter;

use super::{Kind, Span, lex::Lexed};

pub(super) fn find(lexed: &Lexed, spans: &mut Vec<Span>) {
    if !(lexed.has_sign(b':') || lexed.has_sign(b'-') || lexed.has_sign(b'.')) {
        return;
    }
    if !may_hold_one(lexed.bytes()) {
        return;
    }
    let mut next = 0;
    for first in 0..lexed.tokens.len() {
        let token = &lexed.tokens[first];
        let separator = lexed.byte_at(token.end());
        let groups = match (separator, token.len()) {
            _ if first < next => continue,
            (b':' | b'-', 2) => 6,
            (b'.', 4) => 3,
            _ => continue,
        };
        let Some(count) = run(lexed, first, token.len(), separator) else { continue };
        if count == groups || count == 8 && groups == 6 {
            let range = token.start()..lexed.tokens[first + count - 1].end();
            let value = &lexed.bytes()[range.clone()];
            let is_address =
                value.iter().any(u8::is_ascii_digit) || value.iter().any(u8::is_ascii_alphabetic) && separator != b'.';
            let hex = value.iter().filter(|byte| byte.is_ascii_hexdigit());
            let is_special =
                hex.clone().all(|byte| *byte == b'0') || hex.clone().all(|byte| matches!(byte, b'f' | b'F'));
            // `20-11-05-10-15-30` is a time.
            let is_time = separator == b'-' && value.iter().all(|byte| !byte.is_ascii_alphabetic())
                || separator == b'.' && !value.iter().any(u8::is_ascii_alphabetic);
            if is_address && !is_special && !is_time {
                spans.push(Span { range, kind: Kind::Mac, why: "a hardware address" });
            }
        }
        next = first + count;
    }
}

/// A quick no for most texts: two separators of one kind stand two or four hex digits apart nowhere.
fn may_hold_one(bytes: &[u8]) -> bool {
    memchr3_iter(b':', b'-', b'.', bytes).any(|at| {
        let length = if bytes[at] == b'.' { 4 } else { 2 };
        bytes.get(at + length + 1) == Some(&bytes[at])
            && bytes[at + 1..at + length + 1].iter().all(u8::is_ascii_hexdigit)
    })
}

/// How many groups of `length` hex digits follow each other.
fn run(lexed: &Lexed, first: usize, length: usize, separator: u8) -> Option<usize> {
    let start = lexed.tokens[first].start();
    if lexed.byte_before(start) == separator {
        return None;
    }
    let mut at = first;
    loop {
        let token = lexed.tokens.get(at)?;
        if token.len() != length || !lexed.token_text(at).bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        if lexed.gap(at).as_bytes() != [separator] || at - first > 8 {
            return Some(at - first + 1);
        }
        at += 1;
    }
}
