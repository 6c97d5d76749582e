//! Finds handles that begin with a first name, as `@jane_doe`.

use crate::{
    scan::{Scanned, name_dictionary},
    span::{Kind, Span},
};

/// The longest handle that is examined, in bytes. No service allows a longer one.
const HANDLE_BYTES_MAX: usize = 40;

/// Handles that begin with a first name: `@JaneDoe`, `@jane_doe`, `@ janedoe`. Other handles (`@happy_panda12`) do not say whose they are,
/// and decorators, at-rules and packages look like them.
pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
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
