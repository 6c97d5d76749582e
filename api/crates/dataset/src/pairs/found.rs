//! What is found, and how much of it.

use crate::at::At;

/// How long after a failure, or after an answer that was judged bad, a success counts as its retry, in milliseconds.
pub(crate) const RETRY_MS_MAX: i64 = 60 * 60 * 1000;

/// What rows are good for. A verdict's row holds what it judges, so it stands for the answer where its text is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
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
pub(crate) struct Counts {
    pub(crate) rows: u64,
    pub(crate) failures: u64,
    pub(crate) successes: u64,
    pub(crate) bad_verdicts: u64,
    pub(crate) good_verdicts: u64,
    /// Failures, and verdicts that call an answer bad, whose line is missing: a crash came between row and line.
    pub(crate) without_line: u64,
    /// Generations that one verdict calls good and another bad. They count as bad.
    pub(crate) disputed: u64,
    pub(crate) retried: Retried,
}

/// What became of failures.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Retried {
    /// Failures whose prompt the same person sent again within an hour.
    pub(crate) retried: u64,
    /// Of those, the ones of which a try within the hour succeeded.
    pub(crate) succeeded: u64,
}
