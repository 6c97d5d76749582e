//! Who is on which side of a split: a person's rows, and a trace's, stay together. Persons who share a trace are therefore on one
//! side.

use std::{collections::HashMap, io};

use journal::generation::Generation;
use twox_hash::XxHash3_128;

use super::{
    select::{Part, number_of, part_of},
    settings::Split,
};
use crate::{data_files::Dataset, external_sort::ExternalSort, progress::Progress, read::for_each_generation};

const SORT_BYTES: usize = 4 * 1024 * 1024;

/// The parts of persons.
#[derive(Default)]
pub(super) struct Sides {
    split: Option<Split>,
    /// Of the persons who share a trace with another, which are few: the number of one of those whom they are joined with. Persons are
    /// known by their number.
    joined: HashMap<u64, u64>,
}

/// Collects who has which trace.
pub(super) struct Traces {
    split: Option<Split>,
    persons: ExternalSort<(u128, u64)>,
}

impl Traces {
    pub(super) fn new(split: Option<Split>) -> Self {
        Self { split, persons: ExternalSort::new(SORT_BYTES) }
    }

    pub(super) fn add(&mut self, generation: &Generation<'_>) -> io::Result<()> {
        if self.split.is_none() || generation.trace_id.is_empty() {
            return Ok(());
        }
        let trace = XxHash3_128::oneshot(generation.trace_id.as_bytes());
        self.persons.push((trace, number_of(&generation.distinct_id)))
    }

    pub(super) fn finish(self) -> io::Result<Sides> {
        let mut sides = Sides { split: self.split, joined: HashMap::new() };
        let mut sorted = self.persons.sorted()?;
        let mut last: Option<(u128, u64)> = None;
        while let Some((trace, person)) = sorted.next()? {
            match last.replace((trace, person)) {
                Some((last_trace, other)) if last_trace == trace && other != person => sides.join(other, person),
                _ => {}
            }
        }
        // Chains are short for the look-ups to come.
        let persons: Vec<_> = sides.joined.keys().copied().collect();
        persons.into_iter().for_each(|person| _ = sides.root_of(person));
        Ok(sides)
    }
}

impl Sides {
    /// The sides by the traces of these generations; by persons alone where there are none.
    pub(super) fn of(split: Option<Split>, generations: Option<&Dataset>, progress: &Progress) -> anyhow::Result<Self> {
        let mut traces = Traces::new(split);
        if let Some(generations) = generations.filter(|_| split.is_some()) {
            for_each_generation(generations, progress, |_, generation| Ok(traces.add(generation)?))?;
        }
        Ok(traces.finish()?)
    }

    /// The part of a person's rows.
    pub(super) fn part_of(&self, distinct_id: &str) -> Part {
        match self.split {
            None => Part::All,
            Some(_) => {
                let person = number_of(distinct_id);
                part_of(self.joined.get(&person).copied().unwrap_or(person), self.split)
            }
        }
    }

    fn join(&mut self, one: u64, other: u64) {
        let (one, other) = (self.root_of(one), self.root_of(other));
        if one != other {
            self.joined.insert(one.max(other), one.min(other));
        }
    }

    /// The smallest number among the persons who are joined so far, so that the side does not depend on the order of rows.
    fn root_of(&mut self, person: u64) -> u64 {
        let mut root = person;
        while let Some(smaller) = self.joined.get(&root) {
            root = *smaller;
        }
        let mut at = person;
        while at != root {
            at = self.joined.insert(at, root).unwrap_or(root);
        }
        root
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn persons_who_share_a_trace_are_on_one_side_also_through_others() {
        let split = Some(Split { train_percent: 50 });
        let person = |id: usize| format!("user_{id}");
        // Each person shares a trace with the next, but for every tenth.
        let mut traces = Traces::new(split);
        for id in (0..200).rev() {
            traces.persons.push((id as u128, number_of(&person(id)))).unwrap();
            if id % 10 != 9 {
                traces.persons.push((id as u128, number_of(&person(id + 1)))).unwrap();
            }
        }
        let sides = traces.finish().unwrap();
        let parts: Vec<_> = (0..200).map(|id| sides.part_of(&person(id))).collect();
        for ten in parts.chunks(10) {
            assert!(ten.iter().all(|part| *part == ten[0]), "{ten:?}");
        }
        assert!(parts.contains(&Part::Train) && parts.contains(&Part::Test));
        // Who shares nothing is where the id alone says.
        let alone = Sides { split, ..Sides::default() };
        assert_eq!(sides.part_of("user_1007"), alone.part_of("user_1007"));
    }
}
