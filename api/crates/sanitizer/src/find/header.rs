//! Proofs in HTTP headers and on curl's command line: `Authorization`, `Cookie`, `X-Api-Key`, `curl -u user:password`.

use super::{Kind, Span, cue, dummy::is_dummy, lex::Lexed};

pub(super) fn find(lexed: &Lexed, spans: &mut Vec<Span>) {
    for &anchor in &lexed.cue_anchors {
        let token = &lexed.tokens[anchor as usize];
        if token.has(cue::SECRET | cue::USER) {
            match lexed.token_text(anchor as usize) {
                word if is_scheme(word) => scheme(lexed, token.end(), spans),
                _ => {}
            }
        }
    }
    cookies(lexed, spans);
    curl_user(lexed, spans);
}

fn is_scheme(word: &str) -> bool {
    word.eq_ignore_ascii_case("bearer")
}

/// The token after `Bearer` or `Basic` (RFC 6750, RFC 7617).
fn scheme(lexed: &Lexed, end: usize, spans: &mut Vec<Span>) {
    let bytes = lexed.bytes();
    let spaces =
        bytes[end..].iter().take(4).take_while(|byte| matches!(byte, b' ' | b'\t' | b':' | b'"' | b'\'')).count();
    let start = end + spaces;
    let length = bytes[start..].iter().position(|byte| !is_token68(*byte)).unwrap_or(bytes.len() - start);
    let token = &bytes[start..start + length];
    let is_proof = spaces > 0 && length >= 12 && token.iter().any(u8::is_ascii_digit) && !is_dummy(token);
    if is_proof {
        spans.push(Span { range: start..start + length, kind: Kind::Secret, why: "a bearer token" });
    }
}

fn is_token68(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'~' | b'+' | b'/' | b'-' | b'=' | b'|' | b':')
}

/// `Basic` credentials, and the values of `Cookie` and `Set-Cookie`.
fn cookies(lexed: &Lexed, spans: &mut Vec<Span>) {
    let mut read_to = 0;
    for &colon in &lexed.assignments {
        let colon = colon as usize;
        if colon < read_to {
            continue;
        }
        let before = &lexed.bytes()[colon.saturating_sub(13)..colon];
        let ends_with =
            |name: &[u8]| before.len() >= name.len() && before[before.len() - name.len()..].eq_ignore_ascii_case(name);
        if ends_with(b"cookie") {
            read_to = cookie_values(lexed, colon + 1, spans);
        } else if ends_with(b"authorization") || ends_with(b"authorization\"") {
            basic(lexed, colon + 1, spans);
        }
    }
}

fn basic(lexed: &Lexed, start: usize, spans: &mut Vec<Span>) {
    let bytes = lexed.bytes();
    let start = start + bytes[start..].iter().take(4).take_while(|byte| matches!(byte, b' ' | b'"' | b'\'')).count();
    let word = bytes[start..].iter().take(24).take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-').count();
    let at = start + word + 1;
    if word == 0 || lexed.byte_at(start + word) != b' ' || at >= bytes.len() {
        return;
    }
    let length = bytes[at..].iter().position(|byte| !is_token68(*byte)).unwrap_or(bytes.len() - at);
    let is_basic = bytes[start..start + word].eq_ignore_ascii_case(b"basic");
    let long_enough = if is_basic { 8 } else { 12 };
    if length >= long_enough && !is_dummy(&bytes[at..at + length]) {
        spans.push(Span { range: at..at + length, kind: Kind::Secret, why: "an Authorization header" });
    }
}

/// Returns where the header ends.
fn cookie_values(lexed: &Lexed, start: usize, spans: &mut Vec<Span>) -> usize {
    let bytes = lexed.bytes();
    let line_end = bytes[start..]
        .iter()
        .take(4096)
        .position(|byte| matches!(byte, b'\n' | b'"' | b'\''))
        .map_or(bytes.len().min(start + 4096), |length| start + length);
    let mut at = start;
    for pair in bytes[start..line_end].split(|byte| *byte == b';') {
        if let Some(equals) = memchr::memchr(b'=', pair) {
            let value = &pair[equals + 1..];
            let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
            if value.len() >= 16 && digits >= 2 && !value.contains(&b' ') && !is_dummy(value) {
                let range = at + equals + 1..at + pair.len();
                spans.push(Span { range, kind: Kind::Secret, why: "a cookie's value" });
            }
        }
        at += pair.len() + 1;
    }
    line_end
}

/// What manuals write for the proof.
fn is_word(proof: &[u8]) -> bool {
    [&b"password"[..], b"pass", b"passwd", b"token", b"secret"].iter().any(|word| proof.eq_ignore_ascii_case(word))
}

/// `curl -u user:password` and `--user user:password`.
fn curl_user(lexed: &Lexed, spans: &mut Vec<Span>) {
    let bytes = lexed.bytes();
    let mut read_to = 0;
    for curl in lexed.cued(cue::CURL).map(|index| lexed.tokens[index].start()) {
        if curl < read_to {
            continue;
        }
        let line = &bytes[curl..bytes.len().min(curl + 1024)];
        // A second command on the line is read with the first.
        read_to = curl + 512;
        for flag in [&b" -u "[..], b" --user ", b" -u", b" --proxy-user ", b" -U "] {
            let Some(at) = memchr::memmem::find(line, flag) else { continue };
            let start = curl + at + flag.len();
            let quotes = usize::from(matches!(lexed.byte_at(start), b'"' | b'\''));
            let start = start + quotes;
            let end = start
                + bytes[start..]
                    .iter()
                    .take(256)
                    .take_while(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'"' | b'\''))
                    .count();
            let value = &bytes[start..end];
            let Some(colon) = memchr::memchr(b':', value) else { continue };
            let password = &value[colon + 1..];
            let proof = if password.is_empty() { &value[..colon] } else { password };
            let is_variable = matches!(proof.first(), None | Some(b'$' | b'<' | b'{' | b'['))
                || matches!(value[0], b'<' | b'$' | b'[')
                || proof == &value[..colon] && !password.is_empty();
            if !is_variable && proof.len() >= 4 && !is_dummy(proof) && !is_word(proof) {
                spans.push(Span { range: start..end, kind: Kind::Password, why: "curl's user and password" });
                break;
            }
        }
    }
}
