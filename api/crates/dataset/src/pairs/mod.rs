//! Which generations belong together: the retry of a failure, the better answer to the same prompt, the verdicts about an answer.
//!
//! Rows are read once and become small entries without their texts. Two sorts that need no more memory for more rows bring together
//! what belongs together:
//!
//! 1. by generation: a generation with the verdicts about it (`standing`);
//! 2. by person and `input_hash`, then by time: what was tried again within an hour (`retries`).
//!
//! Pairs match on the hash of what was asked, never on redacted text: the redacted prompts of two people look alike, and those of one
//! person may, too. The hash covers the tools. A row without a hash, or of an event without a person, is paired with none.
//!
//! What is found is told as places of rows ([`Found`]); whoever wants the texts reads them there.

mod entry;
mod find;
mod retries;
mod standing;
mod without_line;

pub(super) use self::{
    find::{Chosen, Finder},
    retries::Retried,
    without_line::{rows_without_line, uuid_key},
};
use crate::at::At;

/// How long after a failure, or after an answer that was judged bad, a success counts as its retry, in milliseconds.
pub(super) const RETRY_MS_MAX: i64 = 60 * 60 * 1000;

/// What rows are good for. A verdict's row holds what it judges, so it stands for the answer where its text is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// An answer to imitate: the first success after a failure, or one that was judged good.
    Answer { answer: At, is_judged_good: bool },
    /// Two answers to the same prompt: one that was judged bad, and the first success after it.
    Pair { rejected: At, chosen: At },
    /// The answer that came later to what a line of `training_data.jsonl` is about; `about` is that line's row.
    Later { about: At, answer: At },
    /// An answer with a label.
    Labelled { answer: At, is_good: bool },
}

/// How many rows of each kind there are, and what became of failures.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) rows: u64,
    pub(super) failures: u64,
    pub(super) successes: u64,
    pub(super) bad_verdicts: u64,
    pub(super) good_verdicts: u64,
    /// Failures, and verdicts that call an answer bad, whose line is missing: a crash came between row and line.
    pub(super) without_line: u64,
    /// Generations that one verdict calls good and another bad. They count as bad.
    pub(super) disputed: u64,
    pub(super) retried: Retried,
}
