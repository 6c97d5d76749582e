//! The tokens of a JSON text, with their places.

use std::ops::Range;

use memchr::memchr2;
use serde_json::value::RawValue;

/// A token. The place of a string is what stands between its quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    Open {
        is_object: bool,
    },
    Close,
    Key(Range<usize>),
    Text(Range<usize>),
    /// A number or a boolean.
    Scalar,
    Null,
}

/// Whether a text is one JSON value.
pub(crate) fn is_json(text: &str) -> bool {
    serde_json::from_str::<&RawValue>(text).is_ok()
}

/// The tokens of a text that [`is_json`]. On other texts they mean nothing, but they end.
pub(crate) fn tokens(json: &str) -> impl Iterator<Item = Token> {
    let bytes = json.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at;
            at += 1;
            return Some(match bytes.get(start)? {
                b'{' => Token::Open { is_object: true },
                b'[' => Token::Open { is_object: false },
                b'}' | b']' => Token::Close,
                b'"' => {
                    let end = string_end(bytes, start + 1);
                    at = end + 1;
                    let follows = bytes.get(at..)?.iter().find(|byte| !byte.is_ascii_whitespace());
                    if follows == Some(&b':') { Token::Key(start + 1..end) } else { Token::Text(start + 1..end) }
                }
                b' ' | b'\n' | b'\r' | b'\t' | b',' | b':' => continue,
                first => {
                    let is_end = |byte: &u8| matches!(byte, b',' | b'}' | b']') || byte.is_ascii_whitespace();
                    at = bytes[start..].iter().position(is_end).map_or(bytes.len(), |length| start + length);
                    if *first == b'n' { Token::Null } else { Token::Scalar }
                }
            });
        }
    })
}

/// The place of the quote that ends the string whose text begins at `at`.
fn string_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
        at += found;
        if bytes[at] == b'"' {
            return at;
        }
        at += 2;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_know_keys_from_texts() {
        let json = r#" { "a\"" : [ "b" , -1.5e3, true,null ], "c":"\\" } "#;
        let found: Vec<_> = tokens(json)
            .map(|token| match token {
                Token::Key(place) => format!("key {}", &json[place]),
                Token::Text(place) => format!("text {}", &json[place]),
                token => format!("{token:?}"),
            })
            .collect();
        assert_eq!(
            found,
            [
                "Open { is_object: true }",
                r#"key a\""#,
                "Open { is_object: false }",
                "text b",
                "Scalar",
                "Scalar",
                "Null",
                "Close",
                "key c",
                r"text \\",
                "Close"
            ]
        );
    }
}
