//! `.misfire/quarantine.jsonl`: what is left of events that hold no usable prompt, for PostHog never sends a 4xx again.

use std::{
    fs::{self, DirBuilder, File},
    io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use anyhow::Context;
use jiff::Timestamp;
use log::warn;
use serde::{Deserialize, Serialize};
use shared::event::GENERATION_FAILED;
use uuid::Uuid;

use crate::{
    file_system::{private_file, replace_file, sync_dir},
    json_line, recovery,
    time::format_time,
    training_record::Rejection,
};

/// The most of a property that is kept, in bytes.
const PROPERTY_BYTES_MAX: usize = 64 * 1024;

/// The quarantine's file. Whoever opens it must hold the [lock](crate::lock).
#[derive(Debug)]
pub struct Quarantine {
    path: PathBuf,
    folder: PathBuf,
    bytes_max: u64,
    file: File,
    len: u64,
}

/// The keys of a line of the quarantine, in order.
pub const KEYS: [&str; 7] = ["received_at", "uuid", "event", "reason", "distinct_id", "input_prompt", "failure_reason"];

/// A line of the quarantine holds exactly this: never another property, never the person.
#[derive(Serialize)]
struct QuarantineLine<'a> {
    received_at: String,
    uuid: Uuid,
    event: &'static str,
    reason: String,
    distinct_id: &'a str,
    input_prompt: &'a str,
    failure_reason: &'a str,
}

/// The quarantine's line of a rejected event, its `\n` included.
pub fn to_line(rejection: &Rejection, received_at: Timestamp) -> Vec<u8> {
    let reasons: Vec<_> = rejection.fields.iter().map(|(field, reason)| format!("{field} {reason}")).collect();
    json_line::to_line(&QuarantineLine {
        received_at: format_time(received_at),
        uuid: rejection.uuid,
        event: GENERATION_FAILED,
        reason: reasons.join("; "),
        distinct_id: &rejection.distinct_id,
        input_prompt: cut(&rejection.properties.input_prompt),
        failure_reason: cut(&rejection.properties.failure_reason),
    })
}

/// Whose event a line is of, and when it was received.
#[derive(Deserialize)]
struct LineOwner {
    distinct_id: String,
    received_at: String,
}

fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(PROPERTY_BYTES_MAX)]
}

impl Quarantine {
    /// Opens or makes the file in `.misfire/`, and repairs it. It may grow to `bytes_max`.
    ///
    /// # Errors
    /// When the file cannot be read, repaired or made.
    pub fn open(folder: &Path, bytes_max: u64) -> anyhow::Result<Self> {
        let path = folder.join("quarantine.jsonl");
        // A process may have been killed while it rewrote the file.
        drop(fs::remove_file(path.with_extension("next")));
        let (file, len) = open(&path, folder).with_context(|| format!("{} cannot be opened", path.display()))?;
        Ok(Self { path, folder: folder.to_owned(), bytes_max, file, len })
    }

    /// Appends whole lines and syncs them; after an error the file is what it was.
    ///
    /// # Errors
    /// When the disk does not take them.
    pub fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        if self.len > 0 && self.len + lines.len() as u64 > self.bytes_max {
            self.drop_older_half()?;
        }
        if !self.path.exists() {
            // Somebody moved or deleted it, perhaps with its folder.
            DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)?;
            (self.file, self.len) = open(&self.path, &self.folder)?;
        }
        let result = self.file.write_all(lines).and_then(|()| self.file.sync_data());
        match result {
            Ok(()) => self.len += lines.len() as u64,
            // The next append or the next probe tries again.
            Err(_) => drop(self.recover()),
        }
        result
    }

    /// Cuts the file back to its last durable newline and opens it anew.
    ///
    /// # Errors
    /// When the disk still fails.
    pub fn recover(&mut self) -> io::Result<()> {
        self.file.set_len(self.len)?;
        (self.file, self.len) = open(&self.path, &self.folder)?;
        Ok(())
    }

    /// Keeps the lines for which `keep` says so, given whose they are and when they were received. The file is rewritten beside
    /// and renamed, and not at all when every line is kept.
    pub(crate) fn retain(&mut self, keep: impl Fn(&str, Timestamp) -> bool) -> io::Result<()> {
        self.recover()?;
        let keeps = |line: &[u8]| {
            let owner = serde_json::from_slice(line).ok();
            let owner =
                owner.and_then(|LineOwner { distinct_id, received_at }| Some((distinct_id, received_at.parse().ok()?)));
            owner.is_none_or(|(distinct_id, received_at)| keep(&distinct_id, received_at))
        };
        if self.lines(|line| Ok(keeps(line)))? {
            return Ok(());
        }
        let beside = self.path.with_extension("next");
        let mut kept = BufWriter::new(private_file().create(true).truncate(true).open(&beside)?);
        self.lines(|line| {
            if keeps(line) {
                kept.write_all(line)?;
            }
            Ok(true)
        })?;
        kept.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        fs::rename(&beside, &self.path)?;
        (self.file, self.len) = open(&self.path, &self.folder)?;
        Ok(())
    }

    /// Gives each line, its newline included, until `each` says no; whether it never did.
    fn lines(&self, mut each: impl FnMut(&[u8]) -> io::Result<bool>) -> io::Result<bool> {
        let mut reader = BufReader::with_capacity(256 * 1024, File::open(&self.path)?);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line)? > 0 {
            if !each(&line)? {
                return Ok(false);
            }
            line.clear();
        }
        Ok(true)
    }

    fn drop_older_half(&mut self) -> io::Result<()> {
        let mut kept = Vec::new();
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(self.len / 2))?;
        file.take(self.len).read_to_end(&mut kept)?;
        let first_whole = memchr::memchr(b'\n', &kept).map_or(kept.len(), |at| at + 1);
        replace_file(&self.path, &kept[first_whole..])?;
        (self.file, self.len) = open(&self.path, &self.folder)?;
        warn!("the quarantine was full; its older half was dropped");
        Ok(())
    }
}

fn open(path: &Path, folder: &Path) -> io::Result<(File, u64)> {
    let file = private_file().append(true).create(true).open(path)?;
    sync_dir(folder)?;
    recovery::mend(&file, &KEYS, folder)?;
    let len = file.metadata()?.len();
    Ok((file, len))
}
