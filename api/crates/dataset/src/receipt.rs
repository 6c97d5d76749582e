//! The receipt of an erasure: counts, times and keyed hashes, and nothing that leads back to the person.

use std::{
    fmt, fs,
    io::{self, Write},
    path::Path,
};

use journal::{catalog::Catalog, json_line::to_line, private_file, sync_dir};
use serde::{Deserialize, Serialize};

use crate::numbers::counted;

/// The file in `.misfire/` that receipts are appended to.
const FILE: &str = "receipts.jsonl";

/// An erasure that is under way, or done.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Receipt {
    /// `begun` before anything is removed, with what was found; `done` afterwards, with what was removed. A `begun` without its
    /// `done` is of a command that was killed, or whose disk failed.
    pub(crate) state: State,
    /// Events of the person that are older are not stored any more.
    pub(crate) erased_at: String,
    /// The ids as `.misfire/forgotten` knows them: HMAC-SHA-256 with the key of the pseudonyms, in hex.
    pub(crate) id_hashes: Vec<String>,
    /// Whether lines were kept under a fresh id.
    pub(crate) anonymised: bool,
    #[serde(flatten)]
    pub(crate) counts: Counts,
    /// In a cluster: what the writer had not read yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) in_streams: Option<InStreams>,
}

/// Messages that wait in the streams of a cluster, whosoever they are. The writer looks each up in the erasures before it writes, so
/// that nothing of the person comes out of them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct InStreams {
    pub(crate) messages: u64,
    /// When the writer noted that; it does every second.
    pub(crate) noted_at: String,
}

impl InStreams {
    /// As the writer noted it; `None` where there is no cluster.
    pub(crate) fn of(catalog: &Catalog) -> Option<Self> {
        let (messages, noted_at) = catalog.waiting_in_streams()?;
        Some(Self { messages, noted_at: noted_at.to_owned() })
    }
}

impl fmt::Display for InStreams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let messages = counted(self.messages, "message");
        write!(f, "{messages} waited in the cluster's streams at {}", self.noted_at)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    Begun,
    Done,
}

/// How many lines and files hold a person, or held one.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Counts {
    /// The files of the data, with the lines that go or change.
    pub(crate) files: Vec<FileCount>,
    /// Lines that go or change, over all files.
    pub(crate) lines: u64,
    /// Lines in the quarantine.
    pub(crate) quarantine_lines: u64,
    /// Torn ends of files (`tail-….bin`) that are theirs, or do not show whose they are.
    pub(crate) tails: u64,
}

/// A file's part.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct FileCount {
    pub(crate) file: String,
    pub(crate) lines: u64,
}

impl Counts {
    /// Adds a file's lines.
    pub(crate) fn add(&mut self, file: String, lines: u64) {
        if lines > 0 {
            self.lines += lines;
            self.files.push(FileCount { file, lines });
        }
    }

    /// Whether nothing is theirs. A torn end that may be anybody's does not count.
    pub(crate) fn is_nothing(&self) -> bool {
        self.lines + self.quarantine_lines == 0
    }
}

impl Receipt {
    /// The receipt of an erasure of these ids that was begun and never done, as done: with the counts of what was found then.
    pub(crate) fn unfinished(misfire_folder: &Path, id_hashes: &[String]) -> io::Result<Option<Self>> {
        let text = match fs::read_to_string(misfire_folder.join(FILE)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            text => text?,
        };
        // A line that is none of a receipt is somebody else's, or half of one.
        let mut receipts = text.lines().filter_map(|line| serde_json::from_str::<Self>(line).ok());
        let last = receipts.rfind(|receipt| receipt.id_hashes == id_hashes);
        Ok(last.filter(|receipt| receipt.state == State::Begun).map(|receipt| Self { state: State::Done, ..receipt }))
    }

    /// Appends it to the receipts, on disk when it returns.
    pub(crate) fn keep(&self, misfire_folder: &Path) -> io::Result<()> {
        let mut file = private_file().append(true).create(true).open(misfire_folder.join(FILE))?;
        let old_len = file.metadata()?.len();
        if let Err(error) = file.write_all(&to_line(self)).and_then(|()| file.sync_all()) {
            drop(file.set_len(old_len));
            return Err(error);
        }
        sync_dir(misfire_folder)
    }
}

/// The counts in words, each on a line. `done` says what became of the lines.
pub(crate) struct InWords<'a> {
    pub(crate) counts: &'a Counts,
    pub(crate) done: &'static str,
    pub(crate) removed: &'static str,
}

impl fmt::Display for InWords<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { counts, done, removed } = self;
        for FileCount { file, lines } in &counts.files {
            writeln!(f, "{file}: {} {done}", counted(*lines, "line"))?;
        }
        if counts.quarantine_lines > 0 {
            writeln!(f, ".misfire/quarantine.jsonl: {} {removed}", counted(counts.quarantine_lines, "line"))?;
        }
        if counts.tails > 0 {
            let torn = counted(counts.tails, "torn end");
            writeln!(f, ".misfire/tail-….bin: {torn} of files {removed}, for they do not show whose they are")?;
        }
        Ok(())
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let done = if self.anonymised { "put under a fresh id" } else { "removed" };
        write!(f, "{}", InWords { counts: &self.counts, done, removed: "removed" })?;
        writeln!(f, "events from before {} are not stored any more", self.erased_at)?;
        if let Some(in_streams) = &self.in_streams {
            writeln!(f, "{in_streams}; the writer stores nothing of the person from them")?;
        }
        write!(f, "receipt kept in .misfire/{FILE}")
    }
}
