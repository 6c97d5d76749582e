//! Reads the data once, in memory that does not grow with it.

use std::{
    collections::{BTreeMap, HashMap},
    ops::ControlFlow,
};

use journal::{Record, time::is_line_time};
use misfire_sanitizer::{Kind, Policy, placeholder};
use serde::Serialize;
use shared::event::INPUT_PROMPT_CHARS_MAX;

use super::{
    count::{Count, most_first},
    generations::GenerationStats,
    users::UserCounter,
};
use crate::{
    data_files::Dataset,
    duplicates::{Dedupe, DuplicateFinder},
    failure_family::Families,
    progress::Progress,
    read::{Found, for_each_line},
    time_argument::LinePeriod,
};

/// The families that are counted at once; when there are more, those with the fewest lines become `other`.
const FAMILIES_MAX: usize = 8_192;

/// The numbers of the data.
#[derive(Debug, Default, Serialize)]
pub(super) struct Stats {
    pub(super) files: u64,
    pub(super) bytes: u64,
    pub(super) lines: u64,
    /// Lines that are no record; `misfire verify` says which. No other number counts them.
    pub(super) unreadable_lines: u64,
    /// Lines that `--since` and `--until` leave out. No other number counts them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) lines_left_out: Option<u64>,
    /// Lines by day, in UTC.
    pub(super) days: BTreeMap<String, u64>,
    /// Failures by family, the most frequent first.
    pub(super) failures: Vec<Count>,
    /// Failures of families that were too rare and too many to be counted alone.
    pub(super) other_failures: u64,
    pub(super) users: Users,
    /// Of prompts, in characters.
    pub(super) prompt_length: Lengths,
    pub(super) duplicates: DuplicateLines,
    pub(super) placeholders: Placeholders,
    /// Of `generations.jsonl`, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) generations: Option<GenerationStats>,
}

/// Users, and how many lines they have.
#[derive(Debug, Default, Serialize)]
pub(super) struct Users {
    pub(super) count: u64,
    pub(super) lines_median: u64,
    pub(super) lines_p90: u64,
    pub(super) lines_max: u64,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct Lengths {
    pub(super) median: u64,
    pub(super) p90: u64,
    pub(super) p99: u64,
    pub(super) max: u64,
    /// Prompts of 2^n to 2^(n+1) - 1 characters, by n.
    pub(super) powers_of_two: Vec<u64>,
}

/// Lines whose prompt repeats an earlier one.
#[derive(Debug, Default, Serialize)]
pub(super) struct DuplicateLines {
    pub(super) exact: u64,
    /// Not counting the exact ones.
    pub(super) near: u64,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct Placeholders {
    /// Lines with at least one.
    pub(super) lines: u64,
    /// How many of each type, the most frequent first.
    pub(super) types: Vec<Count>,
}

impl Stats {
    /// Whether there are lines, and none of them is a record.
    pub(super) fn has_only_unreadable_lines(&self) -> bool {
        self.unreadable_lines > 0 && self.lines + self.lines_left_out.unwrap_or(0) == 0
    }
}

/// Reads the data, or the part of it that is in the period.
pub(super) fn collect(dataset: &Dataset, policy: &Policy, period: &LinePeriod) -> anyhow::Result<Stats> {
    let progress = Progress::bytes(Some(dataset.bytes()));
    let mut collector = Collector::new(policy)?;
    let mut left_out = 0;
    for_each_line(dataset, &progress, |_, found| {
        match found {
            Found::Line(line) => match Record::parse(line) {
                Ok(record) if is_line_time(&record.timestamp) => match period.contains(&record.timestamp) {
                    true => collector.add(&record)?,
                    false => left_out += 1,
                },
                Ok(_) | Err(_) => collector.stats.unreadable_lines += 1,
            },
            Found::TooLong => collector.stats.unreadable_lines += 1,
            Found::Torn(_) => {}
        }
        Ok(ControlFlow::Continue(()))
    })?;
    collector.stats.lines_left_out = (!period.is_all()).then_some(left_out);
    collector.stats.files = dataset.files().len() as u64;
    collector.stats.bytes = dataset.bytes();
    collector.finish()
}

struct Collector {
    stats: Stats,
    /// The day of the lines before, and how many of them: days seldom change.
    day: ([u8; 10], u64),
    families: Families,
    failures: HashMap<String, u64>,
    users: UserCounter,
    /// How many prompts have each length.
    lengths: Vec<u64>,
    duplicates: DuplicateFinder,
    labels: Vec<(String, u64)>,
}

impl Collector {
    fn new(policy: &Policy) -> anyhow::Result<Self> {
        let labels = Kind::ALL.iter().map(Kind::label).chain(policy.own_labels());
        Ok(Self {
            stats: Stats::default(),
            day: (*b"0000-00-00", 0),
            families: Families::default(),
            failures: HashMap::new(),
            users: UserCounter::new(),
            lengths: vec![0; INPUT_PROMPT_CHARS_MAX as usize + 1],
            duplicates: DuplicateFinder::new(Dedupe::Near)?,
            labels: labels.map(|label| (label.to_owned(), 0)).collect(),
        })
    }

