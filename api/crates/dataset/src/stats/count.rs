//! How often something occurs.

use serde::Serialize;

/// A name, and how many lines have it.
#[derive(Debug, Serialize)]
pub(super) struct Count {
    pub(super) name: String,
    pub(super) lines: u64,
}

/// Puts the most frequent first, and equal ones in the order of their names.
pub(super) fn most_first(counts: &mut [Count]) {
    counts.sort_by(|one, other| other.lines.cmp(&one.lines).then_with(|| one.name.cmp(&other.name)));
}
