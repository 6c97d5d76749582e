//! Finds private keys: the whole text of PEM (RFC 7468), OpenPGP (RFC 9580), OpenSSH, SSH2 and PuTTY files, also with `\n` in place of
//! newlines.

use memchr::memmem;
use std::sync::LazyLock;

use crate::{
    scan::{Scanned, trigger_words as trigger},
    span::{Kind, Span},
};

/// The longest label between the dashes of a BEGIN line, in bytes.
const LABEL_BYTES_MAX: usize = 64;
/// The fewest letters and digits between the two lines. Documentation writes `...` there.
const BODY_BYTES_MIN: usize = 24;
/// The fewest bytes of the next line for it to belong to the key. The words of prose are shorter.
const WORD_BYTES_MIN: usize = 16;
/// The first characters of a key without its BEGIN line. The scanner notes where they stand; [`STRUCTURES`] decides.
pub(super) const BODY_BEGINNINGS: [&str; 4] = ["MII", "MIG", "MHc", "MC4"];
/// The fewest bytes of a line of a key without its BEGIN line.
const LINE_BYTES_MIN: usize = 40;

/// Built once, because every text is searched for it.
static BEGIN: LazyLock<memmem::Finder> = LazyLock::new(|| memmem::Finder::new(b"-----BEGIN "));

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    let text = scanned.text;
    if scanned.has_sign(b'-') {
        pem(text, spans);
        putty(scanned, spans);
    }
    bare(scanned, spans);
}

fn pem(text: &str, spans: &mut Vec<Span>) {
    let mut read_to = 0;
    for at in BEGIN.find_iter(text.as_bytes()) {
        if at < read_to {
            continue;
        }
        let label_start = at + b"-----BEGIN ".len();
        let Some(label_end) = dashes(&text.as_bytes()[label_start..], LABEL_BYTES_MAX) else { continue };
        let label = &text[label_start..label_start + label_end];
        if !label.contains("PRIVATE") {
            continue;
        }
        let body = label_start + label_end + b"-----".len();
        // The key ends at the first END after it. Without one, all the rest of the text may be the key.
        let end = memmem::find(&text.as_bytes()[body..], b"-----END").map_or(text.len(), |length| {
            let after = body + length + b"-----END".len();
            dashes(&text.as_bytes()[after..], LABEL_BYTES_MAX).map_or(after, |label| after + label + b"-----".len())
        });
        read_to = end;
        let letters = text.as_bytes()[body..end].iter().filter(|byte| byte.is_ascii_alphanumeric()).count();
        if letters >= BODY_BYTES_MIN {
            spans.push(Span { range: at..end, kind: Kind::PrivateKey, why: "the BEGIN line of a private key" });
        }
    }
}

/// How the structures of private keys begin in base 64: where the bytes stand, and the bytes. Those that do not stand at 0 follow
/// `MII` and the length of the key: PKCS#1 (twice) and PKCS#8 of RSA. The others are SEC 1, PKCS#8 and SEC 1 of elliptic curves,
/// and PKCS#8 of Ed25519.
const STRUCTURES: [(usize, &[u8]); 7] = [
    (6, b"IBAAJ"),
    (6, b"IBAAK"),
    (6, b"IBADANBgkqhkiG9w0BAQEF"),
    (0, b"MHcCAQEE"),
    (0, b"MIGHAgEAMBMGByqGSM49AgEG"),
    (0, b"MIGkAgEBBD"),
    (0, b"MC4CAQAwBQYDK2VwBCIEI"),
];

/// A key without its BEGIN line, recognised by the beginning of its structure in base 64.
fn bare(scanned: &Scanned, spans: &mut Vec<Span>) {
    let bytes = scanned.bytes();
    let mut read_to = 0;
    for start in scanned.key_anchors.iter().map(|anchor| scanned.tokens[*anchor as usize].start()) {
        let rest = &bytes[start..];
        let begins = |(at, structure): &(usize, &[u8])| {
            rest.get(*at..).is_some_and(|rest| rest.starts_with(structure)) && (*at == 0 || rest.starts_with(b"MII"))
        };
        if start < read_to || !rest.starts_with(b"M") || !STRUCTURES.iter().any(begins) {
            continue;
        }
        // All lines of the key, which may be indented, or joined by `\n` in place of newlines.
        let is_body = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'\\');
        let mut end = start;
        loop {
            let line = bytes[end..].iter().take_while(|byte| is_body(byte)).count();
            let gap = bytes[end + line..].iter().take(32).take_while(|byte| byte.is_ascii_whitespace()).count();
            let next = bytes[end + line + gap..].iter().take(WORD_BYTES_MIN).take_while(|byte| is_body(byte)).count();
            end += line;
            let is_newline = bytes[end..end + gap].contains(&b'\n');
            if line < LINE_BYTES_MIN || !is_newline || next < WORD_BYTES_MIN {
                break;
            }
            end += gap;
        }
        read_to = end;
        if end - start >= LINE_BYTES_MIN {
            spans.push(Span { range: start..end, kind: Kind::PrivateKey, why: "a private key without its BEGIN line" });
        }
    }
}

/// Files of PuTTY: from their first line to the MAC at their end.
fn putty(scanned: &Scanned, spans: &mut Vec<Span>) {
    let mut read_to = 0;
    for at in scanned.tokens_with(trigger::PUTTY).map(|index| scanned.tokens[index].start()) {
        let rest = &scanned.bytes()[at..];
        if at < read_to || !rest.starts_with(b"PuTTY-User-Key-File-") {
            continue;
        }
        let end = memmem::find(rest, b"Private-MAC:").map_or(rest.len(), |mac| {
            let hex = mac + b"Private-MAC: ".len();
            hex + rest.iter().skip(hex).take_while(|byte| byte.is_ascii_hexdigit()).count()
        });
        read_to = at + end;
        if memmem::find(&rest[..end.min(rest.len())], b"Private-Lines").is_some() {
            spans.push(Span { range: at..at + end.min(rest.len()), kind: Kind::PrivateKey, why: "a PuTTY key file" });
        }
    }
}

/// Where the next five dashes stand, if within `within` bytes.
fn dashes(bytes: &[u8], within: usize) -> Option<usize> {
    memmem::find(&bytes[..bytes.len().min(within)], b"-----")
}
