//! A model of names: whether a word is a part of a person's name, by its letters and by the words around it.
//!
//! It is a logistic regression over hashed features. The weights are trained by `examples/train_names`; what they are trained on,
//! what they reach and what they are bad at stands in `MODEL_CARD.md`. All arithmetic is on integers, so a score is the same on
//! every machine.

mod candidate;
mod explain;
mod features;
mod gates;
#[cfg(feature = "training")]
pub(crate) mod training;
mod weight;

use std::{cell::OnceCell, ops::Range};

pub(crate) use self::explain::explain;
use self::{
    candidate::is_candidate,
    features::Features,
    weight::{WEIGHT_ONE, WEIGHTS},
};
use super::{
    context::{Context, PARTICLES},
    dictionary::is_written_as_name,
};
use crate::{
    scan::{Scanned, trigger_words as trigger},
    span::{Kind, Span},
};

/// A word beside one of a name needs so much less, for names rarely stand alone.
const BESIDE_NAME: i32 = WEIGHT_ONE;
/// A word in lower case needs at least this, for most that are listed as names are other words, too.
const LOWER_CASE_MIN: i32 = WEIGHT_ONE / 2;
/// The most words that may stand between two parts of a name: `van der`, an initial.
const BETWEEN_MAX: usize = 2;

/// How its names are explained in a span; `explain` says more.
pub(crate) const WHY: &str = "the model of names, by the word and those around it";

/// The model, applied to one text.
pub(super) struct Model<'a> {
    context: &'a Context<'a>,
    scanned: &'a Scanned<'a>,
    /// Computed once a word is scored. Most texts have none that must be.
    features: OnceCell<Features<'a>>,
    keeps_from: OnceCell<Option<i32>>,
}

impl<'a> Model<'a> {
    pub(super) fn new(context: &'a Context<'a>) -> Self {
        Self { context, scanned: context.scanned, features: OnceCell::new(), keeps_from: OnceCell::new() }
    }

    /// How likely a word is a part of a name: the logarithm of the odds, times [`WEIGHT_ONE`].
    fn score(&self, index: usize) -> i32 {
        let features = self.features.get_or_init(|| Features::new(self.scanned));
        let mut score = 0;
        features.of_word(index, |_, place| score += i32::from(WEIGHTS[place].cast_signed()));
        score
    }

    /// Whether a name that only the dictionary found is one.
    pub(super) fn confirms(&self, first: usize, last: usize) -> bool {
        let keeps_from = *self.keeps_from.get_or_init(|| gates::keeps_from(self.context));
        keeps_from.is_none_or(|least| (first..=last).any(|index| self.score(index) >= least))
    }

    /// Adds the names that no rule found, and the parts that are missing from those that were found.
    pub(super) fn find(&self, spans: &mut Vec<Span>) {
        let Some(least) = gates::adds_from(self.context) else { return };
        let (context, scanned) = (self.context, self.scanned);
        // In a text with capitals, a word without one is hardly a name; only remarks are written without care.
        let has_lower_case = if context.is_record && least == gates::RECORD_ADDS_FROM {
            !scanned.tokens.iter().any(|token| token.shape.is_capitalised())
        } else {
            ![b'{', b'=', b'\\', b'<'].into_iter().any(|sign| scanned.has_sign(sign))
        };
        let mut known: Vec<(Range<usize>, bool)> =
            spans.iter().map(|span| (span.range.clone(), span.kind == Kind::Person)).collect();
        known.sort_unstable_by_key(|(range, _)| range.start);
        let mut known = known.into_iter().peekable();
        // The run of words that are parts of one name: its first and last word, and whether the model found any of them.
        let mut run: Option<(usize, usize, bool)> = None;
        let mut found = Vec::new();
        for index in 0..scanned.tokens.len() {
            let token = &scanned.tokens[index];
            while known.next_if(|(range, _)| range.end <= token.start()).is_some() {}
            let is_within = known.peek().filter(|(range, _)| range.start <= token.start()).map(|(_, is_name)| *is_name);
            if is_within == Some(false) {
                continue;
            }
            let is_new = is_within.is_none();
            // Most words end here, so nothing dearer comes before.
            if is_new && (!has_lower_case && !token.shape.is_capitalised() || self.is_no_part(index)) {
                continue;
            }
            let follows = run.filter(|(_, last, _)| self.joins(*last, index));
            let least = if token.shape.is_capitalised() { least } else { least.max(LOWER_CASE_MIN) };
            if is_new && self.score(index) < if follows.is_some() { least - BESIDE_NAME } else { least } {
                continue;
            }
            match (follows, run) {
                (Some((first, _, has_new)), _) => run = Some((first, index, has_new || is_new)),
                (None, finished) => {
                    found.extend(finished);
                    run = Some((index, index, is_new));
                }
            }
        }
        found.extend(run);
        let is_name = |&(first, last, has_new): &(usize, usize, bool)| {
            has_new
                && !self.is_acronym(first, last)
                && !context.owns_name(last)
                && !context.is_part_of_public(first, last)
        };
        for (first, last, _) in found.into_iter().filter(is_name) {
            let range = scanned.tokens[first].start()..scanned.tokens[last].end();
            spans.push(Span { range, kind: Kind::Person, why: WHY });
        }
    }

