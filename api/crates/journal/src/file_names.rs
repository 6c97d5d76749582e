//! The names of the files: `training_data.jsonl` is the live file, `training_data.000001.jsonl` and so on are closed.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::file_system::parent_of;

/// `.misfire/` beside a live or closed file.
pub fn misfire_folder(data_file: &Path) -> PathBuf {
    parent_of(data_file).join(".misfire")
}

/// The name of a closed file.
pub(crate) fn closed_name(live: &Path, number: u64) -> PathBuf {
    let stem = live.file_stem().unwrap_or_default().to_string_lossy();
    live.with_file_name(format!("{stem}.{number:06}.jsonl"))
}

/// The name for a file that was found under the live file's name and is none of ours. It does not end with `.jsonl`: readers of
/// the whole folder fail on lines with other keys.
pub(crate) fn aside_name(live: &Path, number: u64) -> PathBuf {
    let mut name = live.as_os_str().to_owned();
    name.push(format!(".aside-{number:06}"));
    name.into()
}

/// The closed files beside a live one (`training_data.000001.jsonl`, …), oldest first.
///
/// # Errors
/// When the folder cannot be read.
pub fn closed_files(live: &Path) -> io::Result<Vec<PathBuf>> {
    let mut closed: Vec<_> = fs::read_dir(parent_of(live))?
        .filter_map(|entry| entry.ok().map(|entry| live.with_file_name(entry.file_name())))
        .filter_map(|path| Some((number_of(live, &path)?, path)))
        .collect();
    closed.sort_unstable();
    Ok(closed.into_iter().map(|(_, path)| path).collect())
}

/// The number in a closed file's name; `None` for another file.
pub fn number_of(live: &Path, path: &Path) -> Option<u64> {
    let name = path.file_name()?.to_str()?;
    let rest = name.strip_prefix(live.file_stem()?.to_str()?)?.strip_prefix('.')?;
    let digits = rest.strip_suffix(".jsonl")?;
    (digits.len() >= 6 && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| digits.parse().ok()).flatten()
}

/// The live file that a closed one belongs to, by its name; `None` when the name is not a closed file's.
pub fn live_name_of(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    let (stem, _) = name.strip_suffix(".jsonl")?.rsplit_once('.')?;
    let live = path.with_file_name(format!("{stem}.jsonl"));
    number_of(&live, path).map(|_| live)
}
