//! Crash states by construction: whatever a power cut can leave of lines that were never synced, the next start finds
//! every acknowledged line exactly once, and a file that every reader takes.

use std::{
    fs,
    path::{Path, PathBuf},
};

use uuid::Uuid;

use crate::{
    live_file::LiveFile,
    lock::LockedFolder,
    recent_uuids::RecentUuids,
    schema::{GENERATIONS, Schema, TRAINING_DATA},
};

/// A small block, so that borders fall into every part of a line.
const BLOCK_BYTES: usize = 64;

/// A line of a file, with the name of the file and its schema.
#[derive(Clone, Copy)]
struct OfFile {
    name: &'static str,
    schema: &'static Schema,
    line: fn(u128) -> Vec<u8>,
}

const BOTH: [OfFile; 2] = [
    OfFile { name: "training_data", schema: &TRAINING_DATA, line },
    OfFile { name: "generations", schema: &GENERATIONS, line: row },
];

/// Its uuid stands in its middle, so that it is found otherwise than that of a line.
fn row(number: u128) -> Vec<u8> {
    let pairs: Vec<_> = GENERATIONS
        .keys
        .iter()
        .map(|key| match *key {
            "uuid" => format!("\"uuid\":\"{}\"", Uuid::from_u128(number)),
            "input_hash" => format!("\"input_hash\":\"{}\"", "a".repeat(64)),
            key => format!("\"{key}\":\"{number}\""),
        })
        .collect();
    format!("{{{}}}\n", pairs.join(",")).into_bytes()
}

fn line(number: u128) -> Vec<u8> {
    format!(
        "{{\"timestamp\":\"2025-11-30T16:38:21.968Z\",\"event\":\"generation_failed\",\"failure_reason\":\"timeout\",\
         \"input_prompt\":\"prompt {number}\",\"distinct_id\":\"user_1\",\"uuid\":\"{}\"}}\n",
        Uuid::from_u128(number)
    )
    .into_bytes()
}

impl OfFile {
    fn lines(self, numbers: std::ops::Range<u128>) -> Vec<u8> {
        numbers.flat_map(self.line).collect()
    }

    fn path(self, folder: &Path) -> PathBuf {
        folder.join(format!("{}.jsonl", self.name))
    }
}

/// Every legal state of a file whose last batch was written and never synced.
fn states(synced: &[u8], unsynced: &[u8]) -> Vec<Vec<u8>> {
    let mut states: Vec<_> = (0..=unsynced.len()).map(|length| [synced, &unsynced[..length]].concat()).collect();
    // The file's length can be on disk before its blocks are.
    states.extend((1..=unsynced.len()).map(|length| [synced, &vec![0; length]].concat()));
    for start in (0..unsynced.len()).step_by(BLOCK_BYTES) {
        let block = start..(start + BLOCK_BYTES).min(unsynced.len());
        for garbage in [0_usize, 0x80, 0x0a] {
            let mut state = unsynced.to_vec();
            for (place, byte) in state[block.clone()].iter_mut().enumerate() {
                // All zeros; bytes that are no UTF-8; bytes with newlines among them.
                *byte = if garbage == 0 { 0 } else { [garbage as u8, 0xFF, (place * 37 % 256) as u8][place % 3] };
            }
            states.push([synced, &state].concat());
        }
    }
    states
}

/// A folder in memory where there is one: thousands of real syncs would take minutes, and what is tested is the reading.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

/// Starts on what is in the folder, and gives the uuids of the lines in all files.
fn recovered(folder: &Path, of: OfFile) -> Vec<Uuid> {
    let dot = LockedFolder::lock(&folder.join("training_data.jsonl")).unwrap();
    let live = LiveFile::open(&of.path(folder), dot.path(), of.schema).unwrap();
    let files = live.files_newest_first().unwrap();
    let recent = RecentUuids::read(&files, of.schema, 1_000).unwrap();
    let mut uuids = Vec::new();
    for file in files {
        let text = fs::read_to_string(file).expect("UTF-8");
        assert!(text.ends_with('\n') && !text.contains('\0'));
        for line in text.lines() {
            let record: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).expect("a whole line");
            assert_eq!(record.len(), of.schema.keys.len());
            let uuid = record["uuid"].as_str().unwrap().parse().unwrap();
            assert!(recent.contains(uuid), "a redelivery of it must be known");
            uuids.push(uuid);
        }
    }
    uuids.sort_unstable();
    uuids
}

fn assert_acknowledged_once(uuids: &[Uuid], acknowledged: u128, written: u128) {
    let once: Vec<_> = (0..acknowledged).map(Uuid::from_u128).collect();
    assert_eq!(uuids.get(..once.len()), Some(once.as_slice()));
    assert!(uuids[once.len()..].iter().all(|uuid| (acknowledged..written).contains(&uuid.as_u128())));
    assert!(uuids.windows(2).all(|pair| pair[0] != pair[1]), "no line stands twice");
}

#[test]
fn every_state_of_an_unsynced_batch_is_recovered() {
    for of in BOTH {
        for state in states(&of.lines(0..3), &of.lines(3..6)) {
            let folder = folder();
            fs::write(of.path(folder.path()), &state).unwrap();
            fs::create_dir(folder.path().join(".misfire")).unwrap();
            assert_acknowledged_once(&recovered(folder.path(), of), 3, 6);
            assert_acknowledged_once(&recovered(folder.path(), of), 3, 6); // and a second start changes nothing
        }
    }
}

#[test]
fn every_state_of_the_closing_of_a_file_is_recovered() {
    for of in BOTH {
        for state in states(b"", &of.lines(3..5)) {
            // The rename may have reached the disk or not; the note and the next file only after it.
            let first = of.lines(0..3);
            for (closed, live) in
                [(None, first.clone()), (Some(first.clone()), Vec::new()), (Some(first), state.clone())]
            {
                let folder = folder();
                if let Some(closed) = closed {
                    fs::write(folder.path().join(format!("{}.000001.jsonl", of.name)), closed).unwrap();
                }
                fs::write(of.path(folder.path()), live).unwrap();
                assert_acknowledged_once(&recovered(folder.path(), of), 3, 5);
            }
        }
    }
}

/// The rows of a batch are synced before its lines are written: a cut finds rows in any state and no line of the batch, or all rows
/// and the lines in any state.
#[test]
fn after_a_power_cut_no_line_is_without_its_row() {
    let [lines, rows] = BOTH;
    let cuts = states(&rows.lines(0..3), &rows.lines(3..5)).into_iter().map(|state| (state, lines.lines(0..3)));
    let later = states(&lines.lines(0..3), &lines.lines(3..5)).into_iter().map(|state| (rows.lines(0..5), state));
    for (of_rows, of_lines) in cuts.chain(later) {
        let folder = folder();
        fs::write(rows.path(folder.path()), of_rows).unwrap();
        fs::write(lines.path(folder.path()), of_lines).unwrap();
        let (found, with_line) = (recovered(folder.path(), rows), recovered(folder.path(), lines));
        assert_acknowledged_once(&found, 3, 5);
        assert_acknowledged_once(&with_line, 3, 5);
        assert!(with_line.iter().all(|uuid| found.contains(uuid)), "{found:?} {with_line:?}");
    }
}
