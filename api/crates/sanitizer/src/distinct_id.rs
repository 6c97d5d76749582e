//! The rule for `distinct_id`, the id of a user: an id that is shaped like one and holds nothing personal is kept; anything else
//! becomes a pseudonym. It never becomes a placeholder, because then all users would become one.
//!
//! What is kept: a UUID, a ULID, a number of up to 7 digits, and words that are no names joined with a short number or with random
//! hex digits. `tests/distinct_ids.tsv` is a table of such ids and others.

use std::{fmt, sync::LazyLock};

use hmac::{Hmac, KeyInit, Mac};
use regex::Regex;
use sha2::Sha256;
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use crate::{
    clean::is_clean,
    find::find,
    policy::{DistinctIdRule, Policy},
    scan::name_dictionary::look_up_word,
    span::Scope,
};

/// The key of the pseudonyms. Keep it secret: whoever has it can test whether a line is a given person's. It is held as HMAC's state
/// after the key, which is the same for every text.
#[derive(Clone)]
pub struct PseudonymKey(Hmac<Sha256>);

impl PseudonymKey {
    /// The fewest bytes of a key. A shorter one could be guessed.
    pub const BYTES_MIN: usize = 16;

    /// Makes a key of at least [`Self::BYTES_MIN`] bytes; `None` if there are fewer.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Option<Self> {
        let bytes = bytes.into();
        let is_long_enough = bytes.len() >= Self::BYTES_MIN;
        is_long_enough.then(|| Self(Hmac::new_from_slice(&bytes).expect("HMAC takes a key of any length")))
    }

    /// HMAC-SHA-256 of a text in hex. `purpose` is part of what is hashed, so that hashes for two purposes cannot be compared.
    pub fn hash(&self, purpose: &str, text: &str) -> String {
        hex(&self.mac(&[purpose.as_bytes(), b"\0", text.as_bytes()]))
    }

    fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = self.0.clone();
        parts.iter().for_each(|part| mac.update(part));
        mac.finalize().into_bytes().into()
    }
}

fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from(b"0123456789abcdef"[usize::from(value)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

impl fmt::Debug for PseudonymKey {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("PseudonymKey(***)")
    }
}

/// The shortest part of an id that is searched. Numbers of cards, phones and persons have no fewer digits.
const FINDING_BYTES_MIN: usize = 7;
/// The signs that join the parts of an id.
const SEPARATORS: [char; 6] = ['_', ':', '|', '.', '/', '-'];
/// The longest id that is kept, in characters: PostHog's own limit for a `distinct_id`.
const ID_CHARS_MAX: usize = 200;
/// The longest number that is kept, in digits. Dates have 8, numbers of persons and phones 9 or more.
const NUMBER_DIGITS_MAX: usize = 7;
/// The shortest part that counts as random hex digits. It holds a letter and a digit, as a date does not.
const HEX_DIGITS_MIN: usize = 8;
/// A ULID: 26 digits of Crockford's base 32, the first of which is at most 7.
static ULID: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}$").expect("the pattern is valid"));
/// Words that are names of persons, too, but stand in ids for what they mean.
const WORDS_OF_IDS: [&str; 27] = [
    "alpha", "anon", "beta", "bot", "brand", "case", "cloud", "dev", "driver", "edge", "free", "guest", "job", "key",
    "mac", "okta", "page", "person", "post", "rider", "ruby", "run", "rust", "safari", "server", "trace", "user",
];

/// The id as it may be stored: itself or its pseudonym.
///
/// ```
/// use misfire_sanitizer::{Policy, PseudonymKey, distinct_id};
///
/// let key = PseudonymKey::new(*b"sixteen bytes min").expect("the key is long enough");
/// assert_eq!(distinct_id::sanitize("user_1007", &key, &Policy::default()), "user_1007");
/// assert!(distinct_id::sanitize("jane@example.com", &key, &Policy::default()).starts_with("u_"));
/// ```
pub fn sanitize(id: &str, key: &PseudonymKey, policy: &Policy) -> String {
    if is_kept(id, policy.distinct_id) { id.to_owned() } else { pseudonym(id, key) }
}

/// Whether a stored id is one that [`sanitize`] may have returned.
pub fn is_sanitized(id: &str, policy: &Policy) -> bool {
    is_pseudonym(id) || is_kept(id, policy.distinct_id)
}

fn is_kept(id: &str, rule: DistinctIdRule) -> bool {
    // Any part may be what the finders know: the number of a card, a key.
    let parts = || id.split(SEPARATORS).filter(|part| part.len() >= FINDING_BYTES_MIN);
    let holds_nothing = || parts().all(|part| find(part, Scope::Field).is_empty());
    let is_kept = match rule {
        DistinctIdRule::Auto => is_shaped_like_an_id(id) && holds_nothing(),
        DistinctIdRule::Keep => true,
        DistinctIdRule::Hash => false,
    };
    is_kept && is_clean(id) && id.chars().count() <= ID_CHARS_MAX
}

/// Whether an id has the form of a pseudonym: `u_` and 32 hex digits in small letters.
pub fn is_pseudonym(id: &str) -> bool {
    let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    id.strip_prefix("u_").is_some_and(|hex| hex.len() == 32 && hex.bytes().all(is_hex))
}

