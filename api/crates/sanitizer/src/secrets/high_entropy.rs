//! Finds random values: beside a word such as key, secret or token or beside the name of a service, however they are joined; and
//! without any such word if the value is random enough.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use memchr::memmem;

use crate::{
    scan::{
        Scanned, Token,
        char_classes::{self, CharClasses},
    },
    secrets::{
        example_value::is_example_value,
        not_secret::{is_file, is_hash_of_content, is_identifier},
        prefixed_key::is_prefixed_key,
        public_id::{is_public_id, is_uuid},
        service_names::SERVICE_NAMES,
    },
    span::{Kind, Span},
};

/// How far before the value the word may stand, in bytes.
const BEFORE_BYTES_MAX: usize = 32;
/// The fewest and the most bytes of a value, and the fewest of one right after a word for secrets.
const LENGTH_MIN: usize = 16;
const LENGTH_MAX: usize = 4096;
const CLOSE_LENGTH_MIN: usize = 12;
/// The fewest digits that make a key without any letter, right after a word for secrets.
const NUMBER_LENGTH_MIN: usize = 20;
/// The fewest and the most bytes of a value that needs no word beside it.
const ALONE_LENGTH_MIN: usize = 24;
const ALONE_LENGTH_MAX: usize = 200;

/// Words and parts of words for secrets.
const WORDS: [&str; 14] = [
    "secret",
    "token",
    "key",
    "access",
    "auth",
    "passw",
    "credential",
    "bearer",
    "login",
    "private",
    "pwd",
    "unseal",
    "_api",
    "api=",
];

/// [`WORDS`], then the names of services.
static KNOWN: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(WORDS.into_iter().chain(SERVICE_NAMES.split_whitespace()))
        .expect("a thousand short words make an automaton")
});

/// Words for secrets within a run of value bytes, behind which the value itself begins.
static WITHIN: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let words = "SECRET TOKEN KEY ACCESS PRIVATE secret _token -token secretkey secrettoken -key _key access -private _private Secret Token Key";
    AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .build(words.split_whitespace())
        .expect("a few short words make an automaton")
});

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    let bytes = scanned.bytes();
    let mut read_to = 0;
    for &anchor in &scanned.long_numbers {
        let token = &scanned.tokens[anchor as usize];
        if token.start() < read_to || is_plain_number(bytes, token) {
            continue;
        }
        // The value may begin before its first token with a digit.
        let before = bytes[token.start().saturating_sub(LENGTH_MAX)..token.start()].iter().rev();
        let start = (token.start() - before.take_while(|byte| IS_VALUE[usize::from(**byte)]).count()).max(read_to);
        let rest = &bytes[start..];
        let length = rest.iter().position(|byte| !IS_VALUE[usize::from(*byte)]).unwrap_or(rest.len());
        read_to = start + length;
        if !(CLOSE_LENGTH_MIN..=LENGTH_MAX).contains(&length) {
            continue;
        }
        let run = &bytes[start..read_to];
        // `name=value` without quotes is one run; the value follows the `=`.
        let mut equals = memchr::memrchr_iter(b'=', &run[1..length - 2]).map(|before| before + 1);
        let equals = equals.find(|at| run[at - 1].is_ascii_alphanumeric()).map_or(0, |equals| equals + 1);
        // In `serviceSECRET-value` the word for the secret is a part of the run.
        let within = word_within(&run[equals..]);
        let is_joined = within.is_some();
        let within = within.or_else(|| hex_at_end(&run[equals..]).filter(|_| !is_prefixed_key(run)));
        let start = start + equals + within.unwrap_or(0);
        let value = &bytes[start..read_to];
        let why = if is_beside_word(bytes, start, value, is_joined) {
            "a random value beside a word for secrets"
        } else if is_random_alone(bytes, start, value) {
            "a random value"
        } else if is_seed_of_one_time_passwords(value) && !names_other(bytes, start) {
            "the seed of one-time passwords"
        } else if is_prefixed_key(value) && !names_other(bytes, start) {
            "a random value with the prefix of a key"
        } else {
            continue;
        };
        spans.push(Span { range: start..read_to, kind: Kind::Secret, why });
    }
}

/// Whether a token is a number that no hyphens join with others: `ABCD-1234-123456-…` is one value.
fn is_plain_number(bytes: &[u8], token: &Token) -> bool {
    token.shape.is_number()
        && token.len() < NUMBER_LENGTH_MIN
        && !(bytes.get(token.end()) == Some(&b'-') && bytes[..token.start()].ends_with(b"-"))
}

