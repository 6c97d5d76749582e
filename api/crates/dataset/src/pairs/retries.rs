//! What was tried again: the tries of one prompt of one person, in the order of time.

use std::{collections::VecDeque, io};

use super::{
    entry::{InGroup, Step},
    found::{Found, RETRY_MS_MAX, Retried},
};

/// How many tries of one prompt can wait for an answer. More than that within an hour come from a program in a loop.
const WAITING_MAX: usize = 10_000;

/// Takes tries by prompt and time, and tells what they are good for.
#[derive(Default)]
pub(super) struct Retries {
    group: u128,
    /// Failures, and answers that were judged bad, that have no success after them yet, in the order of time.
    waiting: VecDeque<InGroup>,
    /// How many of the first that wait were tried again, and how many with success. They are counted once, and looked at once: a
    /// program in a loop makes thousands.
    tried_again: usize,
    succeeded: usize,
    pub(super) retried: Retried,
}

impl Retries {
    pub(super) fn add(&mut self, entry: InGroup, visit: &mut dyn FnMut(Found) -> io::Result<()>) -> io::Result<()> {
        if self.group != entry.group || entry.group == 0 {
            self.forget(self.waiting.len());
            self.group = entry.group;
        }
        self.forget(self.waiting.partition_point(|waiting| entry.time_ms - waiting.time_ms > RETRY_MS_MAX));
        // Of the same millisecond nobody knows which came first.
        let earlier = self.waiting.partition_point(|waiting| waiting.time_ms < entry.time_ms);
        let failures = |from: usize| {
            let looked_at = self.waiting.range(from.min(earlier)..earlier);
            looked_at.filter(|waiting| waiting.step == Step::Failure && waiting.is_chosen)
        };
        // Where only a verdict is known, nobody knows when the prompt was tried.
        if entry.step != Step::RejectedAlone {
            self.retried.retried += failures(self.tried_again).count() as u64;
            if entry.step != Step::Failure {
                self.retried.succeeded += failures(self.succeeded).count() as u64;
                self.succeeded = self.succeeded.max(earlier);
            }
            self.tried_again = self.tried_again.max(earlier);
        }
        match entry.step {
            Step::Success | Step::SuccessJudgedGood => self.answer(entry, earlier, visit),
            Step::Failure | Step::Rejected | Step::RejectedAlone => {
                self.forget((self.waiting.len() + 1).saturating_sub(WAITING_MAX));
                self.waiting.push_back(entry);
                Ok(())
            }
            Step::UselessSuccess => Ok(()),
        }
    }

    /// The success is the answer to everything that waits and came earlier.
    fn answer(
        &mut self,
        success: InGroup,
        earlier: usize,
        visit: &mut dyn FnMut(Found) -> io::Result<()>,
    ) -> io::Result<()> {
        let is_judged_good = success.step == Step::SuccessJudgedGood;
        let mut is_answer = is_judged_good;
        for waiting in self.waiting.range(..earlier) {
            visit(Found::Later { about: waiting.about, answer: success.at })?;
            if !waiting.is_chosen {
                continue;
            }
            if waiting.step == Step::Failure {
                is_answer = true;
            } else if waiting.is_of_model && success.is_of_model {
                visit(Found::Pair { rejected: waiting.at, chosen: success.at })?;
            }
        }
        self.forget(earlier);
        if is_answer && success.is_of_model {
            visit(Found::Answer { answer: success.at, is_judged_good })?;
        }
        Ok(())
    }

    /// Nothing comes any more for the first of those that wait.
    fn forget(&mut self, count: usize) {
        self.waiting.drain(..count);
        self.tried_again = self.tried_again.saturating_sub(count);
        self.succeeded = self.succeeded.saturating_sub(count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::at::At;

    fn entry(step: Step, time_ms: i64) -> InGroup {
        let at = At { file: 0, offset: time_ms as u64, length: 1 };
        InGroup { group: 7, time_ms, step, at, about: at, is_chosen: true, is_of_model: true }
    }

    fn retried(steps: &[(Step, i64)]) -> (u64, u64) {
        let mut retries = Retries::default();
        steps.iter().for_each(|(step, time_ms)| retries.add(entry(*step, *time_ms), &mut |_| Ok(())).unwrap());
        (retries.retried.retried, retries.retried.succeeded)
    }

    #[test]
    fn a_failure_is_tried_again_once_and_succeeds_once() {
        use Step::{Failure, Rejected, RejectedAlone, Success, UselessSuccess};
        for (steps, expected) in [
            (&[(Failure, 0)][..], (0, 0)),
            (&[(Failure, 0), (Failure, 1), (Failure, 2)], (2, 0)),
            (&[(Failure, 0), (Failure, 1), (Success, 2), (Success, 3)], (2, 2)),
            (&[(Failure, 0), (Rejected, 1), (UselessSuccess, 2), (Success, 3)], (1, 1)),
            (&[(Failure, 0), (RejectedAlone, 1)], (0, 0)),
            (&[(Failure, 5), (Failure, 5), (Success, 5)], (0, 0)),
            (&[(Success, 0), (Failure, 1), (Success, RETRY_MS_MAX + 2)], (0, 0)),
            (&[(Failure, 0), (Failure, 1), (Success, RETRY_MS_MAX + 1)], (2, 1)),
        ] {
            assert_eq!(retried(steps), expected, "{steps:?}");
        }
    }

    #[test]
    fn a_failure_that_was_not_asked_for_is_not_counted() {
        let mut retries = Retries::default();
        for (time_ms, is_chosen) in [(0, false), (1, true), (2, true)] {
            retries.add(InGroup { is_chosen, ..entry(Step::Failure, time_ms) }, &mut |_| Ok(())).unwrap();
        }
        assert_eq!(retries.retried.retried, 1);
    }

    #[test]
    fn a_program_in_a_loop_is_held_in_bounded_memory_and_time() {
        let mut retries = Retries::default();
        let tries = 50 * WAITING_MAX as i64;
        for time_ms in 0..tries {
            retries.add(entry(Step::Failure, time_ms), &mut |_| Ok(())).unwrap();
            assert!(retries.waiting.len() <= WAITING_MAX);
        }
        let mut answered = 0;
        let mut count = |found| {
            answered += u64::from(matches!(found, Found::Later { .. }));
            Ok(())
        };
        retries.add(entry(Step::Success, tries), &mut count).unwrap();
        assert_eq!((answered, retries.retried.retried), (WAITING_MAX as u64, tries as u64));
    }
}
