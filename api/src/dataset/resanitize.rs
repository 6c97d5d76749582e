//! `misfire resanitize`: today's rules over files that an older sanitizer wrote. It shows what would change, asks, and then puts
//! the new files in the old ones' places. Ids are left as they are, and text that is clean stays as it is, byte by byte.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, BufRead, IsTerminal, Write},
    os::unix::fs::MetadataExt,
    path::PathBuf,
    process::ExitCode,
};

use anyhow::{Context, bail};
use serde::Serialize;

use super::{
    Line, Record,
    format::{counted, thousands},
    owner::Exclusive,
    rewrite::{Rewritten, Verdict, rewrite},
};
use crate::{
    progress::Progress,
    sanitize::{self, Policy, SANITIZER_VERSION, to_line},
    settings::ResanitizeSettings,
    writer::{catalog::Catalog, erasure::close_as_owner, files::closed_files},
};

/// How much text is shown on either side of a change, and of it, in characters.
const CONTEXT_CHARS: usize = 40;
const SHOWN_CHARS_MAX: usize = 160;

/// Cleans what an older sanitizer wrote.
///
/// # Errors
/// When the policy or the files cannot be used, or it must ask and there is nobody to answer.
pub fn run(settings: &ResanitizeSettings) -> anyhow::Result<ExitCode> {
    let policy = settings.policy.as_deref().map(Policy::read).transpose()?.unwrap_or_default();
    let files = Exclusive::open(&settings.training_data)?;
    if !settings.dry_run {
        close_live(&files, settings.all)?;
    }
    let mut catalog = Catalog::read(&files.folder)?;
    let is_old = |path: &PathBuf| catalog.version_of(path).is_none_or(|version| version < SANITIZER_VERSION);
    let old: Vec<_> = closed_files(&files.live)?.into_iter().filter(|path| settings.all || is_old(path)).collect();

    let mut diff = Diff { examples_max: settings.examples, ..Diff::default() };
    let rewritten = look(&files, &old, &policy, &mut diff)?;
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
        files.remove_leftovers()?;
    }
    match (settings.json, diff.swapped) {
        (true, _) => println!("{}", serde_json::to_string(&diff)?),
        (false, true) => println!("all files are as sanitizer version {SANITIZER_VERSION} would write them"),
        (false, false) => println!("nothing was changed"),
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes what each file becomes beside it.
fn look(files: &Exclusive, old: &[PathBuf], policy: &Policy, diff: &mut Diff) -> anyhow::Result<Vec<Rewritten>> {
    let bytes = old.iter().map(|path| Ok(fs::metadata(path)?.len())).sum::<io::Result<u64>>()?;
    let progress = Progress::bytes(Some(bytes));
    let mut rewritten = Vec::new();
    for path in old {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let file = rewrite(path, &files.beside(path), &progress, |line| judge(&name, line, policy, diff))?;
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
    let today = sanitize::resanitize(&record.input_prompt, &record.failure_reason, policy);
    let changes = [
        ("input_prompt", record.input_prompt.as_ref(), today.input_prompt.as_str()),
        ("failure_reason", record.failure_reason.as_ref(), today.failure_reason.as_str()),
    ];
    if changes.iter().all(|(_, before, after)| before == after) {
        return Ok(Verdict::Keep);
    }
    today.redactions.iter().for_each(|(label, count)| *diff.placeholders.entry(label).or_default() += count);
    for (key, before, after) in changes.iter().filter(|(_, before, after)| before != after) {
        if diff.examples.len() < diff.examples_max {
            diff.examples.push(example(file, line.number, key, before, after));
        }
    }
    Ok(Verdict::Replace(to_line(&Record {
        input_prompt: today.input_prompt.into(),
        failure_reason: today.failure_reason.into(),
        ..record
    })))
}

/// What would change, in numbers and by examples.
#[derive(Debug, Default, Serialize)]
struct Diff {
    files: u64,
    changed_files: u64,
    lines: u64,
    changed_lines: u64,
    /// New placeholders by type.
    placeholders: BTreeMap<&'static str, u64>,
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
fn close_live(files: &Exclusive, all: bool) -> anyhow::Result<()> {
    if !all && Catalog::read(&files.folder)?.live_version().is_none_or(|version| version >= SANITIZER_VERSION) {
        return Ok(());
    }
    let identity = || fs::metadata(&files.live).ok().map(|metadata| (metadata.dev(), metadata.ino()));
    let Some(live) = identity() else { return Ok(()) };
    files.ask_owner(|| Ok(identity() != Some(live)), |folder| close_as_owner(folder, &files.live))
}

fn is_wanted(files: u64) -> anyhow::Result<bool> {
    if !io::stdin().is_terminal() {
        bail!("nobody is there to be asked: say --yes, or --dry-run to look only");
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
