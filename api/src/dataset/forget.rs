//! `misfire forget`: removes a person's lines, and takes their older events no more.
//!
//! The order is what makes it safe, whatever ends it and whatever comes in meanwhile:
//!
//! 1. that the person is forgotten is noted in `.misfire/forgotten`, durably;
//! 2. the owner of the live file is asked, reads that, closes the live file, cleans the quarantine, and says so in the catalog.
//!    Its thread alone writes lines, and asks for each whether the person is forgotten, so that a line of theirs is in a closed
//!    file by then or is never written;
//! 3. each closed file is made anew without their lines and renamed over the old one.
//!
//! A second run does what a first one did not come to. The uuids of removed lines stay known to a running API, which answers a
//! repetition before a restart and after it in the same way: `forgotten` is asked before the uuid. An event that is dated after
//! the erasure, be it by a wrong clock, is a new one and is taken.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, ensure};
use jiff::Timestamp;
use uuid::Uuid;

use super::{
    Record,
    format::counted,
    owner::Exclusive,
    person::Person,
    receipt::{FileCount, Receipt},
    rewrite::{Verdict, rewrite},
};
use crate::{
    posthog::Project,
    progress::Progress,
    sanitize::{PseudonymKey, format_time, to_line},
    settings::{ForgetSettings, Secrets},
    writer::{
        catalog::Catalog,
        erasure::let_go_as_owner,
        files::{closed_files, number_of},
        folder::{Owner, read_key},
        forgotten::Forgotten,
    },
};

/// Forgets a person, and prints the receipt.
///
/// # Errors
/// When the files, their owner or PostHog cannot be asked. What was done by then stays done; the next run does the rest.
pub fn run(settings: &ForgetSettings, secrets: &Secrets) -> anyhow::Result<ExitCode> {
    let ids = ids(settings, secrets)?;
    let files = Exclusive::open(&settings.training_data)?;
    let key = key(&files.folder, secrets)?;
    let person = Person::new(&ids, &key)?;
    let receipt = erase(&files, &person, key, settings.anonymise)?;
    match settings.json {
        true => println!("{}", serde_json::to_string(&receipt)?),
        false => println!("{receipt}"),
    }
    Ok(ExitCode::SUCCESS)
}

/// The ids that were given, and those that PostHog knows the addresses by.
fn ids(settings: &ForgetSettings, secrets: &Secrets) -> anyhow::Result<Vec<String>> {
    // An address may itself be the id, as many products have it.
    let mut ids = [settings.distinct_id.clone(), settings.email.clone()].concat();
    if settings.posthog.host.is_some() {
        let project = Project::new(&settings.posthog, secrets.posthog_personal_api_key.as_ref())?;
        for email in &settings.email {
            let found = project.distinct_ids_of(email)?;
            eprintln!("PostHog knows {} by that address", counted(found.len() as u64, "id"));
            ids.extend(found);
        }
    } else if !settings.email.is_empty() {
        eprintln!(
            "only lines whose distinct_id was the address itself can be found; with --host and --project PostHog is asked \
             for the person's other ids"
        );
    }
    Ok(ids)
}

/// The key that the API has: with another one neither a pseudonym nor a hash would be found.
fn key(folder: &Path, secrets: &Secrets) -> anyhow::Result<PseudonymKey> {
    let key = read_key(folder, secrets.pseudonym_key.as_ref())
        .context("PSEUDONYM_KEY must be given here too when the API runs with it")?;
    let is_owners = Owner::read(&folder.join("lock"))?.has_key(&key);
    ensure!(
        is_owners,
        "PSEUDONYM_KEY, or pseudonym.key in {}, is not the key that the API runs with",
        folder.display()
    );
    Ok(key)
}

fn erase(files: &Exclusive, person: &Person, key: PseudonymKey, anonymise: bool) -> anyhow::Result<Receipt> {
    let quarantine_lines = count_in_quarantine(&files.folder, person)?;

    let mut forgotten = Forgotten::open(&files.folder, key.clone())?;
    let erased_at = Timestamp::now();
    let forgotten_bytes = forgotten.append(&person.stored(), erased_at).context(".misfire/forgotten")?;

    let heeded = || anyhow::Ok(Catalog::read(&files.folder)?.heeded());
    files.ask_owner(
        || Ok(heeded()?.forgotten_bytes >= forgotten_bytes),
        |folder| let_go_as_owner(folder, &files.live, key.clone()),
    )?;

    let newest = heeded()?.newest_closed;
    let closed = closed_files(&files.live)?.into_iter();
    let closed: Vec<_> = closed.filter(|path| number_of(&files.live, path).is_some_and(|n| n <= newest)).collect();
    let counts = rewrite_all(files, &closed, person, anonymise)?;
    let receipt = Receipt {
        erased_at: format_time(erased_at),
        id_hashes: person.stored().iter().map(|id| forgotten.hash(id)).collect(),
        anonymised: anonymise,
        lines: counts.iter().map(|count| count.lines).sum(),
        files: counts,
        quarantine_lines,
        tails: remove_tails(&files.folder, person)?,
    };
    receipt.keep(&files.folder).context("the receipt cannot be kept")?;
    Ok(receipt)
}

fn rewrite_all(
    files: &Exclusive,
    closed: &[PathBuf],
    person: &Person,
    anonymise: bool,
) -> anyhow::Result<Vec<FileCount>> {
    let bytes = closed.iter().map(|path| Ok(fs::metadata(path)?.len())).sum::<std::io::Result<u64>>()?;
    let progress = Progress::bytes(Some(bytes));
    let mut catalog = Catalog::read(&files.folder)?;
    // One for all lines: what one person asked for stays together, on one side of a split.
    let fresh_id = format!("u_{}", Uuid::new_v4().simple());
    let mut counts = Vec::new();
    for path in closed {
        let rewritten = rewrite(path, &files.beside(path), &progress, |line| {
            Ok(match (person.owns(line.bytes)?, anonymise) {
                (false, _) => Verdict::Keep,
                (true, false) => Verdict::Remove,
                (true, true) => Verdict::Replace(anonymised(line.bytes, &fresh_id)?),
            })
        })?;
        if rewritten.changed > 0 {
            let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            counts.push(FileCount { file, lines: rewritten.changed });
        }
        rewritten.swap(&mut catalog, None).with_context(|| path.display().to_string())?;
    }
    Ok(counts)
}

/// The uuid goes as well: it is the event's name in PostHog, where it leads to the person.
fn anonymised(line: &[u8], fresh_id: &str) -> anyhow::Result<Vec<u8>> {
    let record = Record::parse(line)?;
    Ok(to_line(&Record { distinct_id: fresh_id.into(), uuid: Uuid::new_v4().to_string().into(), ..record }))
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
