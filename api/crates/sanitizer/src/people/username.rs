//! Finds user names: assigned to a name, in prose, in home folders, in URLs of profiles, in handles.

use std::sync::LazyLock;

use memchr::memmem;

use crate::{
    scan::{
        Scanned, name_dictionary, trigger_words as trigger,
        word_key::{ascii_key, word_key},
        word_map::WordMap,
    },
    span::{Kind, Span},
};

/// The folders that contain the home folders: on Linux, and on macOS and Windows.
const HOMES: [&str; 2] = ["home", "Users"];
/// Names of users and of home folders that belong to no person.
const NOBODY: [&str; 30] = [
    "user", "username", "users", "ubuntu", "root", "admin", "runner", "node", "app", "shared", "public", "default",
    "vagrant", "ec2-user", "www", "web", "data", "me", "you", "your", "yourname", "name", "jovyan", "pi", "git",
    "docker", "all", "test", "dev", "work",
];
/// Services on which persons have profiles, with what stands in the path before the name of the person.
const PROFILES: [(&str, &str); 12] = [
    ("linkedin.com", "/in/"),
    ("facebook.com", "/"),
    ("instagram.com", "/"),
    ("twitter.com", "/"),
    ("x.com", "/"),
    ("tiktok.com", "/@"),
    ("t.me", "/"),
    ("threads.net", "/@"),
    ("snapchat.com", "/add/"),
    ("keybase.io", "/"),
    ("youtube.com", "/@"),
    ("medium.com", "/@"),
];
/// Paths that are pages of a service and no profiles.
const PAGES: [&str; 24] = [
    "share",
    "sharer",
    "sharer.php",
    "home",
    "intent",
    "hashtag",
    "search",
    "explore",
    "watch",
    "groups",
    "events",
    "pages",
    "login",
    "signup",
    "about",
    "help",
    "privacy",
    "i",
    "p",
    "reel",
    "tr",
    "legal",
    "policies",
    "dialog",
];
/// Names to which a user name is assigned.
const ASSIGNED: [&str; 22] = [
    "username",
    "user_name",
    "user",
    "db_user",
    "dbuser",
    "login",
    "uname",
    "screen_name",
    "screenname",
    "userid",
    "handle",
    "nickname",
    "db-user",
    "mysql_user",
    "postgres_user",
    "pguser",
    "ftp_user",
    "smtp_user",
    "user-name",
    "account_name",
    "accountname",
    "sshuser",
];
/// [`ASSIGNED`] as a hash table.
static ASSIGNED_KEYS: LazyLock<WordMap> =
    LazyLock::new(|| WordMap::new(ASSIGNED.iter().filter_map(|name| Some((word_key(name)?, 1)))));

/// The longest handle that is examined, in bytes. No service allows a longer one.
const HANDLE_BYTES_MAX: usize = 40;

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    homes(scanned, spans);
    profiles(scanned, spans);
    for &operator in &scanned.assignments {
        assigned(scanned, operator as usize, spans);
    }
    in_prose(scanned, spans);
    handles(scanned, spans);
}

/// Handles that begin with a first name: `@JaneDoe`, `@jane_doe`, `@ janedoe`. Other handles (`@happy_panda12`) do not say whose they are,
/// and decorators, at-rules and packages look like them.
fn handles(scanned: &Scanned, spans: &mut Vec<Span>) {
    let bytes = if scanned.has_sign(b'@') { scanned.bytes() } else { b"" };
    for at in memchr::memchr_iter(b'@', bytes) {
        let before = scanned.byte_before(at);
        let space = usize::from(scanned.byte_at(at + 1) == b' ');
        let start = at + 1 + space;
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let length =
            bytes[start.min(bytes.len())..].iter().take(HANDLE_BYTES_MAX).take_while(|byte| is_part(byte)).count();
        let goes_on = matches!(scanned.byte_at(start + length), b'(' | b'.' | b'/' | b'=' | b'@')
            && !scanned.byte_at(start + length + 1).is_ascii_whitespace();
        if before.is_ascii_alphanumeric() || matches!(before, b'.' | b'_' | b'*') || goes_on {
            continue;
        }
        if begins_with_name(&scanned.text[start..start + length]) {
            let range = start..start + length;
            spans.push(Span { range, kind: Kind::Username, why: "a handle that begins with a first name" });
        }
    }
}

