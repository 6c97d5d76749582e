//! Which lines are exported, and on which side of a split they are. The choice depends on the data and the options alone, so that it
//! is the same every time.

use journal::{Record, generation::Generation};
use sha2::{Digest, Sha256};

use super::settings::{Settings, Split};
use crate::{failure_family::Families, pairs::Chosen, time_argument::LinePeriod};

/// A part of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    All,
    Train,
    Test,
}

impl Part {
    pub(super) fn of(split: Option<Split>) -> &'static [Self] {
        match split {
            None => &[Self::All],
            Some(_) => &[Self::Train, Self::Test],
        }
    }

    /// The name of its file; Hugging Face datasets knows a split by it.
    pub(super) fn stem(self) -> &'static str {
        match self {
            Self::All => "data",
            Self::Train => "train",
            Self::Test => "test",
        }
    }
}

/// The part of a number that stands for a user: modulo 100 it decides.
pub(super) fn part_of(number: u64, split: Option<Split>) -> Part {
    match split {
        None => Part::All,
        Some(split) if number % 100 < u64::from(split.train_percent) => Part::Train,
        Some(_) => Part::Test,
    }
}

/// The lines that the options choose.
pub(super) struct Selection {
    period: LinePeriod,
    reason: Option<String>,
    models: Vec<String>,
    sample: Option<f64>,
}

impl Selection {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            period: settings.period.of_lines(),
            reason: settings.reason.as_ref().map(|reason| reason.to_lowercase()),
            models: settings.model.iter().map(|model| model.to_lowercase()).collect(),
            sample: settings.sample,
        }
    }

    pub(super) fn chooses(&self, record: &Record<'_>, families: &mut Families) -> bool {
        self.chooses_by(&record.timestamp, &record.failure_reason, &record.uuid, families)
    }

    pub(super) fn chosen(&self, generation: &Generation<'_>, families: &mut Families) -> Chosen {
        let Generation { timestamp, failure_reason, uuid, .. } = generation;
        Chosen {
            is_chosen: self.chooses_by(timestamp, failure_reason, uuid, families),
            is_of_model: self.is_of_model(&generation.model),
        }
    }

    pub(super) fn is_of_model(&self, model: &str) -> bool {
        self.models.is_empty() || self.models.contains(&model.to_lowercase())
    }

    fn chooses_by(&self, timestamp: &str, failure_reason: &str, uuid: &str, families: &mut Families) -> bool {
        let has_reason = |reason: &String| {
            failure_reason.to_lowercase().contains(reason)
                || families.of(failure_reason).to_lowercase().contains(reason)
        };
        self.period.contains(timestamp)
            && self.reason.as_ref().is_none_or(has_reason)
            && self.sample.is_none_or(|percent| is_in_sample(uuid, percent))
    }
}

fn is_in_sample(uuid: &str, percent: f64) -> bool {
    (number_of(uuid) as f64) < percent / 100.0 * 2_f64.powi(64)
}

/// A number that is spread evenly over all of 64 bits, and the same in every version: the first 8 bytes of its SHA-256.
pub(super) fn number_of(text: &str) -> u64 {
    let digest: [u8; 32] = Sha256::digest(text).into();
    digest.first_chunk().map_or(0, |first| u64::from_be_bytes(*first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_split_has_about_the_parts_that_were_asked_for_and_does_not_drift() {
        let split = Some(Split { train_percent: 90 });
        let train =
            (0..10_000).filter(|user| part_of(number_of(&format!("user_{user}")), split) == Part::Train).count();
        assert!((8_900..9_100).contains(&train), "{train}");
        // int.from_bytes(hashlib.sha256(b"user_1007").digest()[:8]) % 100
        assert_eq!(number_of("user_1007") % 100, 78);
    }

    #[test]
    fn a_larger_sample_holds_the_smaller_one() {
        let uuids: Vec<_> = (0..10_000).map(|number| uuid::Uuid::from_u128(number).to_string()).collect();
        let sample = |percent| uuids.iter().filter(|uuid| is_in_sample(uuid, percent)).collect::<Vec<_>>();
        let (small, large) = (sample(1.0), sample(10.0));
        assert!((70..130).contains(&small.len()) && (900..1_100).contains(&large.len()));
        assert!(small.iter().all(|uuid| large.contains(uuid)));
        assert_eq!(sample(100.0).len(), 10_000);
    }
}
