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

use super::folder::{private_file, sync_dir};
use crate::sanitize::KEYS;

/// How much of a file is read at once.
const BLOCK_BYTES: u64 = 1024 * 1024;
/// The longest first line that is looked at; a body is at most 64 MiB, and escapes may make it six times as long.
const LINE_BYTES_MAX: u64 = 400 * 1024 * 1024;

/// Whether the first line has the keys of a line. A first line that is no JSON object is torn, not of another kind.
pub(super) fn begins_with_our_keys(file: &File) -> io::Result<bool> {
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
    let mut first = Vec::new();
    BufReader::new(Cursor { file, at: 0 }).take(LINE_BYTES_MAX).read_until(b'\n', &mut first)?;
    let ends_whole = first.ends_with(b"\n");
    Ok(match serde_json::from_slice::<Keys>(&first) {
        Ok(Keys(keys)) => keys == KEYS,
        Err(_) => !ends_whole,
    })
}

/// Cuts off what stands after the last newline, keeps it in `folder`, and gives the length that is left.
pub(super) fn mend(file: &File, folder: &Path) -> io::Result<u64> {
    let len = file.metadata()?.len();
    let whole = end_of_last_line(file, len)?;
    if whole < len {
        let kept = folder.join(format!("tail-{}.bin", Timestamp::now().as_nanosecond()));
        let mut tail = private_file().create_new(true).open(&kept)?;
        io::copy(&mut Cursor { file, at: whole }.take(len - whole), &mut tail)?;
        tail.flush()?;
        tail.sync_all()?;
        sync_dir(folder)?;
        file.set_len(whole)?;
        file.sync_all()?;
        warn!("the file ended within a line; its last {} bytes are kept as {}", len - whole, kept.display());
    }
    Ok(whole)
}

/// The offset after the last newline.
fn end_of_last_line(file: &File, len: u64) -> io::Result<u64> {
    let mut newline = None;
    for_each_block_from_the_end(file, len, 0, |start, block| {
        newline = memchr::memrchr(b'\n', block).map(|at| start + at as u64 + 1);
        newline.is_none()
    })?;
    Ok(newline.unwrap_or(0))
}

/// Calls `visit` with blocks of the file, the last first, until it returns false. Each block is given with its offset,
/// and begins `overlap` bytes before the end of the one that follows.
pub(super) fn for_each_block_from_the_end(
    file: &File,
    len: u64,
    overlap: u64,
    mut visit: impl FnMut(u64, &[u8]) -> bool,
) -> io::Result<()> {
    let mut end = len;
    let mut block = Vec::new();
    while end > 0 {
        let start = end.saturating_sub(BLOCK_BYTES);
        let from = start.saturating_sub(overlap);
        block.resize((end - from) as usize, 0);
        file.read_exact_at(&mut block, from)?;
        if !visit(from, &block) {
            break;
        }
        end = start;
    }
    Ok(())
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
