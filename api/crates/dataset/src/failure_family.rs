//! The family of a failure: its reason without what differs each time.
//!
//! `Request req_011CSHoEeqs5 timed out after 30000 ms (/srv/app/run.py:88)` and the same with another id belong to
//! `request <id> timed out after <n> ms (<path>)`.

use std::{borrow::Cow, collections::HashMap};

use journal::training_record::UNKNOWN;
use misfire_sanitizer::placeholder;

/// The longest name of a family, in characters.
const CHARS_MAX: usize = 100;
/// How much of a reason is read, in bytes.
const REASON_BYTES_MAX: usize = 512;
/// How many reasons are remembered with their family: most are the same few texts.
const KNOWN_MAX: usize = 1_024;

/// Names families, and remembers those of the first reasons that it saw.
#[derive(Default)]
pub(super) struct Families {
    known: HashMap<Box<str>, Box<str>>,
    /// The last name that is not remembered.
    last: String,
}

impl Families {
    /// The family of a reason; never empty.
    pub(super) fn of(&mut self, reason: &str) -> &str {
        if self.known.len() < KNOWN_MAX && !self.known.contains_key(reason) {
            self.known.insert(reason.into(), family_of(reason).into());
        }
        match self.known.get(reason) {
            Some(family) => family,
            None => {
                self.last = family_of(reason);
                &self.last
            }
        }
    }
}

fn family_of(reason: &str) -> String {
    let line = reason.trim_start().lines().next().unwrap_or_default();
    let line = &line[..line.floor_char_boundary(REASON_BYTES_MAX)];
    let mut family = String::with_capacity(line.len());
    let mut before = "";
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        if let Some((label, _, length)) = placeholder(rest) {
            family.extend(["[", label, "]"]);
            rest = &rest[length..];
        } else if is_in_word(first) && !matches!(first, ':' | '@') {
            let end = rest.find(|c| !is_in_word(c)).unwrap_or(rest.len());
            // A full stop, a colon or a dash at the end belongs to the sentence.
            let word = rest[..end].trim_end_matches(['.', ':', '-', '/', '\\', '+']);
            let word = if word.is_empty() { &rest[..end] } else { word };
            let name = name_of(word, before);
            // `<n> <n> <n>` says no more than `<n>`.
            if !(name.starts_with('<') && family.trim_end_matches([' ', ',']).ends_with(&*name)) {
                family.push_str(&name);
            }
            before = word;
            rest = &rest[word.len()..];
        } else {
            if first.is_whitespace() {
                if !family.ends_with(' ') {
                    family.push(' ');
                }
            } else if !is_unprintable(first) {
                family.push(first);
            }
            rest = &rest[first.len_utf8()..];
        }
    }
    let family = family.trim_matches([' ', ',', ';', ':', '.', '!']);
    if family.is_empty() {
        // Punctuation alone, say. A label is never empty.
        return UNKNOWN.into();
    }
    match family.char_indices().nth(CHARS_MAX) {
        Some((end, _)) => format!("{}…", &family[..end]),
        None => family.to_owned(),
    }
}

fn is_in_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | ':' | '\\' | '#' | '%' | '@' | '~' | '+' | '$')
}

/// Characters that move a terminal's cursor, or turn the direction of text.
fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

fn name_of<'a>(word: &'a str, before: &str) -> Cow<'a, str> {
    // Most words end here: everything below needs a digit or a sign.
    if word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return in_lower_case(word);
    }
    if word.contains("://") {
        return "<url>".into();
    }
    if is_path(word) {
        return "<path>".into();
    }
    if is_status(word, before) {
        return word.into();
    }
    if let Some(unit) = number_with_unit(word) {
        return if unit.is_empty() { "<n>".into() } else { format!("<n>{unit}").into() };
    }
    if is_id(word) {
        return "<id>".into();
    }
    if let Some((key, value)) = word.split_once([':', '#'])
        && !key.is_empty()
        && !value.is_empty()
    {
        // `line:12`, `job#88`
        let joint = &word[key.len()..=key.len()];
        return format!("{}{joint}{}", name_of(key, before), name_of(value, key)).into();
    }
    in_lower_case(word)
}

fn in_lower_case(word: &str) -> Cow<'_, str> {
    if word.chars().any(char::is_uppercase) { word.to_lowercase().into() } else { word.into() }
}