/// The bytes that a value may consist of.
const IS_VALUE: [bool; 256] = {
    let mut is_value = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        is_value[byte] = (byte as u8).is_ascii_alphanumeric()
            || matches!(byte as u8, b'_' | b'-' | b'+' | b'/' | b'=' | b'.' | b'~');
        byte += 1;
    }
    is_value
};

/// Whether the words before the value on its line announce a secret.
fn is_beside_word(bytes: &[u8], start: usize, value: &[u8], is_joined: bool) -> bool {
    let window = &bytes[start.saturating_sub(BEFORE_BYTES_MAX)..start];
    let line = memchr::memrchr(b'\n', window).map_or(0, |newline| newline + 1);
    let window = &window[line..];
    let name_end = window.iter().rposition(u8::is_ascii_alphanumeric).map_or(0, |last| last + 1);
    let name = &window[..name_end];
    let is_random = value.len() >= CLOSE_LENGTH_MIN && is_random(value);
    let may_be_secret = value.len() >= CLOSE_LENGTH_MIN
        && (is_random || is_one_word(value))
        && !(is_identifier(value) || is_file(value) || is_public_id(value) || is_hash_of_content(value))
        && !is_example_value(value)
        // A hash with the name of its algorithm: `h1:…` of go.sum, `sha256:…`.
        && !is_hash(window)
        // An e-mail address has a finder of its own, and its domain is no secret.
        && !window.ends_with(b"@")
        && (is_joined || !ends_with_id(name));
    if !may_be_secret {
        return false;
    }
    let (mut is_close, mut is_near) = (is_joined, is_joined);
    for found in KNOWN.find_overlapping_iter(window) {
        let rest = &window[found.end()..];
        if found.pattern().as_usize() < WORDS.len() {
            is_close |= found.end() == name_end;
            is_near |= begins_new_word(rest);
        } else {
            // In a path or URL, the service is only the place where something lies.
            is_near |= begins_new_word(rest) && !rest.iter().any(|byte| matches!(byte, b'/' | b'#'));
            is_close |= found.end() == name_end && value.len() >= NUMBER_LENGTH_MIN;
        }
    }
    let window = window.to_ascii_lowercase();
    let is_public =
        [&b"public"[..], b"fingerprint", b"recv-key"].iter().any(|word| memmem::find(&window, word).is_some());
    // A UUID is mostly the id of a request, so a word somewhere before it is not enough.
    let is_beside = is_close || is_near && !is_uuid(value);
    !is_public && (is_random && value.len() >= LENGTH_MIN && is_beside || is_close && is_one_word(value))
}

fn is_hash(window: &[u8]) -> bool {
    [&b"h1:"[..], b"sha1:", b"sha256:", b"sha384:", b"sha512:", b"md5:"].iter().any(|name| window.ends_with(name))
}

/// Whether a value is random enough to be a secret without a word for secrets. It must be quoted or assigned: `x = "…"`.
fn is_random_alone(bytes: &[u8], start: usize, value: &[u8]) -> bool {
    if !(ALONE_LENGTH_MIN..=ALONE_LENGTH_MAX).contains(&value.len()) {
        return false;
    }
    let (before, after) = (bytes[..start].last(), bytes.get(start + value.len()));
    let is_quoted = matches!(before, Some(b'"' | b'\'' | b'`')) && before == after;
    let gap = bytes[..start].iter().rev().skip(1).take(2).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let end = start - usize::from(is_quoted) * (1 + gap);
    is_quoted
        && matches!(bytes[..end].last(), Some(b'=' | b':' | b'('))
        && is_very_random(value)
        && !is_example_value(value)
        && !is_public_id(value)
        && !names_other(bytes, end)
}

/// Whether the words before `at` name something random that is no secret: an id, a hash, a public key.
fn names_other(bytes: &[u8], at: usize) -> bool {
    const HARMLESS: [&[u8]; 7] = [b"public", b"hash", b"sum", b"digest", b"integrity", b"etag", b"sha"];
    let window = &bytes[at.saturating_sub(BEFORE_BYTES_MAX)..at];
    let name_end = window.iter().rposition(u8::is_ascii_alphanumeric).map_or(0, |last| last + 1);
    let name = window[..name_end].to_ascii_lowercase();
    ends_with_id(&window[..name_end]) || HARMLESS.iter().any(|word| memmem::find(&name, word).is_some())
}

/// Whether digits and letters are mixed and form no words, as in hex, base 64 and UUIDs.
fn is_random(value: &[u8]) -> bool {
    // Most values are dates, phone numbers and the like.
    let (digits, letters) = char_classes::digits_and_letters(value);
    if digits < 3 || letters < 3 || digits * 12 < value.len() {
        return false;
    }
    let classes = CharClasses::of(value);
    classes.dots() + classes.slashes() <= 2 && classes.longest_lower < 9 && classes.longest_upper < 12
}

