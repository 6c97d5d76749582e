//! Looking at a file that was found: is it ours, and where does its last whole line end?

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read, Write},
    os::unix::fs::FileExt,
    path::Path,
};

use jiff::Timestamp;
use log::warn;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};

use crate::{
    file_system::{private_file, sync_dir},
    lines::for_each_block_from_the_end,
};

/// The most bytes that are written at once; a batch ends with the line that reaches it.
pub const BATCH_BYTES_MAX: usize = 4 * 1024 * 1024;
/// The most bytes that a power cut can tear: a batch, and its last line.
const UNSYNCED_BYTES_MAX: u64 = 2 * BATCH_BYTES_MAX as u64;
/// The longest first line that is looked at; a body is at most 64 MiB, and escapes may make it six times as long.
const LINE_BYTES_MAX: u64 = 400 * 1024 * 1024;

/// Whether the first line has the keys of a line. A first line that is no JSON object is torn, not of another kind,
/// unless it is text that somebody wrote.
pub(crate) fn begins_with_keys(file: &File, keys: &[&str]) -> io::Result<bool> {
    let mut first = Vec::new();
    BufReader::new(Cursor { file, at: 0 }).take(LINE_BYTES_MAX).read_until(b'\n', &mut first)?;
    Ok(match keys_of(&first) {
        Some(found) => found == keys,
        None => !first.ends_with(b"\n") || first.contains(&0),
    })
}

/// The keys of a JSON object, in order; `None` for anything else.
fn keys_of(json: &[u8]) -> Option<Vec<String>> {
    struct Keys(Vec<String>);
    impl<'de> Deserialize<'de> for Keys {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct KeysVisitor;
            impl<'de> Visitor<'de> for KeysVisitor {
                type Value = Keys;
                fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                    f.write_str("an object")
                }
                fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Keys, A::Error> {
                    let mut keys = Vec::new();
                    while let Some((key, IgnoredAny)) = map.next_entry()? {
                        keys.push(key);
                    }
                    Ok(Keys(keys))
                }
            }
            deserializer.deserialize_map(KeysVisitor)
        }
    }
    let text = std::str::from_utf8(json).ok()?;
    serde_json::from_str(text).ok().map(|Keys(keys)| keys)
}

/// Mends the end of a file: whatever a power cut may have left of lines that were never synced goes, and is kept in
/// `folder`. What is whole stays, and what stands before the last [`UNSYNCED_BYTES_MAX`] bytes is not looked at.
///
/// A line without our `keys` can stand before whole ones, for blocks reach the disk in any order. The whole ones were
/// never acknowledged, but they are events, so they stay.
pub(crate) fn mend(file: &File, keys: &[&str], folder: &Path) -> io::Result<()> {
    let len = file.metadata()?.len();
    let start = start_of_unsynced(file, len)?;
    let mut end = vec![0; (len - start) as usize];
    file.read_exact_at(&mut end, start)?;

    let is_whole = |line: &[u8]| line.ends_with(b"\n") && keys_of(line).is_some_and(|found| found == keys);
    let lines = || end.split_inclusive(|byte| *byte == b'\n');
    let sound: usize = lines().take_while(|line| is_whole(line)).map(<[u8]>::len).sum();
    if sound == end.len() {
        return Ok(());
    }
    let (whole, torn): (Vec<_>, Vec<_>) =
        end[sound..].split_inclusive(|byte| *byte == b'\n').partition(|line| is_whole(line));
    let torn = torn.concat();
    let kept = folder.join(format!("tail-{}.bin", Timestamp::now().as_nanosecond()));
    let mut tail = private_file().create_new(true).open(&kept)?;
    tail.write_all(&torn)?;
    tail.sync_all()?;
    sync_dir(folder)?;
    file.set_len(start + sound as u64)?;
    let mut file = file;
    file.write_all(&whole.concat())?;
    file.sync_all()?;
    warn!("the file ended in {} bytes that are no lines; they are kept as {}", torn.len(), kept.display());
    Ok(())
}

/// Where the line begins that holds the first byte which may never have been synced.
fn start_of_unsynced(file: &File, len: u64) -> io::Result<u64> {
    let from = len.saturating_sub(UNSYNCED_BYTES_MAX);
    let mut newline = None;
    for_each_block_from_the_end(file, from, |start, block| {
        newline = memchr::memrchr(b'\n', block).map(|at| start + at as u64 + 1);
        newline.is_none()
    })?;
    Ok(newline.unwrap_or(0))
}

/// Reads a file from an offset without moving the file's own.
struct Cursor<'a> {
    file: &'a File,
    at: u64,
}

impl Read for Cursor<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(buffer, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}
