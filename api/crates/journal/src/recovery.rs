//! Looking at a file that was found under the live file's name: is it ours, and where does its last whole line end?

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
    ops::Range,
    os::unix::fs::FileExt,
    path::Path,
    sync::Arc,
};

use jiff::Timestamp;
use log::warn;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};

use crate::{
    file_system::{parent_of, private_file, sync_dir},
    lines::{LINE_BYTES_MAX, Lines, LinesError, for_each_block_from_the_end},
};

/// The most bytes that are written at once; a batch ends with the line that reaches it.
pub const BATCH_BYTES_MAX: usize = 4 * 1024 * 1024;
/// The most bytes that a power cut can tear: a batch, and its last line.
const UNSYNCED_BYTES_MAX: u64 = 2 * BATCH_BYTES_MAX as u64;
/// How every line of ours begins, whatever its schema.
const BEGINNINGS: [&[u8]; 2] = [b"{\"timestamp\":\"", b"{\"received_at\":\""];

/// Whether a file holds lines with these keys. Only such a file is ever changed.
///
/// The first line decides. A file without a whole line is ours if it begins as a line does, or holds nothing but zeros: a power cut
/// leaves that of a file whose first lines were never synced.
pub(crate) fn holds_lines_with(file: &File, keys: &[&str]) -> io::Result<bool> {
    let mut first = Vec::new();
    let mut reader = BufReader::with_capacity(256 * 1024, Cursor { file, at: 0 });
    reader.by_ref().take(LINE_BYTES_MAX as u64 + 1).read_until(b'\n', &mut first)?;
    if let Some(found) = keys_of(&first) {
        return Ok(found == keys);
    }
    if first.ends_with(b"\n") {
        return Ok(false);
    }
    if first.first() == Some(&0) {
        return is_zeros(file);
    }
    Ok(BEGINNINGS.iter().any(|beginning| {
        let length = beginning.len().min(first.len());
        first[..length] == beginning[..length]
    }))
}

fn is_zeros(file: &File) -> io::Result<bool> {
    let mut reader = BufReader::with_capacity(1024 * 1024, Cursor { file, at: 0 });
    loop {
        let block = reader.fill_buf()?;
        if block.is_empty() {
            return Ok(true);
        }
        if block.iter().any(|byte| *byte != 0) {
            return Ok(false);
        }
        let length = block.len();
        reader.consume(length);
    }
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

/// The end of a file, where a power cut may have torn lines.
struct End {
    /// Up to here every line is whole.
    sound: u64,
    /// Whole lines behind a torn one: blocks reach the disk in any order. They were never acknowledged, but they are events.
    whole: Vec<Range<u64>>,
    torn: Vec<Range<u64>>,
}

/// Repairs the end of the file at `path`: what a power cut may have left of lines that were never synced is removed, and kept in
/// `misfire_folder` as `tail-<time>.bin`. What stands before the last [`UNSYNCED_BYTES_MAX`] bytes is not looked at.
///
/// Every whole line is in the file at every moment. A torn end is cut off. Where whole lines stand behind torn ones, the new file
/// is written beside the old one and renamed over it.
pub(crate) fn repair(path: &Path, file: File, keys: &[&str], misfire_folder: &Path) -> io::Result<File> {
    let file = Arc::new(file);
    let end = look_at_end(&file, keys)?;
    if !end.torn.is_empty() {
        let kept = keep_torn(&file, &end.torn, misfire_folder)?;
        if end.whole.is_empty() {
            file.set_len(end.sound)?;
            file.sync_all()?;
        } else {
            replace_with(path, &file, &end, misfire_folder)?;
        }
        warn!("{} ended in lines that are not whole; {kept}", path.display());
        if !end.whole.is_empty() {
            return private_file().append(true).open(path);
        }
    }
    Arc::try_unwrap(file).map_err(|_| io::Error::other("the file is still being read"))
}

fn look_at_end(file: &Arc<File>, keys: &[&str]) -> io::Result<End> {
    let len = file.metadata()?.len();
    let start = start_of_unsynced(file, len)?;
    let mut lines = Lines::from(Arc::clone(file), start, len);
    let mut end = End { sound: start, whole: Vec::new(), torn: Vec::new() };
    let mut from = start;
    loop {
        let is_whole = match lines.next_line() {
            Ok(Some(line)) => keys_of(line.bytes).is_some_and(|found| found == keys),
            Ok(None) => break,
            Err(LinesError::TooLong(_)) => false,
            Err(LinesError::Io(error)) => return Err(error),
        };
        let to = lines.position();
        match (is_whole, end.torn.is_empty()) {
            (true, true) => end.sound = to,
            (true, false) => push(&mut end.whole, from..to),
            (false, _) => push(&mut end.torn, from..to),
        }
        from = to;
    }
    if from < len {
        push(&mut end.torn, from..len);
    }
    Ok(end)
}

/// Adds a range; one that follows on the last one makes it longer.
fn push(ranges: &mut Vec<Range<u64>>, range: Range<u64>) {
    match ranges.last_mut() {
        Some(last) if last.end == range.start => last.end = range.end,
        _ => ranges.push(range),
    }
}

/// Writes what is torn to a file of its own and says in words where it is. Zeros at its end say nothing and are left out.
fn keep_torn(file: &File, torn: &[Range<u64>], misfire_folder: &Path) -> io::Result<String> {
    let kept = misfire_folder.join(format!("tail-{}.bin", Timestamp::now().as_nanosecond()));
    let mut tail = private_file().create_new(true).open(&kept)?;
    for range in torn {
        let end = end_without_zeros(file, range)?;
        copy(file, range.start..end, &mut tail)?;
    }
    let bytes = tail.metadata()?.len();
    if bytes == 0 {
        fs::remove_file(&kept)?;
        return Ok("they were zeros".to_owned());
    }
    tail.sync_all()?;
    sync_dir(misfire_folder)?;
    Ok(format!("{bytes} bytes are kept as {}", kept.display()))
}

fn end_without_zeros(file: &File, range: &Range<u64>) -> io::Result<u64> {
    let mut end = range.start;
    for_each_block_from_the_end(file, range.end, |start, block| {
        if let Some(last) = block.iter().rposition(|byte| *byte != 0) {
            end = (start + last as u64 + 1).max(range.start);
        }
        end == range.start && start > range.start
    })?;
    Ok(end)
}

/// Writes the sound part and the whole lines behind it to a file beside, and renames that over the old one.
fn replace_with(path: &Path, file: &File, end: &End, misfire_folder: &Path) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".repair");
    let beside = misfire_folder.join(name);
    let mut new = private_file().create(true).truncate(true).open(&beside)?;
    for range in std::iter::once(0..end.sound).chain(end.whole.iter().cloned()) {
        copy(file, range, &mut new)?;
    }
    new.set_permissions(file.metadata()?.permissions())?;
    new.sync_all()?;
    fs::rename(&beside, path)?;
    sync_dir(&parent_of(path))
}

