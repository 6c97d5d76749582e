//! Finds the vendors' keys that a prefix identifies, by the table.

use super::{
    alphabet::Alphabet::{self, Base64, Dotted, Upper},
    key_prefixes::KEY_PREFIXES,
    table::{KEYS, Row},
};
use crate::{
    scan::{Scanned, ascii_start, char_classes, head},
    secrets::example_value::is_example_value,
    span::{Kind, Span},
};

/// How many bytes are read to decide whether a key begins.
const KEY_BYTES_MAX: usize = 512;
/// How often a long run without a key is examined. The bound keeps the time linear.
const LOOKS_MAX: u32 = 8;
/// The fewest different characters in a key.
const DISTINCT_MIN: u32 = 5;

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    let mut read_to = 0;
    let (mut run_end, mut looks) = (0, 0);
    for start in beginnings(scanned) {
        if start < read_to {
            continue;
        }
        let rest = &scanned.bytes()[start..];
        if let Some(end) = key_end(&rest[..rest.len().min(KEY_BYTES_MAX)]) {
            // Some keys are longer than the part that was read.
            let more = rest[end..].iter().position(|byte| !Base64.has(*byte)).unwrap_or(rest.len() - end);
            let end = if end + 4 >= KEY_BYTES_MAX { end + more } else { end };
            read_to = start + end;
            spans.push(Span {
                range: start..start + end,
                kind: Kind::Secret,
                why: "a key with the prefix of a vendor",
            });
            continue;
        }
        // A long run without a key is examined at its first few places only.
        if start >= run_end {
            let run = rest.iter().take(KEY_BYTES_MAX).take_while(|byte| Base64.has(**byte)).count();
            (run_end, looks) = (start + run, 0);
        }
        looks += 1;
        if looks >= LOOKS_MAX {
            read_to = run_end;
        }
    }
}

/// Where a key may begin: at a word, and after the escape sequence that colours it in a terminal (`\x1b[93msk-…`).
fn beginnings(scanned: &Scanned) -> Vec<usize> {
    let words = scanned.key_anchors.iter().map(|anchor| scanned.tokens[*anchor as usize].range());
    let mut starts: Vec<usize> = words.map(|word| word.start + ascii_start(&scanned.bytes()[word])).collect();
    if scanned.has_sign(b'[') {
        let coloured = scanned.numbers.iter().filter_map(|index| {
            let token = &scanned.tokens[*index as usize];
            let digits = scanned.bytes()[token.range()].iter().take(3).take_while(|byte| byte.is_ascii_digit()).count();
            let start = token.start() + digits + 1;
            let is_colour =
                matches!(scanned.byte_before(token.start()), b'[' | b';') && scanned.byte_at(start - 1) == b'm';
            (is_colour && KEY_PREFIXES.may_begin(head(scanned.bytes().get(start..).unwrap_or_default())))
                .then_some(start)
        });
        let anchors = starts.len();
        starts.extend(coloured);
        if starts.len() > anchors {
            starts.sort_unstable();
        }
    }
    starts
}

/// The prefix and the vendor of the key that a value begins with.
pub(crate) fn vendor_of(value: &str) -> Option<(&'static str, &'static str)> {
    let bytes = value.as_bytes();
    let (_, (prefix, .., vendor)) = key(&bytes[..bytes.len().min(KEY_BYTES_MAX)])?;
    Some((prefix, vendor))
}

/// The length of the vendor's key at the beginning of `bytes`.
fn key_end(bytes: &[u8]) -> Option<usize> {
    key(bytes).map(|(end, _)| end)
}

/// The length of the vendor's key at the beginning of `bytes`, and its row in the table.
fn key(bytes: &[u8]) -> Option<(usize, Row)> {
    KEY_PREFIXES.matching(head(bytes)).find_map(|index| {
        let row = *KEYS.get(index)?;
        let (prefix, chars_min, of, _) = row;
        let body = bytes.strip_prefix(prefix.as_bytes())?;
        let length = body.iter().position(|byte| !of.has(*byte)).unwrap_or(body.len());
        let body = if length == chars_min { &body[..length] } else { trimmed(&body[..length]) };
        let key = &bytes[..prefix.len() + body.len()];
        let is_key = body.len() >= chars_min
            && (has_right_checksum(prefix, body) || looks_generated(prefix, body, of) && !is_example_value(key));
        // The keys of AWS all have one length; a longer run of capitals is something else.
        let fits = of != Upper || chars_min > 17 || body.len() <= 20;
        // A prefix of two letters is weak, so the length must fit exactly.
        let is_whole = prefix.len() > 2 || body.len() == chars_min;
        (is_key && fits && is_whole).then_some((key.len(), row))
    })
}

