//! Finds the lines of a person. Their ids, as they may be stored, are searched for in the bytes of a line before it is parsed.

use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;
use anyhow::{Context, ensure};
use journal::{json_line::to_line, pseudonym_key::PseudonymKeys, training_record::UNKNOWN};
use misfire_sanitizer::distinct_id::{is_pseudonym, pseudonym};
use serde::Deserialize;
use uuid::Uuid;

/// Everything that a person's lines may have as `distinct_id`.
#[derive(Debug)]
pub(crate) struct Person {
    stored: BTreeSet<String>,
    is_given_by_pseudonym: bool,
    needles: AhoCorasick,
}

/// The key that names the owner of a line, in the data and in the quarantine.
#[derive(Deserialize)]
struct LineOwner {
    distinct_id: String,
    #[serde(default)]
    uuid: String,
}

/// The uuid of a row and of what it judges.
#[derive(Deserialize)]
struct Judges {
    uuid: Uuid,
    about: String,
}

/// The uuid of a row, and that of the event which it judges; `None` for a line that judges nothing. Rows are told by their beginning, so
/// that others are not parsed.
pub(crate) fn judges(line: &[u8]) -> Option<(Uuid, Uuid)> {
    const BEGINNING_BYTES: usize = 256;
    let beginning = &line[..line.len().min(BEGINNING_BYTES)];
    let about = &beginning[memchr::memmem::find(beginning, b"\"about\":")?..];
    if about.starts_with(b"\"about\":\"\"") {
        return None;
    }
    let Judges { uuid, about } = serde_json::from_slice(line).ok()?;
    Some((uuid, about.parse().ok()?))
}

impl Person {
    /// A person by ids as PostHog knows them, or as they are stored. An id may be stored as it is, or as its pseudonym under one of
    /// the keys: that depends on the id, and on the key and the policy of that time.
    ///
    /// # Errors
    /// When an id is empty, or the one that stands for everybody without an id.
    pub(crate) fn new(ids: &[String], keys: &PseudonymKeys) -> anyhow::Result<Self> {
        for id in ids {
            ensure!(!id.trim().is_empty(), "an id is empty");
            ensure!(id != UNKNOWN, "{UNKNOWN:?} is nobody's id: it stands where an event had none");
        }
        let mut stored: BTreeSet<_> = ids.iter().cloned().collect();
        stored.extend(keys.all().flat_map(|key| ids.iter().map(|id| pseudonym(id, key))));
        // As the writer spells them: a line holds exactly this text, with its quotes.
        let texts = stored.iter().map(|id| to_line(id).trim_ascii_end().to_vec());
        let needles = AhoCorasick::new(texts).context("the ids are too many, or too long")?;
        Ok(Self { stored, is_given_by_pseudonym: ids.iter().any(|id| is_pseudonym(id)), needles })
    }

    /// The ids as they may be stored.
    pub(crate) fn stored(&self) -> Vec<String> {
        self.stored.iter().cloned().collect()
    }

    /// Whether one of the ids was given as a pseudonym, of whatever key.
    pub(crate) fn is_given_by_pseudonym(&self) -> bool {
        self.is_given_by_pseudonym
    }

    /// Whether these bytes contain one of the ids in quotes.
    pub(crate) fn is_named_in(&self, bytes: &[u8]) -> bool {
        self.needles.is_match(bytes)
    }

    /// The uuid of a line that is this person's (nil, if it has none); `None` for another's line.
    ///
    /// # Errors
    /// When the line contains one of the ids, or one with escapes, and cannot be parsed.
    pub(crate) fn owned(&self, line: &[u8]) -> anyhow::Result<Option<Uuid>> {
        // Somebody else may have written the id with escapes: `\u0065d_1`.
        let is_escaped = || owner_of_torn(line).is_some_and(|id| id.contains(&b'\\'));
        if !self.is_named_in(line) && !is_escaped() {
            return Ok(None);
        }
        let owner: LineOwner =
            serde_json::from_slice(line).context("it may be the person's, and is no line that misfire wrote")?;
        Ok(self.stored.contains(&owner.distinct_id).then(|| owner.uuid.parse().unwrap_or_default()))
    }

