//! Markers in place of files.

use std::{borrow::Cow, ops::Range};

/// A place in the text, and what is to stand there.
pub(crate) type Replacement = (Range<usize>, String);

/// The text with its replacements, which are in its order and do not overlap.
pub(super) fn replaced(text: &str, replacements: Vec<Replacement>) -> Cow<'_, str> {
    if replacements.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut result = String::new();
    let mut start = 0;
    for (place, marker) in replacements {
        result.push_str(&text[start..place.start]);
        result.push_str(&marker);
        start = place.end;
    }
    result.push_str(&text[start..]);
    Cow::Owned(result)
}
