//! Where a line stands, in sixteen bytes that can be sorted, and reading it again.

use std::{fs::File, io, os::unix::fs::FileExt, sync::Arc};

use crate::{data_files::Dataset, external_sort::Entry};

/// How many files are open at once. Lines are read again almost in their order, and two that belong together stand close.
const FILES_OPEN_MAX: usize = 4;

/// The place of a line. Places are in the order of the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At {
    /// The file's place among the dataset's files, from 0.
    pub(super) file: u32,
    /// In bytes.
    pub(super) offset: u64,
    /// In bytes, without the newline.
    pub(super) length: u32,
}

impl Entry for At {
    const BYTES: usize = 16;

    fn append_to(self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.file.to_le_bytes());
        bytes.extend_from_slice(&self.offset.to_le_bytes());
        bytes.extend_from_slice(&self.length.to_le_bytes());
    }

    fn from_bytes(mut bytes: &[u8]) -> Self {
        let bytes = &mut bytes;
        Self {
            file: u32::from_le_bytes(take(bytes)),
            offset: u64::from_le_bytes(take(bytes)),
            length: u32::from_le_bytes(take(bytes)),
        }
    }
}

/// The next `N` bytes of an entry.
pub(super) fn take<const N: usize>(bytes: &mut &[u8]) -> [u8; N] {
    match bytes.split_first_chunk() {
        Some((first, rest)) => {
            *bytes = rest;
            *first
        }
        None => [0; N],
    }
}

/// Reads lines by their places.
pub(super) struct LineReader<'a> {
    dataset: &'a Dataset,
    open: Vec<(u32, Arc<File>)>,
}

impl<'a> LineReader<'a> {
    pub(super) fn new(dataset: &'a Dataset) -> Self {
        Self { dataset, open: Vec::new() }
    }

    /// Reads a line into `buffer`.
    ///
    /// # Errors
    /// When the file cannot be read, or was replaced since the dataset was opened.
    pub(super) fn read(&mut self, at: At, buffer: &mut Vec<u8>) -> io::Result<()> {
        buffer.resize(at.length as usize, 0);
        self.file(at.file)?.read_exact_at(buffer, at.offset)
    }

    fn file(&mut self, index: u32) -> io::Result<Arc<File>> {
        if let Some((_, file)) = self.open.iter().find(|(open, _)| *open == index) {
            return Ok(Arc::clone(file));
        }
        let file = self.dataset.files().get(index as usize).ok_or(io::ErrorKind::NotFound)?.open()?;
        if self.open.len() == FILES_OPEN_MAX {
            self.open.remove(0);
        }
        self.open.push((index, Arc::clone(&file)));
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_line_is_read_where_it_was_and_a_replaced_file_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let names: Vec<_> =
            (1..8).map(|number| folder.path().join(format!("training_data.00000{number}.jsonl"))).collect();
        for (number, name) in names.iter().enumerate() {
            fs::write(name, format!("first\nline {number}\n")).unwrap();
        }
        let dataset = Dataset::open(folder.path()).unwrap();
        let (mut reader, mut buffer) = (LineReader::new(&dataset), Vec::new());
        for file in (0..7).chain(0..7) {
            reader.read(At { file, offset: 6, length: 6 }, &mut buffer).unwrap();
            assert_eq!(buffer, format!("line {file}").as_bytes());
        }
        fs::write(folder.path().join("beside"), "another\n").unwrap();
        fs::rename(folder.path().join("beside"), &names[0]).unwrap();
        assert!(LineReader::new(&dataset).read(At { file: 0, offset: 0, length: 5 }, &mut buffer).is_err());
    }
}
