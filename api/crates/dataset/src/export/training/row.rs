//! A row of `sft`, `dpo` or `kto`.

use chat::Message;
use journal::{generation::Generation, json_line::to_line};
use serde::Serialize;
use serde_json::value::RawValue;

use super::planned::Planned;
use crate::{
    at::LineReader,
    data_files::Dataset,
    export::{
        answer::{Answer, answer_of},
        done::Done,
        messages::Prompt,
        placeholders::{Labels, Numbers},
        settings::{ExportFormat, Settings},
        sink::Sinks,
    },
};

/// OpenAI's fine-tuning and TRL want no `tools` where there are none.
#[derive(Serialize)]
struct Sft<'a> {
    messages: Vec<&'a Message>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tools: Option<&'a RawValue>,
}

#[derive(Serialize)]
struct Dpo<'a> {
    prompt: &'a [Message],
    chosen: &'a [Message],
    rejected: &'a [Message],
    #[serde(skip_serializing_if = "Option::is_none")]
    tools: Option<&'a RawValue>,
}

#[derive(Serialize)]
struct Kto<'a> {
    prompt: &'a [Message],
    completion: &'a [Message],
    label: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    tools: Option<&'a RawValue>,
}

/// Makes rows and writes them.
pub(super) struct Rows<'a> {
    reader: LineReader<'a>,
    labels: &'a Labels,
    format: ExportFormat,
    min_turns: Option<usize>,
    buffers: [Vec<u8>; 2],
}

impl<'a> Rows<'a> {
    pub(super) fn new(generations: &'a Dataset, labels: &'a Labels, settings: &Settings) -> Self {
        let Settings { format, min_turns, .. } = *settings;
        Self { reader: LineReader::new(generations), labels, format, min_turns, buffers: Default::default() }
    }

    /// Writes a row, or counts why there is none.
    pub(super) fn write(&mut self, planned: Planned, sinks: &mut Sinks, done: &mut Done) -> anyhow::Result<()> {
        let [first, second] = &mut self.buffers;
        self.reader.read(planned.prompt, first)?;
        let row = Generation::parse(first)?;
        let prompt = Prompt::of(&row.input);
        if self.min_turns.is_some_and(|turns| prompt.turns() < turns) {
            done.too_short += 1;
            return Ok(());
        }
        // Its own answer comes first, so that its placeholders keep their numbers where they can.
        let mut numbers = Numbers::new(self.labels, &row.input, &[&row.tools]);
        let (own_text, is_own_apart) = numbers.apart(&row.output, &[&row.tools]);
        let Some(Answer { messages: own, mut has_left_out }) = answer_of(&own_text) else { return unreadable(done) };
        let (mut chosen, mut is_apart) = (Vec::new(), is_own_apart);
        if self.format == ExportFormat::Dpo {
            self.reader.read(planned.answer, second)?;
            let other = Generation::parse(second)?;
            let mut numbers = Numbers::new(self.labels, &row.input, &[&row.tools, &own_text]);
            let (text, is_other_apart) = numbers.apart_from_event(&other.output, other.input == row.input);
            is_apart |= is_other_apart;
            let Some(answer) = answer_of(&text) else { return unreadable(done) };
            if answer.messages == own {
                done.same_answers += 1;
                return Ok(());
            }
            has_left_out |= answer.has_left_out;
            chosen = answer.messages;
        }
        let tools = tools_of(&row.tools);
        let tools = tools.as_deref();
        let line = match self.format {
            ExportFormat::Dpo => to_line(&Dpo { prompt: &prompt.messages, chosen: &chosen, rejected: &own, tools }),
            ExportFormat::Kto => {
                to_line(&Kto { prompt: &prompt.messages, completion: &own, label: planned.is_good, tools })
            }
            _ => to_line(&Sft { messages: prompt.messages.iter().chain(&own).collect(), tools }),
        };
        sinks.write_line(&row.distinct_id, &line)?;
        done.prompts.add_with_answers(&prompt, own.iter().chain(&chosen));
        done.with_tools += u64::from(tools.is_some());
        done.tools_left_out += u64::from(tools.is_none() && !matches!(&*row.tools, "" | "[]"));
        done.shortened_answers += u64::from(has_left_out);
        done.judged_good += u64::from(planned.is_good && self.format != ExportFormat::Dpo);
        done.renumbered += u64::from(is_apart);
        Ok(())
    }
}

fn unreadable(done: &mut Done) -> anyhow::Result<()> {
    done.without_answer += 1;
    Ok(())
}

/// The tools as they stand in the row; `None` where there are none, or where they are no list, because they were cut.
fn tools_of(tools: &str) -> Option<Box<RawValue>> {
    if !tools.starts_with('[') || tools == "[]" {
        return None;
    }
    // What `to_line` does to strings: these separators stand nowhere else in JSON.
    let escaped = tools.replace('\u{85}', "\\u0085").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
    RawValue::from_string(escaped).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tools_stand_as_they_are_and_without_line_separators() {
        let tools = "[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"description\":\"a\u{2028}b\",\"parameters\":{\"n\":1.50}}}]";
        let row = to_line(&Sft { messages: Vec::new(), tools: tools_of(tools).as_deref() });
        let expected = format!("{{\"messages\":[],\"tools\":{}}}\n", tools.replace('\u{2028}', "\\u2028"));
        assert_eq!(String::from_utf8(row).unwrap(), expected);
        for none in ["", "[]", "{}", "[{\"type\":\"func", "none"] {
            assert!(tools_of(none).is_none(), "{none}");
        }
    }
}
