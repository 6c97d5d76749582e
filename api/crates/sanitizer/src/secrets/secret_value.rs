//! The value beside the name of a secret: where it begins and ends, and whether it is a secret.

use memchr::memmem;

use crate::{
    scan::char_classes::{self, CharClasses},
    secrets::{
        not_secret::{is_code, is_file, is_identifier, is_not_secret, is_number, is_package, is_template},
        public_id::is_public_id,
        random_letters::is_random_letters,
        secret_name::Expected,
    },
};

/// The longest value, in bytes.
pub(super) const VALUE_BYTES_MAX: usize = 4096;

/// A value and its place in the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Value<'a> {
    pub(super) start: usize,
    pub(super) bytes: &'a [u8],
    /// Whether it stands in quotes. Without quotes it may be code.
    pub(super) is_quoted: bool,
}

impl Value<'_> {
    pub(super) fn end(&self) -> usize {
        self.start + self.bytes.len()
    }
}

/// The value that begins at `at`, without its quotes.
pub(super) fn value_at(text: &[u8], at: usize) -> Value<'_> {
    let mut start = at.min(text.len());
    // A string literal may have a prefix: `b"…"`, `f'…'`, `@"…"`.
    if matches!(text.get(start), Some(b'b' | b'f' | b'r' | b'u' | b'@' | b'[' | b'('))
        && matches!(text.get(start + 1), Some(b'"' | b'\''))
    {
        start += 1;
    }
    // Within a string, the quotes of the value are escaped: `\"`.
    let escapes = text[start..].iter().take(3).take_while(|byte| **byte == b'\\').count();
    let rest = |start: usize| &text[start..text.len().min(start + VALUE_BYTES_MAX)];
    match text.get(start + escapes) {
        Some(quote @ (b'"' | b'\'' | b'`')) => {
            let start = start + escapes + 1;
            let rest = rest(start);
            let end = rest.iter().position(|byte| byte == quote || *byte == b'\n').unwrap_or(rest.len());
            let end = end - rest[..end].iter().rev().take(escapes).take_while(|byte| **byte == b'\\').count();
            Value { start, bytes: &rest[..end], is_quoted: true }
        }
        _ if text[start..].starts_with(b"&quot;") => {
            let start = start + b"&quot;".len();
            let rest = rest(start);
            let end = memmem::find(rest, b"&quot;").unwrap_or_else(|| unquoted_end(rest));
            Value { start, bytes: &rest[..end], is_quoted: true }
        }
        _ => {
            let rest = rest(start);
            Value { start, bytes: &rest[..unquoted_end(rest)], is_quoted: false }
        }
    }
}

fn unquoted_end(rest: &[u8]) -> usize {
    let ends = |at: &usize| match rest[*at] {
        b'"' | b'\'' | b'`' | b',' | b';' | b'<' | b')' | b'}' | b']' | b'\\' | b'|' => {
            rest[*at] != b';' || !is_entity(&rest[..*at])
        }
        b'&' => ends_at_ampersand(&rest[*at..]),
        byte => byte.is_ascii_whitespace(),
    };
    let end = (0..rest.len()).find(ends).unwrap_or(rest.len());
    rest[..end].iter().rposition(|byte| !matches!(byte, b'.' | b':')).map_or(0, |last| last + 1)
}

/// Whether an ampersand ends a value: the next parameter of a URL follows it, or an element of HTML, or the next command of a shell.
/// Otherwise it is a part of the value, which HTML writes `&amp;`.
fn ends_at_ampersand(text: &[u8]) -> bool {
    let rest = &text[1..];
    let name = rest.iter().take(32).take_while(|byte| byte.is_ascii_alphanumeric() || b"_-.[]".contains(byte)).count();
    let is_element = rest
        .strip_prefix(b"lt;")
        .is_some_and(|rest| rest.first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'/'));
    rest.is_empty()
        || matches!(rest[0], b'&' | b' ' | b'\n')
        || rest.get(name) == Some(&b'=')
        || rest.starts_with(b"quot;")
        || is_element
}

