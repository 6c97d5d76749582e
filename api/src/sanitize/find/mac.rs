//! Hardware addresses (IEEE 802): six pairs of hex digits, or three groups of four as routers write them; EUI-64 has eight pairs.

use memchr::memchr3_iter;

use super::{Kind, Span, lex::Lexed};

pub(super) fn find(lexed: &Lexed, spans: &mut Vec<Span>) {
    if !(lexed.has_sign(b':') || lexed.has_sign(b'-') || lexed.has_sign(b'.')) {
        return;
    }
    let bytes = lexed.bytes();
    let mut read_to = 0;
    for at in memchr3_iter(b':', b'-', b'.', bytes) {
        let separator = bytes[at];
        let (groups, length) = if separator == b'.' { (3, 4) } else { (6, 2) };
        if at < read_to || bytes.get(at + length + 1) != Some(&separator) {
            continue;
        }
        let first = lexed.tokens.partition_point(|token| token.end() < at);
        let Some(token) = lexed.tokens.get(first).filter(|token| token.end() == at && token.len() == length) else {
            continue;
        };
        let Some(count) = run(lexed, first, length, separator) else { continue };
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
        read_to = lexed.tokens[first + count - 1].end();
    }
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
