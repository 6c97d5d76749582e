//! Random-looking values beside a word that says key, secret or token or names a service, however they are joined; and
//! values that are so random that nothing else needs to be said.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use memchr::memmem;

use super::{
    Kind, Span,
    dummy::is_dummy,
    lex::Lexed,
    makeup::Makeup,
    no_secret::{is_file, is_identifier},
    services::SERVICES,
};

/// How far before the value the word may stand.
const BEFORE_BYTES_MAX: usize = 32;
/// How long a value is, and the shortest one right after a word for secrets.
const LENGTH_MIN: usize = 16;
const LENGTH_MAX: usize = 4096;
const CLOSE_LENGTH_MIN: usize = 12;
/// The fewest digits that are a key by themselves, right after a word for secrets.
const NUMBER_LENGTH_MIN: usize = 20;
/// How long a value is that needs no word beside it.
const ALONE_LENGTH_MIN: usize = 24;
const ALONE_LENGTH_MAX: usize = 200;

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

/// The words for secrets, then the services.
static KNOWN: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(WORDS.into_iter().chain(SERVICES.split_whitespace()))
        .expect("a thousand short words make an automaton")
});

/// The words for secrets that a run begins with or that end its name.
static WITHIN: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let words = "SECRET TOKEN KEY ACCESS PRIVATE secret _token -token secretkey secrettoken -key _key access -private _private Secret Token Key";
    AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .build(words.split_whitespace())
        .expect("a few short words make an automaton")
});

pub(super) fn find(lexed: &Lexed, spans: &mut Vec<Span>) {
    let bytes = lexed.bytes();
    let mut read_to = 0;
    for &anchor in &lexed.long_numbers {
        let token = &lexed.tokens[anchor as usize];
        if token.start() < read_to || token.shape.is_number() && token.len() < NUMBER_LENGTH_MIN {
            continue;
        }
        // A value may begin before its first token with a digit.
        let before = bytes[token.start().saturating_sub(LENGTH_MAX)..token.start()].iter().rev();
        let start = (token.start() - before.take_while(|byte| IS_VALUE[usize::from(**byte)]).count()).max(read_to);
        let rest = &bytes[start..];
        let length = rest.iter().position(|byte| !IS_VALUE[usize::from(*byte)]).unwrap_or(rest.len());
        read_to = start + length;
        if !(CLOSE_LENGTH_MIN..=LENGTH_MAX).contains(&length) {
            continue;
        }
        let run = &bytes[start..read_to];
        // `name=value` without quotes reads as one; what follows the `=` is the value.
        let mut equals = memchr::memrchr_iter(b'=', &run[1..length - 2]).map(|before| before + 1);
        let equals = equals.find(|at| run[at - 1].is_ascii_alphanumeric()).map_or(0, |equals| equals + 1);
        // `serviceSECRET-value`: the word is the beginning of the same run.
        let within = word_within(&run[equals..]);
        let start = start + equals + within.unwrap_or(0);
        let value = &bytes[start..read_to];
        let why = if is_beside_word(bytes, start, value, within.is_some()) {
            "a random value beside a word for secrets"
        } else if is_random_alone(bytes, start, value) {
            "a value that is random"
        } else {
            continue;
        };
        spans.push(Span { range: start..read_to, kind: Kind::Secret, why });
    }
}

/// The bytes that values are made of.
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

/// Whether what stands before the value on its line says that it is a secret.
fn is_beside_word(bytes: &[u8], start: usize, value: &[u8], is_joined: bool) -> bool {
    let window = &bytes[start.saturating_sub(BEFORE_BYTES_MAX)..start];
    let line = memchr::memrchr(b'\n', window).map_or(0, |newline| newline + 1);
    let window = &window[line..];
    let name_end = window.iter().rposition(u8::is_ascii_alphanumeric).map_or(0, |last| last + 1);
    let name = &window[..name_end];
    let (is_random, is_plain) = (is_random(value), is_one_word(value));
    let may_be_secret = value.len() >= CLOSE_LENGTH_MIN
        && (is_random || is_plain)
        && !(is_identifier(value) || is_file(value))
        && !is_dummy(value)
        // An address has a finder of its own, and what it is of is not secret.
        && !window.ends_with(b"@")
        && !(is_uuid(value) && ends_with_id(name) && !is_joined);
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
            // In a path, the service is where something lies.
            is_near |= begins_new_word(rest) && !rest.iter().any(|byte| matches!(byte, b'/' | b'#'));
            is_close |= found.end() == name_end && value.len() >= NUMBER_LENGTH_MIN;
        }
    }
    let window = window.to_ascii_lowercase();
    let is_public =
        [&b"public"[..], b"fingerprint", b"recv-key"].iter().any(|word| memmem::find(&window, word).is_some());
    !is_public && (is_random && value.len() >= LENGTH_MIN && (is_close || is_near) || is_close && is_plain)
}

