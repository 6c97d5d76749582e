//! `.misfire/quarantine.jsonl`: what is left of events that hold no usable prompt, for PostHog never sends a 4xx again.
//!
//! It is a live file with closed ones like the data, so that commands rewrite it in the same way. Its oldest files are dropped when
//! all together grow too large.

use std::{
    fs::{self, DirBuilder},
    io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use log::warn;
use misfire_sanitizer::{Redactor, distinct_id, stored::redacted_again};
use serde::{Deserialize, Serialize};
use shared::event::GENERATION_FAILED;
use uuid::Uuid;

use crate::{
    file_names::closed_files,
    json_line,
    live_file::LiveFile,
    schema::Schema,
    time::format_time,
    training_record::{Rejection, Sanitizer, UNKNOWN},
};

/// The lines of the quarantine.
pub const QUARANTINE: Schema =
    Schema { keys: &["received_at", "uuid", "event", "reason", "distinct_id", "input_prompt", "failure_reason"] };
/// The most of a property that is kept, in bytes.
const PROPERTY_BYTES_MAX: usize = 64 * 1024;
/// A file is closed when it has this part of the bytes that all may have: so much is dropped at once.
const FILES: u64 = 8;

/// The live file of the quarantine, in `.misfire/`.
pub fn quarantine_file(misfire_folder: &Path) -> PathBuf {
    misfire_folder.join("quarantine.jsonl")
}

/// The quarantine's files. Whoever opens it must hold the [lock](crate::lock).
#[derive(Debug)]
pub struct Quarantine {
    live: LiveFile,
    bytes_max: u64,
}

/// A line of the quarantine holds exactly this: never another property, never the person.
#[derive(Serialize)]
struct QuarantineLine<'a> {
    received_at: String,
    uuid: Uuid,
    event: &'static str,
    reason: String,
    distinct_id: &'a str,
    input_prompt: &'a str,
    failure_reason: &'a str,
}

/// A line read back: what is left of an event. Its texts are sanitized, by the rules of when it was written.
#[derive(Debug, Serialize, Deserialize, PartialEq, Eq, Clone)]
#[serde(deny_unknown_fields)]
pub struct Quarantined {
    /// When the API received it. When it happened is not kept.
    pub received_at: String,
    /// The event's name through every hop.
    pub uuid: Uuid,
    /// The event's name.
    pub event: String,
    /// What is wrong with it.
    pub reason: String,
    /// Whose event it was, by the rule for ids.
    pub distinct_id: String,
    /// The input, as far as there was one, cut at 64 KiB.
    pub input_prompt: String,
    /// Why the generation failed.
    pub failure_reason: String,
}

impl Quarantined {
    /// Reads a line.
    ///
    /// # Errors
    /// When it is no line of the quarantine.
    pub fn parse(line: &[u8]) -> serde_json::Result<Self> {
        serde_json::from_slice(line)
    }

    /// Whether there was no input, or none but white space.
    pub fn is_input_blank(&self) -> bool {
        self.input_prompt.trim().is_empty()
    }

    /// Whether the input may have been longer than what is kept. A cut falls at most one character before the limit.
    pub fn is_input_cut(&self) -> bool {
        self.input_prompt.len() + char::MAX.len_utf8() > PROPERTY_BYTES_MAX
    }
}

/// The quarantine's line of a rejected event, its `\n` included.
pub fn to_line(rejection: &Rejection, received_at: Timestamp) -> Vec<u8> {
    let reasons: Vec<_> = rejection.fields.iter().map(|(field, reason)| format!("{field} {reason}")).collect();
    json_line::to_line(&QuarantineLine {
        received_at: format_time(received_at),
        uuid: rejection.uuid,
        event: GENERATION_FAILED,
        reason: reasons.join("; "),
        distinct_id: &rejection.distinct_id,
        input_prompt: cut(&rejection.properties.input_prompt),
        failure_reason: cut(&rejection.properties.failure_reason),
    })
}

/// A stored line as today's rules would write it, or `None` when it would stay as it is.
///
/// # Errors
/// When it is no line of the quarantine.
pub fn resanitized(line: &[u8], sanitizer: &Sanitizer) -> serde_json::Result<Option<Vec<u8>>> {
    let stored = Quarantined::parse(line)?;
    let mut redactor = Redactor::new(&sanitizer.policy);
    let texts: [&str; 2] = [&stored.input_prompt, &stored.failure_reason];
    texts.iter().for_each(|text| redactor.reserve_numbers_of(text));
    let [input_prompt, failure_reason] =
        texts.map(|text| cut(&redacted_again(text, &sanitizer.policy, &mut redactor)).to_owned());
    let id = &stored.distinct_id;
    let distinct_id = match id == UNKNOWN || distinct_id::is_sanitized(id, &sanitizer.policy) {
        true => id.clone(),
        false => distinct_id::sanitize(id, &sanitizer.keys.current, &sanitizer.policy),
    };
    let today = Quarantined { input_prompt, failure_reason, distinct_id, ..stored.clone() };
    Ok((today != stored).then(|| json_line::to_line(&today)))
}

fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(PROPERTY_BYTES_MAX)]
}

impl Quarantine {
    /// Opens the files in `.misfire/` and repairs the live one. All together may grow to `bytes_max`.
    ///
    /// # Errors
    /// When a file cannot be read or repaired.
    pub fn open(misfire_folder: &Path, bytes_max: u64) -> anyhow::Result<Self> {
        Ok(Self { live: LiveFile::open(&quarantine_file(misfire_folder), misfire_folder, &QUARANTINE)?, bytes_max })
    }

    /// Appends whole lines and syncs them; after an error the file is what it was.
    ///
    /// # Errors
    /// When the disk does not take them.
    pub fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        if !self.live.is_empty() && self.live.len() + lines.len() as u64 > self.bytes_max / FILES {
            self.live.close()?;
            self.drop_oldest()?;
        }
        if let Some(folder) = self.live.path().parent() {
            // Somebody may have deleted it while the data's folder is there.
            match DirBuilder::new().mode(0o700).create(folder) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                _ => {}
            }
        }
        self.live.append(lines)
    }

    /// The live file, for what holds for it as for the data's.
    pub fn live(&mut self) -> &mut LiveFile {
        &mut self.live
    }

    /// Drops the oldest files until the live one has room to grow to its size.
    fn drop_oldest(&self) -> io::Result<()> {
        let mut closed = Vec::new();
        for path in closed_files(self.live.path())? {
            let bytes = fs::metadata(&path)?.len();
            closed.push((path, bytes));
        }
        let mut bytes: u64 = closed.iter().map(|(_, bytes)| bytes).sum();
        for (path, len) in closed {
            if bytes + self.bytes_max / FILES <= self.bytes_max {
                break;
            }
            fs::remove_file(&path)?;
            bytes -= len;
            warn!("the quarantine was full; its oldest file, {}, was dropped", path.display());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_input(input_prompt: &str) -> Quarantined {
        Quarantined {
            received_at: "2025-11-30T16:38:21.968Z".into(),
            uuid: Uuid::from_u128(7),
            event: GENERATION_FAILED.into(),
            reason: "r".into(),
            distinct_id: "user_1".into(),
            input_prompt: cut(input_prompt).into(),
            failure_reason: "timeout".into(),
        }
    }

    #[test]
    fn a_line_knows_whether_its_input_is_whole() {
        for (input, is_blank, is_cut) in [
            (String::new(), true, false),
            (" \n".into(), true, false),
            ("a chair".into(), false, false),
            ("x".repeat(PROPERTY_BYTES_MAX - 4), false, false),
            ("x".repeat(PROPERTY_BYTES_MAX + 1), false, true),
            // The cut falls between two characters of four bytes.
            (format!("x{}", "🪑".repeat(PROPERTY_BYTES_MAX)), false, true),
        ] {
            let line = with_input(&input);
            assert_eq!((line.is_input_blank(), line.is_input_cut()), (is_blank, is_cut), "{} bytes", input.len());
            let bytes = json_line::to_line(&line);
            assert_eq!(Quarantined::parse(bytes.trim_ascii_end()).unwrap(), line);
        }
    }

    #[test]
    fn it_never_grows_past_its_size_and_drops_the_oldest_lines_first() {
        let folder = tempfile::tempdir().unwrap();
        let mut quarantine = Quarantine::open(folder.path(), 8_000).unwrap();
        let line = |number: u32| {
            let stored = Quarantined {
                received_at: "2025-11-30T16:38:21.968Z".into(),
                uuid: Uuid::from_u128(number.into()),
                event: GENERATION_FAILED.into(),
                reason: "r".into(),
                distinct_id: "user_1".into(),
                input_prompt: String::new(),
                failure_reason: "x".repeat(100),
            };
            json_line::to_line(&stored)
        };
        for number in 0..200 {
            quarantine.append(&line(number)).unwrap();
            let files = quarantine.live.files_newest_first().unwrap();
            let bytes: u64 = files.iter().map(|path| fs::metadata(path).unwrap().len()).sum();
            assert!(bytes <= 8_000, "{bytes}");
        }
        let files = quarantine.live.files_newest_first().unwrap();
        let text: String = files.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
        let has = |number: u32| text.contains(&Uuid::from_u128(number.into()).to_string());
        assert!(has(199) && has(180) && !has(0));
    }
}
