//! What an erasure did, to be kept: counts, times and keyed hashes, and nothing that leads back to the person.

use std::{
    fmt,
    io::{self, Write},
    path::Path,
};

use journal::{json_line::to_line, private_file, sync_dir};
use serde::Serialize;

use crate::numbers::counted;

/// The file in `.misfire/` that receipts are appended to.
const FILE: &str = "receipts.jsonl";

/// What an erasure did.
#[derive(Debug, Serialize)]
pub(super) struct Receipt {
    /// Events of the person that are older are not taken any more.
    pub(super) erased_at: String,
    /// The ids as `.misfire/forgotten` knows them: HMAC-SHA-256 with the key of the pseudonyms, in hex.
    pub(super) id_hashes: Vec<String>,
    /// Whether lines were kept under a fresh id.
    pub(super) anonymised: bool,
    /// The files that were made anew, with the lines that went or changed.
    pub(super) files: Vec<FileCount>,
    /// Lines that went or changed, over all files.
    pub(super) lines: u64,
    /// Lines that went from the quarantine.
    pub(super) quarantine_lines: u64,
    /// Torn ends of files (`tail-….bin`) that named the person, and went.
    pub(super) tails: u64,
}

/// A file's part.
#[derive(Debug, Serialize)]
pub(super) struct FileCount {
    pub(super) file: String,
    pub(super) lines: u64,
}

impl Receipt {
    /// Appends it to the receipts, on disk when it returns.
    pub(super) fn keep(&self, folder: &Path) -> io::Result<()> {
        let mut file = private_file().append(true).create(true).open(folder.join(FILE))?;
        file.write_all(&to_line(self))?;
        file.sync_all()?;
        sync_dir(folder)
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let done = if self.anonymised { "put under a fresh id" } else { "removed" };
        for FileCount { file, lines } in &self.files {
            writeln!(f, "{file}: {} {done}", counted(*lines, "line"))?;
        }
        if self.quarantine_lines > 0 {
            writeln!(f, ".misfire/quarantine.jsonl: {} removed", counted(self.quarantine_lines, "line"))?;
        }
        if self.tails > 0 {
            writeln!(f, ".misfire/tail-….bin: {} removed", counted(self.tails, "file"))?;
        }
        if self.lines + self.quarantine_lines + self.tails == 0 {
            writeln!(f, "no line was theirs")?;
        }
        writeln!(f, "events from before {} are not taken any more", self.erased_at)?;
        write!(f, "receipt kept in .misfire/{FILE}")
    }
}
