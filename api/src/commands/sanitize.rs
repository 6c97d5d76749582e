//! `misfire sanitize`: a filter. Text in, text out, line by line; or `{"id","text"}` lines in, spans out. Files are read in their order,
//! and standard input where none is named.

use std::{
    borrow::Cow,
    fs::{self, File},
    io::{self, BufRead, BufReader, BufWriter, ErrorKind, IsTerminal, Read, Write},
    os::fd::AsFd,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use anyhow::{Context, ensure};
use clap::Args;
use dataset::{output, progress::Progress, read_policy};
use memchr::memmem;
use misfire_sanitizer::{Policy, Redactor, Scope, Span, explain};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// Large enough that a filter on gigabytes is not made of system calls.
const BUFFER_BYTES: usize = 256 * 1024;
/// A longer line of text is read in pieces, each a text of its own, so that no input fills the memory.
const PIECE_BYTES_MAX: usize = 1024 * 1024;
/// A longer `{"id","text"}` line is refused: it is as much as the API takes at most.
const RECORD_BYTES_MAX: usize = 16 * 1024 * 1024;
/// How far before the end of such a piece a space is looked for, not to cut a value in two.
const CUT_BYTES_MAX: usize = 64 * 1024;
/// A private key stands on many lines; this much is read to find its end.
const KEY_BYTES_MAX: usize = 64 * 1024;

/// Settings of `misfire sanitize`.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// The files to read; `-` is standard input. [default: -]
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// Read {"id","text"} lines and write {"id","spans":[{"start","end","type"}]} lines, in Unicode code points.
    #[arg(long)]
    pub spans: bool,

    /// Instead of the text, report what is redacted and why: the rule, the vendor or country, and the words that decided. With
    /// --spans, each span has it as "why".
    #[arg(long)]
    pub explain: bool,

    /// The sanitizer's policy (TOML), applied on top of the built-in rules.
    #[arg(long, env = "SANITIZER_POLICY", value_name = "SANITIZER_POLICY")]
    pub policy: Option<PathBuf>,
}

#[derive(Deserialize)]
struct InputRecord<'a> {
    #[serde(borrow)]
    id: &'a RawValue,
    #[serde(borrow)]
    text: Cow<'a, str>,
}

#[derive(Serialize)]
struct OutputRecord<'a> {
    id: &'a RawValue,
    spans: Vec<OutputSpan<'a>>,
}

/// Where something is, in Unicode code points.
#[derive(Serialize)]
struct OutputSpan<'a> {
    start: usize,
    end: usize,
    r#type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

/// Sanitizes the files, or standard input, to standard output.
///
/// # Errors
/// When the policy cannot be used, an input cannot be read, or a line of `--spans` is not as it should be. An output that
/// nobody reads any more ends it quietly.
pub fn run(settings: &Settings) -> anyhow::Result<()> {
    let policy = read_policy(settings.policy.as_deref())?;
    let inputs = inputs(&settings.files)?;
    let stdout = io::stdout();
    let is_watched = stdout.is_terminal();
    let output = BufWriter::with_capacity(BUFFER_BYTES, stdout.lock());
    let progress = if is_watched { Progress::hidden() } else { Progress::bytes(bytes_of(&inputs)) };
    match sanitize(&inputs, Filter { policy: &policy, settings, is_watched, progress, file: None, line: 0 }, output) {
        Err(error) if error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe) => {
            Ok(())
        }
        result => result,
    }
}

/// Where text comes from.
enum Source<'a> {
    Stdin,
    File(&'a Path),
}

/// The inputs in their order. A file that is missing is told before anything is written.
fn inputs(files: &[PathBuf]) -> anyhow::Result<Vec<Source<'_>>> {
    if files.is_empty() {
        output::say_waiting("misfire sanitize FILE");
        return Ok(vec![Source::Stdin]);
    }
    let source = |file| match Path::as_os_str(file) == "-" {
        true => Ok(Source::Stdin),
        false => {
            let metadata = fs::metadata(file).with_context(|| format!("{} cannot be read", file.display()))?;
            ensure!(!metadata.is_dir(), "{} is a folder; name the files in it", file.display());
            Ok(Source::File(file))
        }
    };
    files.iter().map(PathBuf::as_path).map(source).collect()
}

/// The size of all inputs together, when they are files.
fn bytes_of(inputs: &[Source<'_>]) -> Option<u64> {
    let bytes = |input: &Source<'_>| {
        let metadata = match input {
            Source::Stdin => File::from(io::stdin().as_fd().try_clone_to_owned().ok()?).metadata(),
            Source::File(path) => fs::metadata(path),
        };
        metadata.ok().filter(|data| data.is_file()).map(|data| data.len())
    };
    inputs.iter().map(bytes).sum()
}

