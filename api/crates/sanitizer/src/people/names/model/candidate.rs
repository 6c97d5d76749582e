//! Which words may be names.

use super::features;
use crate::scan::Scanned;

/// Whether a word may be a part of a name at all: capitalised, or in the dictionary, and no part of a handle, a path or a URL.
pub(super) fn is_candidate(scanned: &Scanned, index: usize) -> bool {
    let token = &scanned.tokens[index];
    if !token.shape.is_word() || token.len() < 2 {
        return false;
    }
    let (before, after) = (scanned.byte_before(token.start()), scanned.byte_at(token.end()));
    let is_part = matches!(before, b'@' | b'#' | b'/' | b'_' | b'$' | b'\\' | b'&' | b'=' | b'%')
        || matches!(after, b'@' | b'/' | b'_' | b'\\' | b'(' | b'=')
        || before == b'.' && scanned.byte_before(token.start() - 1).is_ascii_alphanumeric()
        || after == b'.' && scanned.byte_at(token.end() + 1).is_ascii_alphanumeric()
        // `@ name`, as some corpora and clients write a handle.
        || before == b' ' && matches!(scanned.byte_before(token.start() - 1), b'@' | b'#');
    if is_part {
        return false;
    }
    match scanned.bytes()[token.start()] {
        b'A'..=b'Z' => true,
        b'a'..=b'z' => features::is_listed(scanned, index),
        _ => {
            let first = scanned.text[token.start()..].chars().next();
            first.is_some_and(char::is_uppercase)
                || first.is_some_and(char::is_lowercase) && features::is_listed(scanned, index)
        }
    }
}
