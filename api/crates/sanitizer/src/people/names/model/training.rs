//! The way of the training program into the model: the same candidates and the same features.

use std::ops::Range;

use super::{
    candidate::is_candidate,
    features::{self, Features},
    weight,
};
use crate::{scan::scan, secrets::KEY_PREFIXES, span::Scope};

/// A weight of 1 is stored as this.
pub const WEIGHT_ONE: i32 = weight::WEIGHT_ONE;
/// The number of places in the table of weights.
pub const PLACES: usize = 1 << features::TABLE_BITS;

/// A word that may be a name.
#[derive(Debug)]
pub struct Candidate {
    /// Where it stands, in bytes.
    pub range: Range<usize>,
    /// The places of its features in the table of weights.
    pub features: Vec<u32>,
}

/// The words of a text that may be names.
pub fn candidates(text: &str) -> Vec<Candidate> {
    scan(text, Scope::Text, &KEY_PREFIXES, |scanned| {
        let features_of = Features::new(scanned);
        let candidates = (0..scanned.tokens.len()).filter(|index| is_candidate(scanned, *index));
        candidates
            .map(|index| {
                let mut features = Vec::new();
                features_of.of_word(index, |_, place| features.push(place as u32));
                Candidate { range: scanned.tokens[index].range(), features }
            })
            .collect()
    })
}
