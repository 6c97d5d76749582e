//! What an export says when it is done.

use std::fmt::Write;

use super::{
    done::{Done, Written},
    settings::{ExportFormat, Settings},
};
use crate::{
    numbers::{counted, percent, thousands},
    output,
};

/// Prints the numbers; to standard error where standard output holds the rows.
pub(super) fn print(done: &Done, settings: &Settings) -> anyhow::Result<()> {
    let text = if settings.json { serde_json::to_string(done)? + "\n" } else { said(done, settings) };
    if settings.is_to_stdout() {
        eprint!("{text}");
    } else {
        output::print(text)?;
    }
    Ok(())
}

fn said(done: &Done, settings: &Settings) -> String {
    let repeated = match settings.dedupe {
        Some(_) => format!(", {} of them repeated", thousands(done.repeated)),
        None => String::new(),
    };
    let is_of_rows = settings.format.needs_generations() || settings.generations;
    let read = counted(done.read, if is_of_rows { "generation" } else { "line" });
    let mut text = format!("{read}, {} chosen{repeated}\n", thousands(done.chosen));
    for Written { file, rows } in &done.files {
        let path = if settings.is_to_stdout() {
            "standard output".into()
        } else {
            settings.output.join(file).display().to_string()
        };
        let _ = writeln!(text, "  {path}: {}", counted(*rows, "row"));
    }
    for remark in remarks(done, settings.format) {
        let _ = writeln!(text, "{remark}");
    }
    text
}

/// What share of the answers was judged, for the two formats where that is a question.
pub(super) fn judged_share(done: &Done, format: ExportFormat) -> Option<String> {
    let (good, rows) = (done.judged_good, done.rows());
    let share = format!("{} of {} ({} %)", thousands(good), counted(rows, "row"), percent(good, rows));
    match format {
        ExportFormat::Sft => Some(format!(
            "{share}: the answer was judged good; of the others nobody said so, they are the first success after a failure"
        )),
        ExportFormat::Kto => Some(format!("{share}: the label is true")),
        _ => None,
    }
}

/// What the rows do not show.
fn remarks(done: &Done, format: ExportFormat) -> Vec<String> {
    let counts = [
        (done.too_short, "left out: the user speaks less often than --min-turns"),
        (done.without_answer, "left out: the output is no answer of an assistant"),
        (done.same_answers, "left out: the chosen answer is the rejected one"),
        (
            done.without_line,
            "left out: the line in training_data.jsonl is missing (a crash); the event's next delivery brings it",
        ),
        (done.renumbered, "an answer has a placeholder that the prompt does not have; it has a number of its own"),
        (done.with_reference, "the good answer that came later is the reference"),
        (
            done.prompts.no_chats,
            "the prompt is JSON but no chat of a known SDK; it is exported as text, said by the user",
        ),
        (done.chats_as_text, "the text is a chat, written as the JSON of its messages"),
        (
            done.prompts.with_media,
            "an image, audio, video or file is a marker in the text, as [image image/png, 48 kB]",
        ),
        (
            done.shortened_answers,
            "of the output only the first choice, up to the assistant's last words, is the answer",
        ),
        (done.tools_left_out, "left out: the tools, which were too long to be stored whole; the row itself is there"),
        (done.prompts.shortened_chats, "the chat was too long when it was stored; messages in its middle are missing"),
    ];
    let counts = counts.into_iter().filter(|(count, _)| *count > 0);
    judged_share(done, format)
        .into_iter()
        .chain(counts.map(|(count, what)| format!("{}: {what}", counted(count, "row"))))
        .collect()
}
