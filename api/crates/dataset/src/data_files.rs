//! Which files the data is in, and in which order they are read: the closed ones by number, then the live one.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, bail, ensure};
use clap::Args;
use journal::{
    FileId,
    catalog::Catalog,
    file_names::{closed_files, live_name_of, misfire_folder, number_of, resolve_live},
    lines::Lines,
    quarantine::quarantine_file,
};

/// The name that is looked for in a folder.
const LIVE_NAME: &str = "training_data.jsonl";
/// The file of generations, always under this name beside the data.
const GENERATIONS_NAME: &str = "generations.jsonl";

/// Where the data is, for a command that reads it.
#[derive(Debug, Clone, Args)]
pub struct DataSettings {
    /// The live data file, whose closed files are read before it; or one closed file; or the folder.
    #[arg(value_name = "PATH", env = "TRAINING_DATA", default_value = "training_data.jsonl")]
    pub path: PathBuf,
}

/// Where the data is, for a command that changes it and for the API that writes it.
#[derive(Debug, Clone, Args)]
#[group(skip)]
pub struct LiveSettings {
    /// The live data file, or the folder that it is in.
    #[arg(value_name = "PATH", env = "TRAINING_DATA", default_value = "training_data.jsonl")]
    path: PathBuf,

    /// PATH, as earlier versions took it.
    #[arg(long, value_name = "PATH", hide = true)]
    training_data: Option<PathBuf>,
}

impl LiveSettings {
    /// The path as it was given.
    pub fn named(&self) -> &Path {
        self.training_data.as_ref().unwrap_or(&self.path)
    }

    /// The live file, where it really is, whether it is there or not.
    ///
    /// # Errors
    /// When the path is a closed file, a device or a pipe, or links to it cannot be followed.
    pub fn live(&self) -> anyhow::Result<PathBuf> {
        let path = self.named();
        ensure!(!is_one_closed(path), "{} is a closed file; name the live file, or the folder", path.display());
        live_at(path)
    }
}

/// The files of the data, as they were at one moment.
#[derive(Debug)]
pub struct Dataset {
    live: PathBuf,
    files: Vec<DataFile>,
}

/// A file of the data.
#[derive(Debug, Clone)]
pub struct DataFile {
    /// Where it is.
    pub path: PathBuf,
    /// The number it was closed under; `None` for the live file.
    pub number: Option<u64>,
    /// Its length in bytes when the dataset was opened; what is added later is not read.
    pub bytes: u64,
    /// The version of the sanitizer that wrote it, by `.misfire/files.json`; `None` where it is not recorded.
    pub sanitizer_version: Option<u32>,
    id: FileId,
    /// The live file is kept open: its path may be another file, or none, a moment later.
    live: Option<Arc<File>>,
}

