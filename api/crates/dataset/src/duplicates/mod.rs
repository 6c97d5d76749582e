//! Finds prompts that repeat an earlier one, exactly or nearly, in memory that hardly grows with the data.
//!
//! Candidates go through [`ExternalSort`]: lines with the same hash, or the same band of a signature, come out side by side.
//! Memory holds one bit a line (12 MB for 100 million) and the first signatures. A temporary file without a name holds about
//! 190 bytes for each line whose prompt is new (24 when only exact repetitions are searched for).

mod minhash;

use std::{fs::File, io, os::unix::fs::FileExt};

use clap::ValueEnum;
use twox_hash::XxHash3_128;

use self::minhash::{BINS, Signature, are_alike, bands, signature};
use crate::{bits::Bits, external_sort::ExternalSort};

const EXACT_BYTES: usize = 6 * 1024 * 1024;
const BANDS_BYTES: usize = 16 * 1024 * 1024;
/// How many recent prompts are remembered by a hash. Most repetitions come soon, because people try again.
const RECENT_PROMPTS: usize = 32 * 1024;
const SIGNATURES_BUFFER_BYTES: usize = 1024 * BINS;
/// How many signatures stay in memory (16 MB): reading one from the disk costs more than comparing it.
const SIGNATURES_IN_MEMORY: usize = 256 * 1024;

/// Which repeated prompts are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Dedupe {
    /// Exactly the same prompt
    Exact,
    /// Prompts that share about four fifths, or more, of their runs of three words
    Near,
}

/// Reads prompts in order, and then tells which ones repeat.
pub(super) struct DuplicateFinder {
    lines: u64,
    repeats: Bits,
    exact: u64,
    recent: Vec<u128>,
    prompts: ExternalSort<(u128, u64)>,
    near: Option<NearFinder>,
}

struct NearFinder {
    /// A band in the upper half, the line's ordinal in the lower.
    bands: ExternalSort<u128>,
    signatures: Signatures,
}

/// Which lines repeat an earlier one.
pub(super) struct Duplicates {
    repeats: Bits,
    /// Lines whose prompt is exactly that of an earlier one.
    pub(super) exact: u64,
    /// Other lines, whose prompt is nearly that of an earlier one.
    pub(super) near: u64,
}

impl DuplicateFinder {
    pub(super) fn new(dedupe: Dedupe) -> io::Result<Self> {
        let near = match dedupe {
            Dedupe::Exact => None,
            Dedupe::Near => Some(NearFinder { bands: ExternalSort::new(BANDS_BYTES), signatures: Signatures::new()? }),
        };
        Ok(Self {
            lines: 0,
            repeats: Bits::default(),
            exact: 0,
            recent: vec![0; RECENT_PROMPTS],
            prompts: ExternalSort::new(EXACT_BYTES),
            near,
        })
    }

    /// The next line's prompt.
    pub(super) fn add(&mut self, prompt: &str) -> io::Result<()> {
        let ordinal = self.lines;
        self.lines += 1;
        let hash = XxHash3_128::oneshot(prompt.as_bytes());
        let recent = &mut self.recent[hash as usize % RECENT_PROMPTS];
        if *recent == hash {
            self.repeats.set(ordinal);
            self.exact += 1;
            // This signature is never read, but each line has its place by its number.
            return self.near.as_mut().map_or(Ok(()), |near| near.signatures.push([0; BINS]));
        }
        *recent = hash;
        self.prompts.push((hash, ordinal))?;
        if let Some(near) = &mut self.near {
            let signature = signature(prompt);
            near.signatures.push(signature)?;
            bands(&signature).try_for_each(|band| near.bands.push(u128::from(band) << 64 | u128::from(ordinal)))?;
        }
        Ok(())
    }

    pub(super) fn finish(self) -> io::Result<Duplicates> {
        let mut found = Duplicates { repeats: self.repeats, exact: self.exact, near: 0 };
        self.prompts.sorted()?.for_each_repeated(|_, again| {
            found.exact += u64::from(found.repeats.set(again));
            Ok(())
        })?;
        if let Some(near) = self.near {
            found.near = near.finish(&mut found.repeats)?;
        }
        Ok(found)
    }
}

