//! Finds passwords and keys that are assigned to a name: `password = "…"`, `"api_key": "…"`, `DB_PASS=…`,
//! `<add key="Password" value="…">`, `val token: String = "…"`.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use memchr::memmem;

use crate::{
    scan::{Scanned, char_classes},
    secrets::{
        not_secret::{is_code, is_not_secret},
        secret_name::{Expected, NAME_BYTES_MAX, expected_by},
        secret_value::{Value, is_secret, value_at, without_scheme},
    },
    span::{Kind, Span},
};

/// How far before `value=` the name of its element may stand, in bytes.
const ELEMENT_BYTES_MAX: usize = 96;
/// How often a value without quotes is examined if it contains operators itself: `a=key=token=…`. The bound keeps the time linear.
const LOOKS_MAX: u32 = 4;
/// A value of this many bytes or more is examined only once.
const LONG_BYTES_MIN: usize = 256;

/// Attributes whose value is the name of an element.
static NAMING: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let words = ["key", "name", "variable"];
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .kind(Some(AhoCorasickKind::DFA))
        .build(words)
        .expect("three short words make an automaton")
});

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    let (mut value_end, mut looks) = (0, 0);
    for &operator in &scanned.assignments {
        let operator = operator as usize;
        looks = if operator < value_end { looks } else { 0 };
        if looks == LOOKS_MAX {
            continue;
        }
        let name = name_before(scanned.bytes(), operator);
        let Some(expected) = expected_by(name) else { continue };
        let value = value_after(scanned.bytes(), operator);
        // A default is a literal, however little it looks random.
        let (value, expected) = match default_of_variable(scanned.bytes(), &value) {
            Some(default) => (default, Expected::Password),
            None => (value, expected),
        };
        if !value.is_quoted {
            value_end = value.end();
            looks = if value.bytes.len() >= LONG_BYTES_MIN { LOOKS_MAX } else { looks + 1 };
        }
        if is_given(scanned, operator, name, expected, &value) {
            let kind = if expected == Expected::Password { Kind::Password } else { Kind::Secret };
            spans.push(Span { range: value.start..value.end(), kind, why: "assigned to the name of a secret" });
            spans.extend(user_beside(scanned.bytes(), operator));
        }
    }
}

fn value_after(bytes: &[u8], operator: usize) -> Value<'_> {
    let gap = bytes[operator + 1..]
        .iter()
        .take(11)
        .take_while(|byte| matches!(byte, b' ' | b'\t' | b'=' | b'>' | b':'))
        .count();
    without_scheme(value_at(bytes, operator + 1 + gap))
}

/// The default of a variable of the environment, which a program has when nobody sets it: `getenv("TOKEN", "…")`,
/// `os.environ.get("DB_PASS", "…")`.
fn default_of_variable<'a>(bytes: &'a [u8], value: &Value<'a>) -> Option<Value<'a>> {
    const NAME_BYTES_MAX: usize = 64;
    if value.is_quoted
        || ![&b"getenv("[..], b"environ.get(", b"getEnv(", b"env("]
            .iter()
            .any(|call| memmem::find(value.bytes, call).is_some() || value.bytes.ends_with(&call[..call.len() - 1]))
    {
        return None;
    }
    let rest = &bytes[value.start..bytes.len().min(value.start + value.bytes.len() + NAME_BYTES_MAX)];
    let comma = memchr::memchr(b',', rest)?;
    let gap = rest[comma + 1..].iter().take_while(|byte| **byte == b' ').count();
    Some(value_at(bytes, value.start + comma + 1 + gap)).filter(|default| default.is_quoted)
}

/// Whether a value is a secret, given that its name makes one expect a secret.
fn is_given(scanned: &Scanned, operator: usize, name: &[u8], expected: Expected, value: &Value) -> bool {
    // The name `key` alone may be the key of a map.
    let is_weak = name.eq_ignore_ascii_case(b"key") || name.eq_ignore_ascii_case(b"auth");
    let digits = char_classes::digits(value.bytes);
    let is_strong =
        value.bytes.len() >= 16 && digits >= 3 && !value.bytes.iter().any(|byte| matches!(byte, b'_' | b'.'));
    // A call and an element of another variable yield a secret, but are not the secret themselves.
    let is_call = !value.is_quoted && matches!(scanned.byte_at(value.end()), b'(' | b'[');
    let is_whole = value.is_quoted || is_setting(scanned.bytes(), operator, name, expected, value);
    // `api_key = GITHUB_TOKEN` assigns another name.
    let is_name = !is_whole && expected == Expected::Secret && expected_by(value.bytes).is_some();
    let is_given =
        is_secret(value.bytes, expected, is_whole) || is_phrase(scanned.bytes(), operator, name, expected, value);
    !is_call && !is_name && (!is_weak || is_strong) && is_given
}

/// Whether a value in quotes is a password with spaces in it. In a settings file (`DB_PASSWORD="…"`) nothing else stands there; in a
/// program it would be a message about passwords.
fn is_phrase(bytes: &[u8], operator: usize, name: &[u8], expected: Expected, value: &Value) -> bool {
    const LENGTH_MIN: usize = 8;
    const SPACES_MAX: usize = 5;
    let is_upper = name.iter().all(|byte| byte.is_ascii_uppercase() || matches!(byte, b'_' | b'0'..=b'9'));
    // `  pass: "…"` as a line of YAML.
    let line = memchr::memrchr(b'\n', &bytes[..operator]).map_or(0, |newline| newline + 1);
    let is_line =
        bytes[line..operator].trim_ascii() == name && matches!(bytes.get(value.end() + 1), None | Some(b'\n' | b'\r'));
    let is_setting = value.is_quoted
        && (bytes[operator] == b'=' && value.start == operator + 2 && is_upper
            || bytes[operator] == b':' && value.start == operator + 3 && is_line && line > 0);
    let spaces = value.bytes.iter().filter(|byte| **byte == b' ').count();
    (expected == Expected::Password || is_upper)
        && is_setting
        && (1..=SPACES_MAX).contains(&spaces)
        && value.bytes.len() >= LENGTH_MIN
        && char_classes::digits(value.bytes) > 0
        && !is_not_secret(value.bytes)
}

