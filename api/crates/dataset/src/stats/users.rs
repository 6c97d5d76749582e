//! Counts users and their lines, in the same memory for any number of users.

use std::{
    collections::{BTreeMap, HashMap},
    io,
};

use twox_hash::XxHash3_128;

use crate::external_sort::ExternalSort;

/// How many users are counted in memory. With more, the counts so far go to a file and are added up at the end.
const USERS_MAX: usize = 50_000;
const SORT_BYTES: usize = 4 * 1024 * 1024;

/// Counts the lines of users, by a hash of their id.
pub(super) struct UserCounter {
    lines: HashMap<u128, u64>,
    aside: ExternalSort<(u128, u64)>,
}

impl UserCounter {
    pub(super) fn new() -> Self {
        Self { lines: HashMap::new(), aside: ExternalSort::new(SORT_BYTES) }
    }

    pub(super) fn add(&mut self, distinct_id: &str) -> io::Result<()> {
        *self.lines.entry(XxHash3_128::oneshot(distinct_id.as_bytes())).or_default() += 1;
        if self.lines.len() == USERS_MAX { self.put_aside() } else { Ok(()) }
    }

    /// How many users have a number of lines, by that number. There are few different numbers: 10,000 of them are 50 million lines.
    pub(super) fn finish(mut self) -> io::Result<BTreeMap<u64, u64>> {
        self.put_aside()?;
        let mut users_by_lines = BTreeMap::<u64, u64>::new();
        let mut sorted = self.aside.sorted()?;
        let mut user: Option<(u128, u64)> = None;
        while let Some((key, lines)) = sorted.next()? {
            match &mut user {
                Some((current, sum)) if *current == key => *sum += lines,
                _ => {
                    if let Some((_, sum)) = user.replace((key, lines)) {
                        *users_by_lines.entry(sum).or_default() += 1;
                    }
                }
            }
        }
        if let Some((_, sum)) = user {
            *users_by_lines.entry(sum).or_default() += 1;
        }
        Ok(users_by_lines)
    }

    fn put_aside(&mut self) -> io::Result<()> {
        self.lines.drain().try_for_each(|entry| self.aside.push(entry))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_that_are_put_aside_are_added_up() {
        let mut counter = UserCounter::new();
        for round in 0..3 {
            for user in 0..2 * USERS_MAX + 10 {
                if round < 2 || user % 2 == 0 {
                    counter.add(&format!("user_{user}")).unwrap();
                }
            }
        }
        let half = USERS_MAX as u64 + 5;
        assert_eq!(counter.finish().unwrap(), BTreeMap::from([(2, half), (3, half)]));
    }
}