impl NearFinder {
    /// Marks each line that is like the first, or like the one before it, of those that share a band with it.
    fn finish(mut self, repeats: &mut Bits) -> io::Result<u64> {
        let mut found = 0;
        self.signatures.flush()?;
        let mut first: Option<(u64, u64)> = None;
        // Read when a second line has the band: most lines share none.
        let mut first_signature: Option<Signature> = None;
        let mut before: Option<Signature> = None;
        let mut sorted = self.bands.sorted()?;
        while let Some(entry) = sorted.next()? {
            let (band, ordinal) = ((entry >> 64) as u64, entry as u64);
            let first_ordinal = match first {
                Some((first_band, first_ordinal)) if first_band == band => first_ordinal,
                _ => {
                    (first, first_signature, before) = (Some((band, ordinal)), None, None);
                    continue;
                }
            };
            if repeats.get(ordinal) {
                continue;
            }
            let first_signature = match first_signature {
                Some(signature) => signature,
                None => *first_signature.insert(self.signatures.get(first_ordinal)?),
            };
            let signature = self.signatures.get(ordinal)?;
            if are_alike(&signature, &first_signature) || before.is_some_and(|before| are_alike(&signature, &before)) {
                found += u64::from(repeats.set(ordinal));
            }
            before = Some(signature);
        }
        Ok(found)
    }
}

impl Duplicates {
    /// Whether the line with this number, from 0 in the order of [`DuplicateFinder::add`], repeats an earlier one.
    pub(super) fn is_repeat(&self, ordinal: u64) -> bool {
        self.repeats.get(ordinal)
    }
}

/// Signatures by the line's number: the first ones in memory, the others in a file without a name.
struct Signatures {
    first: Vec<Signature>,
    file: File,
    written: u64,
    buffer: Vec<u8>,
}

impl Signatures {
    fn new() -> io::Result<Self> {
        let buffer = Vec::with_capacity(SIGNATURES_BUFFER_BYTES);
        Ok(Self { first: Vec::new(), file: tempfile::tempfile()?, written: 0, buffer })
    }

    fn push(&mut self, signature: Signature) -> io::Result<()> {
        if self.first.len() < SIGNATURES_IN_MEMORY {
            self.first.push(signature);
            return Ok(());
        }
        self.buffer.extend_from_slice(&signature);
        if self.buffer.len() >= SIGNATURES_BUFFER_BYTES { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.write_all_at(&self.buffer, self.written)?;
        self.written += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }

    fn get(&self, ordinal: u64) -> io::Result<Signature> {
        if let Some(signature) = self.first.get(ordinal as usize) {
            return Ok(*signature);
        }
        let mut signature = [0; BINS];
        self.file.read_exact_at(&mut signature, (ordinal - self.first.len() as u64) * BINS as u64)?;
        Ok(signature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repeats(prompts: &[String], dedupe: Dedupe) -> (Vec<usize>, u64, u64) {
        let mut finder = DuplicateFinder::new(dedupe).unwrap();
        prompts.iter().for_each(|prompt| finder.add(prompt).unwrap());
        let found = finder.finish().unwrap();
        let repeats = (0..prompts.len()).filter(|ordinal| found.is_repeat(*ordinal as u64)).collect();
        (repeats, found.exact, found.near)
    }

    fn prompt(number: usize, last: &str) -> String {
        let words: Vec<_> = (0..60).map(|word| format!("w{}", number * 1_000 + word)).collect();
        words.join(" ") + last
    }

    #[test]
    fn the_first_of_the_same_prompts_stays() {
        let prompts = [0, 1, 0, 2, 1, 0].map(|number| prompt(number, ""));
        assert_eq!(repeats(&prompts, Dedupe::Exact), (vec![2, 4, 5], 3, 0));
        assert_eq!(repeats(&prompts, Dedupe::Near), (vec![2, 4, 5], 3, 0));
    }

    #[test]
    fn nearly_the_same_prompts_are_found_when_asked_for() {
        let prompts = [prompt(0, ""), prompt(1, ""), prompt(0, " please"), prompt(2, ""), prompt(0, "")];
        assert_eq!(repeats(&prompts, Dedupe::Exact), (vec![4], 1, 0));
        assert_eq!(repeats(&prompts, Dedupe::Near), (vec![2, 4], 1, 1));
    }

    #[test]
    fn repetitions_far_apart_are_found_after_the_recent_ones_are_forgotten() {
        let mut prompts: Vec<_> = (0..2 * RECENT_PROMPTS).map(|number| format!("prompt number {number}")).collect();
        prompts.extend_from_within(..1_000);
        let (repeats, exact, _) = repeats(&prompts, Dedupe::Exact);
        assert_eq!((repeats.len(), repeats[0], exact), (1_000, 2 * RECENT_PROMPTS, 1_000));
    }
}
