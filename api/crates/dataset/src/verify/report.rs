//! The report of the problems, for people and for scripts.

use std::fmt::Write;

use serde::Serialize;

use crate::{
    data_files::Dataset,
    numbers::{counted, thousands},
    read::Place,
    receipt::InStreams,
};

/// Declares the kinds of problems: the name for scripts, and what it means.
macro_rules! problems {
    ($($name:ident = $id:literal: $meaning:literal,)*) => {
        /// A kind of problem.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Problem { $($name,)* }

        impl Problem {
            const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its name for scripts. It never changes.
            fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }

            fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning,)* }
            }
        }
    };
}

problems! {
    Empty = "empty-file": "the file is empty; Hugging Face datasets and polars fail on it",
    NoNewline = "no-newline": "the file does not end with a newline; what follows the last one is no line",
    ByteOrderMark = "byte-order-mark": "the file begins with a byte order mark",
    CarriageReturn = "carriage-return": "the line ends with a carriage return",
    Blank = "blank-line": "the line is blank",
    TooLong = "too-long": "the line is longer than 20 MiB",
    NotUtf8 = "not-utf-8": "the line is not UTF-8",
    NulBytes = "nul-bytes": "the line holds NUL bytes",
    NotJson = "not-json": "the line is not JSON",
    Keys = "keys": "the line does not have exactly the keys of its file, in order, each with a string",
    Surrogate = "surrogate": "a lone surrogate is escaped in the line",
    LineSeparator = "line-separator": "U+0085, U+2028 or U+2029 is not escaped; splitlines() splits the line there",
    Control = "control": "a control character or a byte order mark is in a value",
    Timestamp = "timestamp": "the timestamp is not a time as 2025-11-30T16:38:21.968Z",
    Event = "event": "the event is not generation_failed",
    Length = "length": "a value is empty or too long",
    Uuid = "uuid": "the uuid is not one in lower case with hyphens",
    Kind = "kind": "the kind of the row is unknown, or does not go with its other values",
    InputHash = "input-hash": "the hash of the input is not 64 hex digits",
    HttpStatus = "http-status": "the status is not that of an answer by HTTP",
    Tools = "tools": "the tools are not a list in JSON",
    RepeatedUuid = "repeated-uuid": "an earlier line has the same uuid",
    Finding = "finding": "today's sanitizer would redact something",
}

/// The problems that were found.
pub(super) struct Report {
    files: Vec<FileSeen>,
    with_sanitizer: bool,
    places_max: usize,
    /// By [`Problem::ALL`].
    counts: Vec<u64>,
    places: Vec<PlaceSeen>,
    /// What is not in the files yet, in a cluster.
    in_streams: Option<InStreams>,
}

#[derive(Serialize)]
struct FileSeen {
    file: String,
    lines: u64,
    bytes: u64,
    sanitizer_version: Option<u32>,
}

#[derive(Serialize)]
struct PlaceSeen {
    file: String,
    line: u64,
    problem: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    detail: String,
}

impl Report {
    pub(super) fn new(with_sanitizer: bool, places_max: usize) -> Self {
        let counts = vec![0; Problem::ALL.len()];
        Self { files: Vec::new(), with_sanitizer, places_max, counts, places: Vec::new(), in_streams: None }
    }

    /// Adds the files of a dataset; gives the index of the first, and the ordinal of its first line over all files.
    pub(super) fn begin(&mut self, dataset: &Dataset) -> (usize, u64) {
        let begin = (self.files.len(), self.lines());
        self.files.extend(dataset.files().iter().map(|file| FileSeen {
            file: file.name(),
            lines: 0,
            bytes: file.bytes,
            sanitizer_version: file.sanitizer_version,
        }));
        begin
    }

    /// Says what is not in the files yet.
    pub(super) fn set_in_streams(&mut self, in_streams: Option<InStreams>) {
        self.in_streams = in_streams;
    }

    /// Counts a line of the file with this index.
    pub(super) fn count_line(&mut self, file_index: usize) {
        self.files[file_index].lines += 1;
    }

