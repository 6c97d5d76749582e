//! Finds user names in the messages of logs: of `sshd` and `sudo`, of databases, of whatever lets somebody in or not.
//!
//! A message names the user between fixed words, so each rule is the words on both sides of the name.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::spelling::{is_nobody, name_length};
use crate::{
    scan::{Scanned, trigger_words as trigger},
    span::{Kind, Span},
};

/// How far from a quoted user the words of [`ACCESS`] may stand, in bytes.
const NEAR_BYTES: usize = 72;

/// Parts of words about letting somebody in. A user in quotes beside them is somebody's account, and no field of a form.
static ACCESS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let words = "fail denied authenticat forbidden logon cannot unauthor permission locked session login";
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .kind(Some(AhoCorasickKind::DFA))
        .build(words.split_whitespace())
        .expect("a few short words make an automaton")
});

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    of_web_server(scanned, spans);
    for index in scanned.tokens_with(trigger::USER | trigger::PASSWORD) {
        let token = &scanned.tokens[index];
        let word = scanned.token_text(index);
        let is = |known: &str| word.eq_ignore_ascii_case(known);
        let name = if is("user") {
            after_user(scanned, index)
        } else if is("login") || is("logon") {
            of_login(scanned, token.end())
        } else if is("sudo") {
            between(scanned, token.end(), &[": "], |rest| rest.starts_with(b" : "))
        } else if is("password") || is("publickey") || is("pam") {
            let required = between(scanned, token.end(), &[" required for "], ends_line);
            required.or_else(|| between(scanned, token.end(), &[" for invalid user ", " for "], is_from_address))
        } else {
            None
        };
        if let Some(range) = name {
            spans.push(Span { range, kind: Kind::Username, why: "the user in a message of a log" });
        }
    }
}

/// The user in a line of the log of a web server, in the common log format: `203.0.113.9 - jdoe [21/Nov/2026:08:14:02 +0000]`.
fn of_web_server(scanned: &Scanned, spans: &mut Vec<Span>) {
    if !scanned.has_sign(b'[') || !scanned.has_sign(b'/') {
        return;
    }
    const NAME_BYTES_MAX: usize = 64;
    let bytes = scanned.bytes();
    for at in memchr::memchr_iter(b'[', bytes) {
        let is_time =
            bytes.get(at + 3) == Some(&b'/') && bytes.get(at + 7) == Some(&b'/') && bytes.get(at + 12) == Some(&b':');
        if !is_time || at < 4 || bytes[at - 1] != b' ' {
            continue;
        }
        let end = at - 1;
        let length = bytes[end.saturating_sub(NAME_BYTES_MAX)..end]
            .iter()
            .rev()
            .take_while(|byte| byte.is_ascii_graphic())
            .count();
        let name = &scanned.bytes()[end - length..end];
        if length >= 3 && bytes[..end - length].ends_with(b" - ") && name.iter().any(u8::is_ascii_alphabetic) {
            let range = end - length..end;
            if std::str::from_utf8(name).is_ok_and(|name| !is_nobody(name)) {
                spans.push(Span { range, kind: Kind::Username, why: "the user in the log of a web server" });
            }
        }
    }
}

/// The name between one of the words `before`, which begin at `at`, and what `is_after` accepts.
fn between(
    scanned: &Scanned,
    at: usize,
    before: &[&str],
    is_after: fn(&[u8]) -> bool,
) -> Option<std::ops::Range<usize>> {
    let bytes = scanned.bytes();
    let start = at + before.iter().find(|words| bytes[at..].starts_with(words.as_bytes()))?.len();
    name_at(scanned, start).filter(|name| is_after(&bytes[name.end..]))
}