/// Whether a value is so random that it is enough that something is called so: `x = "…"`.
fn is_random_alone(bytes: &[u8], start: usize, value: &[u8]) -> bool {
    if !(ALONE_LENGTH_MIN..=ALONE_LENGTH_MAX).contains(&value.len()) || !is_very_random(value) || is_dummy(value) {
        return false;
    }
    let (before, after) = (bytes[..start].last(), bytes.get(start + value.len()));
    let is_quoted = matches!(before, Some(b'"' | b'\'' | b'`')) && before == after;
    let gap = bytes[..start].iter().rev().skip(1).take(2).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let window = &bytes[start.saturating_sub(BEFORE_BYTES_MAX)..start - usize::from(is_quoted) * (1 + gap)];
    let is_assigned = matches!(window.last(), Some(b'=' | b':' | b'('));
    let name_end = window.iter().rposition(u8::is_ascii_alphanumeric).map_or(0, |last| last + 1);
    let harmless = [&b"public"[..], b"hash", b"sum", b"digest", b"integrity", b"etag", b"sha"];
    let name = window[..name_end].to_ascii_lowercase();
    let is_harmless =
        ends_with_id(&window[..name_end]) || harmless.iter().any(|word| memmem::find(&name, word).is_some());
    is_quoted && is_assigned && !is_harmless
}

/// Digits and letters well mixed, and no words: hex, base 64, a UUID.
fn is_random(value: &[u8]) -> bool {
    let makeup = Makeup::of(value);
    makeup.digits() >= 3
        && makeup.letters() >= 3
        && makeup.dots() + makeup.slashes() <= 2
        && makeup.longest_lower < 9
        && makeup.longest_upper < 12
        && makeup.digits() * 12 >= value.len()
}

/// Small letters, capitals and digits that take turns, as in base 64 of random bytes; not so in names and hashes.
fn is_very_random(value: &[u8]) -> bool {
    // A public key of SSH and hashes of packages are in base 64 too.
    let is_known =
        [&b"AAAA"[..], b"sha1-", b"sha256-", b"sha384-", b"sha512-"].iter().any(|known| value.starts_with(known));
    let makeup = Makeup::of(value);
    let signs = value.len() - makeup.letters() - makeup.digits();
    !is_known
        && makeup.lower() >= 3
        && makeup.upper() >= 3
        && makeup.digits() * 10 >= value.len()
        && signs * 6 <= value.len()
        && makeup.turns * 5 >= value.len() * 2
        && makeup.longest_lower < 6
        && makeup.dots() + makeup.tildes() == 0
}

/// Letters and digits that take turns: short, but no word with a number.
fn is_mixed(value: &[u8]) -> bool {
    let is_alnum = value.iter().all(u8::is_ascii_alphanumeric);
    let turns = value.windows(2).filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit()).count();
    is_alnum && turns >= 3
}

/// A long run of letters and digits, maybe with signs between them, as keys are that are spelled out for examples.
fn is_one_word(value: &[u8]) -> bool {
    let is_run = |part: &[u8]| {
        let digits = part.iter().filter(|byte| byte.is_ascii_digit()).count();
        let letters = part.len() - digits;
        part.len() >= CLOSE_LENGTH_MIN + 2 && (digits >= 2 && letters >= 4 || digits >= NUMBER_LENGTH_MIN)
    };
    value.split(|byte| !byte.is_ascii_alphanumeric()).any(is_run) || is_mixed(value)
}

fn is_uuid(value: &[u8]) -> bool {
    value.len() == 36
        && value.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// `credentialsId`, `access_id`: the name of a thing rather than the thing.
fn ends_with_id(name: &[u8]) -> bool {
    name.ends_with(b"Id") || name.ends_with(b"ID") || name.ends_with(b"_id") || name.ends_with(b"-id")
}

/// Where the value begins in a run that begins with a word for secrets in capitals, or ends its name with one.
fn word_within(run: &[u8]) -> Option<usize> {
    const NAME_BYTES_MAX: usize = 48;
    let head = &run[..run.len().min(NAME_BYTES_MAX)];
    let end = WITHIN.find_overlapping_iter(head).map(|found| found.end()).max()?;
    // `SECRETkey-` goes on in small letters to the next sign.
    let end = end + run[end..].iter().take(5).take_while(|byte| byte.is_ascii_lowercase()).count();
    let joins = run[end..].iter().take_while(|byte| matches!(byte, b'-' | b'_' | b'=' | b'.' | b'+')).count();
    let is_joined = joins > 0 || run[..end].ends_with(b"T") || run[..end].ends_with(b"N");
    (is_joined && run.len() - end - joins >= LENGTH_MIN).then_some(end + joins)
}

/// Whether a word ends before `rest`: `key` does not in `keyframe`, but does in `keyid`.
fn begins_new_word(rest: &[u8]) -> bool {
    const ENDINGS: [&[u8]; 10] = [b"id", b"s", b"key", b"token", b"secret", b"code", b"api", b"word", b"or", b"auth"];
    !rest.first().is_some_and(u8::is_ascii_lowercase)
        || ENDINGS.iter().any(|ending| rest.get(..ending.len()).is_some_and(|rest| rest.eq_ignore_ascii_case(ending)))
}