fn sanitize(inputs: &[Source<'_>], mut filter: Filter<'_>, mut output: impl Write) -> anyhow::Result<()> {
    for input in inputs {
        filter.line = 0;
        match input {
            Source::Stdin => {
                filter.file = None;
                filter.run(BufReader::with_capacity(BUFFER_BYTES, io::stdin().lock()), &mut output)?;
            }
            Source::File(path) => {
                let name = path.display().to_string();
                let file = File::open(path).with_context(|| format!("{name} cannot be read"))?;
                filter.file = Some(name.clone());
                filter.run(BufReader::with_capacity(BUFFER_BYTES, file), &mut output).context(name)?;
            }
        }
    }
    Ok(output.flush()?)
}

struct Filter<'a> {
    policy: &'a Policy,
    settings: &'a Settings,
    /// Someone waits for each line.
    is_watched: bool,
    progress: Progress,
    /// The name of the file that is read; `None` for standard input.
    file: Option<String>,
    line: usize,
}

impl Filter<'_> {
    fn run(&mut self, mut input: impl BufRead, output: &mut impl Write) -> anyhow::Result<()> {
        let done = if self.settings.spans { self.records(&mut input, output) } else { self.lines(&mut input, output) };
        // What came before a bad line is kept.
        output.flush()?;
        done
    }

    /// `{"id","text"}` lines. They are parsed by the block, so that the parser keeps its memory from one to the next.
    fn records(&mut self, input: &mut impl BufRead, output: &mut impl Write) -> anyhow::Result<()> {
        let block_bytes = if self.is_watched { 0 } else { BUFFER_BYTES as u64 };
        let mut block = Vec::new();
        loop {
            block.clear();
            input.by_ref().take(block_bytes).read_to_end(&mut block)?;
            if !block.ends_with(b"\n") {
                read_line(input, &mut block, RECORD_BYTES_MAX)?;
            }
            if block.is_empty() {
                return Ok(());
            }
            let first_line = self.line + 1;
            self.line += memchr::memchr_iter(b'\n', &block).count();
            anyhow::ensure!(
                ends(&block, RECORD_BYTES_MAX),
                "line {}: longer than {RECORD_BYTES_MAX} bytes",
                self.line + 1
            );
            let (text, is_utf8) = match simdutf8::compat::from_utf8(&block) {
                Ok(text) => (text, true),
                Err(error) => (std::str::from_utf8(&block[..error.valid_up_to()])?, false),
            };
            let not_utf8 = || {
                anyhow::anyhow!("line {}: not UTF-8", first_line + memchr::memchr_iter(b'\n', text.as_bytes()).count())
            };
            for given in serde_json::Deserializer::from_str(text).into_iter::<InputRecord>() {
                let given = given.map_err(|error| {
                    // The record was cut before the byte that is not.
                    if error.is_eof() && !is_utf8 {
                        return not_utf8();
                    }
                    let what = error.to_string();
                    let what = what.rsplit_once(" at line").map_or("", |(what, _)| what);
                    anyhow::anyhow!("line {}: not {{\"id\", \"text\"}}: {what}", first_line + error.line() - 1)
                })?;
                let found = self.policy.spans(&given.text, Scope::Text);
                let spans = self.places(&given.text, &found);
                serde_json::to_writer(&mut *output, &OutputRecord { id: given.id, spans }).map_err(io::Error::from)?;
                output.write_all(b"\n")?;
            }
            anyhow::ensure!(is_utf8, not_utf8());
            self.done(block.len(), output)?;
        }
    }

    fn lines(&mut self, input: &mut impl BufRead, output: &mut impl Write) -> anyhow::Result<()> {
        let mut bytes = Vec::new();
        let mut begins_line = true;
        loop {
            let carried = bytes.len();
            if begins_line && carried == 0 {
                // A terminal's end is read once: another read would wait for a second Ctrl-D.
                if !self.buffered_lines(input, output)? {
                    return Ok(());
                }
            }
            if read_line(input, &mut bytes, PIECE_BYTES_MAX)? == 0 && carried == 0 {
                return Ok(());
            }
            self.line += usize::from(begins_line);
            let first_line = self.line;
            while is_open_key(&bytes)
                && bytes.len() < KEY_BYTES_MAX
                && read_line(input, &mut bytes, PIECE_BYTES_MAX)? > 0
            {
                self.line += 1;
            }
            begins_line = ends(&bytes, PIECE_BYTES_MAX);
            let rest = if begins_line { Vec::new() } else { bytes.split_off(place_to_cut(&bytes)) };
            self.text(first_line, &lossy(&bytes), output)?;
            self.done(bytes.len(), output)?;
            bytes.clear();
            bytes.extend(rest);
        }
    }

    /// The lines that lie whole in the buffer, up to the first that goes on after its end. They need no copy. Nearly every line is one
    /// of them. `false` at the end of the input.
    fn buffered_lines(&mut self, input: &mut impl BufRead, output: &mut impl Write) -> anyhow::Result<bool> {
        let buffer = match input.fill_buf() {
            Err(error) if error.kind() == ErrorKind::Interrupted => return Ok(true),
            Ok([]) => return Ok(false),
            buffer => buffer?,
        };
        let mut start = 0;
        while let Some(length) = memchr::memchr(b'\n', &buffer[start..]) {
            let line = &buffer[start..=start + length];
            if line.len() >= PIECE_BYTES_MAX || is_open_key(line) {
                break;
            }
            self.line += 1;
            self.text(self.line, &lossy(line), output)?;
            start += line.len();
            if self.is_watched {
                output.flush()?;
            }
        }
        self.progress.inc(start as u64);
        input.consume(start);
        Ok(true)
    }

    fn done(&self, bytes: usize, output: &mut impl Write) -> io::Result<()> {
        self.progress.inc(bytes as u64);
        if self.is_watched { output.flush() } else { Ok(()) }
    }

    fn text(&self, first_line: usize, text: &str, output: &mut impl Write) -> io::Result<()> {
        let (text, end) = text.strip_suffix('\n').map_or((text, ""), |text| (text, "\n"));
        if self.settings.explain {
            for place in self.places(text, &self.policy.spans(text, Scope::Text)) {
                let (start, end, why) = (place.start + 1, place.end, place.why.as_deref().unwrap_or_default());
                if let Some(file) = &self.file {
                    write!(output, "{file}, ")?;
                }
                writeln!(output, "line {first_line}, characters {start} to {end}: {}, {why}", place.r#type)?;
            }
            return Ok(());
        }
        let mut redactor = Redactor::new(self.policy);
        redactor.reserve_numbers_of(text);
        output.write_all(redactor.redacted(text).as_bytes())?;
        output.write_all(end.as_bytes())
    }

    fn places<'s>(&self, text: &str, spans: &'s [Span]) -> Vec<OutputSpan<'s>> {
        let (mut bytes, mut chars) = (0, 0);
        let mut chars_to = |to: usize| {
            chars += text[bytes..to].chars().count();
            bytes = to;
            chars
        };
        let mut reasons = if self.settings.explain { explain(text, spans) } else { Vec::new() }.into_iter();
        let place = |span: &'s Span| OutputSpan {
            start: chars_to(span.range.start),
            end: chars_to(span.range.end),
            r#type: span.kind.label(),
            why: reasons.next(),
        };
        spans.iter().map(place).collect()
    }
}

