//! `misfire resanitize`: applies today's rules to files that an older sanitizer wrote, the rows' and the quarantine's among them. It shows what
//! would change, asks, and then replaces the files. Ids follow today's rule, too, so that a person's old and new lines join. A line
//! in which nothing changes stays as it is, byte by byte.

use std::{collections::BTreeMap, fs, io, path::PathBuf, process::ExitCode, sync::Arc};

use anyhow::{Context, ensure};
use clap::Args;
use journal::{
    GENERATIONS, Generation, GenerationRow, Record, Sanitizer, TrainingRecord,
    catalog::Catalog,
    file_names::closed_files,
    generation_row::ResanitizedRow,
    lines::Line,
    owner::RewriteLock,
    pseudonym_key, quarantine,
    rewrite::{Rewritten, Verdict, rewrite},
};
use misfire_sanitizer::SANITIZER_VERSION;
use serde::Serialize;

use crate::{
    confirm::confirm,
    data_files::LiveSettings,
    numbers::{counted, thousands},
    output,
    progress::Progress,
    read_policy,
};

/// Settings of `misfire resanitize`.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// Check every file, not only those that an older sanitizer wrote. Needed after a policy was removed; with a policy it is the
    /// default.
    #[arg(long)]
    pub all: bool,

    /// Show what would change, and change nothing.
    #[arg(long)]
    pub dry_run: bool,

    /// Do not ask for confirmation.
    #[arg(long)]
    pub yes: bool,

    /// How many changes are shown.
    #[arg(long, value_name = "COUNT", default_value_t = 5)]
    pub examples: usize,

    /// The sanitizer's policy (TOML), applied on top of the built-in rules.
    #[arg(long, env = "SANITIZER_POLICY", value_name = "SANITIZER_POLICY")]
    pub policy: Option<PathBuf>,

    /// Where the data is; an API may be writing it.
    #[command(flatten)]
    pub data: LiveSettings,

    /// Output JSON, without examples.
    #[arg(long)]
    pub json: bool,
}

/// How much text is shown on either side of a change, in characters, and how much in all.
const CONTEXT_CHARS: usize = 40;
const SHOWN_CHARS_MAX: usize = 160;