    /// Counts a problem, and keeps its place while there are few of its kind.
    pub(super) fn add(&mut self, place: Place<'_>, problem: Problem, detail: &str) {
        self.add_at(place.file.name(), place.line, problem, detail);
    }

    /// Counts that two lines, given by their ordinals over all files, have the same uuid.
    pub(super) fn add_repeated(&mut self, first: u64, again: u64) {
        let ((first_file, first_line), (file, line)) = (self.file_and_line(first), self.file_and_line(again));
        let detail = format!("line {first_line} of {first_file} has it too");
        self.add_at(file, line, Problem::RepeatedUuid, &detail);
    }

    fn file_and_line(&self, ordinal: u64) -> (String, u64) {
        let mut before = 0;
        for file in &self.files {
            if ordinal < before + file.lines {
                return (file.file.clone(), ordinal - before + 1);
            }
            before += file.lines;
        }
        (String::new(), 0)
    }

    fn add_at(&mut self, file: String, line: u64, problem: Problem, detail: &str) {
        let count = &mut self.counts[problem as usize];
        *count += 1;
        if *count <= self.places_max as u64 {
            self.places.push(PlaceSeen { file, line, problem: problem.id(), detail: detail.to_owned() });
        }
    }

    pub(super) fn is_fine(&self) -> bool {
        self.counts.iter().all(|count| *count == 0)
    }

    fn lines(&self) -> u64 {
        self.files.iter().map(|file| file.lines).sum()
    }

    fn found(&self) -> impl Iterator<Item = (Problem, u64)> {
        Problem::ALL.iter().copied().zip(self.counts.iter().copied()).filter(|(_, count)| *count > 0)
    }

    pub(super) fn to_text(&self) -> String {
        let mut text = String::new();
        for file in &self.files {
            let version = match file.sanitizer_version {
                Some(version) => format!("sanitizer {version}"),
                None => "sanitizer not known".into(),
            };
            let (lines, bytes) = (counted(file.lines, "line"), thousands(file.bytes));
            let _ = writeln!(text, "{}: {lines}, {bytes} bytes, {version}", file.file);
        }
        for (problem, count) in self.found() {
            let _ = writeln!(text, "\n{} ({}): {}", problem.id(), thousands(count), problem.meaning());
            for place in self.places.iter().filter(|place| place.problem == problem.id()) {
                let _ = match place.line {
                    0 => write!(text, "  {}", place.file),
                    line => write!(text, "  {} line {line}", place.file),
                };
                let _ = match place.detail.as_str() {
                    "" => writeln!(text),
                    detail => writeln!(text, ": {detail}"),
                };
            }
            let unnamed = count.saturating_sub(self.places_max as u64);
            if unnamed > 0 {
                let _ = writeln!(text, "  and {} more", thousands(unnamed));
            }
        }
        if let Some(in_streams) = &self.in_streams {
            let _ = writeln!(text, "{in_streams}, and are not in the files yet");
        }
        let lines = counted(self.lines(), "line");
        let _ = match (self.is_fine(), self.with_sanitizer) {
            (true, true) => writeln!(text, "{lines}: nothing wrong"),
            (true, false) => writeln!(text, "{lines}: nothing wrong (the sanitizer was left out)"),
            (false, _) => {
                writeln!(text, "\n{lines}: {}", counted(self.counts.iter().sum(), "problem"))
            }
        };
        text
    }

    pub(super) fn to_json(&self) -> serde_json::Result<String> {
        #[derive(Serialize)]
        struct Json<'a> {
            ok: bool,
            lines: u64,
            sanitizer: bool,
            files: &'a [FileSeen],
            problems: serde_json::Map<String, serde_json::Value>,
            places: &'a [PlaceSeen],
            #[serde(skip_serializing_if = "Option::is_none")]
            in_streams: Option<&'a InStreams>,
        }
        serde_json::to_string(&Json {
            ok: self.is_fine(),
            lines: self.lines(),
            sanitizer: self.with_sanitizer,
            files: &self.files,
            problems: self.found().map(|(problem, count)| (problem.id().to_owned(), count.into())).collect(),
            places: &self.places,
            in_streams: self.in_streams.as_ref(),
        })
    }
}
