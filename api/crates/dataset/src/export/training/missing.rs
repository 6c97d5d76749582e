//! What is missing where no row can be made, and the configuration that brings it.

use crate::{
    export::{
        inputs::{PULL, VERDICTS},
        settings::{ExportFormat, Settings},
    },
    pairs::Counts,
};

/// The refusal.
pub(super) fn said(settings: &Settings, counts: &Counts) -> String {
    let verdicts = counts.bad_verdicts + counts.good_verdicts;
    let what = match settings.format {
        ExportFormat::Kto if verdicts == 0 => {
            "kto needs verdicts (evaluations, thumbs), and generations.jsonl holds none"
        }
        ExportFormat::Dpo if counts.bad_verdicts == 0 => {
            "dpo needs answers that somebody called bad (a failed evaluation, a thumbs down), and generations.jsonl holds none"
        }
        ExportFormat::Dpo if counts.successes == 0 => {
            "dpo needs, beside the answer that was called bad, a better one to the same prompt, and no successful generations were pulled"
        }
        ExportFormat::Sft if counts.successes == 0 && counts.good_verdicts == 0 => {
            "sft needs answers that are worth imitating, and no successful generations were pulled"
        }
        _ => return nothing_fits(settings.format),
    };
    let lines = match settings.format {
        ExportFormat::Sft => PULL,
        ExportFormat::Dpo if counts.bad_verdicts > 0 => PULL,
        _ => VERDICTS,
    };
    format!("{what}. These lines of configuration for `misfire serve` bring them:\n{lines}")
}

/// Everything is there, but nothing belongs together.
fn nothing_fits(format: ExportFormat) -> String {
    let rule = match format {
        ExportFormat::Sft => {
            "no success that the options choose follows a failure of the same person with the same input within an hour, and none was judged good \
             without being judged bad"
        }
        ExportFormat::Dpo => {
            "no answer that was called bad, and that the options choose, is followed by a success of the same person with the same input within an \
             hour that nobody calls bad"
        }
        _ => "no verdict that the options choose is about a whole answer",
    };
    format!("{rule}; nothing was written. `misfire stats` shows what there is")
}