    fn add(&mut self, record: &Record<'_>) -> anyhow::Result<()> {
        self.stats.lines += 1;
        self.add_day(&record.timestamp);
        self.add_failure(&record.failure_reason);
        self.users.add(&record.distinct_id)?;
        let length = record.input_prompt.chars().count();
        self.lengths[length.min(INPUT_PROMPT_CHARS_MAX as usize)] += 1;
        self.duplicates.add(&record.input_prompt)?;
        let in_prompt = self.count_placeholders(&record.input_prompt);
        let in_reason = self.count_placeholders(&record.failure_reason);
        self.stats.placeholders.lines += u64::from(in_prompt || in_reason);
        Ok(())
    }

    fn add_day(&mut self, timestamp: &str) {
        let Some(day) = timestamp.as_bytes().first_chunk() else { return };
        if *day == self.day.0 {
            self.day.1 += 1;
        } else {
            self.flush_day();
            self.day = (*day, 1);
        }
    }

    fn flush_day(&mut self) {
        let (day, lines) = self.day;
        if lines > 0 {
            *self.stats.days.entry(String::from_utf8_lossy(&day).into_owned()).or_default() += lines;
        }
    }

    fn add_failure(&mut self, reason: &str) {
        let family = self.families.of(reason);
        if let Some(lines) = self.failures.get_mut(family) {
            *lines += 1;
            return;
        }
        let family = family.to_owned();
        if self.failures.len() == FAMILIES_MAX {
            self.drop_rare_failures();
        }
        self.failures.insert(family, 1);
    }

    /// Makes room: the rarer half of the families becomes `other`.
    fn drop_rare_failures(&mut self) {
        let mut counts: Vec<_> = self.failures.values().copied().collect();
        counts.sort_unstable();
        let median = counts[counts.len() / 2];
        self.failures.retain(|_, lines| {
            let is_kept = *lines > median;
            self.stats.other_failures += if is_kept { 0 } else { *lines };
            is_kept
        });
    }

    fn count_placeholders(&mut self, text: &str) -> bool {
        let mut any = false;
        for at in memchr::memchr_iter(b'[', text.as_bytes()) {
            if let Some((label, _, _)) = placeholder(&text[at..])
                && let Some((_, count)) = self.labels.iter_mut().find(|(known, _)| known == label)
            {
                *count += 1;
                any = true;
            }
        }
        any
    }

    fn finish(mut self) -> anyhow::Result<Stats> {
        self.flush_day();
        let mut stats = self.stats;
        stats.failures = self.failures.into_iter().map(|(name, lines)| Count { name, lines }).collect();
        most_first(&mut stats.failures);
        let types = self.labels.into_iter().filter(|(_, count)| *count > 0);
        stats.placeholders.types = types.map(|(label, lines)| Count { name: label, lines }).collect();
        most_first(&mut stats.placeholders.types);
        stats.prompt_length = lengths(&self.lengths);
        stats.users = users(&self.users.finish()?);
        let duplicates = self.duplicates.finish()?;
        stats.duplicates = DuplicateLines { exact: duplicates.exact, near: duplicates.near };
        Ok(stats)
    }
}

fn lengths(prompts: &[u64]) -> Lengths {
    let counts = || prompts.iter().enumerate().map(|(length, count)| (length as u64, *count));
    let mut powers_of_two = Vec::new();
    for (length, count) in counts().filter(|(_, count)| *count > 0) {
        let power = length.max(1).ilog2() as usize;
        powers_of_two.resize(powers_of_two.len().max(power + 1), 0);
        powers_of_two[power] += count;
    }
    Lengths {
        median: percentile(counts(), 50),
        p90: percentile(counts(), 90),
        p99: percentile(counts(), 99),
        max: percentile(counts(), 100),
        powers_of_two,
    }
}

fn users(users_by_lines: &BTreeMap<u64, u64>) -> Users {
    let counts = || users_by_lines.iter().map(|(lines, users)| (*lines, *users));
    Users {
        count: users_by_lines.values().sum(),
        lines_median: percentile(counts(), 50),
        lines_p90: percentile(counts(), 90),
        lines_max: percentile(counts(), 100),
    }
}

/// The smallest value that at least this many percent of all values do not exceed (nearest-rank method); 0 without values.
fn percentile(counts: impl Iterator<Item = (u64, u64)> + Clone, percent: u64) -> u64 {
    let total: u64 = counts.clone().map(|(_, count)| count).sum();
    let rank = (total * percent).div_ceil(100);
    let mut seen = 0;
    for (value, count) in counts {
        seen += count;
        if seen >= rank && count > 0 {
            return value;
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_occur() {
        let counts = [(1, 50), (2, 40), (3, 9), (4, 1), (5, 0)];
        let at = |percent| percentile(counts.into_iter(), percent);
        assert_eq!((at(50), at(51), at(90), at(91), at(99), at(100)), (1, 2, 2, 3, 3, 4));
        assert_eq!(percentile([].into_iter(), 50), 0);
    }

    #[test]
    fn rare_families_make_room_and_frequent_ones_stay() {
        let mut collector = Collector::new(&Policy::default()).unwrap();
        for number in 0..3 * FAMILIES_MAX {
            // Letters alone: a family's name holds no numbers.
            let name: String = number.to_string().bytes().map(|digit| char::from(digit - b'0' + b'a')).collect();
            collector.add_failure(&name);
            collector.add_failure("timeout");
        }
        assert!(collector.failures.len() <= FAMILIES_MAX);
        assert_eq!(collector.failures["timeout"], 3 * FAMILIES_MAX as u64);
        let counted = collector.failures.values().sum::<u64>() + collector.stats.other_failures;
        assert_eq!(counted, 6 * FAMILIES_MAX as u64);
    }
}
