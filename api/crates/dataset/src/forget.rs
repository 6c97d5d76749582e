//! `misfire forget`: removes a person's lines, and has the API refuse their older events from then on.
//!
//! It looks first, says what it found and asks. Then the order makes it safe, whenever it is killed and whatever arrives meanwhile:
//!
//! 1. the erasure is appended to `.misfire/forgotten` and synced;
//! 2. the owner of the live files reads it, and records that it has. Only its one thread writes lines, and it checks each against the
//!    erasures, so that a line of the person is in a file by now or is never written;
//! 3. live files that hold a line of the person are closed by the owner; others stay as they are;
//! 4. for each closed file with lines of theirs, the uuids of these lines are appended to `.misfire/forgotten`; then the file is
//!    rewritten without them and renamed over the old one.
//!
//! A second run does what a killed one left. The uuids cover events that give no time or a wrong one: PostHog may send them again.

use std::{
    fmt::Display,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, bail, ensure};
use clap::Args;
use jiff::Timestamp;
use journal::{
    Record, TrainingRecord,
    catalog::Catalog,
    erasure_guard::ErasureGuard,
    file_names::{closed_files, files_put_aside, live_name_of},
    lines::{Lines, LinesError},
    list_folder, metadata_at,
    owner::RewriteLock,
    pseudonym_key::{self, PseudonymKeys},
    quarantine::quarantine_file,
    rewrite::{Verdict, refuse_link, rewrite},
    time::format_time,
};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use crate::{
    confirm::confirm,
    output,
    person::Person,
    progress::Progress,
    receipt::{Counts, InWords, Receipt, State},
};

/// How often the progress is told, in bytes.
const PROGRESS_BYTES: u64 = 4 * 1024 * 1024;

/// Settings of `misfire forget`.
#[derive(Debug, Clone, Args)]
#[group(skip)]
pub struct Settings {
    /// Keep the text, under a fresh distinct_id and a fresh uuid.
    #[arg(long)]
    pub anonymise: bool,

    /// Show what would be removed, and change nothing.
    #[arg(long)]
    pub dry_run: bool,

    /// Do not ask.
    #[arg(long)]
    pub yes: bool,

    /// Refuse the person's older events from now on, even when no line of theirs is stored.
    #[arg(long)]
    pub guard: bool,

    /// The live data file; an API may be writing it.
    #[arg(long, env = "TRAINING_DATA", default_value = "training_data.jsonl")]
    pub training_data: PathBuf,

    /// Output the receipt as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Forgets the person who has these ids, and prints the receipt. `pseudonym_keys` are the values of `PSEUDONYM_KEY`. The status is
/// 1 when no line was theirs.
///
/// # Errors
/// When the files or their owner cannot be asked, or a line could not be looked at. What was done by then stays done; the next run
/// does the rest.
pub fn run(settings: &Settings, ids: &[String], pseudonym_keys: &[&str]) -> anyhow::Result<ExitCode> {
    let lock = RewriteLock::open(&settings.training_data)?;
    let keys = keys(&lock, pseudonym_keys)?;
    let guard = ErasureGuard::open(&lock.folder, &keys)?;
    guard.check_keys()?;
    let person = Person::new(ids, &keys)?;

    let found = look(&lock, &person)?;
    if settings.dry_run {
        let in_words =
            if found.is_nothing() { "no line is theirs\n".into() } else { in_words(settings, &found).to_string() };
        print(settings, &json!({"state": "dry_run", "counts": found}), in_words.trim_end())?;
        return Ok(status(&found));
    }
    if found.is_nothing() && !settings.guard {
        return nothing_found(settings, &lock, &id_hashes(&guard, &person));
    }
    if !settings.yes {
        eprint!("{}", in_words(settings, &found));
        let question = if settings.anonymise { "Put them under a fresh id?" } else { "Remove them?" };
        if !confirm(question)? {
            output::print_line("nothing was changed")?;
            return Ok(ExitCode::FAILURE);
        }
    }
    let receipt = erase(&lock, &person, guard, &found, settings.anonymise)?;
    print(settings, &receipt, &receipt)?;
    Ok(status(&receipt.counts))
}

/// Says so, unless an earlier run removed everything and was stopped before its receipt was written.
fn nothing_found(settings: &Settings, lock: &RewriteLock, id_hashes: &[String]) -> anyhow::Result<ExitCode> {
    if let Some(receipt) = Receipt::unfinished(&lock.folder, id_hashes)? {
        receipt.keep(&lock.folder)?;
        print(settings, &receipt, "an earlier run removed everything and was stopped; its receipt is completed")?;
        return Ok(ExitCode::SUCCESS);
    }
    let nothing = json!({"state": "nothing", "lines": 0, "quarantine_lines": 0});
    let in_words = "no line is theirs; nothing was changed. --guard refuses their older events all the same";
    print(settings, &nothing, in_words)?;
    Ok(ExitCode::FAILURE)
}

/// One line of JSON, or the words.
fn print(settings: &Settings, json: &impl Serialize, in_words: impl Display) -> anyhow::Result<()> {
    match settings.json {
        true => output::print_line(serde_json::to_string(json)?)?,
        false => output::print_line(in_words)?,
    }
    Ok(())
}

fn status(counts: &Counts) -> ExitCode {
    if counts.is_nothing() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn in_words<'a>(settings: &Settings, found: &'a Counts) -> InWords<'a> {
    let done = if settings.anonymise { "would be put under a fresh id" } else { "would be removed" };
    InWords { counts: found, done, removed: "would be removed" }
}

