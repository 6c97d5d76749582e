//! A file's lines, from the first or from the last, read in large blocks into one buffer that is used again and again.

use std::{fs::File, io, os::unix::fs::FileExt, sync::Arc};

/// The longest line that is read, in bytes. A line has at most 1.6 MiB: the longest prompt, each of its characters escaped. But
/// earlier versions kept ids of any length, up to the largest body (16 MiB).
pub const LINE_BYTES_MAX: usize = 20 * 1024 * 1024;
/// How much is read at once: more than one line as a rule, and no more than a processor's cache holds.
const BUFFER_BYTES: usize = 256 * 1024;
/// How much is read at once from the end of a file.
const BLOCK_BYTES: u64 = 1024 * 1024;

/// The lines of a file. Memory is a quarter of a MiB, or twice the longest line, which is at most [`LINE_BYTES_MAX`].
#[derive(Debug)]
pub struct Lines {
    file: Arc<File>,
    /// Where the next block is read, and where reading ends.
    at: u64,
    end: u64,
    buffer: Vec<u8>,
    /// The part of the buffer that is not given yet.
    start: usize,
    filled: usize,
    number: u64,
}

/// A line of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// From 1.
    pub number: u64,
    /// The bytes before the newline; none for a blank line.
    pub bytes: &'a [u8],
}

/// Why a line cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum LinesError {
    /// It is passed over: the next call gives the line after it.
    #[error("line {0} is longer than {LINE_BYTES_MAX} bytes")]
    TooLong(u64),
    /// The disk.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl Lines {
    /// The lines in the first `bytes` bytes of a file.
    pub fn new(file: Arc<File>, bytes: u64) -> Self {
        Self::from(file, 0, bytes)
    }

    /// The lines between two offsets, of which the first is the beginning of a line.
    pub(crate) fn from(file: Arc<File>, start: u64, end: u64) -> Self {
        Self { file, at: start, end, buffer: vec![0; BUFFER_BYTES], start: 0, filled: 0, number: 0 }
    }

    /// The next line; `None` at the end. What stands after the last newline is no line: it may be one that is being
    /// written ([`Self::torn_end`]).
    ///
    /// # Errors
    /// When a line is too long, or the file cannot be read.
    pub fn next_line(&mut self) -> Result<Option<Line<'_>>, LinesError> {
        let mut looked_at = self.start;
        loop {
            if let Some(found) = memchr::memchr(b'\n', &self.buffer[looked_at..self.filled]) {
                let (start, newline) = (self.start, looked_at + found);
                self.start = newline + 1;
                self.number += 1;
                if newline - start > LINE_BYTES_MAX {
                    return Err(LinesError::TooLong(self.number));
                }
                return Ok(Some(Line { number: self.number, bytes: &self.buffer[start..newline] }));
            }
            if self.filled - self.start > LINE_BYTES_MAX {
                return self.skip_line();
            }
            looked_at = self.filled - self.start;
            if !self.fill()? {
                return Ok(None);
            }
        }
    }

    /// The number of the line that was given or passed over last; 0 before the first.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The offset behind the line that was given or passed over last.
    pub fn position(&self) -> u64 {
        self.at - (self.filled - self.start) as u64
    }

    /// At the end: the bytes after the last newline.
    pub fn torn_end(&self) -> &[u8] {
        &self.buffer[self.start..self.filled]
    }

    /// Moves what is not given yet to the front and reads on after it; false at the end of the file.
    fn fill(&mut self) -> io::Result<bool> {
        self.buffer.copy_within(self.start..self.filled, 0);
        self.filled -= self.start;
        self.start = 0;
        if self.filled == self.buffer.len() {
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        let room = (self.buffer.len() - self.filled).min(usize::try_from(self.end - self.at).unwrap_or(usize::MAX));
        let read = self.file.read_at(&mut self.buffer[self.filled..self.filled + room], self.at)?;
        self.filled += read;
        self.at += read as u64;
        Ok(read > 0)
    }

    fn skip_line(&mut self) -> Result<Option<Line<'_>>, LinesError> {
        loop {
            match memchr::memchr(b'\n', &self.buffer[self.start..self.filled]) {
                Some(newline) => {
                    self.start += newline + 1;
                    break;
                }
                None => {
                    self.start = self.filled;
                    if !self.fill()? {
                        break;
                    }
                }
            }
        }
        self.number += 1;
        Err(LinesError::TooLong(self.number))
    }
}