/// The name that begins at `start`, if it is that of a person. A domain of Windows may stand before it: `CORP\jwilkes`.
fn name_at(scanned: &Scanned, start: usize) -> Option<std::ops::Range<usize>> {
    let bytes = scanned.bytes();
    let first = name_length(&bytes[start..]);
    let slashes = bytes[start + first..].iter().take(2).take_while(|byte| **byte == b'\\').count();
    let start = if first > 0 && slashes > 0 { start + first + slashes } else { start };
    let range = start..start + name_length(&bytes[start..]);
    let name = &scanned.text[range.clone()];
    (range.len() >= 2 && !is_nobody(name) && name.bytes().any(|byte| byte.is_ascii_alphabetic())).then_some(range)
}

/// Whether an address of a machine follows: `from 203.0.113.7`, ` 2001:db8::7`.
fn is_from_address(rest: &[u8]) -> bool {
    let rest = rest.strip_prefix(b" from ").or_else(|| rest.strip_prefix(b" ")).unwrap_or_default();
    let part = rest.iter().take(5).take_while(|byte| byte.is_ascii_hexdigit()).count();
    part > 0 && matches!(rest.get(part), Some(b':')) || (1..=3).contains(&part) && rest[part..].starts_with(b".")
}

fn ends_line(rest: &[u8]) -> bool {
    matches!(rest.first(), None | Some(b'\n' | b'\r' | b'.' | b',' | b';'))
}

/// `invalid user NAME from …`, `session opened for user NAME(uid=…)`, `for user "NAME"`, `session 4127 of user NAME`.
fn after_user(scanned: &Scanned, index: usize) -> Option<std::ops::Range<usize>> {
    let bytes = scanned.bytes();
    let token = &scanned.tokens[index];
    if scanned.byte_at(token.end()) != b' ' {
        return None;
    }
    let start = token.end() + 1;
    let quote = scanned.byte_at(start);
    if matches!(quote, b'"' | b'\'' | b'`') {
        let name = name_at(scanned, start + 1).filter(|name| scanned.byte_at(name.end) == quote)?;
        let (from, to) = (token.start().saturating_sub(NEAR_BYTES), (name.end + NEAR_BYTES).min(bytes.len()));
        return ACCESS.is_match(&bytes[from..to]).then_some(name);
    }
    let name = name_at(scanned, start)?;
    let rest = &bytes[name.end..];
    let before = &bytes[token.start().saturating_sub(32)..token.start()];
    let is_session = before.ends_with(b" of ") && memchr::memmem::find(before, b"ession ").is_some();
    (rest.starts_with(b"(uid=") || is_from_address(rest) || is_session && ends_line(rest)).then_some(name)
}

/// `login NAME failed`, `login failed for NAME`. In the second, a plain word may follow as well: `for everybody`.
fn of_login(scanned: &Scanned, at: usize) -> Option<std::ops::Range<usize>> {
    const OUTCOMES: [&[u8]; 6] = [b" failed", b" denied", b" rejected", b" succeeded", b" locked", b" refused"];
    const NOT_USERS: &str = "again already also always api attempt attempts but call check flow form has is just never not often \
                             page process request session still step test that then token was were which";
    let is_outcome = |rest: &[u8]| OUTCOMES.iter().any(|outcome| rest.starts_with(outcome));
    let is_user = |name: &std::ops::Range<usize>| {
        let text = &scanned.text[name.clone()];
        text.bytes().all(|byte| !byte.is_ascii_uppercase()) && !NOT_USERS.split_whitespace().any(|word| word == text)
    };
    let failed =
        between(scanned, at, &[" failed for user ", " failed for ", " denied for "], |_| true).filter(|name| {
            let has_sign = scanned.bytes()[name.clone()].iter().any(|byte| !byte.is_ascii_alphabetic());
            has_sign || scanned.byte_before(name.start) == b'\\' || is_from_address(&scanned.bytes()[name.end..])
        });
    failed.or_else(|| {
        between(scanned, at, &[" "], |_| true).filter(|name| is_outcome(&scanned.bytes()[name.end..]) && is_user(name))
    })
}