    /// Whether a torn end of a file may be this person's: it names them, or a piece of it does not show whose it is.
    pub(crate) fn may_own_torn(&self, bytes: &[u8]) -> bool {
        let is_anothers = |piece: &[u8]| piece.iter().all(|byte| *byte == 0) || owner_of_torn(piece).is_some();
        self.is_named_in(bytes) || !bytes.split(|byte| *byte == b'\n').all(is_anothers)
    }
}

/// The owner's id in a piece of a line. Within a text of the line the quotes of such a key would be escaped.
fn owner_of_torn(piece: &[u8]) -> Option<&[u8]> {
    const KEY: &[u8] = b"\"distinct_id\":\"";
    let id = &piece[memchr::memmem::rfind(piece, KEY)? + KEY.len()..];
    Some(&id[..memchr::memchr(b'"', id)?])
}

#[cfg(test)]
mod tests {
    use misfire_sanitizer::PseudonymKey;

    use super::*;

    fn key(byte: u8) -> PseudonymKey {
        PseudonymKey::new([byte; 16]).unwrap()
    }

    fn person(ids: &[&str]) -> Person {
        let ids: Vec<_> = ids.iter().map(ToString::to_string).collect();
        Person::new(&ids, &PseudonymKeys { current: key(b'2'), older: vec![key(b'1')] }).unwrap()
    }

    fn line(distinct_id: &str, prompt: &str) -> Vec<u8> {
        let line = serde_json::json!({"input_prompt": prompt, "distinct_id": distinct_id, "uuid": Uuid::from_u128(7)});
        serde_json::to_vec(&line).unwrap()
    }

    #[test]
    fn a_line_is_owned_by_its_id_as_it_is_or_by_its_pseudonym_under_any_key_and_by_nothing_else() {
        let person = person(&["user_1", "Jane@Example.com"]);
        let owned = |id: &str, prompt: &str| person.owned(&line(id, prompt)).unwrap() == Some(Uuid::from_u128(7));
        assert!(owned("user_1", "") && owned(&pseudonym("user_1", &key(b'1')), ""));
        assert!(owned(&pseudonym("jane@example.com", &key(b'2')), ""));
        assert!(!owned("user_10", "") && !owned("auser_1", ""));
        assert!(!owned("user_2", "user_1") && !owned("user_2", "\"user_1\""));
        assert!(!owned("user_2", r#"{"distinct_id":"user_1"}"#));
    }

    #[test]
    fn an_id_with_anything_in_it_is_found_as_the_writer_spells_it() {
        for id in ["a \"b\" \\", "\u{2028}", "münchen", "\n"] {
            let id = format!("x{id}");
            let line = to_line(&serde_json::json!({"distinct_id": id}));
            assert!(person(&[&id]).owned(&line).unwrap().is_some(), "{id:?}");
        }
    }

    #[test]
    fn an_id_that_somebody_else_wrote_with_escapes_is_found() {
        let line = br#"{"distinct_id":"\u0075ser_1"}"#;
        assert!(
            person(&["user_1"]).owned(line).unwrap().is_some() && person(&["user_2"]).owned(line).unwrap().is_none()
        );
    }

    #[test]
    fn everybody_is_nobody() {
        assert!(Person::new(&["unknown".into()], &key(b'1').into()).is_err());
        assert!(Person::new(&[" ".into()], &key(b'1').into()).is_err());
    }

    #[test]
    fn what_names_the_person_and_cannot_be_read_is_told() {
        assert!(person(&["user_1"]).owned(b"{\"distinct_id\":\"user_1\"").is_err());
    }

    #[test]
    fn a_torn_end_belongs_to_everybody_unless_it_shows_whose_it_is() {
        let person = person(&["user_1"]);
        assert!(person.may_own_torn(b"{\"input_prompt\":\"my diary\",\"distinct_id\":\"use"));
        assert!(person.may_own_torn(&line("user_1", "")));
        assert!(person.may_own_torn(&line("user_2", "")[..20]));
        assert!(!person.may_own_torn(&[line("user_2", ""), b"\n".to_vec(), line("user_3", "")].concat()));
        assert!(!person.may_own_torn(b"\0\0,\"distinct_id\":\"user_2\",\"uu"));
    }
}
