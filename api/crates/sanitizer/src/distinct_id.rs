//! The rule for `distinct_id`: an id that looks like an id is kept, anything else is pseudonymised. Never a placeholder,
//! for then all users would become one.

use std::{fmt, sync::LazyLock};

use hmac::{Hmac, KeyInit, Mac};
use regex::Regex;
use sha2::Sha256;
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use crate::{
    find,
    policy::{DistinctIdRule, Policy},
};

/// The key of the pseudonyms. Whoever has it can test whether a line is a given person's.
#[derive(Clone)]
pub struct PseudonymKey(Vec<u8>);

impl PseudonymKey {
    /// The fewest bytes of a key; a shorter one could be guessed.
    pub const BYTES_MIN: usize = 16;

    /// Takes a key of [`Self::BYTES_MIN`] bytes or more; `None` for a shorter one.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Option<Self> {
        let bytes = bytes.into();
        (bytes.len() >= Self::BYTES_MIN).then_some(Self(bytes))
    }

    /// HMAC-SHA-256 of a text, in hex, for a purpose of its own: a hash for one purpose says nothing about another's.
    pub fn hash(&self, purpose: &str, text: &str) -> String {
        hex(&self.mac(&[purpose.as_bytes(), b"\0", text.as_bytes()]))
    }

    fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        parts.iter().for_each(|part| mac.update(part));
        mac.finalize().into_bytes().into()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

impl fmt::Debug for PseudonymKey {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("PseudonymKey(***)")
    }
}

/// A part of an id that is shorter is no number of anything else: cards, phones and ids have more digits.
const FINDING_BYTES_MIN: usize = 7;
/// What joins the words of an id.
const SEPARATORS: [char; 6] = ['_', ':', '|', '.', '/', '-'];
/// Words joined with one part, the last, of digits or of 8 hex digits or more: `user_1007`, `worker:job-88213`,
/// `node-1a2b3c4d`. More parts of digits would let phone numbers and dates through.
static WORDS_WITH_A_NUMBER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(?:[A-Za-z]+[_:|./-])+(?:[0-9]+|[0-9A-Fa-f]{8,})$").expect("the pattern is valid"));
/// A ULID: 26 digits of Crockford's base 32, the first at most 7.
static ULID: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}$").expect("the pattern is valid"));

/// The id as it may stand in a line.
pub fn sanitize(id: &str, key: &PseudonymKey, policy: &Policy) -> String {
    if is_kept(id, policy.distinct_id) { id.to_owned() } else { pseudonym(id, key) }
}

/// Whether an id that stands in a line is one that [`sanitize`] would have written.
pub fn is_sanitized(id: &str, policy: &Policy) -> bool {
    is_pseudonym(id) || is_kept(id, policy.distinct_id)
}

fn is_kept(id: &str, rule: DistinctIdRule) -> bool {
    // A card's number is shaped like an id too, alone or after a word.
    let parts = || id.split(SEPARATORS).filter(|part| part.len() >= FINDING_BYTES_MIN);
    let holds_nothing = || parts().all(|part| find::find(part, find::Scope::Field).is_empty());
    match rule {
        DistinctIdRule::Auto => is_shaped_like_an_id(id) && holds_nothing(),
        DistinctIdRule::Keep => true,
        DistinctIdRule::Hash => false,
    }
}

fn is_pseudonym(id: &str) -> bool {
    let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    id.strip_prefix("u_").is_some_and(|hex| hex.len() == 32 && hex.bytes().all(is_hex))
}

fn is_shaped_like_an_id(id: &str) -> bool {
    let is_number = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    // Of the forms that `Uuid` reads, only the hyphenated one is what products use as an id.
    let is_uuid = id.len() == 36 && Uuid::try_parse(id).is_ok();
    is_number || is_uuid || ULID.is_match(id) || WORDS_WITH_A_NUMBER.is_match(id)
}

/// `u_` and 128 bits, in hex, of HMAC-SHA-256 over the id in one spelling, so that one user's lines can still be joined.
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

    #[test]
    fn the_policy_may_keep_every_id_or_none() {
        assert_eq!(super::sanitize("jdoe", &key(), &Policy::parse("distinct_id = \"keep\"").unwrap()), "jdoe");
        assert!(
            super::sanitize("user_1007", &key(), &Policy::parse("distinct_id = \"hash\"").unwrap()).starts_with("u_")
        );
    }

    fn key() -> PseudonymKey {
        PseudonymKey::new(*b"0123456789abcdef").unwrap()
    }

    #[test]
    fn ids_are_kept() {
        for id in [
            "user_1007",
            "worker:job-88213",
            "node-1a2b3c4d",
            "23",
            "01a1f0c2-7d10-7b3e-9a55-0c6f1be2d301",
            "01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "auth|5f7c8ec7c33c6c004bbafe82",
        ] {
            assert_eq!(sanitize(id, &key()), id);
        }
    }

    #[test]
    fn what_may_be_a_person_becomes_a_pseudonym() {
        for id in [
            "jane@example.com",
            "jdoe",
            "Jane Doe",
            "jane.doe",
            "",
            "usér_1",
            "node-1a2b3c4",
            "tel-415-555-0123",
            "123-45-6789",
            "card_4111111111111111",
            "81ARZ3NDEKTSV4RRFFQ69G5FAV",
        ] {
            let pseudonym = sanitize(id, &key());
            assert!(pseudonym.starts_with("u_") && pseudonym.len() == 34, "{id} became {pseudonym}");
        }
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
