//! Whose line is it? A person's ids, as they may stand in the data, are looked for in the bytes of a line before it is read.

use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;
use anyhow::{Context, ensure};
use journal::{json_line::to_line, training_record::UNKNOWN};
use misfire_sanitizer::{PseudonymKey, distinct_id::pseudonym};
use serde::Deserialize;

/// Everything that a person's lines may have as `distinct_id`.
#[derive(Debug)]
pub(super) struct Person {
    stored: BTreeSet<String>,
    needles: AhoCorasick,
}

/// What tells whose line it is, in the data and in the quarantine.
#[derive(Deserialize)]
struct LineOwner {
    distinct_id: String,
}

impl Person {
    /// A person by ids as PostHog knows them, or as they stand in the data. Each may stand there as it is, or as its pseudonym: that
    /// depends on the id, and on the policy that was in force.
    ///
    /// # Errors
    /// When an id is empty, or the one that stands for everybody without an id.
    pub(super) fn new(ids: &[String], key: &PseudonymKey) -> anyhow::Result<Self> {
        for id in ids {
            ensure!(!id.trim().is_empty(), "an id is empty");
            ensure!(id != UNKNOWN, "{UNKNOWN:?} is nobody's id: it stands where an event had none");
        }
        let stored: BTreeSet<_> = ids.iter().flat_map(|id| [id.clone(), pseudonym(id, key)]).collect();
        // As the writer spells it: what stands in a line is always this text, its quotes included.
        let texts = stored.iter().map(|id| to_line(id).trim_ascii_end().to_vec());
        let needles = AhoCorasick::new(texts).context("the ids are too many, or too long")?;
        Ok(Self { stored, needles })
    }

    /// The ids as they may stand in the data.
    pub(super) fn stored(&self) -> Vec<String> {
        self.stored.iter().cloned().collect()
    }

    /// Whether one of the ids stands in these bytes, quoted.
    pub(super) fn is_named_in(&self, bytes: &[u8]) -> bool {
        self.needles.is_match(bytes)
    }

    /// Whether a line of the data or of the quarantine is this person's.
    ///
    /// # Errors
    /// When one of the ids stands in it and it cannot be read.
    pub(super) fn owns(&self, line: &[u8]) -> anyhow::Result<bool> {
        if !self.is_named_in(line) {
            return Ok(false);
        }
        let owner: LineOwner =
            serde_json::from_slice(line).context("the person's id stands in it, and it is no line of misfire's")?;
        Ok(self.stored.contains(&owner.distinct_id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> PseudonymKey {
        PseudonymKey::new(*b"0123456789abcdef").unwrap()
    }

    fn line(distinct_id: &str, prompt: &str) -> Vec<u8> {
        serde_json::to_vec(&serde_json::json!({"input_prompt": prompt, "distinct_id": distinct_id})).unwrap()
    }

    #[test]
    fn a_line_is_owned_by_its_id_as_it_is_or_by_its_pseudonym_and_by_nothing_else() {
        let person = Person::new(&["user_1".into(), "Jane@Example.com".into()], &key()).unwrap();
        let owned = |id: &str, prompt: &str| person.owns(&line(id, prompt)).unwrap();
        assert!(owned("user_1", "") && owned(&pseudonym("user_1", &key()), ""));
        assert!(owned(&pseudonym("jane@example.com", &key()), ""));
        assert!(!owned("user_10", "") && !owned("auser_1", ""));
        assert!(!owned("user_2", "user_1") && !owned("user_2", "\"user_1\""));
        assert!(!owned("user_2", r#"{"distinct_id":"user_1"}"#));
    }

    #[test]
    fn an_id_with_anything_in_it_is_found_as_the_writer_spells_it() {
        for id in ["a \"b\" \\", "\u{2028}", "münchen", "\n"] {
            let person = Person::new(&[format!("x{id}")], &key()).unwrap();
            let line = to_line(&serde_json::json!({"distinct_id": format!("x{id}")}));
            assert!(person.owns(&line).unwrap(), "{id:?}");
        }
    }

    #[test]
    fn everybody_is_nobody() {
        assert!(Person::new(&["unknown".into()], &key()).is_err());
        assert!(Person::new(&[" ".into()], &key()).is_err());
    }

    #[test]
    fn what_names_the_person_and_cannot_be_read_is_told() {
        let person = Person::new(&["user_1".into()], &key()).unwrap();
        assert!(person.owns(b"{\"distinct_id\":\"user_1\"").is_err());
    }
}
