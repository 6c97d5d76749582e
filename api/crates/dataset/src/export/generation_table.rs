//! `--generations`: a table of the eighteen columns.

use anyhow::{Context, bail};
use journal::GENERATIONS;

use super::{
    done::Done, inputs::Inputs, messages::Prompt, select::Selection, settings::Settings, sides::Sides, sink::Sinks,
};
use crate::{
    duplicates::DuplicateFinder, failure_family::Families, numbers::counted, pairs::rows_without_line,
    progress::Progress, read::for_each_generation,
};

pub(super) fn export(inputs: &Inputs<'_>, settings: &Settings) -> anyhow::Result<Done> {
    let generations = inputs.generations.with_context(|| inputs.no_generations(settings))?;
    let readings = if settings.dedupe.is_some() { 3 } else { 2 };
    let progress = Progress::bytes(Some(generations.bytes() * readings));
    let selection = Selection::new(settings);
    let without_line = rows_without_line(generations, inputs.lines, &progress)?;
    let mut families = Families::default();
    let mut chooses = |ordinal: u64, generation: &journal::generation::Generation<'_>| {
        let chosen = selection.chosen(generation, &mut families);
        chosen.is_chosen && chosen.is_of_model && !without_line.get(ordinal)
    };
    let duplicates = match settings.dedupe {
        Some(dedupe) => {
            let mut finder = DuplicateFinder::new(dedupe)?;
            for_each_generation(generations, &progress, |row, generation| {
                if chooses(row.ordinal, generation) {
                    finder.add(&generation.input)?;
                }
                Ok(())
            })?;
            Some(finder.finish()?)
        }
        None => None,
    };

    let sides = Sides::of(settings.split, Some(generations), &Progress::hidden())?;
    let mut sinks = Sinks::create(settings, &GENERATIONS, sides)?;
    let mut done = Done::default();
    for_each_generation(generations, &progress, |row, generation| {
        done.read += 1;
        done.without_line += u64::from(without_line.get(row.ordinal));
        if !chooses(row.ordinal, generation) {
            return Ok(());
        }
        done.chosen += 1;
        if duplicates.as_ref().is_some_and(|duplicates| duplicates.is_repeat(done.chosen - 1)) {
            done.repeated += 1;
            return Ok(());
        }
        if settings.min_turns.is_some_and(|turns| Prompt::of(&generation.input).turns() < turns) {
            done.too_short += 1;
            return Ok(());
        }
        sinks.write_values(&generation.distinct_id, &generation.values())
    })?;
    if sinks.rows() == 0 {
        bail!("none of {} matches the options; nothing was written", counted(done.read, "row"));
    }
    inputs.check_unchanged()?;
    sinks.finish(settings, &mut done)?;
    Ok(done)
}
