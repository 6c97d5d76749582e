//! The names of the files: `training_data.jsonl` is the live file, `training_data.000001.jsonl` and so on are closed.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail, ensure};

use crate::file_system::{list_folder, metadata_at, parent_of};

/// The digits of a closed file's number.
const DIGITS: std::ops::RangeInclusive<usize> = 6..=12;
/// How many links are followed to the live file.
const LINKS_MAX: usize = 16;

/// Where the live file really is: the path itself, or what it leads to as a symbolic link, whether there is a file or not. Closed
/// files and `.misfire/` stand beside that place.
///
/// # Errors
/// When the name is no UTF-8, so that closed files could not be told by their names; when it names a folder, a device or a pipe; or when the links
/// cannot be followed.
pub fn resolve_live(path: &Path) -> anyhow::Result<PathBuf> {
    let mut live = path.to_owned();
    for _ in 0..LINKS_MAX {
        match fs::symlink_metadata(&live) {
            Ok(metadata) if metadata.is_symlink() => {
                let target = fs::read_link(&live).with_context(|| format!("{} cannot be read", live.display()))?;
                live = parent_of(&live).join(target);
            }
            Ok(metadata) if metadata.is_dir() => {
                bail!("TRAINING_DATA: {} is a folder; name the file in it", live.display())
            }
            Ok(metadata) if !metadata.is_file() => {
                bail!("TRAINING_DATA: {} is a device or a pipe; name a file", live.display())
            }
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("TRAINING_DATA: {} cannot be looked at", live.display()));
            }
            _ => {
                let name = live.file_name().and_then(|name| name.to_str());
                ensure!(name.is_some(), "TRAINING_DATA: {} has no file name in UTF-8", live.display());
                return Ok(live);
            }
        }
    }
    bail!("TRAINING_DATA: {} leads through more than {LINKS_MAX} symbolic links", path.display())
}

/// The live file of the rows, beside that of the lines.
pub fn generations_file(live: &Path) -> PathBuf {
    live.with_file_name("generations.jsonl")
}

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

/// The closed files beside a live one (`training_data.000001.jsonl`, …), oldest first. A missing folder has none.
///
/// # Errors
/// When the folder cannot be read to its end: a file that is not listed would be forgotten.
pub fn closed_files(live: &Path) -> io::Result<Vec<PathBuf>> {
    let mut closed = list_beside(live, |path| number_of(live, path))?;
    closed.sort_unstable();
    Ok(closed.into_iter().map(|(_, path)| path).collect())
}

/// The files that were put aside because they were none of ours.
///
/// # Errors
/// When the folder cannot be read to its end.
pub fn files_put_aside(live: &Path) -> io::Result<Vec<PathBuf>> {
    let before = format!("{}.aside-", live.file_name().unwrap_or_default().to_string_lossy());
    let is_aside = |path: &Path| path.file_name()?.to_str()?.starts_with(&before).then_some(());
    Ok(list_beside(live, is_aside)?.into_iter().map(|(_, path)| path).collect())
}

fn list_beside<T>(live: &Path, choose: impl Fn(&Path) -> Option<T>) -> io::Result<Vec<(T, PathBuf)>> {
    let folder = parent_of(live);
    if metadata_at(&folder)?.is_none() {
        return Ok(Vec::new());
    }
    let listed = list_folder(&folder)?.into_iter();
    let here = listed.map(|path| live.with_file_name(path.file_name().unwrap_or_default()));
    Ok(here.filter_map(|path| choose(&path).map(|what| (what, path))).collect())
}

/// The number in a closed file's name; `None` for another file.
pub fn number_of(live: &Path, path: &Path) -> Option<u64> {
    let name = path.file_name()?.to_str()?;
    let rest = name.strip_prefix(live.file_stem()?.to_str()?)?.strip_prefix('.')?;
    let digits = rest.strip_suffix(".jsonl")?;
    let is_number = DIGITS.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok()).flatten()
}

/// The live file that a closed one belongs to, by its name; `None` when the name is not a closed file's.
pub fn live_name_of(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    let (stem, _) = name.strip_suffix(".jsonl")?.rsplit_once('.')?;
    let live = path.with_file_name(format!("{stem}.jsonl"));
    number_of(&live, path).map(|_| live)
}

#[cfg(test)]
mod tests {
    use std::os::unix::{ffi::OsStrExt, fs::symlink};

    use super::*;

    #[test]
    fn a_link_is_followed_to_the_place_of_the_file_whether_there_is_one_or_not() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("volume")).unwrap();
        symlink("volume/data.jsonl", at("live.jsonl")).unwrap();
        assert_eq!(resolve_live(&at("live.jsonl")).unwrap(), at("volume/data.jsonl"));
        fs::write(at("volume/data.jsonl"), "").unwrap();
        assert_eq!(resolve_live(&at("live.jsonl")).unwrap(), at("volume/data.jsonl"));
        assert_eq!(resolve_live(&at("new.jsonl")).unwrap(), at("new.jsonl"));
        symlink("round.jsonl", at("round.jsonl")).unwrap();
        assert!(resolve_live(&at("round.jsonl")).is_err() && resolve_live(&at("volume")).is_err());
        assert!(resolve_live(Path::new(std::ffi::OsStr::from_bytes(b"d\xff.jsonl"))).is_err());
    }

    #[test]
    fn numbers_have_six_to_twelve_digits() {
        let number = |name: &str| number_of(Path::new("training_data.jsonl"), Path::new(name));
        assert_eq!(number("training_data.000001.jsonl"), Some(1));
        assert_eq!(number("training_data.999999999999.jsonl"), Some(999_999_999_999));
        for other in ["training_data.00001.jsonl", "training_data.18446744073709551615.jsonl", "training_data.jsonl"] {
            assert_eq!(number(other), None, "{other}");
        }
    }
}
