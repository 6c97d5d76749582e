//! `--model` for exports of lines, which do not hold the model: their rows in `generations.jsonl` do.

use super::{by_uuid::ByUuid, select::Selection};
use crate::{bits::Bits, data_files::Dataset, progress::Progress, read::for_each_generation};

/// The lines whose row names one of the models, by their number.
pub(super) fn lines_of_model(generations: &Dataset, lines: &Dataset, selection: &Selection) -> anyhow::Result<Bits> {
    let mut rows = ByUuid::new();
    for_each_generation(generations, &Progress::hidden(), |row, generation| {
        if selection.is_of_model(&generation.model) {
            rows.add(&generation.uuid, row.ordinal)?;
        }
        Ok(())
    })?;
    let mut of_model = Bits::default();
    let mut by_line = rows.by_line(lines)?;
    while let Some((ordinal, _)) = by_line.next()? {
        of_model.set(ordinal);
    }
    Ok(of_model)
}