impl Dataset {
    /// Finds the files. `path` is the live file, whose closed files belong to it; or a closed file, which stands alone; or a
    /// folder with `training_data.jsonl` in it. Nothing is locked and nothing written, so an API may be running.
    ///
    /// # Errors
    /// When there is no file, or one cannot be looked at.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        if is_one_closed(path) {
            return Self::of_one_closed(path);
        }
        let dataset = Self::of_live(live_at(path)?)?;
        if dataset.files.is_empty() {
            bail!(
                "there is no data at {}: nothing is stored yet, or it is elsewhere (name the file or its folder, or set TRAINING_DATA)",
                dataset.live.display()
            );
        }
        Ok(dataset)
    }

    /// Finds `generations.jsonl` and its closed files beside the data at `path`, which is what [`Self::open`] takes. `None` where
    /// there are none, because no event asked for them; and for a closed file of the data, which stands alone.
    ///
    /// # Errors
    /// When a file cannot be looked at.
    pub fn open_generations(path: &Path) -> anyhow::Result<Option<Self>> {
        if is_one_closed(path) {
            return Ok(None);
        }
        Self::open_if_there(&live_at(path)?.with_file_name(GENERATIONS_NAME))
    }

    /// The files of the data beside a live file; `None` where there are none yet.
    ///
    /// # Errors
    /// When a file cannot be looked at.
    pub(crate) fn open_if_there(live: &Path) -> anyhow::Result<Option<Self>> {
        let dataset = Self::of_live(live.to_owned())?;
        Ok((!dataset.files.is_empty()).then_some(dataset))
    }

    /// A live file without its closed ones; `None` where it is not there.
    ///
    /// # Errors
    /// When it cannot be looked at.
    pub(crate) fn live_alone(live: &Path) -> anyhow::Result<Option<Self>> {
        let mut dataset = Self::of_live(live.to_owned())?;
        dataset.files.retain(|file| file.number.is_none());
        Ok((!dataset.files.is_empty()).then_some(dataset))
    }

    /// Finds the files of the quarantine in the `.misfire/` beside a live data file; `None` where there are none.
    ///
    /// # Errors
    /// When a file cannot be looked at.
    pub(crate) fn open_quarantine(live: &Path) -> anyhow::Result<Option<Self>> {
        Self::open_if_there(&quarantine_file(&misfire_folder(live)))
    }

    /// The files of a live file; none where there is no file.
    fn of_live(live: PathBuf) -> anyhow::Result<Self> {
        // The live file first: if it is closed in between, it is found among the closed ones, as the same file.
        let open = match File::open(&live) {
            Ok(file) => Some((file.metadata()?, Arc::new(file))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error).with_context(|| format!("{} cannot be opened", live.display())),
        };
        let closed = closed_files(&live)?;
        let catalog = Catalog::read(&misfire_folder(&live))?;

        let mut files = Vec::with_capacity(closed.len() + 1);
        let mut live_is_closed = false;
        for path in closed {
            let metadata = path.metadata().with_context(|| format!("{} cannot be read", path.display()))?;
            live_is_closed |= open.as_ref().is_some_and(|(live, _)| FileId::of(live) == FileId::of(&metadata));
            files.push(DataFile {
                number: number_of(&live, &path),
                bytes: metadata.len(),
                sanitizer_version: catalog.version_of(&path),
                path,
                id: FileId::of(&metadata),
                live: None,
            });
        }
        if let Some((metadata, file)) = open
            && !live_is_closed
        {
            files.push(DataFile {
                path: live.clone(),
                number: None,
                bytes: metadata.len(),
                sanitizer_version: catalog.live_version(&live),
                id: FileId::of(&metadata),
                live: Some(file),
            });
        }
        Ok(Self { live, files })
    }

    fn of_one_closed(path: &Path) -> anyhow::Result<Self> {
        let live = live_name_of(path).unwrap_or_else(|| path.to_owned());
        let metadata = path.metadata().with_context(|| format!("{} cannot be read", path.display()))?;
        let file = DataFile {
            path: path.to_owned(),
            number: number_of(&live, path),
            bytes: metadata.len(),
            id: FileId::of(&metadata),
            sanitizer_version: Catalog::read(&misfire_folder(path))?.version_of(path),
            live: None,
        };
        Ok(Self { live, files: vec![file] })
    }

    /// The closed files by number, then the live one. Never empty.
    pub fn files(&self) -> &[DataFile] {
        &self.files
    }

    /// Where the live file is, or would be.
    pub fn live(&self) -> &Path {
        &self.live
    }

    /// Whether every file that was found is still there, under any name. `misfire forget` rewrites or removes files; a live
    /// file that grows or is closed stays the same file.
    pub fn is_unchanged(&self) -> bool {
        let mut now = closed_files(&self.live).unwrap_or_default();
        now.push(self.live.clone());
        let now: Vec<_> = now.iter().filter_map(|path| FileId::at(path).ok().flatten()).collect();
        self.files.iter().all(|file| now.contains(&file.id))
    }

    /// The length of all files together, in bytes.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}

/// Whether a path names a closed file rather than a live one or a folder.
pub(crate) fn is_one_closed(path: &Path) -> bool {
    path.is_file() && live_name_of(path).is_some()
}

fn live_at(path: &Path) -> anyhow::Result<PathBuf> {
    resolve_live(&if path.is_dir() { path.join(LIVE_NAME) } else { path.to_owned() })
}

impl DataFile {
    /// Opens it for reading at offsets that were found in its lines.
    ///
    /// # Errors
    /// When the file cannot be opened, or is another one than when the dataset was opened, so that the offsets mean nothing.
    pub(crate) fn open(&self) -> io::Result<Arc<File>> {
        if let Some(file) = &self.live {
            return Ok(Arc::clone(file));
        }
        let file = File::open(&self.path)?;
        if FileId::of(&file.metadata()?) != self.id {
            return Err(io::Error::other("the file was rewritten meanwhile; run the command again"));
        }
        Ok(Arc::new(file))
    }

