//! The sanitizer: what each kind is and is not, every trap by name, and the properties.

mod kinds;
mod names;
mod numbers;
mod planted;
mod properties;
mod secrets_planted;
mod traps;

use misfire_sanitizer::find::{Scope, find};

/// What is found in `text`, as label and value.
fn found(text: &str) -> Vec<(&'static str, &str)> {
    find(text, Scope::Text).into_iter().map(|span| (span.kind.label(), &text[span.range])).collect()
}

/// A run that looks random, of the given length: made here, so that no line of this repository holds a key.
fn random(length: usize) -> String {
    "a7Bq9Zk2Lm4Xw8Rt3Vn6Pc5Hd1Jf".chars().cycle().take(length).collect()
}