/// The keys that the API has: under others neither a pseudonym nor a hash would be found.
fn keys(lock: &RewriteLock, given: &[&str]) -> anyhow::Result<PseudonymKeys> {
    let keys = pseudonym_key::read(&lock.folder, given)
        .context("PSEUDONYM_KEY must be given here too when the API runs with it")?;
    ensure!(
        lock.owner_has_only_keys_of(&keys)?,
        "PSEUDONYM_KEY, or pseudonym.key in {}, is not what the API runs with: give all its keys, in the same order",
        lock.folder.display()
    );
    Ok(keys)
}

fn id_hashes(guard: &ErasureGuard, person: &Person) -> Vec<String> {
    person.stored().iter().map(|id| guard.id_hash(id)).collect()
}

/// Counts what there is of the person, and changes nothing.
fn look(lock: &RewriteLock, person: &Person) -> anyhow::Result<Counts> {
    let mut counts = Counts::default();
    let data = with_closed(&lock.live)?;
    let quarantine = with_closed(&quarantine_file(&lock.folder))?;
    let progress = Progress::bytes(Some(bytes_of(&[data.as_slice(), &quarantine].concat())?));
    for path in data.iter().chain(&quarantine) {
        refuse_link(path)?;
    }
    for path in &data {
        counts.add(name_of(path), count_in(path, person, &progress)?);
    }
    for path in &quarantine {
        counts.quarantine_lines += count_in(path, person, &progress)?;
    }
    counts.tails = torn_ends(&lock.folder, person)?.len() as u64;
    for path in files_put_aside(&lock.live)? {
        eprintln!("{} is none of misfire's files and is not looked at", path.display());
    }
    Ok(counts)
}

/// The closed files of a live file, and the live file itself where it is there.
fn with_closed(live: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = closed_files(live)?;
    if metadata_at(live)?.is_some() {
        files.push(live.to_owned());
    }
    Ok(files)
}

fn bytes_of(paths: &[PathBuf]) -> anyhow::Result<u64> {
    let mut bytes = 0;
    for path in paths {
        bytes += metadata_at(path)?.map_or(0, |metadata| metadata.len());
    }
    Ok(bytes)
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// How many lines in a file are the person's. A file that is not there any more has none: the owner has just closed it, and it is
/// looked at under its new name.
fn count_in(path: &Path, person: &Person, progress: &Progress) -> anyhow::Result<u64> {
    let file = match fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(error).with_context(|| path.display().to_string()),
    };
    let bytes = file.metadata()?.len();
    let mut lines = Lines::new(std::sync::Arc::new(file), bytes);
    let (mut count, mut told) = (0, 0);
    loop {
        match lines.next_line() {
            Ok(Some(line)) => {
                let owned = person.owned(line.bytes);
                let owned = owned.with_context(|| format!("{}, line {}", path.display(), line.number))?;
                count += u64::from(owned.is_some());
            }
            Ok(None) => break,
            Err(LinesError::TooLong(number)) => bail!(
                "{}, line {number} is longer than any line of misfire's and cannot be looked at. Move it to another file, and \
                 run this again",
                path.display()
            ),
            Err(LinesError::Io(error)) => return Err(error).with_context(|| path.display().to_string()),
        }
        if lines.position() - told >= PROGRESS_BYTES {
            progress.inc(lines.position() - told);
            told = lines.position();
        }
    }
    progress.inc(bytes - told);
    refuse_torn_end(path, lines.torn_end(), person)?;
    Ok(count)
}

/// The end of a file without a newline is no line. The owner repairs that of its live file; nobody repairs that of a closed file, which
/// somebody may have copied in part.
fn refuse_torn_end(path: &Path, end: &[u8], person: &Person) -> anyhow::Result<()> {
    let is_closed = live_name_of(path).is_some();
    ensure!(
        !is_closed || end.is_empty() || !person.may_own_torn(end),
        "{} ends in {} bytes that are no whole line and may be the person's. Complete the line or cut it off, and run this again",
        path.display(),
        end.len()
    );
    Ok(())
}