/// Calls `visit` with the whole lines of a file, the last first and without their newlines, until it returns false. What stands
/// after the last newline is no line. Memory is a block, and the longest line.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn for_each_line_from_the_end(file: &File, mut visit: impl FnMut(&[u8]) -> bool) -> io::Result<()> {
    // What was read of the line that begins in an earlier block; `None` until the last newline was seen.
    let mut rest: Option<Vec<u8>> = None;
    let mut is_wanted = true;
    for_each_block_from_the_end(file, file.metadata()?.len(), |_, block| {
        let mut end = block.len();
        for newline in memchr::memrchr_iter(b'\n', block) {
            if let Some(rest) = &mut rest {
                is_wanted = match rest.is_empty() {
                    true => visit(&block[newline + 1..end]),
                    false => visit(&[&block[newline + 1..end], rest].concat()),
                };
                rest.clear();
                if !is_wanted {
                    return false;
                }
            } else {
                rest = Some(Vec::new());
            }
            end = newline;
        }
        if let Some(rest) = &mut rest {
            *rest = [&block[..end], rest].concat();
        }
        true
    })?;
    if let Some(first) = rest.filter(|_| is_wanted) {
        visit(&first);
    }
    Ok(())
}

/// Calls `visit` with blocks of the first `len` bytes of a file and their offsets, the last block first, until it returns false.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn for_each_block_from_the_end(
    file: &File,
    len: u64,
    mut visit: impl FnMut(u64, &[u8]) -> bool,
) -> io::Result<()> {
    let mut end = len;
    let mut block = Vec::new();
    while end > 0 {
        let start = end.saturating_sub(BLOCK_BYTES);
        block.resize((end - start) as usize, 0);
        file.read_exact_at(&mut block, start)?;
        if !visit(start, &block) {
            break;
        }
        end = start;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn lines(text: &[u8]) -> Lines {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(text).unwrap();
        Lines::new(Arc::new(file), text.len() as u64)
    }

    #[test]
    fn lines_of_every_length_around_the_buffers_are_given_whole_and_numbered() {
        let lengths =
            [0, 1, BUFFER_BYTES - 2, BUFFER_BYTES - 1, BUFFER_BYTES, 3, 3 * BUFFER_BYTES, 0, LINE_BYTES_MAX, 5];
        let text: Vec<u8> = lengths.iter().flat_map(|length| [vec![b'x'; *length], vec![b'\n']].concat()).collect();
        let mut lines = lines(&text);
        for (index, length) in lengths.iter().enumerate() {
            let line = lines.next_line().unwrap().unwrap();
            assert_eq!((line.number, line.bytes.len()), (index as u64 + 1, *length));
        }
        assert_eq!(lines.next_line().unwrap(), None);
        assert_eq!(lines.torn_end().len(), 0);
        assert_eq!(lines.position(), text.len() as u64);
    }

    #[test]
    fn a_torn_tail_is_no_line() {
        let mut lines = lines(b"a\nb\nhalf of a li");
        assert_eq!(lines.next_line().unwrap().unwrap().bytes, b"a");
        assert_eq!(lines.next_line().unwrap().unwrap(), Line { number: 2, bytes: b"b" });
        assert_eq!(lines.next_line().unwrap(), None);
        assert_eq!(lines.torn_end().len(), 12);
    }

    #[test]
    fn a_line_that_is_too_long_is_told_and_passed_over_in_bounded_memory() {
        for length in [LINE_BYTES_MAX + 1, 3 * LINE_BYTES_MAX] {
            let mut lines = lines(&[b"a\n".as_slice(), &vec![b'x'; length], b"\nb\n"].concat());
            assert_eq!(lines.next_line().unwrap().unwrap().number, 1);
            assert!(matches!(lines.next_line(), Err(LinesError::TooLong(2))));
            assert!(lines.buffer.len() <= 2 * LINE_BYTES_MAX);
            assert_eq!(lines.next_line().unwrap().unwrap(), Line { number: 3, bytes: b"b" });
        }
    }

    #[test]
    fn lines_from_the_end_are_those_from_the_start_in_the_other_order() {
        let block = BLOCK_BYTES as usize;
        for lengths in [&[][..], &[0], &[0, 0, 3], &[block, 1, 0, block - 1, 3 * block, 7, block - 1], &[2 * block + 5]]
        {
            for torn in ["", "half"] {
                let mut text: Vec<u8> = lengths
                    .iter()
                    .enumerate()
                    .flat_map(|(n, length)| [vec![b'a' + n as u8; *length], vec![b'\n']].concat())
                    .collect();
                text.extend_from_slice(torn.as_bytes());
                let mut file = tempfile::tempfile().unwrap();
                file.write_all(&text).unwrap();
                let mut found = Vec::new();
                for_each_line_from_the_end(&file, |line| {
                    found.push(line.to_owned());
                    true
                })
                .unwrap();
                let expected: Vec<_> =
                    lengths.iter().enumerate().rev().map(|(n, length)| vec![b'a' + n as u8; *length]).collect();
                assert!(found == expected, "{lengths:?} {torn}");
            }
        }
    }

    #[test]
    fn what_is_added_after_the_opening_is_not_read() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"a\nb\n").unwrap();
        let mut lines = Lines::new(Arc::new(file), 2);
        assert!(lines.next_line().unwrap().is_some());
        assert!(lines.next_line().unwrap().is_none());
    }
}
