//! JavaScript's JSON may contain half of a surrogate pair (`"\ud800"`). This is not a character, and serde_json refuses
//! it in strings.
//!
//! Here it becomes U+FFFD, so that the event is not lost. This differs from PostHog, whose webhooks may contain the
//! half.

use std::{borrow::Cow, ops::Range};

/// Replaces each escape of a lone surrogate in a JSON text with `\ufffd`.
///
/// This needs no parser, because in JSON a backslash only occurs within strings: each escape is looked at once, from
/// the left. A text that is not JSON does not become JSON.
pub(crate) fn replace_lone(json: &str) -> Cow<'_, str> {
    let lone: Vec<_> = Escapes { json: json.as_bytes(), at: 0 }.collect();
    if lone.is_empty() {
        return Cow::Borrowed(json);
    }
    let mut replaced = json.to_owned();
    for digits in lone {
        replaced.replace_range(digits, "fffd");
    }
    Cow::Owned(replaced)
}

/// Finds the four digits of each lone surrogate, as ranges of the text.
struct Escapes<'a> {
    json: &'a [u8],
    at: usize,
}

impl Escapes<'_> {
    /// The code unit whose escape begins at `at`, if there is one.
    fn unit(&self, at: usize) -> Option<u16> {
        let digits = self.json.get(at..at + 6)?.strip_prefix(b"\\u")?;
        u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    }
}

impl Iterator for Escapes<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        loop {
            self.at += self.json.get(self.at..)?.iter().position(|byte| *byte == b'\\')?;
            let at = self.at;
            let (high, low) = (0xD800..=0xDBFF, 0xDC00..=0xDFFF);
            match self.unit(at) {
                Some(unit) if high.contains(&unit) && self.unit(at + 6).is_some_and(|next| low.contains(&next)) => {
                    self.at += 12;
                }
                Some(unit) if high.contains(&unit) || low.contains(&unit) => {
                    self.at += 6;
                    return Some(at + 2..at + 6);
                }
                // The character after a backslash belongs to the escape, even if it is a backslash.
                _ => self.at += 2,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lone_surrogates_are_replaced_and_nothing_else() {
        for (json, expected) in [
            (r#""\ud83d\ude00""#, r#""\ud83d\ude00""#),
            (r#""\uD83D\uDE00 é""#, r#""\uD83D\uDE00 é""#),
            (r#""\ud800""#, r#""\ufffd""#),
            (r#""é\ud800\ud83d\ude00""#, r#""é\ufffd\ud83d\ude00""#),
            (r#""\ude00\ud83d""#, r#""\ufffd\ufffd""#),
            (r#""\\ud800""#, r#""\\ud800""#),
            (r#""\\\ud800""#, r#""\\\ufffd""#),
            (r#""\ud800\n""#, r#""\ufffd\n""#),
            (r#"{"\udfff":1}"#, r#"{"\ufffd":1}"#),
            (r#""\ud80"#, r#""\ud80"#),
            ("\\", "\\"),
        ] {
            assert_eq!(replace_lone(json), expected);
        }
    }
}