fn erase(
    lock: &RewriteLock,
    person: &Person,
    mut guard: ErasureGuard,
    found: &Counts,
    anonymise: bool,
) -> anyhow::Result<Receipt> {
    let erased_at = Timestamp::now();
    let mut receipt = Receipt {
        state: State::Begun,
        erased_at: format_time(erased_at),
        id_hashes: id_hashes(&guard, person),
        anonymised: anonymise,
        counts: found.clone(),
    };
    // Before anything is removed: what cannot be proved is not done.
    receipt.keep(&lock.folder).context("nothing was removed, for the receipt cannot be kept")?;

    if person.is_given_by_pseudonym() {
        guard.append_needed_keys()?;
    }
    let bytes = guard.append_person(&person.stored(), erased_at)?;
    lock.have_erasures_read(bytes)?;
    close_where_found(lock, person)?;

    receipt.counts = Counts::default();
    rewrite_closed(lock, person, &mut guard, anonymise, &mut receipt.counts)?;
    for path in torn_ends(&lock.folder, person)? {
        fs::remove_file(&path).with_context(|| path.display().to_string())?;
        receipt.counts.tails += 1;
    }
    receipt.state = State::Done;
    receipt.keep(&lock.folder).context("everything was removed; the receipt of it says only that it was begun")?;
    Ok(receipt)
}

/// Has those live files closed that hold a line of the person: nobody else may rewrite a live file.
fn close_where_found(lock: &RewriteLock, person: &Person) -> anyhow::Result<()> {
    let mut theirs = Vec::new();
    for live in lock.live_files() {
        if count_in(&live, person, &Progress::hidden())? > 0 {
            theirs.push(live);
        }
    }
    lock.have_closed(&theirs.iter().map(PathBuf::as_path).collect::<Vec<_>>())
}

fn rewrite_closed(
    lock: &RewriteLock,
    person: &Person,
    guard: &mut ErasureGuard,
    anonymise: bool,
    counts: &mut Counts,
) -> anyhow::Result<()> {
    let [data, quarantine] = lock.live_files().map(|live| closed_files(&live));
    let (data, quarantine) = (data?, quarantine?);
    let progress = Progress::bytes(Some(bytes_of(&[data.as_slice(), &quarantine].concat())?));
    let mut catalog = Catalog::read(&lock.folder)?;
    // One for all lines: what one person asked for stays together, on one side of a split.
    let fresh_id = format!("u_{}", Uuid::new_v4().simple());
    for (path, is_data) in data.iter().map(|path| (path, true)).chain(quarantine.iter().map(|path| (path, false))) {
        let mut uuids = Vec::new();
        let rewritten = rewrite(
            path,
            &lock.beside(path),
            |bytes| progress.inc(bytes),
            |line| {
                let Some(uuid) = person.owned(line.bytes)? else { return Ok(Verdict::Keep) };
                uuids.push(uuid);
                match anonymise && is_data {
                    true => Ok(Verdict::Replace(anonymised(line.bytes, &fresh_id)?)),
                    false => Ok(Verdict::Remove),
                }
            },
        )?;
        ensure!(
            rewritten.too_long == 0,
            "{}: a line is longer than any of misfire's and cannot be looked at",
            path.display()
        );
        if !uuids.is_empty() {
            guard.append_uuids(&uuids)?;
        }
        match is_data {
            true => counts.add(name_of(path), rewritten.changed),
            false => counts.quarantine_lines += rewritten.changed,
        }
        rewritten.swap(&mut catalog, None).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

/// The uuid is replaced as well: it is the event's name in PostHog, where it leads to the person.
fn anonymised(line: &[u8], fresh_id: &str) -> anyhow::Result<Vec<u8>> {
    let record = Record::parse(line)?;
    Ok(TrainingRecord::anonymised(&record, fresh_id, Uuid::new_v4())?.to_line())
}

/// What was cut off a torn file is no line, was never acknowledged, and is kept for a look at what happened. It goes whole when it
/// names the person, or does not show whose it is.
fn torn_ends(misfire_folder: &Path, person: &Person) -> anyhow::Result<Vec<PathBuf>> {
    let mut theirs = Vec::new();
    for path in list_folder(misfire_folder)? {
        let name = name_of(&path);
        if name.starts_with("tail-") && name.ends_with(".bin") && person.may_own_torn(&fs::read(&path)?) {
            theirs.push(path);
        }
    }
    Ok(theirs)
}
