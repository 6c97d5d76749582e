//! `misfire forget`: removes a person's lines, and has the API refuse their older events from then on.
//!
//! The order makes it safe, whenever it is killed and whatever arrives meanwhile:
//!
//! 1. the erasure is appended to `.misfire/forgotten` and synced;
//! 2. the owner of the live file reads it, closes the live file, removes the person from the quarantine, and records that in the
//!    catalog. Only its one thread writes lines, and it checks each against the erasures, so that a line of the person is either in
//!    a closed file by now or is never written;
//! 3. each closed file is rewritten without the person's lines and renamed over the old one.
//!
//! A second run does what a killed one left. The uuids of removed lines stay known to a running API, which gives the same answer
//! to a repeated event before and after a restart: erasures are checked before the uuid. An event that is dated after the erasure,
//! even by a wrong clock, is a new one and is stored.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, ensure};
use clap::Args;
use jiff::Timestamp;
use journal::{
    Record, TrainingRecord,
    apply_erasures::apply_erasures_as_owner,
    catalog::Catalog,
    erasure_guard::ErasureGuard,
    file_names::{closed_files, number_of},
    lock::LockHolder,
    owner::RewriteLock,
    pseudonym_key,
    rewrite::{Verdict, rewrite},
    time::format_time,
};
use misfire_sanitizer::PseudonymKey;
use uuid::Uuid;

use crate::{
    person::Person,
    progress::Progress,
    receipt::{FileCount, Receipt},
};

/// Settings of `misfire forget`.
#[derive(Debug, Clone, Args)]
#[group(skip)]
pub struct Settings {
    /// Keep the text, under a fresh distinct_id and a fresh uuid.
    #[arg(long)]
    pub anonymise: bool,

    /// The file that grows; an API may be writing it.
    #[arg(long, env = "TRAINING_DATA", default_value = "training_data.jsonl")]
    pub training_data: PathBuf,

    /// Print the receipt as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Forgets the person who has these ids, and prints the receipt. `pseudonym_key` is the value of `PSEUDONYM_KEY`.
///
/// # Errors
/// When the files or their owner cannot be asked. What was done by then stays done; the next run does the rest.
pub fn run(settings: &Settings, ids: &[String], pseudonym_key: Option<&str>) -> anyhow::Result<ExitCode> {
    let lock = RewriteLock::open(&settings.training_data)?;
    let key = key(&lock.folder, pseudonym_key)?;
    let person = Person::new(ids, &key)?;
    let receipt = erase(&lock, &person, key, settings.anonymise)?;
    match settings.json {
        true => println!("{}", serde_json::to_string(&receipt)?),
        false => println!("{receipt}"),
    }
    Ok(ExitCode::SUCCESS)
}

/// The key that the API has: with another one neither a pseudonym nor a hash would be found.
fn key(folder: &Path, given: Option<&str>) -> anyhow::Result<PseudonymKey> {
    let key =
        pseudonym_key::read(folder, given).context("PSEUDONYM_KEY must be given here too when the API runs with it")?;
    let is_owners = LockHolder::read(&folder.join("lock"))?.has_key(&key);
    ensure!(
        is_owners,
        "PSEUDONYM_KEY, or pseudonym.key in {}, is not the key that the API runs with",
        folder.display()
    );
    Ok(key)
}

fn erase(lock: &RewriteLock, person: &Person, key: PseudonymKey, anonymise: bool) -> anyhow::Result<Receipt> {
    let quarantine_lines = count_in_quarantine(&lock.folder, person)?;

    let mut guard = ErasureGuard::open(&lock.folder, key.clone())?;
    let erased_at = Timestamp::now();
    let forgotten_bytes = guard.append(&person.stored(), erased_at).context(".misfire/forgotten")?;

    let applied = || anyhow::Ok(Catalog::read(&lock.folder)?.erasures_applied());
    lock.ask_owner(
        || Ok(applied()?.forgotten_bytes >= forgotten_bytes),
        |folder| apply_erasures_as_owner(folder, &lock.live, key.clone()),
    )?;

    let newest = applied()?.newest_closed;
    let closed = closed_files(&lock.live)?.into_iter();
    let closed: Vec<_> = closed.filter(|path| number_of(&lock.live, path).is_some_and(|n| n <= newest)).collect();
    let counts = rewrite_all(lock, &closed, person, anonymise)?;
    let receipt = Receipt {
        erased_at: format_time(erased_at),
        id_hashes: person.stored().iter().map(|id| guard.hash(id)).collect(),
        anonymised: anonymise,
        lines: counts.iter().map(|count| count.lines).sum(),
        files: counts,
        quarantine_lines,
        tails: remove_tails(&lock.folder, person)?,
    };
    receipt.keep(&lock.folder).context("the receipt cannot be kept")?;
    Ok(receipt)
}

fn rewrite_all(
    lock: &RewriteLock,
    closed: &[PathBuf],
    person: &Person,
    anonymise: bool,
) -> anyhow::Result<Vec<FileCount>> {
    let bytes = closed.iter().map(|path| Ok(fs::metadata(path)?.len())).sum::<std::io::Result<u64>>()?;
    let progress = Progress::bytes(Some(bytes));
    let mut catalog = Catalog::read(&lock.folder)?;
    // One for all lines: what one person asked for stays together, on one side of a split.
    let fresh_id = format!("u_{}", Uuid::new_v4().simple());
    let mut counts = Vec::new();
    for path in closed {
        let rewritten = rewrite(
            path,
            &lock.beside(path),
            |bytes| progress.inc(bytes),
            |line| {
                Ok(match (person.owns(line.bytes)?, anonymise) {
                    (false, _) => Verdict::Keep,
                    (true, false) => Verdict::Remove,
                    (true, true) => Verdict::Replace(anonymised(line.bytes, &fresh_id)?),
                })
            },
        )?;
        if rewritten.changed > 0 {
            let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            counts.push(FileCount { file, lines: rewritten.changed });
        }
        rewritten.swap(&mut catalog, None).with_context(|| path.display().to_string())?;
    }
    Ok(counts)
}

/// The uuid is replaced as well: it is the event's name in PostHog, where it leads to the person.
fn anonymised(line: &[u8], fresh_id: &str) -> anyhow::Result<Vec<u8>> {
    let record = Record::parse(line)?;
    Ok(TrainingRecord::anonymised(&record, fresh_id, Uuid::new_v4())?.to_line())
}

fn count_in_quarantine(folder: &Path, person: &Person) -> anyhow::Result<u64> {
    let path = folder.join("quarantine.jsonl");
    let Ok(file) = File::open(&path) else { return Ok(0) };
    let mut reader = BufReader::with_capacity(256 * 1024, file);
    let (mut line, mut count) = (Vec::new(), 0);
    while reader.read_until(b'\n', &mut line)? > 0 {
        // What cannot be read is being written.
        count += u64::from(person.owns(&line).unwrap_or(false));
        line.clear();
    }
    Ok(count)
}

/// What was cut off a torn file is no line, was never acknowledged, and is kept for a look at what happened. One that names the
/// person goes whole.
fn remove_tails(folder: &Path, person: &Person) -> anyhow::Result<u64> {
    let mut removed = 0;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with("tail-") && name.ends_with(".bin") && person.is_named_in(&fs::read(&path)?) {
            fs::remove_file(&path)?;
            removed += 1;
        }
    }
    Ok(removed)
}