/// Copies a part of a file, within the kernel where it can.
pub(crate) fn copy(mut source: &File, range: Range<u64>, target: &mut File) -> io::Result<()> {
    let length = range.end - range.start;
    source.seek(SeekFrom::Start(range.start))?;
    let copied = io::copy(&mut source.take(length), target)?;
    if copied == length { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

/// Keeps a part of a file that another process wrote into it, as a torn end is kept.
pub(crate) fn keep_foreign(file: &File, range: Range<u64>, misfire_folder: &Path) -> io::Result<String> {
    keep_torn(file, &[range], misfire_folder)
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

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const KEYS: [&str; 2] = ["timestamp", "uuid"];

    fn line(number: u32) -> String {
        format!("{{\"timestamp\":\"{number}\",\"uuid\":\"u\"}}\n")
    }

    fn repaired(text: &[u8]) -> (Vec<u8>, Vec<Vec<u8>>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.jsonl");
        fs::write(&path, text).unwrap();
        let file = private_file().append(true).open(&path).unwrap();
        assert!(holds_lines_with(&file, &KEYS).unwrap());
        let mut file = repair(&path, file, &KEYS, folder.path()).unwrap();
        file.write_all(b"next\n").unwrap();
        let text = fs::read(&path).unwrap();
        let tails = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
        let tails = tails.filter(|path| path.extension().is_some_and(|end| end == "bin"));
        (text.strip_suffix(b"next\n").unwrap().to_vec(), tails.map(|path| fs::read(path).unwrap()).collect())
    }

    #[test]
    fn a_torn_end_is_cut_off_and_kept_and_whole_lines_behind_a_broken_one_stay() {
        let (one, two) = (line(1), line(2));
        let whole = (one.clone() + &two).into_bytes();
        assert_eq!(repaired(&whole), (whole.clone(), vec![]));
        assert_eq!(repaired(format!("{one}{two}{{\"time").as_bytes()), (whole.clone(), vec![b"{\"time".to_vec()]));
        assert_eq!(repaired(format!("{one}# a note\n{two}").as_bytes()), (whole.clone(), vec![b"# a note\n".to_vec()]));
        let zeros = [whole.as_slice(), &[0; 5000]].concat();
        assert_eq!(repaired(&zeros), (whole, vec![]), "zeros say nothing");
    }

    #[test]
    fn a_file_of_another_kind_is_known_by_its_first_line_or_its_beginning() {
        let kind = |bytes: &[u8]| {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(bytes).unwrap();
            holds_lines_with(&file, &KEYS).unwrap()
        };
        for ours in ["", "{\"time", "{\"timestamp\":\"2025", &line(1), &line(1).replace('\n', "\r\n"), "\0\0\0"] {
            assert!(kind(ours.as_bytes()), "{ours:?}");
        }
        for another in
            ["# a note\n", "hello", "{\"a\":1}\n", "{\"timestamp\":\"\"}", "\0\0\n", "\0\0x", "\x7FELF\0\0\n", "\n"]
        {
            assert!(!kind(another.as_bytes()), "{another:?}");
        }
    }
}