    /// Whether a word need not be scored: it is none that may be a name, or it is known for another word, or it is the label of a field.
    fn is_no_part(&self, index: usize) -> bool {
        let (scanned, token) = (self.scanned, &self.scanned.tokens[index]);
        let is_other_word = token.triggers & !trigger::BESIDE_NAMES != 0 && !token.names.is_surely_given();
        let is_label = self.context.is_record && scanned.byte_at(token.end()) == b':' && !token.names.is_given();
        is_other_word
            || is_label
            || !is_candidate(scanned, index)
            || self.is_of_id(index)
            || self.context.names_thing(index)
    }

    /// Whether the word is a part of an id or of a model's name: `Meta-Llama-3.1-405B-Turbo`.
    fn is_of_id(&self, index: usize) -> bool {
        const BYTES_MAX: usize = 48;
        let (scanned, token) = (self.scanned, &self.scanned.tokens[index]);
        let is_joined = scanned.byte_before(token.start()) == b'-' || scanned.byte_at(token.end()) == b'-';
        let is_of_id = |byte: &&u8| !byte.is_ascii_whitespace();
        let is_mark = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'/' | b'_');
        is_joined
            && (scanned.bytes()[..token.start()].iter().rev().take(BYTES_MAX).take_while(is_of_id).any(is_mark)
                || scanned.bytes()[token.end()..].iter().take(BYTES_MAX).take_while(is_of_id).any(is_mark))
    }

    /// Whether a lone word has the capitals of something other than a name: `BART`, `TLS`, `MACs`.
    fn is_acronym(&self, first: usize, last: usize) -> bool {
        let token = &self.scanned.tokens[first];
        let is_capitals = !token.shape.has_lower() && !token.names.is_given();
        first == last
            && token.shape.is_capitalised()
            && (is_capitals || token.shape.has_lower() && !is_written_as_name(self.scanned.token_text(first)))
    }

    /// Whether a word goes on with a name that ends at `last`.
    fn joins(&self, last: usize, index: usize) -> bool {
        if index - last > BETWEEN_MAX + 1 {
            return false;
        }
        (last..index).all(|at| {
            let gap = self.scanned.gap(at);
            let is_initial = self.scanned.tokens[at].len() == 1;
            matches!(gap, " " | "-" | "'" | "’") || is_initial && matches!(gap, ". " | "." | " . ")
        }) && (last + 1..index).all(|at| {
            let token = &self.scanned.tokens[at];
            PARTICLES.contains(&self.scanned.token_text(at)) && token.len() > 1
                || token.len() == 1 && token.shape.is_capitalised() && token.shape.is_word()
        })
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest as _, Sha256};

    use super::*;

    #[test]
    fn the_weights_are_those_of_the_model_card() {
        let sum: String = Sha256::digest(WEIGHTS).iter().map(|byte| format!("{byte:02x}")).collect();
        let card = include_str!("MODEL_CARD.md");
        assert!(
            card.contains(&sum),
            "weights.bin has the sum {sum}: write it into MODEL_CARD.md, after you have trained again"
        );
    }
}
