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
    waiting: VecDeque<Waiting>,
    pub(super) retried: Retried,
}

/// A failure, or an answer that was judged bad, that has no success after it yet.
struct Waiting {
    entry: InGroup,
    is_retried: bool,
    has_succeeded: bool,
}

impl Retries {
    pub(super) fn add(&mut self, entry: InGroup, visit: &mut dyn FnMut(Found) -> io::Result<()>) -> io::Result<()> {
        if self.group != entry.group || entry.group == 0 {
            self.waiting.clear();
            self.group = entry.group;
        }
        while self.waiting.front().is_some_and(|first| entry.time_ms - first.entry.time_ms > RETRY_MS_MAX) {
            self.waiting.pop_front();
        }
        let is_try = entry.step != Step::RejectedAlone;
        let is_success = entry.step != Step::Failure;
        for waiting in &mut self.waiting {
            // Of the same millisecond nobody knows which came first.
            if is_try && waiting.entry.step == Step::Failure && waiting.entry.time_ms < entry.time_ms {
                self.retried.retried += u64::from(!waiting.is_retried);
                self.retried.succeeded += u64::from(is_success && !waiting.has_succeeded);
                waiting.is_retried = true;
                waiting.has_succeeded |= is_success;
            }
        }
        match entry.step {
            Step::Success | Step::SuccessJudgedGood => self.answer(entry, visit),
            Step::Failure | Step::Rejected | Step::RejectedAlone => {
                if self.waiting.len() == WAITING_MAX {
                    self.waiting.pop_front();
                }
                self.waiting.push_back(Waiting { entry, is_retried: false, has_succeeded: false });
                Ok(())
            }
            Step::UselessSuccess => Ok(()),
        }
    }

    /// The success is the answer to everything that waits.
    fn answer(&mut self, success: InGroup, visit: &mut dyn FnMut(Found) -> io::Result<()>) -> io::Result<()> {
        let is_judged_good = success.step == Step::SuccessJudgedGood;
        let mut is_answer = is_judged_good;
        let same_time = self.waiting.iter().rposition(|waiting| waiting.entry.time_ms < success.time_ms);
        for Waiting { entry, .. } in self.waiting.drain(..same_time.map_or(0, |last| last + 1)) {
            visit(Found::Later { about: entry.about, answer: success.at })?;
            if !entry.is_chosen {
                continue;
            }
            if entry.step == Step::Failure {
                is_answer = true;
            } else if entry.is_of_model && success.is_of_model {
                visit(Found::Pair { rejected: entry.at, chosen: success.at })?;
            }
        }
        if is_answer && success.is_of_model {
            visit(Found::Answer { answer: success.at, is_judged_good })?;
        }
        Ok(())
    }
}
