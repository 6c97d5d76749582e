//! `misfire card`: `README.md` and `schema.json` beside the data, so that whoever gets the folder knows what it is, and
//! `datasets.load_dataset(folder)` reads six strings from it. Where there are rows of generations, they are a second configuration of
//! eighteen strings, with `generations.schema.json`.

use std::{fs, io, ops::ControlFlow, path::Path, process::ExitCode};

use anyhow::{Context, bail};
use clap::Args;
use journal::{
    GENERATIONS, TRAINING_DATA,
    file_names::{closed_files, generations_file},
    schema::{generations_json_schema, json_schema},
};
use misfire_sanitizer::Kind;
use serde_json::json;
use shared::event::{FAILURE_REASON_CHARS_MAX, GENERATION_FAILED, INPUT_PROMPT_CHARS_MAX};

use crate::{
    data_files::{DataSettings, Dataset},
    numbers::{counted, thousands},
    output,
    output_file::write_file,
    progress::Progress,
    read::{Found, for_each_line},
};

/// A file that holds these words is `misfire`'s own and may be replaced.
const MARKER: &str = "written by misfire card, which replaces this file as long as it says so";

/// Settings of `misfire card`.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// Where the data is.
    #[command(flatten)]
    pub data: DataSettings,

    /// Output JSON.
    #[arg(long)]
    pub json: bool,
}

