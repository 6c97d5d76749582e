//! `misfire forget`: removes a person's lines, and has the API refuse their older events from then on.
//!
//! It looks first, says what it found and asks. Then the order makes it safe, whenever it is killed and whatever arrives meanwhile:
//!
//! 1. the erasure is appended to `.misfire/forgotten` and synced;
//! 2. the owner of the live files reads it, and records that it has. Only its one thread writes lines, and it checks each against the
//!    erasures, so that a line of the person is in a file by now or is never written;
//! 3. live files that hold a line of the person are closed by the owner; others stay as they are;
//! 4. the uuids of these lines are appended to `.misfire/forgotten`; then each closed file with lines of theirs is rewritten without
//!    them and renamed over the old one: first the lines, then the rows of `generations.jsonl`, so that no line is left without its row.
//!
//! A verdict about a removed generation holds its content. It goes as well, whoever's it is, with the line of the same event.
//!
//! A second run does what a killed one left. The uuids cover events that give no time or a wrong one: PostHog may send them again.

use std::{
    collections::HashSet,
    fmt::Display,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, bail, ensure};
use clap::Args;
use jiff::Timestamp;
use journal::{
    Generation, GenerationRow, Record, TrainingRecord,
    catalog::Catalog,
    erasure_guard::ErasureGuard,
    file_names::{closed_files, files_put_aside, generations_file, live_name_of},
    lines::{Lines, LinesError},
    list_folder, metadata_at,
    owner::RewriteLock,
    pseudonym_key::{self, PseudonymKeys},
    renewal::Renewal,
    rewrite::{Verdict, refuse_link, rewrite},
    time::format_time,
};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use crate::{
    confirm::confirm,
    data_files::LiveSettings,
    output,
    person::{Person, judges},
    progress::Progress,
    receipt::{Counts, InStreams, InWords, Receipt, State},
};

/// How often the progress is told, in bytes.
const PROGRESS_BYTES: u64 = 4 * 1024 * 1024;

/// Settings of `misfire forget`.
#[derive(Debug, Clone, Args)]
#[group(skip)]
pub struct Settings {
    /// Keep the text under a new distinct_id and a new uuid, instead of deleting it.
    #[arg(long)]
    pub anonymise: bool,

    /// Show what would be removed, and change nothing.
    #[arg(long)]
    pub dry_run: bool,

    /// Do not ask for confirmation.
    #[arg(long)]
    pub yes: bool,

    /// Refuse the person's older events from now on, even if none of their lines is stored.
    #[arg(long)]
    pub guard: bool,

    /// Where the data is; an API may be writing it.
    #[command(flatten)]
    pub data: LiveSettings,

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
    let lock = RewriteLock::open(&settings.data.live()?)?;
    let keys = keys(&lock, pseudonym_keys)?;
    let guard = ErasureGuard::open(&lock.folder, &keys)?;
    guard.check_keys()?;
    let person = Person::new(ids, &keys)?;

    let found = look(&lock, &person, &guard)?;
    if settings.dry_run {
        let in_words = if found.is_nothing() {
            "no line belongs to this person\n".into()
        } else {
            in_words(settings, &found).to_string()
        };
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
        print(
            settings,
            &receipt,
            "an earlier run removed everything but was stopped before its receipt; the receipt is now complete",
        )?;
        return Ok(ExitCode::SUCCESS);
    }
    let nothing = json!({"state": "nothing", "lines": 0, "quarantine_lines": 0});
    let in_words = "no line belongs to this person; nothing was changed. --guard refuses their older events anyway";
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

/// The lines that go: those of the person, by their id, and by their uuids those about what was removed.
struct Theirs<'a> {
    person: &'a Person,
    /// The uuids of verdicts about generations of the person, or about such as an earlier run removed.
    verdicts: HashSet<Uuid>,
}