/// Cleans what an older sanitizer wrote. `pseudonym_keys` are the values of `PSEUDONYM_KEY`.
///
/// # Errors
/// When the policy, the keys or the files cannot be used, or it must ask and standard input is not a terminal.
pub fn run(settings: &Settings, pseudonym_keys: &[&str]) -> anyhow::Result<ExitCode> {
    let policy = Arc::new(read_policy(settings.policy.as_deref())?);
    let lock = RewriteLock::open(&settings.data.live()?)?;
    let keys = pseudonym_key::read(&lock.folder, pseudonym_keys)
        .context("PSEUDONYM_KEY must be given here too when the API runs with it")?;
    let sanitizer = Sanitizer::new(keys, policy);
    let all = settings.all || settings.policy.is_some();
    if !settings.dry_run {
        close_live(&lock, all)?;
    }
    let mut catalog = Catalog::read(&lock.folder)?;
    let mut diff = Diff { examples_max: settings.examples, ..Diff::default() };
    let rewritten = look(&lock, &catalog, all, &sanitizer, &mut diff)?;
    if rewritten.is_empty() {
        return nothing_to_do(settings, all, &diff);
    }
    if !settings.json {
        output::print(diff.text())?;
    }
    let question = || format!("Replace {}?", counted(diff.changed_files, "file"));
    let may_swap = !settings.dry_run && (diff.changed_lines == 0 || settings.yes || confirm(&question())?);
    if may_swap {
        for file in rewritten {
            let name = file.closed.display().to_string();
            file.swap(&mut catalog, Some(SANITIZER_VERSION)).context(name)?;
        }
        diff.swapped = true;
    } else {
        lock.remove_leftovers()?;
    }
    match (settings.json, diff.swapped) {
        (true, _) => output::print_line(serde_json::to_string(&diff)?)?,
        (false, true) if all => {
            output::print_line(format_args!("all files are as sanitizer version {SANITIZER_VERSION} would write them"))?
        }
        (false, true) => output::print_line(format_args!(
            "all files are of sanitizer version {SANITIZER_VERSION}; after a change of the policy, --all checks them again"
        ))?,
        (false, false) => output::print_line("nothing was changed")?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Says so. A dry run does not close the live file, so that it does not look at what is in it.
fn nothing_to_do(settings: &Settings, all: bool, diff: &Diff) -> anyhow::Result<ExitCode> {
    let because = match (all, settings.dry_run) {
        (true, false) => "there is no file yet".to_owned(),
        (true, true) => "there is no closed file yet; without --dry-run the live file is checked, too".to_owned(),
        (false, false) => {
            format!("no file is older than sanitizer version {SANITIZER_VERSION}; --all checks every file")
        }
        (false, true) => format!(
            "no closed file is older than sanitizer version {SANITIZER_VERSION}; without --dry-run the live file is checked, too"
        ),
    };
    match settings.json {
        true => output::print_line(serde_json::to_string(diff)?)?,
        false => output::print_line(format_args!("nothing to do: {because}"))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes what each old file becomes beside it: of the lines, of the rows, and of the quarantine.
fn look(
    lock: &RewriteLock,
    catalog: &Catalog,
    all: bool,
    sanitizer: &Sanitizer,
    diff: &mut Diff,
) -> anyhow::Result<Vec<Rewritten>> {
    let is_old = |path: &PathBuf| all || catalog.version_of(path).is_none_or(|version| version < SANITIZER_VERSION);
    let old = |live: PathBuf| -> io::Result<Vec<_>> { Ok(closed_files(&live)?.into_iter().filter(is_old).collect()) };
    let [data, generations, quarantine] = lock.live_files().map(old);
    let (data, generations, quarantine) = (data?, generations?, quarantine?);
    let bytes = [&data, &generations, &quarantine]
        .into_iter()
        .flatten()
        .map(|path| Ok(fs::metadata(path)?.len()))
        .sum::<io::Result<u64>>()?;
    let progress = Progress::bytes(Some(bytes));
    let mut rewritten = Vec::new();
    let files = data.iter().map(|path| (path, Judge::Line)).chain(generations.iter().map(|path| (path, Judge::Row)));
    for (path, of) in files {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let judge = |line: &Line| match of {
            Judge::Line => judge(&name, line, sanitizer, diff),
            Judge::Row => judge_row(&name, line, sanitizer, diff),
        };
        rewritten.push(rewrite(path, &lock.beside(path), |bytes| progress.inc(bytes), judge)?);
    }
    for path in &quarantine {
        let judge = |line: &Line| {
            let today = quarantine::resanitized(line.bytes, sanitizer).context("it is no line of the quarantine")?;
            Ok(today.map_or(Verdict::Keep, Verdict::Replace))
        };
        rewritten.push(rewrite(path, &lock.beside(path), |bytes| progress.inc(bytes), judge)?);
    }
    for file in &rewritten {
        ensure!(file.too_long == 0, "{}: a line is longer than any of misfire's", file.closed.display());
        diff.files += 1;
        diff.changed_files += u64::from(file.changed > 0);
        diff.lines += file.lines;
        diff.changed_lines += file.changed;
    }
    Ok(rewritten)
}

/// What a file holds.
#[derive(Clone, Copy)]
enum Judge {
    Line,
    Row,
}

fn judge_row(file: &str, line: &Line, sanitizer: &Sanitizer, diff: &mut Diff) -> anyhow::Result<Verdict> {
    let row = Generation::parse(line.bytes).context("it is no row that misfire wrote")?;
    let Some(resanitized) = GenerationRow::resanitized(&row, sanitizer)? else { return Ok(Verdict::Keep) };
    let ResanitizedRow { row: today, redactions } = resanitized;
    let changes = GENERATIONS.keys.iter().zip(row.values()).zip(today.values().values());
    let changes = changes.map(|((key, before), after)| (*key, before, after));
    diff.add(file, line.number, &redactions, changes);
    Ok(Verdict::Replace(today.to_line()))
}

fn judge(file: &str, line: &Line, sanitizer: &Sanitizer, diff: &mut Diff) -> anyhow::Result<Verdict> {
    let record = Record::parse(line.bytes).context("it is no line that misfire wrote")?;
    let Some(today) = TrainingRecord::resanitized(&record, sanitizer)? else { return Ok(Verdict::Keep) };
    let changes = [
        ("input_prompt", &*record.input_prompt, &*today.properties().input_prompt),
        ("failure_reason", &*record.failure_reason, &*today.properties().failure_reason),
        ("distinct_id", &*record.distinct_id, today.distinct_id()),
    ];
    diff.add(file, line.number, today.redactions(), changes.into_iter());
    Ok(Verdict::Replace(today.to_line()))
}

/// The changes, in numbers and by examples.
#[derive(Debug, Default, Serialize)]
struct Diff {
    files: u64,
    changed_files: u64,
    lines: u64,
    changed_lines: u64,
    /// New placeholders by type.
    placeholders: BTreeMap<String, u64>,
    swapped: bool,
    /// They show what must not be kept: on the terminal alone.
    #[serde(skip)]
    examples: Vec<String>,
    #[serde(skip)]
    examples_max: usize,
}

impl Diff {
    /// Counts the new placeholders of a line, and keeps some of its changes as examples.
    fn add<'a>(
        &mut self,
        file: &str,
        line: u64,
        redactions: &[(String, u64)],
        changes: impl Iterator<Item = (&'a str, &'a str, &'a str)>,
    ) {
        for (label, count) in redactions {
            *self.placeholders.entry(label.clone()).or_default() += count;
        }
        for (key, before, after) in changes.filter(|(_, before, after)| before != after) {
            if self.examples.len() < self.examples_max {
                self.examples.push(example(file, line, key, before, after));
            }
        }
    }

    fn text(&self) -> String {
        let mut text = self.examples.join("\n");
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        let found: Vec<_> =
            self.placeholders.iter().map(|(label, count)| format!("{} {label}", thousands(*count))).collect();
        text.push_str(&format!(
            "{} of {} change, in {} of {}; new placeholders: {}\n",
            thousands(self.changed_lines),
            counted(self.lines, "line"),
            thousands(self.changed_files),
            counted(self.files, "file"),
            if found.is_empty() { "none".to_owned() } else { found.join(", ") }
        ));
        text
    }
}

fn example(file: &str, line: u64, key: &str, before: &str, after: &str) -> String {
    let alike = |(a, b): &(char, char)| a == b;
    let start = before.chars().zip(after.chars()).take_while(alike).count();
    let rest = before.chars().count().min(after.chars().count()) - start;
    let end = before.chars().rev().zip(after.chars().rev()).take(rest).take_while(alike).count();
    let shown = |text: &str| {
        let chars: Vec<_> = text.chars().collect();
        let from = start.saturating_sub(CONTEXT_CHARS);
        let to = (chars.len() - end + CONTEXT_CHARS).min(chars.len()).min(from + SHOWN_CHARS_MAX);
        let dots = |is_cut| if is_cut { "…" } else { "" };
        let middle = chars[from..to].iter().collect::<String>().escape_debug().to_string().replace("\\\"", "\"");
        format!("{}{middle}{}", dots(from > 0), dots(to < chars.len()))
    };
    format!("@@ {file}, line {line}, {key} @@\n-{}\n+{}", shown(before), shown(after))
}

/// Has live files closed that an older sanitizer wrote, or all of them.
fn close_live(lock: &RewriteLock, all: bool) -> anyhow::Result<()> {
    let catalog = Catalog::read(&lock.folder)?;
    let is_old = |live: &&PathBuf| all || catalog.live_version(live).is_none_or(|version| version < SANITIZER_VERSION);
    let live_files = lock.live_files();
    let old: Vec<_> = live_files.iter().filter(is_old).map(PathBuf::as_path).collect();
    lock.have_closed(&old)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_shows_the_change_and_a_little_around_it() {
        let (before, after) = ("call 415 555 0132 \"now\"\nor never", "call [PHONE_1] \"now\"\nor never");
        assert_eq!(
            example("f", 7, "input_prompt", before, after),
            "@@ f, line 7, input_prompt @@\n-call 415 555 0132 \"now\"\\nor never\n+call [PHONE_1] \"now\"\\nor never"
        );
        let long = "x".repeat(100);
        let shown = example("f", 1, "k", &format!("{long}a{long}"), &format!("{long}bb{long}"));
        assert!(shown.contains(&format!("-…{0}a{0}…\n", "x".repeat(CONTEXT_CHARS))), "{shown}");
        assert!(example("f", 1, "k", "aa", "a").ends_with("-aa\n+a"));
    }
}
