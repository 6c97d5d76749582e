//! How many lines a file holds, and from when, without parsing whole lines.

use std::{
    fs::File,
    io::{self, BufRead, BufReader},
    path::Path,
};

/// How every line begins, for `timestamp` is the first key of every schema; and the time after that.
const BEFORE_TIMESTAMP: &[u8] = b"{\"timestamp\":\"";
type LineTimestamp = [u8; "2025-11-30T16:38:21.968Z".len()];

/// How many lines a file holds, and the earliest and the latest time among them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileSummary {
    lines: u64,
    /// Times in the line's form sort as text.
    first: Option<LineTimestamp>,
    last: Option<LineTimestamp>,
}

impl FileSummary {
    /// Reads a whole file once, with a line of it in memory at a time.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read(path: &Path) -> io::Result<Self> {
        let mut summary = Self::default();
        let mut reader = BufReader::with_capacity(1024 * 1024, File::open(path)?);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line)? > 0 {
            summary.add_lines(&line);
            line.clear();
        }
        Ok(summary)
    }

    /// Adds whole lines.
    pub(crate) fn add_lines(&mut self, lines: &[u8]) {
        let mut start = 0;
        for newline in memchr::memchr_iter(b'\n', lines) {
            self.lines += 1;
            self.add_timestamp(&lines[start..newline]);
            start = newline + 1;
        }
    }

    fn add_timestamp(&mut self, line: &[u8]) {
        let Some(time) = line.strip_prefix(BEFORE_TIMESTAMP).and_then(|rest| rest.first_chunk()) else { return };
        self.first = Some(self.first.map_or(*time, |first| first.min(*time)));
        self.last = Some(self.last.map_or(*time, |last| last.max(*time)));
    }

    /// The number of lines.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// The earliest time of a line.
    pub(crate) fn first_timestamp(&self) -> Option<String> {
        self.first.map(text)
    }

    /// The latest time of a line.
    pub(crate) fn last_timestamp(&self) -> Option<String> {
        self.last.map(text)
    }
}

fn text(time: LineTimestamp) -> String {
    String::from_utf8_lossy(&time).into_owned()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn line(second: u32, padding: usize) -> String {
        format!(
            "{{\"timestamp\":\"2025-11-30T16:38:{second:02}.968Z\",\"input_prompt\":\"{}\"}}\n",
            "x".repeat(padding)
        )
    }

    #[test]
    fn a_file_is_read_as_its_lines_were_added() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let mut added = FileSummary::default();
        for (second, padding) in [(7, 0), (3, 3_000_000), (9, 10), (5, 1_048_500), (1, 5_000_000)] {
            file.write_all(line(second, padding).as_bytes()).unwrap();
            added.add_lines(line(second, padding).as_bytes());
        }
        let summary = FileSummary::read(file.path()).unwrap();
        assert_eq!(summary, added);
        assert_eq!(summary.lines(), 5);
        assert_eq!(summary.first_timestamp().as_deref(), Some("2025-11-30T16:38:01.968Z"));
        assert_eq!(summary.last_timestamp().as_deref(), Some("2025-11-30T16:38:09.968Z"));
    }
}
