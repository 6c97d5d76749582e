//! The tests' vocabulary.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use journal::{Sanitizer, lock::LockedFolder};
use misfire::{
    cli::{Cli, Command as Settings},
    events_table::EventsTable,
    ingest::Ingest,
    metrics::Metrics,
    writer::{Writer, WriterHandle, file_writer::FileHandle},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

/// A folder with data in it.
pub(crate) struct Data {
    pub(crate) folder: TempDir,
}

/// What a command said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// An event; what a test does not care about is filled in.
#[derive(Clone)]
pub(crate) struct Event {
    pub(crate) number: u32,
    pub(crate) prompt: Value,
    pub(crate) reason: &'static str,
    pub(crate) user: String,
    pub(crate) time: &'static str,
}

impl Event {
    pub(crate) fn new(number: u32, prompt: impl Into<Value>) -> Self {
        let user = format!("user_{}", number % 10);
        Self { number, prompt: prompt.into(), reason: "timeout", user, time: "2026-03-02T10:15:30.123Z" }
    }

    fn body(&self) -> Vec<u8> {
        let body = json!({"event": {
            "uuid": uuid(self.number),
            "event": "generation_failed",
            "distinct_id": self.user,
            "timestamp": self.time,
            "properties": {"input_prompt": self.prompt, "failure_reason": self.reason},
        }});
        body.to_string().into_bytes()
    }
}

pub(crate) fn uuid(number: u32) -> String {
    Uuid::from_u128(0x0193_acb2_7d10_7b3e_9a55_0000_0000_0000 + u128::from(number)).to_string()
}

impl Data {
    /// The events as lines of the live file.
    pub(crate) fn of(events: &[Event]) -> Self {
        Self::of_files(&[events])
    }

    /// Each slice of events as a file: all but the last are closed.
    pub(crate) fn of_files(files: &[&[Event]]) -> Self {
        let data = Self { folder: tempfile::tempdir().unwrap() };
        for (index, events) in files.iter().enumerate() {
            data.append(events);
            if index + 1 < files.len() {
                data.close();
            }
        }
        data
    }

    /// Appends through the writer.
    pub(crate) fn append(&self, events: &[Event]) {
        self.with_writer(|writer, sanitizer| {
            let ingest =
                Ingest::new(EventsTable::built_in(), sanitizer, WriterHandle::File(writer), Metrics::default());
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
            for event in events {
                runtime.block_on(ingest.ingest(&event.body(), None, Timestamp::now())).unwrap();
            }
        });
    }

    /// Closes the live file.
    pub(crate) fn close(&self) {
        self.with_writer(|writer, _| writer.rotate());
    }

    fn with_writer(&self, work: impl FnOnce(FileHandle, Sanitizer)) {
        let live = self.live();
        let arguments = ["misfire", "serve", "--training-data", live.to_str().unwrap()];
        let Settings::Serve(settings) = <Cli as clap::Parser>::parse_from(arguments).command else { unreachable!() };
        // A program that another test starts has the lock, too, for a moment between fork and exec.
        let started = Instant::now();
        let mut folder = loop {
            match LockedFolder::lock(&live) {
                Ok(folder) => break folder,
                Err(error) => assert!(started.elapsed() < Duration::from_secs(10), "{error:#}"),
            }
            thread::sleep(Duration::from_millis(10));
        };
        let keys = folder.pseudonym_keys(&[]).unwrap();
        let writer = Writer::start(&settings.writer, &live, folder, &keys, Metrics::default()).unwrap();
        work(writer.handle(), Sanitizer::new(keys, Arc::default()));
        writer.stop().unwrap();
    }

    pub(crate) fn live(&self) -> PathBuf {
        self.path("training_data.jsonl")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn text(&self) -> String {
        fs::read_to_string(self.live()).unwrap()
    }

    /// `misfire COMMAND FOLDER ARGUMENTS…`
    pub(crate) fn misfire(&self, command: &str, arguments: &[&str]) -> Said {
        misfire(command, self.folder.path(), arguments)
    }
}

pub(crate) fn misfire(command: &str, path: &Path, arguments: &[&str]) -> Said {
    let mut program = Command::new(env!("CARGO_BIN_EXE_misfire"));
    // What the developer's shell has set is not what a test means.
    program.env_clear().arg(command).arg(path).args(arguments);
    let Output { status, stdout, stderr } = program.output().unwrap();
    Said {
        status: status.code().unwrap(),
        out: String::from_utf8(stdout).unwrap(),
        err: String::from_utf8(stderr).unwrap(),
    }
}

impl Said {
    /// What was said by a command that went well.
    pub(crate) fn fine(self) -> String {
        assert_eq!((self.status, self.err.as_str()), (0, ""), "{}", self.out);
        self.out
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }
}