/// Whether a handle begins with a first name: `JaneDoe`, `jane_doe`, `jane77`, `janedoe`, but not `JanesBakery` and `janeiro`.
fn begins_with_name(handle: &str) -> bool {
    const NAME_LENGTHS: std::ops::RangeInclusive<usize> = 4..=11;
    let letters = handle.bytes().take_while(u8::is_ascii_alphabetic).count();
    NAME_LENGTHS.filter(|length| *length <= letters).any(|length| {
        let (name, rest) = handle.split_at(length);
        let is_camel =
            name.as_bytes()[0].is_ascii_uppercase() && name[1..].bytes().all(|byte| byte.is_ascii_lowercase());
        let is_lower = name.bytes().all(|byte| byte.is_ascii_lowercase());
        let flags = name_dictionary::look_up_word(name);
        let parts = rest.is_empty() || !rest.as_bytes()[0].is_ascii_alphabetic();
        // If it is one word, the rest of it must be as long as a family name.
        let is_joined = flags.is_frequent()
            && rest.len() >= 4 + usize::from(length < 5)
            && rest.bytes().all(|byte| byte.is_ascii_lowercase());
        is_camel && flags.is_surely_given() && (parts || rest.as_bytes()[0].is_ascii_uppercase())
            || is_lower && (flags.is_frequent() && parts || is_joined)
    })
}

/// The owners of home folders.
fn homes(scanned: &Scanned, spans: &mut Vec<Span>) {
    let text = scanned.text;
    for folder in scanned.tokens_with(trigger::HOMES).map(|index| scanned.tokens[index].range()) {
        let (before, after) = (&text[..folder.start], &text[folder.end..]);
        let Some(home) = HOMES.iter().find(|home| **home == &text[folder.clone()]) else { continue };
        let separators = after.len() - after.trim_start_matches(['/', '\\']).len();
        let is_folder = before.ends_with(['/', '\\']) && (1..=2).contains(&separators);
        let start = folder.end + separators;
        let length = name_length(&text.as_bytes()[start..]);
        let name = &text[start..start + length];
        // In a URL, `home` is a page: `https://example.com/home/page`.
        let host = before.strip_suffix('/').unwrap_or_default();
        let is_page = *home == "home"
            && host.ends_with(|c: char| c.is_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '/'));
        let is_somebody = length >= 2 && !NOBODY.iter().any(|nobody| name.eq_ignore_ascii_case(nobody));
        if is_folder && !is_page && is_somebody && name.bytes().any(|byte| byte.is_ascii_alphabetic()) {
            spans.push(Span { range: start..start + length, kind: Kind::Username, why: "the owner of a home folder" });
        }
    }
}

/// The length of the name that `bytes` begin with, 0 if it is not ASCII.
fn name_length(bytes: &[u8]) -> usize {
    let length = bytes
        .iter()
        .take(64)
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-') || !byte.is_ascii())
        .count();
    // A full stop after the name is not part of it. A name that is not ASCII may be cut within a character, so it does not count.
    let length = bytes[..length].iter().rposition(|byte| *byte != b'.').map_or(0, |last| last + 1);
    if bytes[..length].is_ascii() { length } else { 0 }
}

/// The names in URLs of profiles.
fn profiles(scanned: &Scanned, spans: &mut Vec<Span>) {
    let text = scanned.text;
    let slashes = scanned
        .tokens_with(trigger::PROFILES)
        .map(|index| scanned.tokens[index].end())
        .filter(|end| scanned.byte_at(*end) == b'/');
    for slash in slashes {
        for (host, path) in PROFILES {
            let host_start = slash.checked_sub(host.len());
            let is_host = host_start.is_some_and(|start| {
                text.as_bytes()[start..slash].eq_ignore_ascii_case(host.as_bytes())
                    && (start == 0 || matches!(text.as_bytes()[start - 1], b'.' | b'/' | b' ' | b'(' | b'"' | b'\n'))
            });
            if !is_host || !text[slash..].starts_with(path) {
                continue;
            }
            let start = slash + path.len();
            let length = name_length(&text.as_bytes()[start..]);
            let name = &text[start..start + length];
            if length >= 3 && !PAGES.contains(&name) && !name.ends_with(".js") && !name.ends_with(".css") {
                spans.push(Span {
                    range: start..start + length,
                    kind: Kind::Username,
                    why: "the name in the URL of a profile",
                });
            }
        }
    }
}

