//! Names that everybody knows: to take Einstein out of a question about Einstein helps nobody.

use std::{collections::HashSet, sync::LazyLock};

/// Full names, or the last names of those who go by one, in lower case.
static KNOWN: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("names/public.txt").lines().filter(|line| !line.starts_with('#')).collect());

/// Whether the words are the name of a public figure.
pub(super) fn is_known<'a>(words: impl Iterator<Item = &'a str>) -> bool {
    let name = words.collect::<Vec<_>>().join(" ").to_lowercase();
    let name = name.trim_end_matches("'s");
    KNOWN.contains(name)
}