/// Writes the card.
///
/// # Errors
/// When a file that `misfire` did not write stands in its place, or the data cannot be read.
pub fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let dataset = Dataset::open(&settings.data.path)?;
    let generations = generations_of(&dataset)?;
    let names = ["README.md", "schema.json", "generations.schema.json"];
    let [readme, schema, generations_schema] = names.map(|name| dataset.live().with_file_name(name));
    for path in [&readme, &schema, &generations_schema] {
        refuse_anothers(path)?;
    }
    let lines = count_lines(&dataset)?;
    let rows = generations.as_ref().map(count_lines).transpose()?;
    write_file(&readme, true, card(&dataset, lines, generations.as_ref().zip(rows)).as_bytes())?;
    write_file(&schema, true, format!("{:#}\n", json_schema(MARKER)).as_bytes())?;
    let mut files = vec![readme, schema];
    if generations.is_some() {
        write_file(&generations_schema, true, format!("{:#}\n", generations_json_schema(MARKER)).as_bytes())?;
        files.push(generations_schema);
    }
    if settings.json {
        let mut json = json!({ "lines": lines, "files": files });
        if let Some(rows) = rows {
            json["rows"] = rows.into();
        }
        output::print_line(json)?;
    } else {
        let files: Vec<_> = files.iter().map(|file| file.display().to_string()).collect();
        let rows = rows.map(|rows| format!(" and {}", counted(rows, "row"))).unwrap_or_default();
        output::print_line(format_args!("{} describe {}{rows}", files.join(" and "), counted(lines, "line")))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The rows beside the lines, if there are any.
fn generations_of(dataset: &Dataset) -> anyhow::Result<Option<Dataset>> {
    let live = generations_file(dataset.live());
    let is_there = live != dataset.live() && (live.exists() || !closed_files(&live)?.is_empty());
    is_there.then(|| Dataset::open(&live)).transpose()
}

fn refuse_anothers(path: &Path) -> anyhow::Result<()> {
    match fs::read(path) {
        Ok(text) if memchr::memmem::find(&text, MARKER.as_bytes()).is_some() => Ok(()),
        Ok(_) => bail!("{} was not written by misfire; move it away first", path.display()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
}

fn count_lines(dataset: &Dataset) -> anyhow::Result<u64> {
    let progress = Progress::bytes(Some(dataset.bytes()));
    let mut lines = 0;
    for_each_line(dataset, &progress, |_, found| {
        lines += u64::from(matches!(found, Found::Line(_)));
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(lines)
}

fn card(dataset: &Dataset, lines: u64, generations: Option<(&Dataset, u64)>) -> String {
    let stem = dataset.live().file_stem().unwrap_or_default().to_string_lossy();
    // One pattern for the live file and all closed ones, also those that are closed after today: datasets fails on a
    // pattern without a file. JSON's strings are YAML's, too.
    let data_files = json!(format!("{stem}*.jsonl"));
    let features =
        |keys: &[&str]| -> String { keys.iter().map(|key| format!("  - name: {key}\n    dtype: string\n")).collect() };
    let (generations_files, generations_info) = match generations {
        None => (String::new(), String::new()),
        Some(_) => (
            "- config_name: generations\n  data_files:\n  - split: train\n    path: \"generations*.jsonl\"\n"
                .to_owned(),
            format!("- config_name: generations\n  features:\n{}", features(GENERATIONS.keys)),
        ),
    };
    let default_info = match generations {
        None => format!("  config_name: default\n  features:\n{}", features(TRAINING_DATA.keys)),
        Some(_) => format!("- config_name: default\n  features:\n{}", features(TRAINING_DATA.keys)),
    };
    let rows = generations.map(|(_, rows)| about_generations(rows)).unwrap_or_default();
    let answers = match generations {
        None => "There is **no answer** in it",
        Some(_) => {
            "There is **no answer** in these lines; answers are in `generations.jsonl`, and `misfire export` pairs them"
        }
    };
    let versions: String = dataset
        .files()
        .iter()
        .chain(generations.iter().flat_map(|(generations, _)| generations.files()))
        .map(|file| {
            let version = file.sanitizer_version.map_or("not known".into(), |version| version.to_string());
            format!("| `{}` | {} | {version} |\n", file.name(), thousands(file.bytes))
        })
        .collect();
    let types: Vec<_> = Kind::ALL.iter().map(|kind| format!("`[{}_1]`", kind.label())).collect();
    format!(
        "---\n\
         # {MARKER}\n\
         pretty_name: Failed generations\n\
         size_categories:\n- {}\n\
         tags:\n- misfire\n\
         configs:\n- config_name: default\n  data_files:\n  - split: train\n    path: {data_files}\n{generations_files}\
         dataset_info:\n{default_info}{generations_info}\
         ---\n\n\
         # Failed generations\n\n\
         {} requests to a generative model that failed, as the people who made them wrote them, and why they failed.\n\n\
         ```python\n\
         from datasets import load_dataset\n\
         failures = load_dataset(\"path/of/this/folder\", split=\"train\")\n\
         ```\n\n\
         Each line of the files is six strings, always all six and in this order (`schema.json` is their JSON Schema):\n\n\
         | | |\n|---|---|\n\
         | `timestamp` | when it failed, UTC, with milliseconds |\n\
         | `event` | `{GENERATION_FAILED}` |\n\
         | `failure_reason` | why, in the product's words; at most {} characters, `unknown` when nothing was said |\n\
         | `input_prompt` | what was asked for; at most {} characters. A prompt that was no string, as chats are, is its compact JSON |\n\
         | `distinct_id` | whose it was: an id of the product, or `u_` and 32 hex digits in place of one that could name somebody |\n\
         | `uuid` | the event's own id |\n\n\
         {rows}\
         ## What it is good for, and what not\n\n\
         - {answers}: good for asking again, for evaluation and for telling kinds of failures apart. It holds \
         nothing that a model could learn to imitate.\n\
         - It holds failures only, so it says nothing about how often they happen.\n\
         - It is **untrusted text**. Anybody could write anything into a prompt: instructions to a model, template code, HTML, \
         file names. Show it escaped, and do not let a program follow it.\n\
         - Prompts repeat when people try again. `misfire export --dedupe near` leaves repetitions out, `--split` keeps each \
         user's lines on one side.\n\n\
         ## How it was sanitized\n\n\
         Before a line was stored, what `misfire` recognised as personal or secret in `input_prompt` and `failure_reason` became a \
         placeholder, numbered within the line: {}. Recognition is by rules, not by people: names without context and secrets \
         that nothing announces can be left. Which version of the rules wrote a file:\n\n\
         | file | bytes | sanitizer |\n|---|---|---|\n{versions}\n\
         People may ask for their lines to be deleted (`misfire forget`). A deletion does not reach copies, so make new ones from this \
         folder instead of keeping them.\n",
        size_category(lines),
        thousands(lines),
        thousands(FAILURE_REASON_CHARS_MAX),
        thousands(INPUT_PROMPT_CHARS_MAX),
        types.join(", "),
    )
}

/// The rows in words.
fn about_generations(rows: u64) -> String {
    format!(
        "## Generations\n\n\
         {} rows in `generations*.jsonl` hold what training needs beyond that, eighteen strings each, `\"\"` where there is nothing \
         (`generations.schema.json`): `load_dataset(\"path/of/this/folder\", \"generations\", split=\"train\")`.\n\n\
         | | |\n|---|---|\n\
         | `kind`, `label` | `failure`, `success`, or a `verdict` that is `bad`, `good` or a part of one |\n\
         | `about`, `submission` | the uuid of what a verdict judges, and what ties the parts of one survey answer together |\n\
         | `input`, `output`, `tools` | compact JSON in the shape of OpenAI's chat messages and functions, or text where it was no chat |\n\
         | `input_hash` | equal for equal inputs and tools, also where placeholders hide that they differ |\n\
         | `feedback` | what a person wrote about the answer |\n\n",
        thousands(rows)
    )
}

/// The Hub's words for sizes (`size_categories` of huggingface/datasets' card specification).
fn size_category(lines: u64) -> &'static str {
    match lines {
        0..1_000 => "n<1K",
        1_000..10_000 => "1K<n<10K",
        10_000..100_000 => "10K<n<100K",
        100_000..1_000_000 => "100K<n<1M",
        1_000_000..10_000_000 => "1M<n<10M",
        10_000_000..100_000_000 => "10M<n<100M",
        100_000_000..1_000_000_000 => "100M<n<1B",
        _ => "n>1B",
    }
}
