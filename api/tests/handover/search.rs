//! Visits every state that can be reached, the nearest first, so that the steps to what is wrong are as few as possible.

use std::{collections::HashSet, hash::Hash, rc::Rc};

/// The result of a search.
pub(crate) enum Found<T> {
    /// No state is wrong.
    Nothing { states: usize },
    /// A state is wrong; the steps that lead to it.
    Violation { what: String, steps: Vec<T> },
}

/// A state that was found, with the step to it and where that led from.
struct Visited<S, T> {
    state: Rc<S>,
    by: Option<(T, usize)>,
}

/// Searches from `start`. `next` gives the steps from a state, and `violation` what is wrong with one.
pub(crate) fn search<S: Eq + Hash, T: Copy>(
    start: S,
    next: impl Fn(&S) -> Vec<(T, S)>,
    violation: impl Fn(&S) -> Option<String>,
) -> Found<T> {
    let start = Rc::new(start);
    let mut known = HashSet::from([Rc::clone(&start)]);
    let mut found = vec![Visited { state: start, by: None }];
    let mut at = 0;
    while at < found.len() {
        let state = Rc::clone(&found[at].state);
        if let Some(what) = violation(&state) {
            return Found::Violation { what, steps: steps_to(&found, at) };
        }
        for (step, state) in next(&state) {
            let state = Rc::new(state);
            if known.insert(Rc::clone(&state)) {
                found.push(Visited { state, by: Some((step, at)) });
            }
        }
        at += 1;
    }
    Found::Nothing { states: found.len() }
}

fn steps_to<S, T: Copy>(found: &[Visited<S, T>], mut at: usize) -> Vec<T> {
    let mut steps = Vec::new();
    while let Some((step, from)) = found[at].by {
        steps.push(step);
        at = from;
    }
    steps.reverse();
    steps
}
