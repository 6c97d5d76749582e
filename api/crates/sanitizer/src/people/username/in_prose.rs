//! Finds user names that a text tells of: in prose, in tables and in SQL.

use memchr::memmem;

use super::spelling::{is_nobody, name_length};
use crate::{
    scan::{Scanned, trigger_words as trigger},
    span::{Kind, Span},
};

/// User names in prose, in tables and in SQL: `my username is jdoe77`, `handle is @jdoe`, `| username | jdoe77 |`, `CREATE USER 'jdoe'@…`.
pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
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
        if length >= 3 && !is_nobody(value) && (mixed || at_sign == 1 && !value.is_empty()) {
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
                && !is_nobody(name)
            {
                spans.push(Span { range, kind: Kind::Username, why: "the user in a statement of SQL" });
            }
        }
    }
}
