//! Trains the model of names, and writes its weights.
//!
//! `cargo run --release -p misfire-sanitizer --features training --example train_names -- FOLDER src/people/names/model/weights.bin`
//!
//! FOLDER holds the two corpora; `src/people/names/model/MODEL_CARD.md` says where they are had. Everything else is generated from the templates in
//! `vocabulary/`. The same folder gives the same bytes: random numbers have a fixed seed, and all is done in a fixed order.

mod corpus;
mod names;
mod random;
mod regression;
mod sentences;

use std::{env, error::Error, fs, ops::Range, path::Path};

use misfire_sanitizer::training::{PLACES, WEIGHT_ONE, candidates};

use self::{
    corpus::{Labelled, Tagged, join, sentences},
    names::Names,
    random::Random,
    regression::Regression,
    sentences::{Templates, as_title, lower_cased},
};

const SEED: u64 = 15;
const EPOCHS: usize = 6;
/// How often each template is filled.
const FILLED_WITH_NAMES: usize = 12;
const FILLED_RECORDS: usize = 25;
const FILLED_WITHOUT_NAMES: usize = 20;
/// How many percent of the texts are also learned in small letters.
const LOWER_PERCENT: usize = 20;
/// How many percent of the texts are also learned as titles.
const TITLE_PERCENT: usize = 15;
/// How many times a word of a prompt counts: to mask what a prompt is about is worse than to miss a name in a tweet.
const PROMPT_WEIGHT: f64 = 2.0;

/// With `--held-out`, every so many-th sentence of the corpora is kept for measuring.
const HELD_OUT_EVERY: usize = 6;

struct Example {
    features: Vec<u32>,
    is_name: bool,
    weight: f64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [folder, output] = &arguments[..] else { return Err("usage: train_names FOLDER OUTPUT|--held-out".into()) };
    let mut corpus = sentences(Path::new(folder))?;
    let mut held_out = Vec::new();
    if output == "--held-out" {
        let (kept, other) = corpus.into_iter().enumerate().partition::<Vec<_>, _>(|(at, _)| at % HELD_OUT_EVERY != 0);
        corpus = kept.into_iter().map(|(_, sentence)| sentence).collect();
        held_out = other.into_iter().map(|(_, sentence)| sentence).collect();
    }
    let mut random = Random::new(SEED);
    let mut examples = examples(&corpus, &mut random);
    println!(
        "{} words, {} of them of names",
        examples.len(),
        examples.iter().filter(|example| example.is_name).count()
    );
    let mut regression = Regression::new(PLACES);
    for _ in 0..EPOCHS {
        random.shuffle(&mut examples);
        for example in &examples {
            regression.learn(&example.features, example.is_name, example.weight);
        }
    }
    if !held_out.is_empty() {
        report(&regression, &held_out);
        return Ok(());
    }
    let weights: Vec<u8> = (0..PLACES).map(|place| stored(regression.weight(place))).collect();
    println!("{} weights that are not 0", weights.iter().filter(|weight| **weight != 0).count());
    Ok(fs::write(output, weights)?)
}

/// A weight as it is stored, in one signed byte.
fn stored(weight: f64) -> u8 {
    let scaled = (weight * f64::from(WEIGHT_ONE)).round().clamp(-127.0, 127.0);
    (scaled as i8).cast_unsigned()
}

fn examples(corpus: &[Vec<Tagged>], random: &mut Random) -> Vec<Example> {
    let (names, templates) = (Names::read(), Templates::read());
    let mut examples = Vec::new();
    let mut learn = |labelled: &Labelled, weight: f64| {
        let is_name =
            |range: &Range<usize>| labelled.names.iter().any(|name| name.start <= range.start && range.end <= name.end);
        for candidate in candidates(&labelled.text) {
            examples.push(Example { is_name: is_name(&candidate.range), features: candidate.features, weight });
        }
    };
    for sentence in corpus {
        for is_spaced in [true, false] {
            let labelled = join(sentence, is_spaced);
            learn(&labelled, 1.0);
            if random.chance(LOWER_PERCENT) {
                learn(&lower_cased(&labelled), 1.0);
            }
            if random.chance(TITLE_PERCENT) {
                learn(&as_title(&labelled), 1.0);
            }
            if !labelled.names.is_empty() {
                learn(&join(&with_other_names(sentence, &names, random), is_spaced), 1.0);
            }
        }
    }
    let generated = [
        (&templates.with_names, FILLED_WITH_NAMES, 1.0),
        (&templates.records, FILLED_RECORDS, 1.0),
        (&templates.without_names, FILLED_WITHOUT_NAMES, PROMPT_WEIGHT),
    ];
    for (list, times, weight) in generated {
        for template in list {
            for _ in 0..times {
                let labelled = templates.fill(template, &names, random);
                learn(&labelled, weight);
                if random.chance(LOWER_PERCENT) {
                    learn(&lower_cased(&labelled), weight);
                }
            }
        }
    }
    examples
}

/// The sentence with other names in place of those it has: a first name for a single word, a full name for more.
fn with_other_names(sentence: &[Tagged], names: &Names, random: &mut Random) -> Vec<Tagged> {
    let mut changed = Vec::new();
    let mut at = 0;
    while at < sentence.len() {
        if !sentence[at].is_name || sentence[at].token.starts_with('@') {
            changed.push(sentence[at].clone());
            at += 1;
            continue;
        }
        let rest = &sentence[at + 1..];
        let length = 1 + rest.iter().take_while(|token| token.is_name && !token.begins).count();
        let name = match length {
            1 if random.chance(50) => names.given(random),
            1 => names.family(random),
            _ => names.full(random),
        };
        for (position, token) in name.split(' ').enumerate() {
            changed.push(Tagged { token: token.to_owned(), is_name: true, begins: position == 0 });
        }
        at += length;
    }
    changed
}

/// Prints how many words of names are found in sentences that were not learned, for several scores from which on a word counts.
fn report(regression: &Regression, held_out: &[Vec<Tagged>]) {
    let mut scored = Vec::new();
    for labelled in held_out.iter().map(|sentence| join(sentence, true)) {
        for candidate in candidates(&labelled.text) {
            let score: f64 = candidate.features.iter().map(|place| regression.weight(*place as usize)).sum();
            let range = candidate.range;
            let is_name = labelled.names.iter().any(|name| name.start <= range.start && range.end <= name.end);
            scored.push((score, is_name));
        }
    }
    let names = scored.iter().filter(|(_, is_name)| *is_name).count() as f64;
    for least in [-1.0, -0.5, 0.0, 0.5, 1.0, 2.0] {
        let found = scored.iter().filter(|(score, _)| *score >= least).count() as f64;
        let right = scored.iter().filter(|(score, is_name)| *score >= least && *is_name).count() as f64;
        let (precision, recall) = (right / found, right / names);
        let f1 = 2.0 * precision * recall / (precision + recall);
        println!("from {least}: precision {precision:.3}, recall {recall:.3}, F1 {f1:.3}");
    }
}
