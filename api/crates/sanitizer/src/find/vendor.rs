//! Vendors' keys: each says by its prefix whose it is.

use std::sync::LazyLock;

use super::{
    Kind, Span, checksum,
    dummy::is_dummy,
    lex::Lexed,
    private_key,
    vendor_keys::{
        KEYS,
        Of::{self, Base64, Dotted, Upper},
    },
};

/// How much is read to tell whether a key is one.
const KEY_BYTES_MAX: usize = 512;
/// How often a long run is looked at, where no look found a key.
const LOOKS_MAX: u32 = 8;
/// The fewest different characters in a key.
const DISTINCT_MIN: u32 = 5;

pub(super) static BEGINNINGS: LazyLock<Beginnings> = LazyLock::new(|| {
    let mut bits = [0; 1024];
    for prefix in KEYS.iter().map(|(prefix, ..)| prefix).chain(&private_key::BEGINNINGS) {
        // Anything may follow a prefix of two.
        let thirds = prefix.as_bytes().get(2).map_or(0..=u8::MAX, |third| *third..=*third);
        for third in thirds {
            let slot = slot(head(&[prefix.as_bytes()[0], prefix.as_bytes()[1], third]));
            bits[slot >> 6] |= 1 << (slot & 63);
        }
    }
    Beginnings(bits)
});

/// Whether a vendor's key or a private one may begin with three bytes, as a bit for each hash of three.
#[derive(Debug)]
pub(super) struct Beginnings([u64; 1024]);

impl Beginnings {
    /// Whether a vendor's key or a private one may begin with the four bytes of `head`: a quick no for nearly every word.
    #[inline]
    pub(super) fn may_be(&self, head: u32) -> bool {
        let slot = slot(head);
        self.0[slot >> 6] >> (slot & 63) & 1 == 1 && is_beginning(head)
    }
}

/// Up to four bytes of a prefix, which are compared at once.
struct Prefix {
    head: u32,
    mask: u32,
}

impl Prefix {
    fn new(prefix: &str) -> Self {
        Self { head: head(prefix.as_bytes()), mask: head(&[u8::MAX; 4][..prefix.len().min(4)]) }
    }

    fn begins(&self, other: u32) -> bool {
        other & self.mask == self.head
    }
}

/// The rows of [`KEYS`] by their first byte.
static BY_FIRST: LazyLock<[Vec<(Prefix, usize)>; 256]> = LazyLock::new(|| {
    let mut by_first = [const { Vec::new() }; 256];
    for (index, (prefix, ..)) in KEYS.iter().enumerate() {
        by_first[usize::from(prefix.as_bytes()[0])].push((Prefix::new(prefix), index));
    }
    by_first
});

/// The first four bytes, the first the lowest.
fn head(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).rev().fold(0, |head, byte| head << 8 | u32::from(*byte))
}

/// The rows whose keys may begin with the four bytes of `head`.
fn rows(head: u32) -> impl Iterator<Item = usize> {
    let rows = BY_FIRST[usize::from(head as u8)].iter();
    rows.filter(move |(prefix, _)| prefix.begins(head)).map(|(_, index)| *index)
}

/// The bit of the three lowest bytes.
fn slot(head: u32) -> usize {
    ((head << 8).wrapping_mul(0x9E37_79B1) >> 16) as usize
}

/// Where a key may begin in a word that scripts share, as in `値はghp_…`.
pub(super) fn ascii_within(word: &[u8]) -> usize {
    word.iter().position(u8::is_ascii).unwrap_or(word.len())
}

/// Cold, for the hash turns nearly every word away.
#[cold]
fn is_beginning(head: u32) -> bool {
    rows(head).next().is_some() || private_key::BEGINNINGS.iter().any(|beginning| Prefix::new(beginning).begins(head))
}

pub(super) fn find(lexed: &Lexed, spans: &mut Vec<Span>) {
    let mut read_to = 0;
    let (mut run_end, mut looks) = (0, 0);
    for start in beginnings(lexed) {
        if start < read_to {
            continue;
        }
        let rest = &lexed.bytes()[start..];
        if let Some(end) = key_end(&rest[..rest.len().min(KEY_BYTES_MAX)]) {
            // Some keys are longer than what tells that they are keys.
            let more = rest[end..].iter().position(|byte| !Base64.takes(*byte)).unwrap_or(rest.len() - end);
            let end = if end + 4 >= KEY_BYTES_MAX { end + more } else { end };
            read_to = start + end;
            spans.push(Span { range: start..start + end, kind: Kind::Secret, why: "a vendor's key" });
            continue;
        }
        // In a long run that is no key, not every place is worth a look.
        if start >= run_end {
            let run = rest.iter().take(KEY_BYTES_MAX).take_while(|byte| Base64.takes(**byte)).count();
            (run_end, looks) = (start + run, 0);
        }
        looks += 1;
        if looks >= LOOKS_MAX {
            read_to = run_end;
        }
    }
}