/// Whether the key has a checksum and it is right. Then it is a key, however regular it looks.
fn has_right_checksum(prefix: &str, body: &[u8]) -> bool {
    matches!(prefix, "ghp_" | "gho_" | "ghu_" | "ghs_" | "ghr_" | "npm_") && crc32_base62(body)
}

/// Whether the last six characters are the CRC-32 (ISO 3309) of the others in base 62, as in the tokens of GitHub and npm.
fn crc32_base62(token: &[u8]) -> bool {
    const DIGITS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let Some((body, check)) = token.split_last_chunk::<6>() else { return false };
    let crc = body.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| crc >> 1 ^ if crc & 1 == 1 { 0xEDB8_8320 } else { 0 })
    });
    let written = check
        .iter()
        .try_fold(0_u64, |number, digit| Some(number * 62 + DIGITS.iter().position(|known| known == digit)? as u64));
    written == Some(u64::from(!crc))
}

/// Whether the part after the prefix looks generated. After a long prefix nearly anything does; after a short one it must not be made
/// of words.
fn looks_generated(prefix: &str, body: &[u8], of: Alphabet) -> bool {
    let has_digits = char_classes::digits(body) >= 2;
    // After a prefix of two, as `s.`, a name in a program may follow.
    let is_weak = prefix.len() == 2 && !has_digits;
    (looks_random(body) || prefix.len() >= 6 && of != Dotted || of == Upper)
        && !is_weak
        && char_classes::distinct_bytes(body) >= DISTINCT_MIN
}

/// The part without the punctuation after it.
fn trimmed(body: &[u8]) -> &[u8] {
    let end = body.iter().rposition(|byte| !matches!(byte, b'.' | b'-' | b',')).map_or(0, |last| last + 1);
    &body[..end]
}

/// Whether there are digits, or capitals in odd places, or many capitals: not so in words joined by hyphens.
fn looks_random(body: &[u8]) -> bool {
    let digits = char_classes::digits(body);
    let switches = char_classes::capitals_after_small(body);
    digits >= 2
        || switches >= 2
        || body.len() >= 16 && body.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::found_by;

    #[test]
    fn a_key_of_each_row_is_found_whole_and_a_shorter_one_is_not_found() {
        for (prefix, length, of, _) in KEYS {
            let key = format!("{prefix}{}", of.sample(*length));
            for text in [key.clone(), format!("see \"{key}\", ok"), format!("x={key}\ny"), format!("値は{key}です")]
            {
                let spans = found_by(find, &KEY_PREFIXES, &text);
                let is_whole = spans.iter().any(|span| text[span.range.clone()].contains(&key));
                assert!(is_whole, "{key} in {text:?}: {spans:?}");
            }
            let short = format!("{prefix}{}", of.sample(length - 1));
            let others = KEYS.iter().filter(|(other, ..)| short.starts_with(other)).count() - 1;
            assert!(others > 0 || key_end(short.as_bytes()).is_none(), "{short} is shorter than {prefix}'s");
        }
    }

    #[test]
    fn every_row_is_reached() {
        for (prefix, length, of, _) in KEYS {
            let key = format!("{prefix}{}", of.sample(*length));
            assert!(KEY_PREFIXES.may_begin(head(key.as_bytes())), "{prefix}");
            assert_eq!(key_end(key.as_bytes()), Some(key.len()), "{key}");
        }
    }

    #[test]
    fn a_right_checksum_counts_more_than_regular_characters() {
        let token = format!("ghp_{}2C8GjS", "0".repeat(30));
        assert!(crc32_base62(&token.as_bytes()[4..]));
        assert_eq!(key_end(token.as_bytes()), Some(token.len()));
        assert_eq!(key_end(format!("ghp_{}2C8GjT", "0".repeat(30)).as_bytes()), None);
    }
}
