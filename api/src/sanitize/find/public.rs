//! Names that everybody knows: to take Einstein out of a question about Einstein helps nobody.

/// Full names, or the last names of those who go by one, in lower case.
const KNOWN: &str = include_str!("names/public.txt");

/// Whether the words are the name of a public figure.
pub(super) fn is_known<'a>(words: impl Iterator<Item = &'a str>) -> bool {
    let name = words.collect::<Vec<_>>().join(" ").to_lowercase();
    let name = name.trim_end_matches("'s");
    KNOWN.lines().any(|known| known == name)
}