fn is_shaped_like_an_id(id: &str) -> bool {
    // `Uuid` reads several forms; products use only the hyphenated one as an id.
    let is_uuid = id.len() == 36 && Uuid::try_parse(id).is_ok();
    is_short_number(id) || is_uuid || ULID.is_match(id) || is_words_with_a_number(id)
}

fn is_short_number(part: &str) -> bool {
    (1..=NUMBER_DIGITS_MAX).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
}

/// Words that are no names, joined with a short number or with random hex digits: `user_1007`, `worker:job-88213`, `node-1a2b3c4d`.
/// One more short number may follow the hex digits: `python-ee719959-0`. More numbers would let phone numbers and dates through.
fn is_words_with_a_number(id: &str) -> bool {
    let parts: Vec<_> = id.split(SEPARATORS).collect();
    match &parts[..] {
        [words @ .., hex, number] if !words.is_empty() && is_random_hex(hex) && is_short_number(number) => {
            words.iter().all(|word| is_word_of_id(word))
        }
        [words @ .., last] if !words.is_empty() && (is_short_number(last) || is_random_hex(last)) => {
            words.iter().all(|word| is_word_of_id(word))
        }
        _ => false,
    }
}

fn is_random_hex(part: &str) -> bool {
    part.len() >= HEX_DIGITS_MIN
        && part.bytes().all(|byte| byte.is_ascii_hexdigit())
        && part.bytes().any(|byte| byte.is_ascii_digit())
        && part.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// A word of ASCII letters, which a digit may end (`auth0`), and which is no name of a person.
fn is_word_of_id(word: &str) -> bool {
    let letters = word.strip_suffix(|last: char| last.is_ascii_digit()).unwrap_or(word);
    let is_word = !letters.is_empty() && letters.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_word && (WORDS_OF_IDS.contains(&&*letters.to_ascii_lowercase()) || !look_up_word(letters).is_name())
}

/// The pseudonym of an id: `u_` and the first 128 bits, in hex, of HMAC-SHA-256 over the id. The id is normalised first (NFC, trimmed,
/// lower case), so that all lines of one user have the same pseudonym.
pub fn pseudonym(id: &str, key: &PseudonymKey) -> String {
    let spelling = id.nfc().collect::<String>().trim().to_lowercase();
    format!("u_{}", hex(&key.mac(&[spelling.as_bytes()])[..16]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sanitize(id: &str, key: &PseudonymKey) -> String {
        super::sanitize(id, key, &Policy::default())
    }

    #[cfg(feature = "policy")]
    #[test]
    fn the_policy_may_keep_every_id_or_none() {
        let keep = Policy::parse("distinct_id = \"keep\"").unwrap();
        assert_eq!(super::sanitize("jdoe", &key(), &keep), "jdoe");
        // A control character may stand in no line.
        assert!(super::sanitize("j\u{7}doe", &key(), &keep).starts_with("u_"));
        assert!(
            super::sanitize("user_1007", &key(), &Policy::parse("distinct_id = \"hash\"").unwrap()).starts_with("u_")
        );
    }

    fn key() -> PseudonymKey {
        PseudonymKey::new(*b"0123456789abcdef").unwrap()
    }

    #[test]
    fn ids_of_products_are_kept_and_what_may_be_a_person_becomes_a_pseudonym() {
        let table = include_str!("../tests/distinct_ids.tsv");
        let rows = table.lines().filter(|line| !line.starts_with('#'));
        let rows: Vec<_> = rows.map(|line| line.split_once('\t').expect("an id, a tab, what becomes of it")).collect();
        assert!(rows.len() >= 200);
        let wrong: Vec<_> = rows
            .iter()
            .filter(|(id, becomes)| {
                let is_kept = sanitize(id, &key()) == *id;
                assert!(matches!(*becomes, "kept" | "pseudonym"), "{id}");
                is_kept != (*becomes == "kept")
            })
            .collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }

    #[test]
    fn both_sides_of_each_bound() {
        let kept = |id: &str| sanitize(id, &key()) == id;
        assert!(kept("1234567") && !kept("12345678"));
        assert!(kept("user_1234567") && !kept("user_12345678"));
        assert!(kept("node-1a2b3c4d") && !kept("node-1a2b3c4"));
        let long = |letters: usize| format!("{}_1", "x".repeat(letters));
        assert!(kept(&long(198)) && !kept(&long(199)));
    }

    #[test]
    fn one_person_has_one_pseudonym_however_the_id_is_spelled() {
        assert_eq!(sanitize(" Jose\u{301}@Example.com ", &key()), sanitize("josé@example.com", &key()));
        assert_ne!(sanitize("jane@example.com", &key()), sanitize("joan@example.com", &key()));
    }

    #[test]
    fn another_key_gives_another_pseudonym() {
        let other = PseudonymKey::new(*b"fedcba9876543210").unwrap();
        assert_ne!(sanitize("jdoe", &key()), sanitize("jdoe", &other));
    }

    #[test]
    fn the_pseudonym_is_hmac_sha_256() {
        // echo -n jdoe | openssl dgst -sha256 -hmac 0123456789abcdef
        assert_eq!(sanitize("jdoe", &key()), "u_445ebeabfc321d23af7dc151ae36e734");
    }

    #[test]
    fn a_short_key_is_refused() {
        assert!(PseudonymKey::new(*b"0123456789abcde").is_none());
    }
}
