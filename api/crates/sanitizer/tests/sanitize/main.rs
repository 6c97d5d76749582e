//! The sanitizer: what each kind is and is not, every trap by name, and the properties.

mod extents;
mod ids_of_countries;
mod kinds;
mod names;
mod names_in_data;
mod numbers;
mod planted;
mod planted_scripts;
mod properties;
mod public_ids;
mod scripts;
mod secrets_planted;
mod traps;
mod usernames;
mod vendor_keys;

use misfire_sanitizer::{Kind, Scope, find};

/// What is found in `text`, as label and value.
fn found(text: &str) -> Vec<(&'static str, &str)> {
    let label =
        |kind: &Kind| Kind::ALL.iter().find(|known| *known == kind).expect("only built-in kinds are found").label();
    find(text, Scope::Text).into_iter().map(|span| (label(&span.kind), &text[span.range])).collect()
}

/// A run that looks random, of the given length: made here, so that no line of this repository holds a key.
fn random(length: usize) -> String {
    "a7Bq9Zk2Lm4Xw8Rt3Vn6Pc5Hd1Jf".chars().cycle().take(length).collect()
}