/// Where a key may begin: at a word, and behind the sign that colours it in a terminal (`\x1b[93msk-…`).
fn beginnings(lexed: &Lexed) -> Vec<usize> {
    let words = lexed.key_anchors.iter().map(|anchor| lexed.tokens[*anchor as usize].range());
    let mut starts: Vec<usize> = words.map(|word| word.start + ascii_within(&lexed.bytes()[word])).collect();
    if lexed.has_sign(b'[') {
        let coloured = lexed.numbers.iter().filter_map(|index| {
            let token = &lexed.tokens[*index as usize];
            let digits = lexed.bytes()[token.range()].iter().take(3).take_while(|byte| byte.is_ascii_digit()).count();
            let start = token.start() + digits + 1;
            let is_colour = matches!(lexed.byte_before(token.start()), b'[' | b';') && lexed.byte_at(start - 1) == b'm';
            (is_colour && BEGINNINGS.may_be(head(lexed.bytes().get(start..).unwrap_or_default()))).then_some(start)
        });
        let anchors = starts.len();
        starts.extend(coloured);
        if starts.len() > anchors {
            starts.sort_unstable();
        }
    }
    starts
}

/// The length of the vendor's key that `bytes` begin with.
fn key_end(bytes: &[u8]) -> Option<usize> {
    rows(head(bytes)).find_map(|index| {
        let (prefix, chars_min, of) = KEYS[index];
        let body = bytes.strip_prefix(prefix.as_bytes())?;
        let length = body.iter().position(|byte| !of.takes(*byte)).unwrap_or(body.len());
        let body = if length == chars_min { &body[..length] } else { trimmed(&body[..length]) };
        let key = &bytes[..prefix.len() + body.len()];
        let is_key =
            body.len() >= chars_min && (proves_itself(prefix, body) || looks_made(prefix, body, of) && !is_dummy(key));
        // AWS's keys have one length; a longer run of capitals is something else.
        let fits = of != Upper || chars_min > 17 || body.len() <= 20;
        // Two letters are a weak prefix: nothing may follow or be left over.
        let is_whole = prefix.len() > 2 || body.len() == chars_min;
        (is_key && fits && is_whole).then_some(key.len())
    })
}

/// Whether the key's checksum is right: it is one then, whatever it looks like.
fn proves_itself(prefix: &str, body: &[u8]) -> bool {
    matches!(prefix, "ghp_" | "gho_" | "ghu_" | "ghs_" | "ghr_" | "npm_") && checksum::crc32_base62(body)
}

/// A long prefix says enough; after a short one, words must not pass.
fn looks_made(prefix: &str, body: &[u8], of: Of) -> bool {
    let has_digits = body.iter().filter(|byte| byte.is_ascii_digit()).count() >= 2;
    // `s.` is what a program may call a thing.
    let is_weak = prefix.len() == 2 && !has_digits;
    (looks_random(body) || prefix.len() >= 6 && of != Dotted || of == Upper)
        && !is_weak
        && distinct(body) >= DISTINCT_MIN
}

fn distinct(body: &[u8]) -> u32 {
    body.iter().fold(0_u128, |seen, byte| seen | 1 << (byte & 127)).count_ones()
}

fn trimmed(body: &[u8]) -> &[u8] {
    let end = body.iter().rposition(|byte| !matches!(byte, b'.' | b'-' | b',')).map_or(0, |last| last + 1);
    &body[..end]
}

/// A key has digits and letters; words joined by hyphens do not.
fn looks_random(body: &[u8]) -> bool {
    let digits = body.iter().filter(|byte| byte.is_ascii_digit()).count();
    let switches = body.windows(2).filter(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase()).count();
    digits >= 2 || switches >= 2 || body.len() >= 16 && body.iter().all(|byte| byte.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::find::{Scope, find};

    #[test]
    fn a_key_of_each_row_is_found_whole_and_a_short_one_is_not_a_vendors() {
        for (prefix, length, of) in KEYS {
            let key = format!("{prefix}{}", of.sample(*length));
            for text in [key.clone(), format!("see \"{key}\", ok"), format!("x={key}\ny"), format!("値は{key}です")]
            {
                let spans = find(&text, Scope::Text);
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
        for (prefix, length, of) in KEYS {
            let key = format!("{prefix}{}", of.sample(*length));
            assert!(BEGINNINGS.may_be(head(key.as_bytes())), "{prefix}");
            assert_eq!(key_end(key.as_bytes()), Some(key.len()), "{key}");
        }
    }

    #[test]
    fn a_right_checksum_makes_up_for_odd_looks() {
        let token = format!("ghp_{}2C8GjS", "0".repeat(30));
        assert!(checksum::crc32_base62(&token.as_bytes()[4..]));
        assert_eq!(key_end(token.as_bytes()), Some(token.len()));
        assert_eq!(key_end(format!("ghp_{}2C8GjT", "0".repeat(30)).as_bytes()), None);
    }
}
