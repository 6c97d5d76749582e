//! `sft`, `dpo` and `kto`: rows with answers, made of `generations.jsonl`.

mod missing;
mod planned;
mod row;

use std::cmp::Ordering;

use anyhow::{Context, bail};
use journal::{GENERATIONS, generation::Generation};

use self::{planned::Planned, row::Rows};
use super::{
    done::Done,
    inputs::Inputs,
    select::Selection,
    settings::{ExportFormat, Settings},
    sides::Traces,
    sink::Sinks,
};
use crate::{
    at::LineReader,
    data_files::Dataset,
    duplicates::{Dedupe, DuplicateFinder, Duplicates},
    external_sort::ExternalSort,
    failure_family::Families,
    pairs::{Counts, Finder},
    progress::Progress,
    read::for_each_generation,
};

const SORT_BYTES: usize = 4 * 1024 * 1024;

pub(super) fn export(inputs: &Inputs<'_>, settings: &Settings) -> anyhow::Result<Done> {
    let generations = inputs.generations.with_context(|| inputs.no_generations(settings))?;
    let progress = Progress::bytes(Some(generations.bytes() + inputs.lines.map_or(0, Dataset::bytes)));
    let selection = Selection::new(settings);
    let mut families = Families::default();
    let (mut finder, mut traces) = (Finder::new(), Traces::new(settings.split));
    for_each_generation(generations, &progress, |row, generation| {
        traces.add(generation)?;
        Ok(finder.add(row, generation, selection.chosen(generation, &mut families))?)
    })?;

    // Two readings of the plan where repetitions are left out: they are known at the end.
    let mut plan = ExternalSort::new(SORT_BYTES);
    let mut plan_again = settings.dedupe.map(|_| ExternalSort::new(SORT_BYTES));
    let mut labels = [0; 2];
    let counts = finder.finish(inputs.lines, &progress, &mut |found| {
        let Some(planned) = Planned::of(found, settings.format) else { return Ok(()) };
        labels[usize::from(planned.is_good)] += 1;
        plan_again.as_mut().map_or(Ok(()), |plan| plan.push(planned))?;
        plan.push(planned)
    })?;
    check_labels(settings, &counts, labels)?;

    let duplicates = match settings.dedupe.zip(plan_again) {
        Some((dedupe, plan)) => Some(repeated(generations, dedupe, plan)?),
        None => None,
    };
    let mut rows = Rows::new(generations, &inputs.labels, settings);
    let mut done = Done { read: counts.rows, without_line: counts.without_line, ..Done::default() };
    let mut sinks = Sinks::create(settings, &GENERATIONS, traces.finish()?)?;
    let mut sorted = plan.sorted()?;
    while let Some(planned) = sorted.next()? {
        done.chosen += 1;
        if duplicates.as_ref().is_some_and(|duplicates| duplicates.is_repeat(done.chosen - 1)) {
            done.repeated += 1;
            continue;
        }
        rows.write(planned, &mut sinks, &mut done)?;
    }
    if sinks.rows() == 0 {
        bail!("none of the {} pairs and answers matches the options; nothing was written", done.chosen);
    }
    inputs.check_unchanged()?;
    sinks.finish(settings, &mut done)?;
    Ok(done)
}

/// Which of the planned rows repeat a prompt.
fn repeated(generations: &Dataset, dedupe: Dedupe, plan: ExternalSort<Planned>) -> anyhow::Result<Duplicates> {
    let mut finder = DuplicateFinder::new(dedupe)?;
    let (mut reader, mut buffer) = (LineReader::new(generations), Vec::new());
    let mut sorted = plan.sorted()?;
    while let Some(planned) = sorted.next()? {
        reader.read(planned.prompt, &mut buffer)?;
        finder.add(&Generation::parse(&buffer)?.input)?;
    }
    Ok(finder.finish()?)
}

fn check_labels(settings: &Settings, counts: &Counts, [bad, good]: [u64; 2]) -> anyhow::Result<()> {
    if bad + good == 0 {
        bail!(missing::said(settings, counts));
    }
    let is_one_sided = settings.format == ExportFormat::Kto && (bad == 0 || good == 0);
    if is_one_sided && !settings.one_sided {
        bail!(
            "all {} labels are {}. KTO learns from the difference between good and bad answers; from one side alone a model learns to \
             push every answer the same way. Collect the other side too (a passed evaluation and a thumbs up are good, a failed one and \
             a thumbs down are bad), or write the rows to join them with others: --one-sided",
            bad + good,
            match good.cmp(&0) {
                Ordering::Greater => "good",
                Ordering::Equal | Ordering::Less => "bad",
            },
        );
    }
    Ok(())
}