    /// Its lines from the first.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn lines(&self) -> io::Result<Lines> {
        Ok(match &self.live {
            Some(file) => Lines::new(Arc::clone(file), self.bytes),
            None => {
                // A closed file may have been replaced by a shorter one since.
                let file = File::open(&self.path)?;
                let bytes = file.metadata()?.len();
                Lines::new(Arc::new(file), bytes)
            }
        })
    }

    /// Its name without its folder.
    pub fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn names(path: &Path) -> Vec<String> {
        Dataset::open(path).unwrap().files().iter().map(DataFile::name).collect()
    }

    #[test]
    fn closed_files_come_by_number_and_the_live_one_last() {
        let folder = tempfile::tempdir().unwrap();
        for name in [
            "training_data.jsonl",
            "training_data.1000000.jsonl",
            "training_data.000002.jsonl",
            "training_data.000001.jsonl",
            "training_data.jsonl.aside-000001",
            "training_data.12.jsonl",
            "other.000001.jsonl",
        ] {
            fs::write(folder.path().join(name), "{}\n").unwrap();
        }
        let all = [
            "training_data.000001.jsonl",
            "training_data.000002.jsonl",
            "training_data.1000000.jsonl",
            "training_data.jsonl",
        ];
        assert_eq!(names(folder.path()), all);
        assert_eq!(names(&folder.path().join("training_data.jsonl")), all);
        assert_eq!(names(&folder.path().join("training_data.000002.jsonl")), ["training_data.000002.jsonl"]);
        assert_eq!(names(&folder.path().join("other.jsonl")), ["other.000001.jsonl"]);
        assert!(Dataset::open(&folder.path().join("nothing.jsonl")).is_err());
    }

    #[test]
    fn generations_stand_beside_the_data_whatever_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let open = |name: &str| Dataset::open_generations(&folder.path().join(name)).unwrap();
        for name in ["other.jsonl", "training_data.000001.jsonl"] {
            fs::write(folder.path().join(name), "{}\n").unwrap();
        }
        assert!(open("").is_none() && open("other.jsonl").is_none());
        for name in [GENERATIONS_NAME, "generations.000001.jsonl"] {
            fs::write(folder.path().join(name), "{}\n").unwrap();
        }
        for path in ["", "other.jsonl", "training_data.jsonl", GENERATIONS_NAME] {
            let found: Vec<_> = open(path).unwrap().files().iter().map(DataFile::name).collect();
            assert_eq!(found, ["generations.000001.jsonl", GENERATIONS_NAME], "{path}");
        }
        assert!(open("training_data.000001.jsonl").is_none());
    }

    #[test]
    fn a_live_file_that_is_closed_in_between_is_read_once_and_to_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let live = folder.path().join(LIVE_NAME);
        fs::write(&live, "a\n").unwrap();
        let dataset = Dataset::open(&live).unwrap();
        fs::rename(&live, folder.path().join("training_data.000001.jsonl")).unwrap();
        fs::write(&live, "another\n").unwrap();
        let mut lines = dataset.files()[0].lines().unwrap();
        assert_eq!(lines.next_line().unwrap().unwrap().bytes, b"a");
        assert!(dataset.is_unchanged());
        // A listing during a rename may see the same file under both names.
        fs::remove_file(&live).unwrap();
        fs::hard_link(folder.path().join("training_data.000001.jsonl"), &live).unwrap();
        assert_eq!(names(&live), ["training_data.000001.jsonl"]);
    }

    #[test]
    fn a_file_that_is_replaced_or_removed_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let closed = folder.path().join("training_data.000001.jsonl");
        for path in [&closed, &folder.path().join(LIVE_NAME)] {
            fs::write(path, "a\nb\n").unwrap();
        }
        let dataset = Dataset::open(folder.path()).unwrap();
        assert!(dataset.is_unchanged());
        let beside = folder.path().join("beside");
        fs::write(&beside, "a\n").unwrap();
        fs::rename(&beside, &closed).unwrap();
        assert!(!dataset.is_unchanged());
        let dataset = Dataset::open(folder.path()).unwrap();
        fs::remove_file(folder.path().join(LIVE_NAME)).unwrap();
        assert!(!dataset.is_unchanged());
    }

    #[test]
    fn each_file_knows_the_version_that_wrote_it() {
        let folder = tempfile::tempdir().unwrap();
        for name in [LIVE_NAME, "training_data.000001.jsonl", "training_data.000002.jsonl"] {
            fs::write(folder.path().join(name), "{}\n").unwrap();
        }
        fs::create_dir(folder.path().join(".misfire")).unwrap();
        let noted = r#"{"live_sanitizer_version": 7, "closed": [{"file": "training_data.000002.jsonl", "lines": 1,
            "first_timestamp": null, "last_timestamp": null, "sanitizer_version": 6}]}"#;
        fs::write(folder.path().join(".misfire/files.json"), noted).unwrap();
        let dataset = Dataset::open(folder.path()).unwrap();
        let versions: Vec<_> = dataset.files().iter().map(|file| file.sanitizer_version).collect();
        assert_eq!(versions, [None, Some(6), Some(7)]);
    }
}