impl Theirs<'_> {
    /// The uuid of a line that goes; `None` for one that stays.
    fn owned(&self, line: &[u8]) -> anyhow::Result<Option<Uuid>> {
        if let Some(uuid) = self.person.owned(line)? {
            return Ok(Some(uuid));
        }
        if self.verdicts.is_empty() {
            return Ok(None);
        }
        #[derive(serde::Deserialize)]
        struct Named {
            uuid: Uuid,
        }
        let named = serde_json::from_slice(line).ok().map(|Named { uuid }| uuid);
        Ok(named.filter(|uuid| self.verdicts.contains(uuid)))
    }
}

/// The files of lines and rows, the closed ones and the live ones; and those of the quarantine.
fn files_of(lock: &RewriteLock) -> anyhow::Result<(Vec<PathBuf>, Vec<PathBuf>)> {
    let [data, generations, quarantine] = lock.live_files().map(|live| with_closed(&live));
    Ok(([data?, generations?].concat(), quarantine?))
}

/// Counts what there is of the person, and changes nothing.
fn look(lock: &RewriteLock, person: &Person, guard: &ErasureGuard) -> anyhow::Result<Counts> {
    let (data, quarantine) = files_of(lock)?;
    for path in data.iter().chain(&quarantine) {
        refuse_link(path)?;
    }
    let theirs = theirs(lock, person, guard)?;
    let mut counts = Counts::default();
    let progress = Progress::bytes(Some(bytes_of(&[data.as_slice(), &quarantine].concat())?));
    for path in &data {
        counts.add(name_of(path), count_in(path, &theirs, &progress)?);
    }
    for path in &quarantine {
        counts.quarantine_lines += count_in(path, &theirs, &progress)?;
    }
    counts.tails = torn_ends(&lock.folder, person)?.len() as u64;
    for path in files_put_aside(&lock.live)? {
        eprintln!("{} was not written by misfire; it is skipped", path.display());
    }
    Ok(counts)
}

/// Finds the verdicts about generations of the person. Rows of the person and rows about them may stand in any order, so all are read
/// for the uuids first.
fn theirs<'a>(lock: &RewriteLock, person: &'a Person, guard: &ErasureGuard) -> anyhow::Result<Theirs<'a>> {
    let mut theirs = Theirs { person, verdicts: HashSet::new() };
    let rows = with_closed(&generations_file(&lock.live))?;
    if rows.is_empty() {
        return Ok(theirs);
    }
    let mut uuids = HashSet::new();
    let (data, _) = files_of(lock)?;
    for path in &data {
        for_each_line(path, &Progress::hidden(), person, |line| {
            uuids.extend(person.owned(line)?);
            Ok(())
        })?;
    }
    for path in &rows {
        for_each_line(path, &Progress::hidden(), person, |line| {
            let judged = judges(line).filter(|(_, about)| uuids.contains(about) || guard.covers_uuid(*about));
            theirs.verdicts.extend(judged.map(|(uuid, _)| uuid).filter(|uuid| !uuids.contains(uuid)));
            Ok(())
        })?;
    }
    Ok(theirs)
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

/// How many lines in a file go.
fn count_in(path: &Path, theirs: &Theirs<'_>, progress: &Progress) -> anyhow::Result<u64> {
    let mut count = 0;
    for_each_line(path, progress, theirs.person, |line| {
        count += u64::from(theirs.owned(line)?.is_some());
        Ok(())
    })?;
    Ok(count)
}