/// Whether a value without quotes is a literal all the same, as in a shell (`DB_PASS=…`), in a settings file (`db.password=…`, or
/// `password: …` beside a user) and in a connection string (`;Password=…;`).
fn is_setting(bytes: &[u8], operator: usize, name: &[u8], expected: Expected, value: &Value) -> bool {
    if value.bytes.is_empty() || is_code(value.bytes) {
        return false;
    }
    let is_close = bytes[operator] == b'=' && value.start == operator + 1;
    let is_upper = name.iter().all(|byte| byte.is_ascii_uppercase() || matches!(byte, b'_' | b'0'..=b'9'));
    if expected == Expected::Secret || is_close && is_upper {
        return is_close && is_upper;
    }
    let window = bytes[operator.saturating_sub(ELEMENT_BYTES_MAX)..operator].to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| memmem::find(&window, word.as_bytes()).is_some());
    let line_start = window.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    let before_name = window[line_start..].trim_ascii_start().len().saturating_sub(name.len()) < 3;
    match bytes.get(value.end()) {
        Some(b';') if is_close => has(&["server=", "host=", "data source=", "uid=", "user id=", "user="]),
        None | Some(b'\n' | b'\r') if before_name => {
            let is_member = name.starts_with(b"self.") || name.starts_with(b"this.");
            is_close && name.contains(&b'.') && !is_member
                || bytes[operator] == b':' && has(&["user:", "username:", "login:", "host:", "email:"])
        }
        _ => false,
    }
}

/// The user that stands before the password in a connection string: `;User ID=…;Password=…`.
fn user_beside(bytes: &[u8], operator: usize) -> Option<Span> {
    let floor = operator.saturating_sub(ELEMENT_BYTES_MAX);
    memchr::memchr(b';', &bytes[floor..operator])?;
    let window = bytes[floor..operator].to_ascii_lowercase();
    let name =
        [&b";user id="[..], b";uid="].into_iter().find_map(|name| Some(memmem::rfind(&window, name)? + name.len()))?;
    let length = memchr::memchr(b';', &window[name..])?;
    let is_name = length >= 3
        && window[name..name + length].iter().all(|byte| byte.is_ascii_alphanumeric() || b"_-.\\".contains(byte));
    let range = floor + name..floor + name + length;
    is_name.then_some(Span { range, kind: Kind::Username, why: "the user in a connection string" })
}

/// The name that the operator assigns to.
fn name_before(bytes: &[u8], operator: usize) -> &[u8] {
    let (start, end) = word_before(bytes, operator);
    let name = &bytes[start..end];
    let is = |word: &str| name.eq_ignore_ascii_case(word.as_bytes());
    let begins_attribute =
        start.checked_sub(1).is_some_and(|at| matches!(bytes[at], b' ' | b'\t' | b'\n' | b'"' | b'\''));
    if begins_attribute && (is("value") || is("default")) {
        return name_of_element(bytes, operator);
    }
    // `API key: …` is a name of two words.
    if is("key") && bytes[..start].ends_with(b" ") {
        let (first, first_end) = word_before(bytes, start);
        return if first_end + 1 == start { &bytes[first..end] } else { name };
    }
    // In `token: String = …` the type stands between the name and the value.
    let before = bytes[..start].trim_ascii_end();
    if bytes[operator] == b'=' && before.len() + 3 > start && before.ends_with(b":") && expected_by(name).is_none() {
        let (start, end) = word_before(bytes, before.len() - 1);
        return &bytes[start..end];
    }
    name
}

/// Where the word before `at` begins and ends. It consists of letters, digits, `_`, `-` and `.`; quotes and the `]` of an index may
/// stand between it and `at`.
fn word_before(bytes: &[u8], at: usize) -> (usize, usize) {
    const GAP_BYTES_MAX: usize = 8;
    let is_gap = |byte: &u8| {
        matches!(byte, b' ' | b'\t' | b'"' | b'\'' | b'`' | b']' | b')' | b'\\' | b':' | b'*' | b'>' | b'?' | b'!')
    };
    let end = at - bytes[..at].iter().rev().take(GAP_BYTES_MAX).take_while(|byte| is_gap(byte)).count();
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | 0x80..);
    let start = end - bytes[..end].iter().rev().take(NAME_BYTES_MAX).take_while(|byte| is_name(byte)).count();
    (start, end)
}

/// The name of the element that a `value` belongs to: `key="…" value=`, `"name": "…", "value":`, `- name: …` with `value:` on
/// the next line, `variable "…" { default =`.
fn name_of_element(bytes: &[u8], operator: usize) -> &[u8] {
    let window = &bytes[operator.saturating_sub(ELEMENT_BYTES_MAX)..operator];
    let name_after = |at: usize| {
        let rest = &window[at..];
        let gap = rest.iter().take(5).take_while(|byte| matches!(byte, b'"' | b'\'' | b' ' | b':' | b'=')).count();
        let length =
            rest[gap..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(byte)).count();
        (gap > 0 && length > 0).then(|| &rest[gap..gap + length])
    };
    // If there are several, the last one that a name follows.
    NAMING.find_iter(window).filter_map(|found| name_after(found.end())).last().unwrap_or_default()
}
