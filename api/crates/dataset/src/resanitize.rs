//! `misfire resanitize`: applies today's rules to files that an older sanitizer wrote. It shows what would change, asks, and then
//! replaces the files. Ids stay as they are, and so does every line in which nothing is found, byte by byte.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, BufRead, IsTerminal, Write},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::{Context, bail};
use clap::Args;
use journal::{
    FileId, Record, TrainingRecord,
    apply_erasures::close_as_owner,
    catalog::Catalog,
    file_names::closed_files,
    lines::Line,
    owner::RewriteLock,
    rewrite::{Rewritten, Verdict, rewrite},
};
use misfire_sanitizer::{Policy, SANITIZER_VERSION};
use serde::Serialize;

use crate::{
    numbers::{counted, thousands},
    progress::Progress,
    read_policy,
};

/// Settings of `misfire resanitize`.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// Look at every file, also at those that today's sanitizer wrote: after a change of the policy.
    #[arg(long)]
    pub all: bool,

    /// Only show what would change.
    #[arg(long)]
    pub dry_run: bool,

    /// Do not ask.
    #[arg(long)]
    pub yes: bool,

    /// How many changed lines are shown.
    #[arg(long, value_name = "COUNT", default_value_t = 5)]
    pub examples: usize,

    /// What the sanitizer does besides what is built in: a TOML file.
    #[arg(long, env = "SANITIZER_POLICY", value_name = "SANITIZER_POLICY")]
    pub policy: Option<PathBuf>,

    /// The file that grows; an API may be writing it.
    #[arg(long, env = "TRAINING_DATA", default_value = "training_data.jsonl")]
    pub training_data: PathBuf,

    /// Say it in JSON, without examples.
    #[arg(long)]
    pub json: bool,
}

/// How much text is shown on either side of a change, and of it, in characters.
const CONTEXT_CHARS: usize = 40;
const SHOWN_CHARS_MAX: usize = 160;

/// Cleans what an older sanitizer wrote.
///
/// # Errors
/// When the policy or the files cannot be used, or it must ask and there is nobody to answer.
pub fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let policy = read_policy(settings.policy.as_deref())?;
    let lock = RewriteLock::open(&settings.training_data)?;
    if !settings.dry_run {
        close_live(&lock, settings.all)?;
    }
    let mut catalog = Catalog::read(&lock.folder)?;
    let is_old = |path: &PathBuf| catalog.version_of(path).is_none_or(|version| version < SANITIZER_VERSION);
    let old: Vec<_> = closed_files(&lock.live)?.into_iter().filter(|path| settings.all || is_old(path)).collect();

    let mut diff = Diff { examples_max: settings.examples, ..Diff::default() };
    let rewritten = look(&lock, &old, &policy, &mut diff)?;
    if !settings.json {
        print!("{}", diff.text());
    }
    let may_swap = !settings.dry_run && (diff.changed_lines == 0 || settings.yes || is_wanted(diff.changed_files)?);
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
        (true, _) => println!("{}", serde_json::to_string(&diff)?),
        (false, true) => println!("all files are as sanitizer version {SANITIZER_VERSION} would write them"),
        (false, false) => println!("nothing was changed"),
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes what each file becomes beside it.
fn look(lock: &RewriteLock, old: &[PathBuf], policy: &Policy, diff: &mut Diff) -> anyhow::Result<Vec<Rewritten>> {
    let bytes = old.iter().map(|path| Ok(fs::metadata(path)?.len())).sum::<io::Result<u64>>()?;
    let progress = Progress::bytes(Some(bytes));
    let mut rewritten = Vec::new();
    for path in old {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let file =
            rewrite(path, &lock.beside(path), |bytes| progress.inc(bytes), |line| judge(&name, line, policy, diff))?;
        diff.files += 1;
        diff.changed_files += u64::from(file.changed > 0);
        diff.lines += file.lines;
        diff.changed_lines += file.changed;
        rewritten.push(file);
    }
    Ok(rewritten)
}

fn judge(file: &str, line: &Line, policy: &Policy, diff: &mut Diff) -> anyhow::Result<Verdict> {
    let record = Record::parse(line.bytes).context("it is no line of misfire's")?;
    let Some(today) = TrainingRecord::resanitized(&record, policy)? else { return Ok(Verdict::Keep) };
    for (label, count) in today.redactions() {
        *diff.placeholders.entry(label.clone()).or_default() += count;
    }
    let changes = [
        ("input_prompt", &*record.input_prompt, &*today.properties().input_prompt),
        ("failure_reason", &*record.failure_reason, &*today.properties().failure_reason),
    ];
    for (key, before, after) in changes.iter().filter(|(_, before, after)| before != after) {
        if diff.examples.len() < diff.examples_max {
            diff.examples.push(example(file, line.number, key, before, after));
        }
    }
    Ok(Verdict::Replace(today.to_line()))
}

/// What would change, in numbers and by examples.
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

/// Has the live file closed when it is one of those to be looked at.
fn close_live(lock: &RewriteLock, all: bool) -> anyhow::Result<()> {
    if !all && Catalog::read(&lock.folder)?.live_version().is_none_or(|version| version >= SANITIZER_VERSION) {
        return Ok(());
    }
    let Some(live) = FileId::at(&lock.live) else { return Ok(()) };
    lock.ask_owner(|| Ok(FileId::at(&lock.live) != Some(live)), |folder| close_as_owner(folder, &lock.live))
}

fn is_wanted(files: u64) -> anyhow::Result<bool> {
    if !io::stdin().is_terminal() {
        bail!("not a terminal; pass --yes, or --dry-run to look only");
    }
    print!("Replace {}? [y/N] ", counted(files, "file"));
    io::stdout().flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
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
