//! Finds credentials in HTTP headers: `Authorization`, `Bearer`, `Cookie`.

use crate::{
    scan::{Scanned, char_classes, trigger_words as trigger},
    secrets::example_value::is_example_value,
    span::{Kind, Span},
};

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    for &anchor in &scanned.trigger_anchors {
        let token = &scanned.tokens[anchor as usize];
        if token.has(trigger::SECRET | trigger::USER) && is_scheme(scanned.token_text(anchor as usize)) {
            bearer_token(scanned, token.end(), spans);
        }
    }
    headers(scanned, spans);
}

fn is_scheme(word: &str) -> bool {
    word.eq_ignore_ascii_case("bearer")
}

/// The token after `Bearer` (RFC 6750).
fn bearer_token(scanned: &Scanned, end: usize, spans: &mut Vec<Span>) {
    let bytes = scanned.bytes();
    let spaces =
        bytes[end..].iter().take(4).take_while(|byte| matches!(byte, b' ' | b'\t' | b':' | b'"' | b'\'')).count();
    let start = end + spaces;
    let length = bytes[start..].iter().position(|byte| !is_token68(*byte)).unwrap_or(bytes.len() - start);
    let token = &bytes[start..start + length];
    let is_credential = spaces > 0 && length >= 12 && token.iter().any(u8::is_ascii_digit) && !is_example_value(token);
    if is_credential {
        spans.push(Span { range: start..start + length, kind: Kind::Secret, why: "a bearer token" });
    }
}

fn is_token68(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'~' | b'+' | b'/' | b'-' | b'=' | b'|' | b':')
}

/// The values of the headers `Authorization`, `Cookie` and `Set-Cookie`.
fn headers(scanned: &Scanned, spans: &mut Vec<Span>) {
    let mut read_to = 0;
    for &colon in &scanned.assignments {
        let colon = colon as usize;
        if colon < read_to {
            continue;
        }
        let before = &scanned.bytes()[colon.saturating_sub(13)..colon];
        let ends_with =
            |name: &[u8]| before.len() >= name.len() && before[before.len() - name.len()..].eq_ignore_ascii_case(name);
        if ends_with(b"cookie") {
            read_to = cookie_values(scanned, colon + 1, spans);
        } else if ends_with(b"authorization") || ends_with(b"authorization\"") {
            authorization(scanned, colon + 1, spans);
        }
    }
}

/// The credentials after a scheme: `Authorization: Basic …` (RFC 7617), `Authorization: Token …`.
fn authorization(scanned: &Scanned, start: usize, spans: &mut Vec<Span>) {
    let bytes = scanned.bytes();
    let start = start + bytes[start..].iter().take(4).take_while(|byte| matches!(byte, b' ' | b'"' | b'\'')).count();
    let word = bytes[start..].iter().take(24).take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-').count();
    let at = start + word + 1;
    if word == 0 || scanned.byte_at(start + word) != b' ' || at >= bytes.len() {
        return;
    }
    let length = bytes[at..].iter().position(|byte| !is_token68(*byte)).unwrap_or(bytes.len() - at);
    let is_basic = bytes[start..start + word].eq_ignore_ascii_case(b"basic");
    let long_enough = if is_basic { 8 } else { 12 };
    if length >= long_enough && !is_example_value(&bytes[at..at + length]) {
        spans.push(Span {
            range: at..at + length,
            kind: Kind::Secret,
            why: "the credentials in an Authorization header",
        });
    }
}

/// The values of the cookies in a header that begins at `start`. Returns where the header ends.
fn cookie_values(scanned: &Scanned, start: usize, spans: &mut Vec<Span>) -> usize {
    let bytes = scanned.bytes();
    let line_end = bytes[start..]
        .iter()
        .take(4096)
        .position(|byte| matches!(byte, b'\n' | b'"' | b'\''))
        .map_or(bytes.len().min(start + 4096), |length| start + length);
    let mut at = start;
    for pair in bytes[start..line_end].split(|byte| *byte == b';') {
        if let Some(equals) = memchr::memchr(b'=', pair) {
            let value = &pair[equals + 1..];
            let digits = char_classes::digits(value);
            if value.len() >= 16 && digits >= 2 && !value.contains(&b' ') && !is_example_value(value) {
                let range = at + equals + 1..at + pair.len();
                spans.push(Span { range, kind: Kind::Secret, why: "the value of a cookie" });
            }
        }
        at += pair.len() + 1;
    }
    line_end
}
