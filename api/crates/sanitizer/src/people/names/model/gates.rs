//! In which texts the model decides, and how sure it must be.

use std::sync::LazyLock;

use super::WEIGHT_ONE;
use crate::{
    people::names::context::Context,
    scan::{Scanned, trigger_words as trigger, word_key::word_key, word_map::WordMap},
};

/// A longer record is a log or a document. There the rules decide alone, so that the time stays bounded.
const RECORD_BYTES_MAX: usize = 16 << 10;

/// The scores that decide in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gate {
    /// A word with this score or more is a part of a name, whether a rule found it or not.
    pub(super) adds_from: Option<i32>,
    /// A name that only the dictionary found stays if one of its words has this score or more.
    pub(super) keeps_from: Option<i32>,
}

fn env(name: &str, default: f64) -> Option<i32> {
    let v: f64 = std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default);
    if v > 50.0 || v < -50.0 {
        return None;
    }
    Some((v * f64::from(WEIGHT_ONE)) as i32)
}

impl Gate {
    pub(super) const SHUT: Self = Self { adds_from: None, keeps_from: None };

    pub(super) fn of(context: &Context) -> Self {
        let scanned = context.scanned;
        if context.is_record {
            let is_bounded = scanned.text.len() <= RECORD_BYTES_MAX;
            return if is_bounded { Self { adds_from: env("R_ADD", 2.0), keeps_from: None } } else { Self::SHUT };
        }
        if !context.is_short || !is_english(scanned) {
            return Self::SHUT;
        }
        if context.is_task || is_exercise(scanned) {
            return Self { adds_from: None, keeps_from: env("T_KEEP", 0.0) };
        }
        let asks = context.is_question;
        Self {
            adds_from: if asks { env("Q_ADD", 2.0) } else { env("S_ADD", 1.0) },
            keeps_from: if asks { env("Q_KEEP", -1.0) } else { env("S_KEEP", -1.0) },
        }
    }
}

/// Whether the text gives orders further on, or is an exercise: it begins a sentence with a word of work, or it asks for a number that
/// its numbers give. The names of exercises are made up.
fn is_exercise(scanned: &Scanned) -> bool {
    let orders = scanned.tokens.iter().enumerate().any(|(index, token)| {
        token.has(trigger::TASK)
            && token.shape.is_capitalised()
            && (index == 0 || scanned.gap(index - 1).contains(['.', '?', '!', ':', '\n']))
    });
    let asks_for_number = || {
        ["how many ", "how much ", "how long ", "how old ", "how far ", "in total", "probability"]
            .iter()
            .any(|words| scanned.text.to_ascii_lowercase().contains(words))
    };
    orders || scanned.numbers.len() >= 2 && asks_for_number()
}

const ENGLISH: u64 = 1;
const OTHER: u64 = 2;

/// The most frequent words of English, and of languages that share some of its letters.
static FREQUENT: LazyLock<WordMap> = LazyLock::new(|| {
    let english = "the a an and or but if of to in on at by for with from is are was were be been it its he she they we you i \
        my your his her their our me him them us this that these those there here not no yes do does did has have had will \
        would can could should what who when where why how which so as than then just about up out all some any one get got \
        go going like know think want love let please thanks thank hi hello dear oh ok m s t re ll ve new more now today";
    let other = "der die das und ist nicht ein eine ich sie wir mit von zu auf für im dem den le la les des et est une un je \
        vous nous pas que qui dans pour el los las y es en por con una su lo como il che di non per sono da do os um uma \
        não com para na em w z nie jest się i na do je se het een van ik niet met voor och att det som är på og av og til \
        ne ve bir bu da için ja on ei että";
    let words = |list: &'static str, bit| list.split_whitespace().filter_map(move |word| Some((word_key(word)?, bit)));
    WordMap::new(words(english, ENGLISH).chain(words(other, OTHER)))
});

/// Whether a short text is English, by its frequent words.
fn is_english(scanned: &Scanned) -> bool {
    let (mut english, mut other) = (0, 0);
    for index in 0..scanned.tokens.len() {
        match word_key(scanned.token_text(index)).map(|key| FREQUENT.get(key)) {
            Some(ENGLISH) => english += 1,
            Some(OTHER) => other += 1,
            _ => {}
        }
    }
    english > other && english * 10 >= scanned.tokens.len()
}