fn is_path(word: &str) -> bool {
    let is_drive = matches!(word.as_bytes(), [drive, b':', b'\\' | b'/', ..] if drive.is_ascii_alphabetic());
    // `</b>` and `and/or` are no paths, and `/tmp` alone need not be hidden.
    let is_rooted = word.starts_with('/') && word[1..].contains(['/', '.'])
        || ["./", "../", "~/", "\\\\"].iter().any(|root| word.len() > root.len() && word.starts_with(root));
    let is_file =
        word.contains('/') && word.rsplit('/').next().is_some_and(|name| name.trim_end_matches('.').contains('.'));
    is_drive || is_rooted || is_file
}

/// `HTTP 503`, `status=429`: the number says what happened.
fn is_status(word: &str, before: &str) -> bool {
    let is_code =
        matches!(word.as_bytes(), [b'4' | b'5', second, third] if second.is_ascii_digit() && third.is_ascii_digit());
    let announces = |says: &&str| {
        before
            .len()
            .checked_sub(says.len())
            .and_then(|at| before.get(at..))
            .is_some_and(|end| end.eq_ignore_ascii_case(says))
    };
    is_code && (before.is_empty() || ["http", "status", "code", "error"].iter().any(announces))
}

/// The unit behind the number in a word, as `ms` or `%`. Times, dates and versions count as numbers.
fn number_with_unit(word: &str) -> Option<&str> {
    let word = word.trim_start_matches(['#', '$', '+', '-', '~']);
    let end = word
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | ':' | '/' | '_' | '+')))
        .unwrap_or(word.len());
    let (number, unit) = word.split_at(end);
    let is_time = unit.starts_with('T') && unit.len() > 1 && unit.as_bytes()[1].is_ascii_digit();
    let is_unit = unit.len() <= 7 && unit.chars().all(|c| c.is_alphabetic() || c == '%');
    (number.starts_with(|c: char| c.is_ascii_digit()) && (is_unit || is_time)).then_some(if is_time {
        ""
    } else {
        unit
    })
}

/// Words joined with a part that a program made: long, of mixed digits and letters, or of many digits.
fn is_id(word: &str) -> bool {
    let is_made = |part: &str| {
        let digits = part.bytes().filter(u8::is_ascii_digit).count();
        let letters = part.bytes().filter(u8::is_ascii_alphabetic).count();
        let is_hex = part.len() >= 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
        digits >= 5 || (digits >= 1 && letters >= 2 && part.len() >= 9) || (is_hex && digits > 0)
    };
    word.split(['_', '-', '.', ':', '/', '#', '@', '+']).any(is_made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_each_time_goes() {
        for (reason, family) in [
            ("timeout", "timeout"),
            ("  Timeout. ", "timeout"),
            ("BAD_PROMPT", "bad_prompt"),
            ("Request req_011CSHoEeqs5 timed out after 30000 ms", "request <id> timed out after <n> ms"),
            ("timed out after 30000ms (attempt 3/5)", "timed out after <n>ms (attempt <n>)"),
            ("run 0193acb2-7d10-7b3e-9a55-000000000001 failed", "run <id> failed"),
            ("cannot open /srv/app/run.py:88: no such file", "cannot open <path>: no such file"),
            ("cannot open C:\\data\\x.bin", "cannot open <path>"),
            ("see https://example.com/errors/1 now", "see <url> now"),
            ("HTTP 503 from upstream", "http 503 from upstream"),
            ("HTTP 429 from upstream", "http 429 from upstream"),
            ("got 503 tokens", "got <n> tokens"),
            ("{\"error\":{\"code\":429,\"id\":88213}}", "{\"error\":{\"code\":429,\"id\":<n>}}"),
            ("[EMAIL_1] is no user, nor is [EMAIL_2]", "[EMAIL] is no user, nor is [EMAIL]"),
            ("at 2026-03-02T10:15:30.123Z it broke", "at <n> it broke"),
            ("model gpt-4o and/or claude-3 not found", "model gpt-4o and/or claude-3 not found"),
            ("first line\nTraceback: 1 2 3", "first line"),
            ("shapes 3 4 5 do not fit", "shapes <n> do not fit"),
            ("\u{202E}evil\u{1b}[31m", "evil[<n>m"),
            ("椅子 failed", "椅子 failed"),
            ("...", "unknown"),
            ("\u{202E}", "unknown"),
            ("", "unknown"),
        ] {
            assert_eq!(family_of(reason), family, "{reason:?}");
        }
    }

    #[test]
    fn a_family_is_short_and_the_memory_for_it_bounded() {
        assert_eq!(family_of(&"word ".repeat(1_000)).chars().count(), CHARS_MAX + 1);
        let mut families = Families::default();
        for number in 0..3 * KNOWN_MAX {
            assert_eq!(families.of(&format!("failed {number}")), "failed <n>");
        }
        assert!(families.known.len() <= KNOWN_MAX);
    }
}
