//! JSON web tokens (RFC 7519): three parts, of which the first must decode to a JSON object.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use memchr::memmem;
use std::sync::LazyLock;

use super::{Kind, Span, lex::Lexed};

/// How much of the header is decoded.
const HEADER_BYTES_MAX: usize = 1024;

/// Built once: every text is searched for it.
static HEAD: LazyLock<memmem::Finder> = LazyLock::new(|| memmem::Finder::new(b"ey"));

pub(super) fn find(lexed: &Lexed, spans: &mut Vec<Span>) {
    let bytes = lexed.bytes();
    let mut read_to = 0;
    // base64url of `{"`; with white space in the header it is `ewog` or `eyAi`.
    for at in HEAD.find_iter(bytes) {
        if at < read_to || continues(lexed.byte_before(at)) {
            continue;
        }
        let header = part(&bytes[at..]);
        if header < 12 || bytes.get(at + header) != Some(&b'.') {
            read_to = at + header;
            continue;
        }
        let payload_at = at + header + 1;
        let payload = part(&bytes[payload_at..]);
        let mut end = payload_at + payload;
        if payload < 6 || !decodes_to_object(&bytes[at..at + header]) {
            read_to = end;
            continue;
        }
        // A signature, and for JWE (RFC 7516) two parts more.
        for _ in 0..3 {
            if bytes.get(end) == Some(&b'.') {
                end += 1 + part(&bytes[end + 1..]);
            }
        }
        let end = if bytes[end - 1] == b'.' && lexed.byte_at(end) != b'.' && payload == 0 { end - 1 } else { end };
        read_to = end;
        spans.push(Span { range: at..end, kind: Kind::Jwt, why: "a JSON web token" });
    }
}

fn continues(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

fn part(bytes: &[u8]) -> usize {
    bytes.iter().position(|byte| !continues(*byte)).unwrap_or(bytes.len())
}

fn decodes_to_object(header: &[u8]) -> bool {
    // A cut header still shows how it begins: whole groups of four decode.
    let whole = header.len().min(HEADER_BYTES_MAX) / 4 * 4;
    URL_SAFE_NO_PAD.decode(&header[..whole]).is_ok_and(|json| {
        let json = json.trim_ascii_start();
        json.first() == Some(&b'{')
            && json.iter().filter(|byte| byte.is_ascii_graphic() || **byte == b' ').count() * 10 >= json.len() * 9
    })
}
