//! The `README.md` beside exported prompts. It tells Hugging Face datasets the types of the messages.
//!
//! Without it, datasets takes the types from the first 10 MB of rows and fails at the first later message that calls a tool
//! ("Couldn't cast array of type struct<…>"; datasets 5.2.0). Empty values in every message are no way out: an empty list has no type.

use super::select::Part;

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

/// The card for the parts that have rows. Messages have more than a role and a content when one of them in the whole export does.
pub(super) fn prompts_card(parts: &[Part], has_tools_or_names: bool) -> String {
    let files: String = parts
        .iter()
        .map(|part| {
            let split = if *part == Part::Test { "test" } else { "train" };
            format!("\n  - split: {split}\n    path: {}.jsonl", part.stem())
        })
        .collect();
    let more = if has_tools_or_names { TOOLS_AND_NAME } else { "" };
    format!(
        "---\nconfigs:\n- config_name: default\n  data_files:{files}\n\
         dataset_info:\n  config_name: default\n  features:\n  - name: prompt\n    list:{ROLE_AND_CONTENT}{more}\n---\n\n\
         # Prompts that failed\n\n\
         Prompt-only rows, written by `misfire export`. Each `prompt` is a list of messages as OpenAI's chat has them, whatever SDK \
         sent them. An image or a file is a marker in the text (`[image image/png, 48 kB]`). The lines above give the types to \
         Hugging Face datasets; where a message has no such key, it reads `None`.\n"
    )
}