/// The user name that the operator assigns.
fn assigned(scanned: &Scanned, operator: usize, spans: &mut Vec<Span>) {
    let bytes = scanned.bytes();
    let mut end = operator;
    while end > 0 && operator - end < 3 && matches!(bytes[end - 1], b' ' | b'"' | b'\'') {
        end -= 1;
    }
    let floor = end.saturating_sub(16);
    let start = end
        - bytes[floor..end]
            .iter()
            .rev()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
            .count();
    let name = &bytes[start..end];
    if ascii_key(bytes, start, end).is_none_or(|key| ASSIGNED_KEYS.get(key) == 0) {
        return;
    }
    let spaces = bytes[operator + 1..].iter().take(4).take_while(|byte| **byte == b' ').count();
    let at = operator + 1 + spaces;
    let quotes = usize::from(matches!(scanned.byte_at(at), b'"' | b'\''));
    let length = name_length(&bytes[(at + quotes).min(bytes.len())..]);
    let value = &scanned.text[at + quotes..at + quotes + length];
    let after = scanned.byte_at(at + quotes + length);
    let has_digit = value.bytes().any(|byte| byte.is_ascii_digit());
    let has_letter = value.bytes().any(|byte| byte.is_ascii_alphabetic());
    let is_quoted = quotes == 1 && matches!(after, b'"' | b'\'');
    let nobody = NOBODY.iter().any(|nobody| value.eq_ignore_ascii_case(nobody)) || value.starts_with("user_name");
    // Azure calls a data store an account.
    let is_store = after == b';' && name.eq_ignore_ascii_case(b"accountname");
    // Without a digit it may be a variable, or a kind of user.
    if length >= 3
        && !is_store
        && has_digit
        && has_letter
        && !nobody
        && (is_quoted || quotes == 0 && !matches!(after, b'(' | b'[' | b'.' | b'@'))
    {
        let range = at + quotes..at + quotes + length;
        spans.push(Span { range, kind: Kind::Username, why: "assigned to a name for user names" });
    }
}

/// User names in prose, in tables and in SQL: `my username is jdoe77`, `handle is @jdoe`, `| username | jdoe77 |`, `CREATE USER 'jdoe'@…`.
fn in_prose(scanned: &Scanned, spans: &mut Vec<Span>) {
    for index in scanned.tokens_with(trigger::USER) {
        let token = &scanned.tokens[index];
        let rest = &scanned.text[token.end()..];
        let phrases = [" is ", " '", " \"", " `", ": @", " @", " name is ", " id is "];
        let phrase = phrases.iter().find(|phrase| rest.starts_with(**phrase)).map(|phrase| phrase.len());
        // The cell of a table or the end of a bold word: `**username**: `jdoe77``, `| username | jdoe77 |`.
        let signs = rest.bytes().take(8).take_while(|byte| b" *_:|`".contains(byte)).count();
        let is_cell = rest[..signs].contains([':', '|']) && rest.as_bytes()[signs - 1] != b':';
        let Some(skip) = phrase.or(is_cell.then_some(signs)) else { continue };
        let start = token.end() + skip;
        let at_sign = usize::from(scanned.byte_at(start) == b'@');
        let start = start + at_sign;
        let length = name_length(&scanned.bytes()[start..]);
        let value = &scanned.text[start..start + length];
        let mixed =
            value.bytes().any(|byte| byte.is_ascii_digit()) && value.bytes().any(|byte| byte.is_ascii_alphabetic());
        if length >= 3 && (mixed || at_sign == 1 && !value.is_empty()) {
            spans.push(Span {
                range: start..start + length,
                kind: Kind::Username,
                why: "the text says that this is a user name",
            });
        }
    }
    // In the grant of a database: `TO 'jdoe'@'…'`.
    if !scanned.has_sign(b'@') {
        return;
    }
    for at in memmem::find_iter(scanned.bytes(), b"'@'") {
        let floor = at.saturating_sub(48);
        if let Some(quote) = memchr::memrchr(b'\'', &scanned.bytes()[floor..at]) {
            let range = floor + quote + 1..at;
            let name = &scanned.text[range.clone()];
            if name.len() >= 3
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
                && !NOBODY.contains(&name)
            {
                spans.push(Span { range, kind: Kind::Username, why: "the user in a statement of SQL" });
            }
        }
    }
}
