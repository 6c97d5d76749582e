//! What an export reads.

use anyhow::bail;

use super::{
    placeholders::Labels,
    settings::{ExportFormat, Settings},
};
use crate::data_files::Dataset;

/// The lines of configuration that bring the answers.
pub(super) const PULL: &str = "POSTHOG_PROJECT=<the project's number>\nPULL_SUCCESSES=true";
/// The lines of configuration that bring verdicts.
pub(super) const VERDICTS: &str = "POSTHOG_PROJECT=<the project's number>\nEVENTS=events.toml    # for thumbs, an entry for the survey; \
                                   evaluations ($ai_evaluation) need none";

/// What an export reads.
pub(super) struct Inputs<'a> {
    /// `training_data.jsonl`; successes and good verdicts can be there without it.
    pub(super) lines: Option<&'a Dataset>,
    pub(super) generations: Option<&'a Dataset>,
    pub(super) labels: Labels,
}

impl Inputs<'_> {
    /// The data may have been rewritten while it was read: then rows of somebody who was forgotten may be among the new ones.
    pub(super) fn check_unchanged(&self) -> anyhow::Result<()> {
        if ![self.lines, self.generations].into_iter().flatten().all(Dataset::is_unchanged) {
            bail!(
                "files were rewritten meanwhile (somebody's lines were deleted, say); nothing was written, run it again"
            );
        }
        Ok(())
    }

    /// Why there is no `generations.jsonl`, and what brings it.
    pub(super) fn no_generations(&self, settings: &Settings) -> String {
        let beside = self.lines.map_or(settings.data.path.as_path(), Dataset::live);
        let (what, lines) = match settings.format {
            // Verdicts bring the answers that they are about.
            ExportFormat::Kto => ("verdicts", VERDICTS),
            _ => ("answers", PULL),
        };
        format!(
            "there is no generations.jsonl beside {}: a failed generation alone has no answer to learn from. These lines of configuration \
             for `misfire serve` bring the {what}:\n{lines}\nUntil then, --format prompts gives the prompts to have answered",
            beside.display(),
        )
    }
}
