//! Reads the rows and finds what belongs together.

use std::io;

use journal::{generation::Generation, training_record::UNKNOWN};
use twox_hash::XxHash3_128;

use super::{
    entry::{ByGeneration, InGroup, Kind, RowFacts},
    found::{Counts, Found},
    retries::Retries,
    standing::Standing,
    without_line::{NeedLines, uuid_key},
};
use crate::{bits::Bits, data_files::Dataset, external_sort::ExternalSort, progress::Progress, read::Row};

/// Each of the two sorts.
const SORT_BYTES: usize = 12 * 1024 * 1024;

/// What the options say about a row. A row that is not chosen still counts for others: a verdict from before `--since` calls bad what
/// it calls bad.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chosen {
    /// Whether its time and reason are those that were asked for.
    pub(crate) is_chosen: bool,
    /// Whether its model is.
    pub(crate) is_of_model: bool,
}

impl Chosen {
    /// Where nothing in particular was asked for.
    pub(crate) const ALL: Self = Self { is_chosen: true, is_of_model: true };
}

/// Takes rows in any order.
pub(crate) struct Finder {
    generations: ExternalSort<ByGeneration>,
    need_lines: NeedLines,
    counts: Counts,
}

impl Finder {
    pub(crate) fn new() -> Self {
        Self { generations: ExternalSort::new(SORT_BYTES), need_lines: NeedLines::new(), counts: Counts::default() }
    }

    /// The next row. One of a kind, or a verdict with a label, that is not known is counted and nothing else.
    ///
    /// # Errors
    /// When the temporary file cannot be written.
    pub(crate) fn add(&mut self, row: Row, generation: &Generation<'_>, chosen: Chosen) -> io::Result<()> {
        self.counts.rows += 1;
        let (kind, count) = match (&*generation.kind, &*generation.label) {
            ("failure", _) => (Kind::Failure, &mut self.counts.failures),
            ("success", _) => (Kind::Success, &mut self.counts.successes),
            ("verdict", "bad") => (Kind::Bad, &mut self.counts.bad_verdicts),
            ("verdict", "good") => (Kind::Good, &mut self.counts.good_verdicts),
            _ => return Ok(()),
        };
        *count += 1;
        self.need_lines.add(row, generation)?;
        let is_verdict = matches!(kind, Kind::Bad | Kind::Good);
        let uuid = if is_verdict && !generation.about.is_empty() { &generation.about } else { &generation.uuid };
        self.generations.push(ByGeneration {
            generation: uuid_key(uuid),
            kind,
            time_ms: generation.timestamp.parse::<jiff::Timestamp>().map_or(0, |time| time.as_millisecond()),
            row: RowFacts {
                at: row.at,
                ordinal: row.ordinal,
                group: group_of(generation),
                has_answer: kind != Kind::Failure
                    && !is_http_failure(&generation.http_status)
                    && has_answer(generation),
                is_chosen: chosen.is_chosen,
                is_of_model: chosen.is_of_model,
            },
        })
    }

    /// Tells what is found, in no particular order. `lines` is the data with the lines of the rows.
    ///
    /// # Errors
    /// When the data or a temporary file cannot be read, or `visit` fails.
    pub(crate) fn finish(
        self,
        lines: Option<&Dataset>,
        progress: &Progress,
        visit: &mut dyn FnMut(Found) -> io::Result<()>,
    ) -> anyhow::Result<Counts> {
        let mut counts = self.counts;
        let (without_line, count) = self.need_lines.missing(lines, progress)?;
        counts.without_line = count;
        let tries = by_prompt(self.generations, &without_line, &mut counts, visit)?;
        let mut retries = Retries::default();
        let mut sorted = tries.sorted()?;
        while let Some(entry) = sorted.next()? {
            retries.add(entry, visit)?;
        }
        counts.retried = retries.retried;
        Ok(counts)
    }
}

/// Tells what verdicts alone say, and gives the tries of each prompt.
fn by_prompt(
    generations: ExternalSort<ByGeneration>,
    without_line: &Bits,
    counts: &mut Counts,
    visit: &mut dyn FnMut(Found) -> io::Result<()>,
) -> io::Result<ExternalSort<InGroup>> {
    let mut tries = ExternalSort::new(SORT_BYTES);
    let mut end = |standing: &Standing| {
        counts.disputed += u64::from(standing.is_disputed());
        [standing.labelled(), standing.good_alone()].into_iter().flatten().try_for_each(&mut *visit)?;
        standing.step().map_or(Ok(()), |step| tries.push(step))
    };
    let mut sorted = generations.sorted()?;
    let (mut generation, mut standing) = (None, Standing::default());
    while let Some(entry) = sorted.next()? {
        if generation.replace(entry.generation) != Some(entry.generation) {
            end(&std::mem::take(&mut standing))?;
        }
        standing.add(entry, !without_line.get(entry.row.ordinal));
    }
    end(&standing)?;
    Ok(tries)
}

/// The person and the prompt as one key; 0 where there is no hash, or where the event had no person: "unknown" is not one person.
fn group_of(generation: &Generation<'_>) -> u128 {
    if generation.input_hash.is_empty() || generation.distinct_id.is_empty() || generation.distinct_id == UNKNOWN {
        return 0;
    }
    // An id holds no NUL, and the hash no other character than hex digits.
    XxHash3_128::oneshot(format!("{}\0{}", generation.input_hash, generation.distinct_id).as_bytes())
}

/// Whether a status, where there is one, says that there was no answer.
fn is_http_failure(status: &str) -> bool {
    status.parse::<u16>().is_ok_and(|status| status >= 400)
}

fn has_answer(generation: &Generation<'_>) -> bool {
    /// An empty answer with its role and other keys is shorter than this.
    const EMPTY_BYTES_MAX: usize = 512;
    generation.output.len() > EMPTY_BYTES_MAX || chat::has_content(&generation.output)
}
