//! How far the writer has come with a stream.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

/// Shared by the reader, which moves it on, and those who note and show it.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// Everything up to this message is in the files.
    sequence: AtomicU64,
    /// The last message that was seen in the stream.
    last: AtomicU64,
    /// Why reading does not go on.
    problem: Mutex<Option<String>>,
}

impl Progress {
    pub(super) fn at(sequence: u64, last: u64) -> Self {
        Self { sequence: sequence.into(), last: last.max(sequence).into(), problem: Mutex::default() }
    }

    pub(super) fn sequence(&self) -> u64 {
        self.sequence.load(Ordering::Acquire)
    }

    pub(super) fn last(&self) -> u64 {
        self.last.load(Ordering::Relaxed).max(self.sequence())
    }

    /// How many messages wait.
    pub(super) fn lag(&self) -> u64 {
        self.last() - self.sequence()
    }

    pub(super) fn move_to(&self, sequence: u64) {
        self.sequence.store(sequence, Ordering::Release);
    }

    pub(super) fn set_last(&self, last: u64) {
        self.last.fetch_max(last, Ordering::Relaxed);
    }

    /// Sets the problem, or that there is none; whether it is another one than before.
    pub(super) fn set_problem(&self, problem: Option<String>) -> bool {
        let mut current = self.problem.lock().unwrap_or_else(PoisonError::into_inner);
        let is_other = *current != problem;
        *current = problem;
        is_other
    }

    pub(super) fn problem(&self) -> Option<String> {
        self.problem.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
