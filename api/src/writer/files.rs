//! The names of the files: `training_data.jsonl` grows, `training_data.000001.jsonl` and so on are closed.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::folder::parent_of;

/// The closed files beside a live one (`training_data.000001.jsonl`, …), oldest first.
pub(crate) fn closed_files(live: &Path) -> io::Result<Vec<PathBuf>> {
    let mut closed: Vec<_> = fs::read_dir(parent_of(live))?
        .filter_map(|entry| entry.ok().map(|entry| live.with_file_name(entry.file_name())))
        .filter_map(|path| Some((number_of(live, &path)?, path)))
        .collect();
    closed.sort_unstable();
    Ok(closed.into_iter().map(|(_, path)| path).collect())
}

/// The number in a closed file's name; `None` for another file.
pub(crate) fn number_of(live: &Path, path: &Path) -> Option<u64> {
    let name = path.file_name()?.to_str()?;
    let rest = name.strip_prefix(live.file_stem()?.to_str()?)?.strip_prefix('.')?;
    let digits = rest.strip_suffix(".jsonl")?;
    (digits.len() >= 6 && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| digits.parse().ok()).flatten()
}

/// The live file that a closed one belongs to, by its name; `None` when the name is not a closed file's.
pub(crate) fn live_name_of(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    let (stem, _) = name.strip_suffix(".jsonl")?.rsplit_once('.')?;
    let live = path.with_file_name(format!("{stem}.jsonl"));
    number_of(&live, path).map(|_| live)
}
