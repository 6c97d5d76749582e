//! Finds e-mail addresses (RFC 5321): also with Unicode (RFC 6531) and IDN, with `%40` for the `@`, and `jane at example dot com`.

use memchr::{memchr_iter, memmem};

use crate::{
    scan::{Scanned, trigger_words as trigger},
    span::{Kind, Span},
};

/// The longest local part and the longest domain (RFC 5321, 4.5.3.1), in bytes.
const LOCAL_BYTES_MAX: usize = 64;
const DOMAIN_BYTES_MAX: usize = 255;

/// Endings of file names, as `logo@2x.png`, which would be top-level domains otherwise.
const FILE_ENDINGS: [&str; 14] =
    ["png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "ts", "tsx", "json", "html", "py", "lock"];

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    let text = scanned.text;
    if scanned.has_sign(b'@') {
        for at in memchr_iter(b'@', text.as_bytes()) {
            around(text, at, at + 1, spans);
        }
    }
    // The `@` as URLs and HTML encode it.
    let encoded = if scanned.has_sign(b'%') || scanned.has_sign(b'&') {
        &["%40", "&#64;", "&#x40;", "&commat;"][..]
    } else {
        &[]
    };
    for sign in encoded.iter().filter(|sign| scanned.has_sign(sign.as_bytes()[0])) {
        for at in memmem::find_iter(text.as_bytes(), sign.as_bytes()) {
            around(text, at, at + sign.len(), spans);
        }
    }
    spelled(scanned, spans);
}

/// The address around an `@`, which begins at `at` and ends at `after`.
fn around(text: &str, at: usize, after: usize, spans: &mut Vec<Span>) {
    let Some(start) = local_start(text, at) else { return };
    let Some(end) = domain_end(text, after) else { return };
    let (local, domain) = (&text[start..at], &text[after..end]);
    let ending = domain.rsplit('.').next().unwrap_or_default();
    let is_file = FILE_ENDINGS.iter().any(|file| ending.eq_ignore_ascii_case(file)) || local.ends_with('/');
    // `git@github.com:org/repo` is the address of a repository; its user is always git.
    let is_git = local == "git" && matches!(text.as_bytes().get(end), Some(b':' | b'/'));
    // `app:password@db.internal` in a URL is a user, a password and a host.
    let floor =
        (start.saturating_sub(LOCAL_BYTES_MAX)..start).find(|floor| text.is_char_boundary(*floor)).unwrap_or(start);
    let before = &text[floor..start];
    let is_password = before.ends_with(':')
        && before
            .rsplit_once("://")
            .is_some_and(|(_, user)| !user.contains(|c: char| c.is_whitespace() || matches!(c, '/' | '@')));
    // In a store of Azure, the folder stands before the `@`: `abfss://lake@store.dfs.core.windows.net`.
    let is_store = ["abfs://", "abfss://", "wasb://", "wasbs://"].iter().any(|scheme| before.ends_with(scheme));
    if !is_file && !is_git && !is_password && !is_store {
        spans.push(Span { range: start..end, kind: Kind::Email, why: "an e-mail address" });
    }
}

/// Where the local part that ends at `at` begins.
fn local_start(text: &str, at: usize) -> Option<usize> {
    let mut start = at;
    for c in text[..at].chars().rev() {
        let belongs = c.is_alphanumeric()
            || matches!(c, '.' | '_' | '+' | '-' | '\'' | '%' | '&' | '~' | '!' | '#' | '$' | '*' | '=' | '/' | '^');
        // RFC 5321 allows these signs, but no address in use has them. They separate.
        if !belongs || matches!(c, '=' | '/' | '&' | '#' | '$' | '*' | '!') || at - start >= LOCAL_BYTES_MAX {
            break;
        }
        start -= c.len_utf8();
    }
    // An apostrophe may be part of an address (o'brien@…). Before an address it is a quote.
    let skipped = text[start..at].find(|c: char| c.is_alphanumeric() || c == '_' || c == '+')?;
    let start = start + skipped;
    (start < at && !text[..at].ends_with('.')).then_some(start)
}

