//! Finds JSON web tokens (RFC 7519): parts separated by dots, of which the first must decode to a JSON object.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use memchr::memmem;
use std::sync::LazyLock;

use crate::{
    scan::Scanned,
    span::{Kind, Span},
};

/// How many bytes of the header are decoded at most.
const HEADER_BYTES_MAX: usize = 1024;

/// The beginning of every token. Built once, because every text is searched for it.
static HEAD: LazyLock<memmem::Finder> = LazyLock::new(|| memmem::Finder::new(b"ey"));

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    let bytes = scanned.bytes();
    let mut read_to = 0;
    // `ey` is how base64url of `{"` begins.
    for at in HEAD.find_iter(bytes) {
        if at < read_to || continues(scanned.byte_before(at)) {
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
        // A signature follows, and in an encrypted token (JWE, RFC 7516) two parts more.
        for _ in 0..3 {
            if bytes.get(end) == Some(&b'.') {
                end += 1 + part(&bytes[end + 1..]);
            }
        }
        let end = if bytes[end - 1] == b'.' && scanned.byte_at(end) != b'.' && payload == 0 { end - 1 } else { end };
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
    // A long header is decoded in part; whole groups of four characters decode by themselves.
    let whole = header.len().min(HEADER_BYTES_MAX) / 4 * 4;
    URL_SAFE_NO_PAD.decode(&header[..whole]).is_ok_and(|json| {
        let json = json.trim_ascii_start();
        json.first() == Some(&b'{')
            && json.iter().filter(|byte| byte.is_ascii_graphic() || **byte == b' ').count() * 10 >= json.len() * 9
    })
}
