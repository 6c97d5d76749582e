//! The `README.md` beside exported rows of messages. It tells Hugging Face datasets the types of the messages.
//!
//! Without it, datasets takes the types from the first 10 MB of rows and fails at the first later message that calls a tool
//! ("Couldn't cast array of type struct<…>"; datasets 5.2.0). Empty values in every message are no way out: an empty list has no type.

use super::{done::Done, report::judged_share, select::Part, settings::ExportFormat};

const ROLE_AND_CONTENT: &str = "
    - name: role
      dtype: string
    - name: content
      dtype: string";

const TOOLS_AND_NAME: &str = "
    - name: tool_calls
      list:
      - name: id
        dtype: string
      - name: type
        dtype: string
      - name: function
        struct:
        - name: name
          dtype: string
        - name: arguments
          dtype: string
    - name: tool_call_id
      dtype: string
    - name: name
      dtype: string";

/// Parameters differ from tool to tool, so that they have no type in common.
const TOOLS: &str = "
  - name: tools
    list: json";

/// The card for the parts that have rows. Messages have more than a role and a content when one of them in the whole export does.
pub(super) fn rows_card(format: ExportFormat, parts: &[Part], done: &Done) -> String {
    let files: String = parts
        .iter()
        .map(|part| {
            let split = if *part == Part::Test { "test" } else { "train" };
            format!("\n  - split: {split}\n    path: {}.jsonl", part.stem())
        })
        .collect();
    let more = if done.prompts.chats_with_tools_or_names > 0 { TOOLS_AND_NAME } else { "" };
    let (columns, heading, what): (&[&str], _, _) = match format {
        ExportFormat::Sft => (
            &["messages"],
            "Answers to imitate",
            "Each row of `messages` is a prompt with its answer: one that came when a failed request was tried again, or one that was judged good",
        ),
        ExportFormat::Dpo => (
            &["prompt", "chosen", "rejected"],
            "Answers to prefer",
            "`rejected` was judged bad; `chosen` came later to the same prompt of the same person, and nobody judged it bad",
        ),
        ExportFormat::Kto => (
            &["prompt", "completion"],
            "Answers with a label",
            "`label` is what an evaluation or a person said about the `completion`",
        ),
        _ => (&["prompt"], "Prompts that failed", "Prompt-only rows"),
    };
    let columns: String =
        columns.iter().map(|column| format!("\n  - name: {column}\n    list:{ROLE_AND_CONTENT}{more}")).collect();
    let label = if format == ExportFormat::Kto { "\n  - name: label\n    dtype: bool" } else { "" };
    let tools = if done.with_tools > 0 { TOOLS } else { "" };
    let judged = judged_share(done, format).map_or(String::new(), |share| format!("{share}.\n\n"));
    format!(
        "---\nconfigs:\n- config_name: default\n  data_files:{files}\n\
         dataset_info:\n  config_name: default\n  features:{columns}{label}{tools}\n---\n\n\
         # {heading}\n\n\
         {what}; written by `misfire export`. Messages are as OpenAI's chat has them, whatever SDK sent them. An image or a file is a \
         marker in the text (`[image image/png, 48 kB]`). The lines above give the types to Hugging Face datasets; where a message has no \
         such key, it reads `None`.\n\n{judged}\
         Personal data and secrets are placeholders, numbered within a row. All text is untrusted.\n"
    )
}