/// Where the domain that begins at `start` ends.
fn domain_end(text: &str, start: usize) -> Option<usize> {
    // In `jane@[192.0.2.1]`, the finder of IP addresses finds the domain.
    let mut labels = 0;
    let mut end = start;
    let mut label_start = start;
    for c in text[start..].chars() {
        if end - start > DOMAIN_BYTES_MAX {
            return None;
        }
        match c {
            '.' if end > label_start => {
                labels += 1;
                label_start = end + 1;
            }
            c if c.is_alphanumeric() || c == '-' && end > label_start => {}
            '_' => return None,
            _ => break,
        }
        end += c.len_utf8();
    }
    // The full stop of a sentence is not part of the address.
    if end == start {
        return None;
    }
    if label_start == end {
        end -= 1;
        labels -= usize::from(labels > 0);
        label_start = text[start..end].rfind('.').map_or(start, |dot| start + dot + 1);
    }
    let mut top = text.get(label_start..end)?;
    let hyphens = top.len() - top.trim_end_matches('-').len();
    end -= hyphens;
    top = top.trim_end_matches('-');
    let is_word =
        top.chars().count() >= 2 && top.chars().all(|c| c.is_alphabetic() || c == '-') || top.starts_with("xn--");
    (labels >= 1 && is_word).then_some(end)
}

/// Finds addresses in words: `jane at example dot com`, `jane [at] example [dot] com`, `jane(at)example.com`.
fn spelled(scanned: &Scanned, spans: &mut Vec<Span>) {
    let (text, bytes) = (scanned.text, scanned.bytes());
    for at in scanned
        .tokens_with(trigger::AT)
        .filter(|index| scanned.tokens[*index].len() == 2)
        .map(|index| scanned.tokens[index].start())
        .filter(|at| *at > 0)
    {
        let (before, after) = (bytes[..at].last().copied().unwrap_or(0), bytes.get(at + 2).copied().unwrap_or(0));
        let is_wrapped =
            matches!((before, after), (b'[', b']') | (b'(', b')') | (b'{', b'}') | (b'<', b'>') | (b'_', b'_'));
        let is_spaced = before == b' ' && after == b' ';
        if !is_wrapped && !is_spaced {
            continue;
        }
        let (mut left, mut right) = (at - 1, at + 3);
        while is_wrapped && left > 0 && bytes[left - 1] == b' ' && at - left < 3 {
            left -= 1;
        }
        while is_wrapped && bytes.get(right) == Some(&b' ') && right - at < 5 {
            right += 1;
        }
        let Some(start) =
            local_start(text, left).filter(|start| bytes[*start..left].iter().all(|byte| byte.is_ascii()))
        else {
            continue;
        };
        let mut end = right;
        let mut dots = 0;
        while let Some((word_end, is_dot)) = spelled_label(bytes, end) {
            end = word_end.0;
            if !is_dot {
                break;
            }
            dots += 1;
            end = word_end.1;
            if dots > 4 {
                break;
            }
        }
        let plain_dot = is_wrapped && memchr::memchr(b'.', &bytes[right..end.max(right)]).is_some();
        let top = bytes[right..end.max(right)].iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).count();
        if (dots >= 1 || plain_dot) && (2..=6).contains(&top) {
            spans.push(Span { range: start..end, kind: Kind::Email, why: "an e-mail address in words" });
        }
    }
}

/// Where the label at `start` ends, where the next label begins, and whether a dot in words stands between the two.
fn spelled_label(bytes: &[u8], start: usize) -> Option<((usize, usize), bool)> {
    let is_label = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    let length = bytes.get(start..)?.iter().take(64).take_while(|byte| is_label(byte)).count();
    let length = bytes[start..start + length].iter().rposition(|byte| *byte != b'.').map_or(0, |last| last + 1);
    if length == 0 {
        return None;
    }
    let end = start + length;
    for dot in [&b" dot "[..], b" [dot] ", b"[dot]", b" (dot) ", b"(dot)", b" DOT ", b"{dot}", b" punkt ", b" punto "] {
        if bytes[end..].starts_with(dot) {
            return Some(((end, end + dot.len()), true));
        }
    }
    Some(((end, end), false))
}