/// Reads up to and with the next `\n`, at most until `line` has `bytes_max` bytes; returns how many were read.
fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>, bytes_max: usize) -> io::Result<usize> {
    let room = bytes_max.saturating_sub(line.len());
    input.take(room as u64).read_until(b'\n', line)
}

/// The line is whole: it ends with its `\n`, or the input ended before it grew too long.
fn ends(line: &[u8], bytes_max: usize) -> bool {
    line.len() < bytes_max || line.ends_with(b"\n")
}

/// Behind the last space near the end, else at the last character.
fn place_to_cut(bytes: &[u8]) -> usize {
    let near = bytes.len().saturating_sub(CUT_BYTES_MAX);
    let space = bytes[near..].iter().rposition(u8::is_ascii_whitespace).map(|space| near + space + 1);
    space.unwrap_or_else(|| {
        let is_whole = |byte: &u8| byte.is_ascii() || *byte >= 0xC0;
        bytes.iter().rposition(is_whole).filter(|at| *at > 0).unwrap_or(bytes.len())
    })
}

/// The text of a line. Bytes that are no UTF-8 are replaced.
fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    simdutf8::basic::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// A private key has begun and not ended.
fn is_open_key(bytes: &[u8]) -> bool {
    // To prepare a search takes longer than to search a line.
    static BEGIN: LazyLock<memmem::Finder> = LazyLock::new(|| memmem::Finder::new(b"-----BEGIN "));
    if BEGIN.find(bytes).is_none() {
        return false;
    }
    let Some(begin) = memmem::rfind(bytes, b"-----BEGIN ") else { return false };
    let rest = &bytes[begin..];
    memmem::find(&rest[..rest.len().min(80)], b"PRIVATE").is_some() && memmem::find(rest, b"-----END ").is_none()
}