/// Reads a file's lines. A file that is not there any more has none: the owner has just closed it, and it is looked at under its new
/// name.
fn for_each_line(
    path: &Path,
    progress: &Progress,
    person: &Person,
    mut visit: impl FnMut(&[u8]) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let file = match fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error).with_context(|| path.display().to_string()),
    };
    let bytes = file.metadata()?.len();
    let mut lines = Lines::new(std::sync::Arc::new(file), bytes);
    let mut told = 0;
    loop {
        match lines.next_line() {
            Ok(Some(line)) => {
                visit(line.bytes).with_context(|| format!("{}, line {}", path.display(), line.number))?;
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
    refuse_torn_end(path, lines.torn_end(), person)
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
        in_streams: InStreams::of(&Catalog::read(&lock.folder)?),
    };
    // Before anything is removed: what cannot be proved is not done.
    receipt.keep(&lock.folder).context("nothing was removed, for the receipt cannot be kept")?;

    if person.is_given_by_pseudonym() {
        guard.append_needed_keys()?;
    }
    let bytes = guard.append_person(&person.stored(), erased_at)?;
    lock.have_erasures_read(bytes)?;
    // Looked up again: a line may have come in since. From here on none can.
    let theirs = theirs(lock, person, &guard)?;
    close_where_found(lock, &theirs)?;

    receipt.counts = Counts::default();
    let renewal = anonymise.then(|| Renewal::begin(&lock.folder, &receipt.id_hashes.join(" "))).transpose()?;
    rewrite_closed(lock, &theirs, &mut guard, renewal.as_ref(), &mut receipt.counts)?;
    Renewal::end(&lock.folder)?;
    for path in torn_ends(&lock.folder, person)? {
        fs::remove_file(&path).with_context(|| path.display().to_string())?;
        receipt.counts.tails += 1;
    }
    receipt.state = State::Done;
    receipt.in_streams = InStreams::of(&Catalog::read(&lock.folder)?);
    receipt.keep(&lock.folder).context("everything was removed; the receipt of it says only that it was begun")?;
    Ok(receipt)
}

/// Has those live files closed that hold a line that goes: nobody else may rewrite a live file.
fn close_where_found(lock: &RewriteLock, theirs: &Theirs<'_>) -> anyhow::Result<()> {
    let mut found = Vec::new();
    for live in lock.live_files() {
        if count_in(&live, theirs, &Progress::hidden())? > 0 {
            found.push(live);
        }
    }
    lock.have_closed(&found.iter().map(PathBuf::as_path).collect::<Vec<_>>())
}

/// What a file holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    Lines,
    Rows,
    Rejections,
}

fn rewrite_closed(
    lock: &RewriteLock,
    theirs: &Theirs<'_>,
    guard: &mut ErasureGuard,
    renewal: Option<&Renewal>,
    counts: &mut Counts,
) -> anyhow::Result<()> {
    let mut files = Vec::new();
    for (live, holds) in lock.live_files().iter().zip([Holds::Lines, Holds::Rows, Holds::Rejections]) {
        files.extend(closed_files(live)?.into_iter().map(|path| (path, holds)));
    }
    let paths: Vec<_> = files.iter().map(|(path, _)| path.clone()).collect();
    let progress = Progress::bytes(Some(bytes_of(&paths)?));
    let mut catalog = Catalog::read(&lock.folder)?;
    for (path, holds) in &files {
        let mut uuids = Vec::new();
        let rewritten = rewrite(
            path,
            &lock.beside(path),
            |bytes| progress.inc(bytes),
            |line| {
                let Some(uuid) = theirs.owned(line.bytes)? else { return Ok(Verdict::Keep) };
                uuids.push(uuid);
                match (renewal, holds) {
                    (None, _) | (Some(_), Holds::Rejections) => Ok(Verdict::Remove),
                    (Some(renewal), holds) => Ok(Verdict::Replace(anonymised(line.bytes, *holds, renewal)?)),
                }
            },
        )?;
        ensure!(
            rewritten.too_long == 0,
            "{}: a line is longer than any of misfire's and cannot be looked at",
            path.display()
        );
        uuids.retain(|uuid| !guard.covers_uuid(*uuid));
        if !uuids.is_empty() {
            guard.append_uuids(&uuids)?;
        }
        match holds {
            Holds::Lines | Holds::Rows => counts.add(name_of(path), rewritten.changed),
            Holds::Rejections => counts.quarantine_lines += rewritten.changed,
        }
        rewritten.swap(&mut catalog, None).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

/// The uuid is replaced as well: it is the event's name in PostHog, where it leads to the person.
fn anonymised(line: &[u8], holds: Holds, renewal: &Renewal) -> anyhow::Result<Vec<u8>> {
    if holds == Holds::Rows {
        return Ok(GenerationRow::anonymised(&Generation::parse(line)?, renewal)?.to_line());
    }
    let record = Record::parse(line)?;
    let uuid = renewal.uuid(record.uuid.parse()?);
    Ok(TrainingRecord::anonymised(&record, renewal.distinct_id(), uuid)?.to_line())
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
