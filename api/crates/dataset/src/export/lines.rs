//! Exports of which each row is a line of `training_data.jsonl`.

use anyhow::bail;
use journal::{Record, TRAINING_DATA};

use super::{
    answer::text_of,
    done::Done,
    inputs::Inputs,
    later_answers::LaterAnswers,
    lines_of_model::lines_of_model,
    messages::Prompt,
    row_formats::{Line, row_of},
    select::Selection,
    settings::{ExportFormat, Settings},
    sides::Sides,
    sink::Sinks,
};
use crate::{
    bits::Bits, data_files::Dataset, duplicates::DuplicateFinder, failure_family::Families, numbers::counted,
    progress::Progress, read::for_each_record,
};

pub(super) fn export(inputs: &Inputs<'_>, settings: &Settings) -> anyhow::Result<Done> {
    let Some(dataset) = inputs.lines else { bail!("there is no data at {}", settings.data.path.display()) };
    let readings = if settings.dedupe.is_some() { 2 } else { 1 };
    let progress = Progress::bytes(Some(dataset.bytes() * readings));
    let choice = Choice::of(inputs, dataset, settings)?;
    let duplicates = match settings.dedupe {
        Some(dedupe) => {
            let mut families = Families::default();
            let mut finder = DuplicateFinder::new(dedupe)?;
            let mut ordinal = 0;
            for_each_record(dataset, &progress, |record| {
                if choice.chooses(ordinal, record, &mut families) {
                    finder.add(&record.input_prompt)?;
                }
                ordinal += 1;
                Ok(())
            })?;
            Some(finder.finish()?)
        }
        None => None,
    };

    let mut references = match inputs.generations.filter(|_| settings.format.is_eval()) {
        Some(generations) => Some(LaterAnswers::find(generations, dataset, &inputs.labels)?),
        None => None,
    };
    let sides = Sides::of(settings.split, inputs.generations, &progress)?;
    let mut sinks = Sinks::create(settings, &TRAINING_DATA, sides)?;
    let mut families = Families::default();
    let mut done = Done::default();
    for_each_record(dataset, &progress, |record| {
        done.read += 1;
        let ordinal = done.read - 1;
        let later = references.as_mut().map(|references| references.next(ordinal)).transpose()?.flatten();
        if !choice.chooses(ordinal, record, &mut families) {
            return Ok(());
        }
        done.chosen += 1;
        if duplicates.as_ref().is_some_and(|duplicates| duplicates.is_repeat(done.chosen - 1)) {
            done.repeated += 1;
            return Ok(());
        }
        let is_table = settings.format.is_table();
        let prompt = (!is_table || settings.min_turns.is_some()).then(|| Prompt::of(&record.input_prompt));
        if prompt.as_ref().is_some_and(|prompt| settings.min_turns.is_some_and(|turns| prompt.turns() < turns)) {
            done.too_short += 1;
            return Ok(());
        }
        match prompt.filter(|_| !is_table) {
            None => sinks.write_values(&record.distinct_id, &record.values()),
            Some(prompt) => {
                let reference = match (&mut references, later) {
                    (Some(references), Some(at)) => references.answer(at, &record.input_prompt)?,
                    _ => None,
                };
                done.prompts.add(&prompt);
                done.with_reference += u64::from(reference.is_some());
                done.shortened_answers += u64::from(reference.as_ref().is_some_and(|answer| answer.has_left_out));
                let reference = reference.map(|answer| text_of(&answer.messages));
                let is_flattened = settings.format == ExportFormat::Classification && prompt.is_chat();
                done.chats_as_text += u64::from(is_flattened);
                let line = Line { record, prompt: &prompt, reference: reference.as_deref() };
                match row_of(settings.format, &line, &mut families) {
                    Some(row) => sinks.write_line(&record.distinct_id, &row),
                    None => Ok(()),
                }
            }
        }
    })?;
    if sinks.rows() == 0 {
        bail!("none of {} matches the options; nothing was written", counted(done.read, "line"));
    }
    inputs.check_unchanged()?;
    sinks.finish(settings, &mut done)?;
    Ok(done)
}

/// The lines that the options choose.
struct Choice {
    selection: Selection,
    /// With `--model`: the lines whose generation is of one of the models.
    of_model: Option<Bits>,
}

impl Choice {
    fn of(inputs: &Inputs<'_>, dataset: &Dataset, settings: &Settings) -> anyhow::Result<Self> {
        let selection = Selection::new(settings);
        let of_model = match inputs.generations {
            _ if settings.model.is_empty() => None,
            Some(generations) => Some(lines_of_model(generations, dataset, &selection)?),
            None => bail!(
                "--model needs generations.jsonl, which says which model it was, and there is none beside {}",
                dataset.live().display()
            ),
        };
        Ok(Self { selection, of_model })
    }

    fn chooses(&self, ordinal: u64, record: &Record<'_>, families: &mut Families) -> bool {
        self.of_model.as_ref().is_none_or(|lines| lines.get(ordinal)) && self.selection.chooses(record, families)
    }
}
