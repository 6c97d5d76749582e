//! Passwords and user names behind the words for them. They are written in ASCII whatever the script around them.

use std::ops::Range;

use super::gap;

/// The longest password and the longest user name, in bytes.
const PASSWORD_BYTES_MAX: usize = 128;
const USER_BYTES_MAX: usize = 64;
/// What people write in place of a value.
const NOTHING: [&str; 16] = [
    "null",
    "none",
    "string",
    "true",
    "false",
    "admin",
    "root",
    "user",
    "test",
    "guest",
    "username",
    "password",
    "changeme",
    "undefined",
    "login",
    "email",
];

/// The password in `reach`.
pub(super) fn password(text: &str, reach: Range<usize>) -> Option<Range<usize>> {
    let (range, gap) = ascii_value(text, reach, PASSWORD_BYTES_MAX, |byte| {
        byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'' | b'`' | b',' | b';' | b'<' | b'>')
    })?;
    let value = &text[range.clone()];
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    let signs = value.len() - digits - letters;
    let is_mixed = digits > 0 && letters > 0 || signs > 0 && letters > 0 && !value.contains("://");
    let has_cases =
        value.bytes().any(|byte| byte.is_ascii_uppercase()) && value.bytes().any(|byte| byte.is_ascii_lowercase());
    let is_password = if gap.assigns {
        value.len() >= 4 && (is_mixed || digits == value.len() || has_cases && value.len() >= 8)
    } else {
        // Without a colon, a word may follow: パスワードはHTTPSで….
        (gap.is_tight() || has_cases && value.len() >= 8) && value.len() >= 6 && digits > 0 && letters > 0
    };
    let first = value.as_bytes()[0];
    let is_one_sign = value.bytes().all(|byte| byte == first);
    // Code calls, and patterns have brackets and backslashes.
    let is_code = value.contains(['(', '[', '\\', '{', '$']) && value.contains([')', ']', '\\', '}']);
    (is_password && !is_one_sign && !is_code && !is_nothing(value)).then_some(range)
}

/// The user name in `reach`.
pub(super) fn user_name(text: &str, reach: Range<usize>) -> Option<Range<usize>> {
    let belongs = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'@' | b'+');
    let (range, gap) = ascii_value(text, reach, USER_BYTES_MAX, belongs)?;
    let value = &text[range.clone()];
    let has_letter = value.bytes().any(|byte| byte.is_ascii_alphabetic());
    let has_mark = value.bytes().any(|byte| byte.is_ascii_digit() || matches!(byte, b'_' | b'.'));
    (value.len() >= 3 && has_letter && (gap.assigns || gap.is_tight() && has_mark) && !is_nothing(value))
        .then_some(range)
}

fn is_nothing(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    NOTHING.contains(&lower.as_str()) || ["your", "xxx", "***", "example"].iter().any(|part| lower.contains(part))
}

/// The run of bytes that belong to a value, and the gap before it.
fn ascii_value(
    text: &str,
    reach: Range<usize>,
    bytes_max: usize,
    belongs: impl Fn(u8) -> bool,
) -> Option<(Range<usize>, gap::Gap)> {
    // `**Пароль**: …`: the signs right behind the word are those of Markdown.
    let is_markdown = |rest: &str| rest.trim_start_matches(['*', '_']).starts_with([':', ' ', '|']);
    let begins = |c: char, rest: &str| {
        c.is_ascii_alphanumeric()
            || matches!(c, '#' | '$' | '@' | '!' | '%' | '&' | '*' | '_')
                && !(matches!(c, '*' | '_') && is_markdown(rest))
    };
    let (start, gap) = gap::skip(text, reach, begins)?;
    let length = text.as_bytes()[start..].iter().take(bytes_max).take_while(|byte| belongs(**byte)).count();
    let value = text[start..start + length].trim_end_matches(['.', ')', ':', ']', '}', '-']);
    (!value.is_empty()).then(|| (start..start + value.len(), gap))
}