/// Whether `before` is an entity of HTML that a semicolon ends.
fn is_entity(before: &[u8]) -> bool {
    ["&amp", "&lt", "&gt", ";amp", ";lt", ";gt"].iter().any(|entity| before.ends_with(entity.as_bytes()))
}

/// The value without a scheme of authentication before it, such as `Bearer `.
pub(super) fn without_scheme(value: Value) -> Value {
    let schemes = [&b"Bearer "[..], b"bearer ", b"Basic ", b"basic ", b"Token ", b"token ", b"ApiKey "];
    match schemes.iter().find_map(|scheme| Some((scheme.len(), value.bytes.strip_prefix(*scheme)?))) {
        Some((length, bytes)) => Value { start: value.start + length, bytes, ..value },
        None => value,
    }
}

/// Whether a value is the secret that its name makes one expect.
pub(super) fn is_secret(value: &[u8], expected: Expected, is_quoted: bool) -> bool {
    let length = value.len();
    if !(4..VALUE_BYTES_MAX).contains(&length)
        || value.iter().any(|byte| byte.is_ascii_whitespace())
        || is_not_secret(value)
        || !is_quoted && is_number(value)
    {
        return false;
    }
    let classes = CharClasses::of(value);
    let (digits, upper, letters) = (classes.digits(), classes.upper(), classes.letters());
    let is_dotted_name = letters + classes.dots() + classes.joiners() == length;
    let has_sign = classes.marks() + classes.tildes() > 0;
    let is_mixed_case = upper > 0 && upper < letters;
    // A value typed to fill a form has few different bytes.
    let has_distinct = |fewest: u32| char_classes::distinct_bytes(value) >= fewest;
    match expected {
        Expected::Password if is_quoted => {
            (digits > 0
                || !is_dotted_name
                || length >= 8 && is_mixed_case
                || length >= 6 && upper == 0 && letters == length)
                && has_distinct(3)
        }
        // Without quotes it may be a variable. So it must contain a digit or a sign.
        Expected::Password => {
            let is_mixed = digits > 0 && letters > 0 || length >= 6 && !is_dotted_name && digits < length;
            is_mixed && has_distinct(4) && !is_code(value)
        }
        Expected::Secret => {
            let is_random = digits >= 2 && letters >= 1
                || upper >= 2 && is_mixed_case && !is_dotted_name
                || is_quoted && has_sign && letters >= 6
                || value.split(|byte| matches!(byte, b'_' | b'-')).any(is_random_letters);
            let is_short_key = digits > 0 && upper >= 2 && letters - upper >= 2;
            length >= if is_quoted || is_short_key { 8 } else { 10 }
                && !(is_package(value)
                    || is_file(value)
                    || is_identifier(value)
                    || is_template(value)
                    || is_public_id(value))
                && has_distinct(5)
                && (is_random || length >= 24 && upper > 3 && is_mixed_case || digits == length && length >= 16)
                && (is_quoted || !is_code(value))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_end_where_their_quotes_or_their_word_ends() {
        let value = |text: &str, at: usize| String::from_utf8_lossy(value_at(text.as_bytes(), at).bytes).into_owned();
        assert_eq!(value(r#"x="a b" c"#, 2), "a b");
        assert_eq!(value(r#"x=\"a\\b\" c"#, 2), r"a\\b");
        assert_eq!(value("x=ab&y=1", 2), "ab");
        assert_eq!(value("x=ab&3 c", 2), "ab&3");
        assert_eq!(value("x=ab && c", 2), "ab");
        assert_eq!(value("x=ab&lt;br&gt;", 2), "ab");
        assert_eq!(value("x=ab&amp;c d", 2), "ab&amp;c");
        assert_eq!(value("x=&quot;a&amp;b&quot;", 2), "a&amp;b");
        assert_eq!(value("x=a;b", 2), "a");
        assert_eq!(value("x=", 2), "");
    }
}
