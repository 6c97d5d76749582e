//! What `generations.jsonl` adds: models and providers, retries, verdicts, and the rows that each export would give.

use std::{collections::HashMap, path::Path};

use journal::generation::Generation;
use serde::Serialize;

use super::count::{Count, most_first};
use crate::{
    data_files::Dataset,
    failure_family::Families,
    pairs::{Chosen, Counts, Finder, Found},
    progress::Progress,
    read::for_each_generation,
    time_argument::LinePeriod,
};

/// How many different names are counted of each kind; what comes later is `other`.
const NAMES_MAX: usize = 1_024;

/// The numbers of `generations.jsonl`.
#[derive(Debug, Default, Serialize)]
pub(super) struct GenerationStats {
    pub(super) files: u64,
    pub(super) bytes: u64,
    pub(super) rows: u64,
    pub(super) failures: u64,
    pub(super) successes: u64,
    /// Failures and bad verdicts whose line is missing because a crash came between the two; exports leave them out.
    pub(super) without_line: u64,
    /// Failures, the most frequent first; those whose row has no such value are not among them.
    pub(super) failures_by_model: Vec<Count>,
    pub(super) failures_by_provider: Vec<Count>,
    pub(super) failures_by_status: Vec<Count>,
    /// Failures that the same person tried again with the same input within an hour.
    pub(super) retried: u64,
    /// Of those, the ones of which a try succeeded.
    pub(super) retried_and_succeeded: u64,
    /// By what judged, the most frequent first.
    pub(super) verdicts: Vec<Verdicts>,
    pub(super) exports: Exports,
}

/// Verdicts of one evaluation, or with one reason.
#[derive(Debug, Serialize)]
pub(super) struct Verdicts {
    pub(super) name: String,
    pub(super) good: u64,
    pub(super) bad: u64,
    /// Without a label.
    pub(super) other: u64,
}

/// Rows that an export without options would give today.
#[derive(Debug, Default, Serialize)]
pub(super) struct Exports {
    pub(super) sft: u64,
    pub(super) dpo: u64,
    pub(super) kto_good: u64,
    pub(super) kto_bad: u64,
}

/// Reads the rows beside the data at `path`, or those of them that are in the period; `None` where there is no `generations.jsonl`.
pub(super) fn collect(path: &Path, lines: &Dataset, period: &LinePeriod) -> anyhow::Result<Option<GenerationStats>> {
    let Some(generations) = Dataset::open_generations(path)? else { return Ok(None) };
    let progress = Progress::bytes(Some(generations.bytes() + lines.bytes()));
    let mut collector = Collector::default();
    let mut finder = Finder::new();
    for_each_generation(&generations, &progress, |row, generation| {
        let is_chosen = period.contains(&generation.timestamp);
        if is_chosen {
            collector.add(generation);
        }
        Ok(finder.add(row, generation, Chosen { is_chosen, ..Chosen::ALL })?)
    })?;
    let mut exports = Exports::default();
    let counts = finder.finish(Some(lines), &progress, &mut |found| {
        match found {
            Found::Answer { .. } => exports.sft += 1,
            Found::Pair { .. } => exports.dpo += 1,
            Found::Labelled { is_good: true, .. } => exports.kto_good += 1,
            Found::Labelled { is_good: false, .. } => exports.kto_bad += 1,
            Found::Later { .. } => {}
        }
        Ok(())
    })?;
    Ok(Some(collector.finish(&generations, &counts, exports)))
}

#[derive(Default)]
struct Collector {
    rows: u64,
    failures: u64,
    successes: u64,
    models: Names<u64>,
    providers: Names<u64>,
    statuses: Names<u64>,
    /// Good, bad, other.
    verdicts: Names<[u64; 3]>,
    families: Families,
}

impl Collector {
    fn add(&mut self, generation: &Generation<'_>) {
        self.rows += 1;
        match &*generation.kind {
            "failure" => {
                self.failures += 1;
                let counted = [
                    (&mut self.models, &generation.model),
                    (&mut self.providers, &generation.provider),
                    (&mut self.statuses, &generation.http_status),
                ];
                for (names, name) in counted {
                    if !name.is_empty() {
                        *names.of(name) += 1;
                    }
                }
            }
            "verdict" => {
                let label = match &*generation.label {
                    "good" => 0,
                    "bad" => 1,
                    _ => 2,
                };
                let name = verdict_name(&generation.failure_reason, &mut self.families);
                self.verdicts.of(name)[label] += 1;
            }
            "success" => self.successes += 1,
            _ => {}
        }
    }

    fn finish(self, generations: &Dataset, counts: &Counts, exports: Exports) -> GenerationStats {
        let mut verdicts: Vec<_> =
            self.verdicts.0.into_iter().map(|(name, [good, bad, other])| Verdicts { name, good, bad, other }).collect();
        let all = |verdicts: &Verdicts| verdicts.good + verdicts.bad + verdicts.other;
        verdicts.sort_by(|one, other| all(other).cmp(&all(one)).then_with(|| one.name.cmp(&other.name)));
        GenerationStats {
            files: generations.files().len() as u64,
            bytes: generations.bytes(),
            rows: self.rows,
            failures: self.failures,
            successes: self.successes,
            without_line: counts.without_line,
            failures_by_model: self.models.counts(),
            failures_by_provider: self.providers.counts(),
            failures_by_status: self.statuses.counts(),
            retried: counts.retried.retried,
            retried_and_succeeded: counts.retried.succeeded,
            verdicts,
            exports,
        }
    }
}

/// The name of what judged: an evaluation's, or else the family of the reason.
fn verdict_name<'a>(reason: &'a str, families: &'a mut Families) -> &'a str {
    /// As the built-in events table writes the reason of an evaluation.
    const EVALUATION: &str = "evaluation \"";
    let evaluation = reason.strip_prefix(EVALUATION).and_then(|rest| rest.find('"'));
    match evaluation {
        Some(length) => &reason[..EVALUATION.len() + length + 1],
        None if reason.trim().is_empty() => "(no name)",
        None => families.of(reason),
    }
}

/// Counts by name, in bounded memory.
#[derive(Default)]
struct Names<V>(HashMap<String, V>);

impl<V: Default> Names<V> {
    fn of(&mut self, name: &str) -> &mut V {
        let is_known = self.0.contains_key(name) || self.0.len() < NAMES_MAX;
        self.0.entry(if is_known { name.to_owned() } else { "(others)".to_owned() }).or_default()
    }
}

impl Names<u64> {
    fn counts(self) -> Vec<Count> {
        let mut counts: Vec<_> = self.0.into_iter().map(|(name, lines)| Count { name, lines }).collect();
        most_first(&mut counts);
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_is_named_by_its_evaluation_or_its_reason() {
        let mut families = Families::default();
        for (reason, name) in [
            ("evaluation \"tone\": rude to [EMAIL_1]", "evaluation \"tone\""),
            ("evaluation \"tone\"", "evaluation \"tone\""),
            ("evaluation failed 12 times", "evaluation failed <n> times"),
            ("thumbs down", "thumbs down"),
            (" ", "(no name)"),
        ] {
            assert_eq!(verdict_name(reason, &mut families), name, "{reason}");
        }
    }

    #[test]
    fn names_are_bounded() {
        let mut names = Names::<u64>::default();
        for number in 0..3 * NAMES_MAX {
            *names.of(&format!("model-{number}")) += 1;
        }
        assert!(names.0.len() <= NAMES_MAX + 1);
        assert_eq!(names.counts()[0].lines, 2 * NAMES_MAX as u64);
    }
}
