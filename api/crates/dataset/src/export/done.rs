//! What an export did, in numbers.

use serde::Serialize;

use super::messages::PromptCounts;

/// The numbers of an export.
#[derive(Debug, Default, Serialize)]
pub(super) struct Done {
    /// Lines read, or rows of `generations.jsonl`.
    #[serde(rename = "lines")]
    pub(super) read: u64,
    /// Of those, the ones that the options choose; in sft, dpo and kto the rows that can be made of them.
    pub(super) chosen: u64,
    /// Of those, the ones left out because their prompt came before.
    pub(super) repeated: u64,
    /// Of those, the ones left out by `--min-turns`.
    pub(super) too_short: u64,
    /// Of those, the ones left out because the output is no answer of an assistant.
    pub(super) without_answer: u64,
    /// Of those, the ones left out because the chosen answer is the rejected one: the product answered from a cache, say.
    pub(super) same_answers: u64,
    /// Rows of `generations.jsonl` whose line is missing, because a crash came between the two. They are left out.
    pub(super) without_line: u64,
    /// In sft: rows whose answer was judged good; the others follow a failure and were judged by nobody. In kto: rows with the label true.
    pub(super) judged_good: u64,
    /// Rows with an answer that has a placeholder which the prompt does not have. It was numbered apart.
    pub(super) renumbered: u64,
    /// Rows with an answer from whose output messages are left out: other choices, or what a tool returned at the end.
    pub(super) shortened_answers: u64,
    /// In classification: rows whose text is the JSON of a chat.
    pub(super) chats_as_text: u64,
    /// Rows whose tools were too long to be stored whole, and are left out.
    pub(super) tools_left_out: u64,
    /// Rows with tools.
    pub(super) with_tools: u64,
    /// Evals with an answer that came later.
    pub(super) with_reference: u64,
    /// Of the rows. In tables, which hold prompts as they are stored, all are 0.
    #[serde(flatten)]
    pub(super) prompts: PromptCounts,
    pub(super) files: Vec<Written>,
}

impl Done {
    pub(super) fn rows(&self) -> u64 {
        self.files.iter().map(|file| file.rows).sum()
    }
}

/// A file that was written, and how many rows are in it.
#[derive(Debug, Serialize)]
pub(super) struct Written {
    pub(super) file: String,
    pub(super) rows: u64,
}
