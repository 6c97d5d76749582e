//! Finds keys that a program holds as numbers: `#define AES_KEY {0x35, 0x34, …}`, `uint8_t psk[16] = { 0x1f, … };`.

use crate::{
    scan::Scanned,
    secrets::secret_name::expected_by,
    span::{Kind, Span},
};

/// The fewest numbers of a key: a DES key has eight bytes. Fewer are a version, a colour or a command.
const NUMBERS_MIN: usize = 8;
/// The longest array that is read, and how far before it its name may stand, in bytes.
const ARRAY_BYTES_MAX: usize = 2048;
const NAME_BYTES_MAX: usize = 48;

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    if !scanned.has_sign(b'{') && !scanned.has_sign(b'[') {
        return;
    }
    let bytes = scanned.bytes();
    let mut read_to = 0;
    for &anchor in &scanned.numbers {
        let at = scanned.tokens[anchor as usize].start();
        if at < read_to || bytes[at] != b'0' || bytes.get(at + 1) != Some(&b'x') {
            continue;
        }
        let opening = bytes[..at].trim_ascii_end();
        if !matches!(opening.last(), Some(b'{' | b'[')) {
            continue;
        }
        let rest = &bytes[at..bytes.len().min(at + ARRAY_BYTES_MAX)];
        let is_part =
            |byte: &u8| byte.is_ascii_hexdigit() || matches!(byte, b'x' | b',' | b' ' | b'\n' | b'\r' | b'\t' | b'\\');
        let length = rest.iter().position(|byte| !is_part(byte)).unwrap_or(rest.len());
        read_to = at + length;
        let value = rest[..length].trim_ascii_end();
        let numbers = value.split(|byte| *byte == b',').filter(|number| number.iter().any(u8::is_ascii_digit)).count();
        if numbers >= NUMBERS_MIN && is_key(name_before(&opening[..opening.len() - 1])) {
            spans.push(Span { range: at..at + value.len(), kind: Kind::Secret, why: "the bytes of a key" });
        }
    }
}

/// The name before the bracket of an array: without its type, its size and the equals sign.
fn name_before(before: &[u8]) -> &[u8] {
    let is_gap = |byte: &u8| matches!(byte, b' ' | b'\t' | b'=' | b':' | b'[' | b']' | b'0'..=b'9' | b'"');
    let window = &before[before.len().saturating_sub(NAME_BYTES_MAX)..];
    let end = window.iter().rposition(|byte| !is_gap(byte)).map_or(0, |last| last + 1);
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let start = window[..end].iter().rposition(|byte| !is_name(byte)).map_or(0, |at| at + 1);
    &window[start..end]
}

fn is_key(name: &[u8]) -> bool {
    expected_by(name).is_some() || [&b"psk"[..], b"aes", b"hmac"].iter().any(|known| name.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{scan::found_by, secrets::vendor_keys::key_prefixes::KEY_PREFIXES};

    #[test]
    fn the_bytes_of_a_key_are_found_and_those_of_other_things_are_not() {
        let bytes = "0x35, 0x34, 0x65, 0x9b, 0x1c, 0x2e, 0x07, 0x1f";
        for text in [
            format!("#define AESKEY {{{bytes}}}"),
            format!("static const uint8_t aes_key[8] = {{ {bytes} }};"),
            format!("byte[] secretKey = {{{bytes}}};"),
            format!("psk = [{bytes}]"),
        ] {
            let spans = found_by(find, &KEY_PREFIXES, &text);
            assert!(spans.iter().any(|span| text[span.range.clone()] == *bytes), "{text}: {spans:?}");
        }
        for text in [format!("uint8_t palette[8] = {{{bytes}}};"), "key[] = {0x01, 0x02};".to_owned()] {
            assert_eq!(found_by(find, &KEY_PREFIXES, &text), [], "{text}");
        }
    }
}
