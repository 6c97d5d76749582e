//! Says which words decided that the model took a word for a name: the features are put together by what they look at, and their
//! weights added up.

use super::{
    candidate::is_candidate,
    features::Features,
    weight::{WEIGHT_ONE, WEIGHTS},
};
use crate::scan::Scanned;

/// How many reasons are given.
const REASONS_MAX: usize = 3;

/// What a feature looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// The letters of the word.
    Word,
    /// Its case and its entries in the lists of names.
    Form,
    /// The word so many places after it, or before it if negative.
    Neighbour(isize),
    /// The words on both sides, together.
    Neighbours,
    Signs,
    Sentence,
    Text,
}

const PARTS: [Part; 10] = [
    Part::Word,
    Part::Form,
    Part::Neighbour(-2),
    Part::Neighbour(-1),
    Part::Neighbour(1),
    Part::Neighbour(2),
    Part::Neighbours,
    Part::Signs,
    Part::Sentence,
    Part::Text,
];

impl Part {
    /// The part that a template of [`Features::of_word`] looks at. `None` for the feature that every word has.
    fn of(template: u64) -> Option<Self> {
        Some(match template {
            0 => return None,
            3 | 13 => Self::Form,
            1..=12 => Self::Word,
            14 | 18 | 22 => Self::Neighbour(-2),
            15 | 19 | 23 | 27 | 30 | 33 => Self::Neighbour(-1),
            16 | 20 | 24 | 28 | 31 | 32 => Self::Neighbour(1),
            17 | 21 | 25 => Self::Neighbour(2),
            26 | 29 => Self::Neighbours,
            34..=38 => Self::Signs,
            39..=42 => Self::Sentence,
            _ => Self::Text,
        })
    }

    fn in_words(self, scanned: &Scanned, index: usize) -> String {
        let at = |steps: isize| match index.checked_add_signed(steps).filter(|at| *at < scanned.tokens.len()) {
            Some(at) => format!("{:?}", scanned.token_text(at)),
            None => "the end of the text".to_owned(),
        };
        match self {
            Self::Word => format!("the word {}", at(0)),
            Self::Form => format!("how {} is written and listed", at(0)),
            Self::Neighbour(steps @ ..0) => format!("{} before it", at(steps)),
            Self::Neighbour(steps) => format!("{} after it", at(steps)),
            Self::Neighbours => format!("{} and {} around it", at(-1), at(1)),
            Self::Signs => "the signs around it".to_owned(),
            Self::Sentence => "its place in the sentence".to_owned(),
            Self::Text => "the kind of the text".to_owned(),
        }
    }
}

/// What spoke most for the tokens `first` to `last` being a name, the strongest first, each with its weight: how much it adds to the
/// logarithm of the odds.
pub(crate) fn explain(scanned: &Scanned, first: usize, last: usize) -> Vec<String> {
    let features = Features::new(scanned);
    let mut reasons = Vec::new();
    for index in (first..=last).filter(|index| is_candidate(scanned, *index)) {
        let mut sums = [0; PARTS.len()];
        features.of_word(index, |template, place| {
            let part = Part::of(template).and_then(|part| PARTS.iter().position(|known| *known == part));
            if let Some(part) = part {
                sums[part] += i32::from(WEIGHTS[place].cast_signed());
            }
        });
        reasons.extend(PARTS.into_iter().zip(sums).filter(|(_, sum)| *sum > 0).map(|(part, sum)| (sum, part, index)));
    }
    reasons.sort_by_key(|(sum, _, index)| (-sum, *index));
    let in_words = |(sum, part, index): (i32, Part, usize)| {
        format!("{} +{:.1}", part.in_words(scanned, index), f64::from(sum) / f64::from(WEIGHT_ONE))
    };
    reasons.into_iter().take(REASONS_MAX).map(in_words).collect()
}
