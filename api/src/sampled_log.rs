//! Warnings that strangers can cause, at most one a minute: otherwise they could fill the disk with log lines.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How long nothing is said after a warning.
const INTERVAL: Duration = Duration::from_secs(60);

/// Says how many warnings were left out, when one may be logged.
#[derive(Debug, Default)]
pub struct Sampler(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    last: Option<Instant>,
    left_out: u64,
}

impl Sampler {
    /// `Some` when a warning may be logged at `now`, with how many were left out since the last one.
    pub fn admit(&self, now: Instant) -> Option<u64> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.last.is_some_and(|last| now.duration_since(last) < INTERVAL) {
            state.left_out += 1;
            return None;
        }
        state.last = Some(now);
        Some(std::mem::take(&mut state.left_out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_is_logged_at_once_and_then_one_a_minute() {
        let sampler = Sampler::default();
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(
            [0, 1, 59, 60, 61, 130].map(|second| sampler.admit(at(second))),
            [Some(0), None, None, Some(2), None, Some(1)]
        );
    }
}