/// Whether small letters, capitals and digits alternate as in base 64 of random bytes. In names and in hashes they do not.
fn is_very_random(value: &[u8]) -> bool {
    // Public keys of SSH and hashes of packages are written in base 64, too.
    let is_known =
        [&b"AAAA"[..], b"sha1-", b"sha256-", b"sha384-", b"sha512-"].iter().any(|known| value.starts_with(known));
    let classes = CharClasses::of(value);
    let signs = value.len() - classes.letters() - classes.digits();
    !is_known
        && classes.lower() >= 3
        && classes.upper() >= 3
        && classes.digits() * 10 >= value.len()
        && signs * 6 <= value.len()
        && classes.changes * 5 >= value.len() * 2
        && classes.longest_lower < 6
        && classes.dots() + classes.tildes() == 0
}

/// Whether letters and digits alternate so often that the value is no word with a number.
fn is_mixed(value: &[u8]) -> bool {
    let is_alnum = value.iter().all(u8::is_ascii_alphanumeric);
    let digit_changes = char_classes::digit_changes(value);
    is_alnum && digit_changes >= 3
}

/// Whether a part of the value is a long run of letters and digits. Keys that people make up for an example are often less random
/// than real ones.
fn is_one_word(value: &[u8]) -> bool {
    let is_run = |part: &[u8]| {
        let digits = char_classes::digits(part);
        let letters = part.len() - digits;
        part.len() >= CLOSE_LENGTH_MIN + 2 && (digits >= 2 && letters >= 4 || digits >= NUMBER_LENGTH_MIN)
    };
    value.split(|byte| !byte.is_ascii_alphanumeric()).any(is_run) || is_mixed(value)
}

/// Whether a name is that of an identifier rather than of the secret itself: `credentialsId`, `access_id`, `request id`.
fn ends_with_id(name: &[u8]) -> bool {
    [&b"Id"[..], b"ID", b"_id", b"-id", b" id"].iter().any(|id| name.ends_with(id))
}

/// Where the value begins in a run that contains a word for secrets, as `serviceSECRET-value` and `my_token-value`.
fn word_within(run: &[u8]) -> Option<usize> {
    const NAME_BYTES_MAX: usize = 48;
    let head = &run[..run.len().min(NAME_BYTES_MAX)];
    let end = WITHIN.find_overlapping_iter(head).map(|found| found.end()).max()?;
    // The word may continue in small letters up to the next sign: `SECRETkey-`.
    let end = end + run[end..].iter().take(5).take_while(|byte| byte.is_ascii_lowercase()).count();
    let joins = run[end..].iter().take_while(|byte| matches!(byte, b'-' | b'_' | b'=' | b'.' | b'+')).count();
    let is_joined = joins > 0 || run[..end].ends_with(b"T") || run[..end].ends_with(b"N");
    (is_joined && run.len() - end - joins >= LENGTH_MIN).then_some(end + joins)
}

/// Where the hex digits of a usual length begin with which a run ends: `vendorKEYname-0123…cdef`.
fn hex_at_end(run: &[u8]) -> Option<usize> {
    let joint = run.iter().rposition(|byte| matches!(byte, b'-' | b'_'))?;
    let hex = &run[joint + 1..];
    let is_hex = hex.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    (matches!(hex.len(), 32 | 40 | 64) && is_hex).then_some(joint + 1)
}

/// Whether a value has the length and the letters of the seed that authenticators show, in base 32 (RFC 4648). Of random letters and
/// digits, one in fifty has no 0, 1, 8 and 9.
fn is_seed_of_one_time_passwords(value: &[u8]) -> bool {
    const LENGTH: usize = 32;
    const DIGITS_MIN: usize = 2;
    value.len() == LENGTH
        && value.iter().all(|byte| matches!(byte, b'A'..=b'Z' | b'2'..=b'7'))
        && (DIGITS_MIN..=LENGTH / 2).contains(&char_classes::digits(value))
        && char_classes::digit_changes(value) >= DIGITS_MIN
}

/// Whether a word ends right before `rest`, or is followed by a usual ending: `key` in `keyid`, but not in `keyframe`.
fn begins_new_word(rest: &[u8]) -> bool {
    const ENDINGS: [&[u8]; 10] = [b"id", b"s", b"key", b"token", b"secret", b"code", b"api", b"word", b"or", b"auth"];
    !rest.first().is_some_and(u8::is_ascii_lowercase)
        || ENDINGS.iter().any(|ending| rest.get(..ending.len()).is_some_and(|rest| rest.eq_ignore_ascii_case(ending)))
}
