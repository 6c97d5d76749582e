//! Private keys: the whole body of PEM (RFC 7468), OpenPGP (RFC 9580), OpenSSH, SSH2 and PuTTY files, also with `\n` for newlines.

use memchr::memmem;
use std::sync::LazyLock;

use super::{Kind, Span, cue, lex::Lexed};

/// How far the words after the dashes may reach.
const LABEL_BYTES_MAX: usize = 64;
/// The fewest bytes between the two lines; documentation writes `...`.
const BODY_BYTES_MIN: usize = 24;

/// Built once: every text is searched for it.
static BEGIN: LazyLock<memmem::Finder> = LazyLock::new(|| memmem::Finder::new(b"-----BEGIN "));

pub(super) fn find(lexed: &Lexed, spans: &mut Vec<Span>) {
    let text = lexed.text;
    if lexed.has_sign(b'-') {
        pem(text, spans);
        putty(lexed, spans);
    }
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
        // The key ends at the first END after it; without one, all that follows may be the key.
        let end = memmem::find(&text.as_bytes()[body..], b"-----END").map_or(text.len(), |length| {
            let after = body + length + b"-----END".len();
            dashes(&text.as_bytes()[after..], LABEL_BYTES_MAX).map_or(after, |label| after + label + b"-----".len())
        });
        read_to = end;
        let letters = text.as_bytes()[body..end].iter().filter(|byte| byte.is_ascii_alphanumeric()).count();
        if letters >= BODY_BYTES_MIN {
            spans.push(Span { range: at..end, kind: Kind::PrivateKey, why: "a private key's BEGIN line" });
        }
    }
}

/// PuTTY's files begin with a line of their own and end with a MAC.
fn putty(lexed: &Lexed, spans: &mut Vec<Span>) {
    let mut read_to = 0;
    for at in lexed.cued(cue::PUTTY).map(|index| lexed.tokens[index].start()) {
        let rest = &lexed.bytes()[at..];
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

/// Where the next five dashes are.
fn dashes(bytes: &[u8], within: usize) -> Option<usize> {
    memmem::find(&bytes[..bytes.len().min(within)], b"-----")
}
