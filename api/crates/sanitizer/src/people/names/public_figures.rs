//! Names of public figures. To redact Einstein in a question about Einstein protects nobody and spoils the question.

use std::{collections::HashSet, sync::LazyLock};

/// Full names, and the last names of those who are known by them alone, in lower case.
static KNOWN: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("public_figures.txt").lines().filter(|line| !line.starts_with('#')).collect());

/// Whether the words are the name of a public figure.
pub(super) fn is_known<'a>(words: impl Iterator<Item = &'a str>) -> bool {
    let name = words.collect::<Vec<_>>().join(" ").to_lowercase();
    let name = name.trim_end_matches("'s");
    KNOWN.contains(name)
}
