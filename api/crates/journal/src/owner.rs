//! Asking the process that owns the live files. A command never writes to them. It leaves a request in `.misfire/`, sends SIGHUP to
//! the owner, a running API, and waits until the request is done; where no process owns the files, the command takes the lock
//! and does it itself.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};
use rustix::process::geteuid;

use crate::{
    catalog::Catalog,
    file_names::{generations_file, misfire_folder, resolve_live},
    file_system::{FileId, list_folder, private_file, replace_file},
    hang_up::hang_up,
    live_file::LiveFile,
    lock::{LockHolder, LockedFolder, Role, TryLock, check_file_system},
    pseudonym_key::PseudonymKeys,
    quarantine::{QUARANTINE, quarantine_file},
    schema::{GENERATIONS, TRAINING_DATA},
};

/// How long the lock's holder may be out of sight: it may just be ending, or not have written its process id yet.
const UNSEEN_PATIENCE: Duration = Duration::from_secs(1);
/// After how long the user is told what is waited for.
const TELL_AFTER: Duration = Duration::from_secs(2);
/// How long the owner may take. It answers within milliseconds unless its disk is slow or failing.
const OWNER_TIMEOUT: Duration = Duration::from_secs(30);
/// How long to wait before the signal is sent again: a full queue drops it.
const ASK_AGAIN: Duration = Duration::from_secs(2);
/// The end of the name of a file that is to replace a closed one.
const BESIDE_SUFFIX: &str = ".rewrite";
const POLL_INTERVAL: Duration = Duration::from_millis(10);
/// The file that holds a command's request.
const REQUEST: &str = "close-request";

/// A command's request to the owner, sent with a signal: to read `.misfire/forgotten`, and then to close these live files, by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CloseRequest {
    /// The names of live files; none of them when only the erasures are to be read.
    pub names: Vec<String>,
}

impl CloseRequest {
    /// The request that lies in `.misfire/`, which the owner is to do now; `None` when the signal came from somebody else.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(misfire_folder: &Path) -> io::Result<Option<Self>> {
        match fs::read_to_string(misfire_folder.join(REQUEST)) {
            Ok(text) => Ok(Some(Self { names: text.lines().map(str::to_owned).collect() })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether this live file is to be closed.
    pub fn names(&self, live: &LiveFile) -> bool {
        live.path().file_name().is_some_and(|name| self.names.iter().any(|asked| name == asked.as_str()))
    }

    /// Removes the request: it is done.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn done(misfire_folder: &Path) -> io::Result<()> {
        match fs::remove_file(misfire_folder.join(REQUEST)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

/// The right to rewrite the closed files of a live file, which one command at a time has.
#[derive(Debug)]
pub struct RewriteLock {
    /// The live file, where it really is.
    pub live: PathBuf,
    /// `.misfire/` beside it.
    pub folder: PathBuf,
    _lock: File,
}

impl RewriteLock {
    /// Waits until no other command rewrites these files.
    ///
    /// # Errors
    /// When there is no `.misfire/` beside the file, it is another user's or another live file's, or files cannot be
    /// replaced from there.
    pub fn open(training_data: &Path) -> anyhow::Result<Self> {
        let live = resolve_live(training_data)?;
        let folder = misfire_folder(&live);
        let metadata = fs::metadata(&folder)
            .with_context(|| format!("{} cannot be found: is TRAINING_DATA where the API writes?", folder.display()))?;
        let (owner, own) = (metadata.uid(), geteuid().as_raw());
        // The API could not read what another user made here.
        ensure!(owner == own, "{} belongs to user {owner}: run this as that user, not as {own}", folder.display());
        check_file_system(&folder)?;
        Catalog::read(&folder)?.check_owner(&live)?;
        let lock = private_file().create(true).open(folder.join("rewrite.lock"))?;
        if lock.try_lock().is_err() {
            eprintln!("waiting for another command that rewrites these files");
            lock.lock()?;
        }
        let rewrite = Self { live, folder, _lock: lock };
        rewrite.remove_leftovers()?;
        // Of a command that was killed before the owner did it.
        CloseRequest::done(&rewrite.folder)?;
        Ok(rewrite)
    }

    /// The live files: the lines, the rows, and the quarantine.
    pub fn live_files(&self) -> [PathBuf; 3] {
        [self.live.clone(), generations_file(&self.live), quarantine_file(&self.folder)]
    }

    /// Whether the owner, if there is one, has no other keys of the pseudonyms than these.
    ///
    /// # Errors
    /// When the lock's file cannot be read.
    pub fn owner_has_only_keys_of(&self, keys: &PseudonymKeys) -> anyhow::Result<bool> {
        Ok(LockHolder::read(&self.folder.join("lock"))?.has_only_keys_of(keys))
    }

    /// Where the file is written that replaces a closed one.
    pub fn beside(&self, closed: &Path) -> PathBuf {
        let mut name = closed.file_name().unwrap_or_default().to_owned();
        name.push(BESIDE_SUFFIX);
        self.folder.join(name)
    }

    /// Removes files that never replaced a closed one: their command was killed, or its user said no.
    ///
    /// # Errors
    /// When a file cannot be removed.
    pub fn remove_leftovers(&self) -> io::Result<()> {
        let is_leftover = |path: &PathBuf| path.to_string_lossy().ends_with(BESIDE_SUFFIX);
        list_folder(&self.folder)?.into_iter().filter(is_leftover).try_for_each(fs::remove_file)
    }

    /// Has the owner read `.misfire/forgotten` up to `bytes`: whatever it writes afterwards was checked against that, and whatever
    /// it accepted before is in its files.
    ///
    /// # Errors
    /// When the owner cannot be asked or does not do it in time.
    pub fn have_erasures_read(&self, bytes: u64) -> anyhow::Result<()> {
        let is_done = || Ok(Catalog::read(&self.folder)?.erasures_read_bytes() >= bytes);
        self.ask_owner(&CloseRequest::default(), is_done)
    }

    /// Has live files closed. Those that are not there need no closing.
    ///
    /// # Errors
    /// When the owner cannot be asked or does not do it in time.
    pub fn have_closed(&self, live_files: &[&Path]) -> anyhow::Result<()> {
        let mut found = Vec::new();
        for path in live_files {
            found.extend(FileId::at(path)?.map(|id| (*path, id)));
        }
        if found.is_empty() {
            return Ok(());
        }
        let name = |(path, _): &(&Path, FileId)| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let request = CloseRequest { names: found.iter().map(name).collect() };
        self.ask_owner(&request, || {
            found.iter().try_fold(true, |done, (path, id)| Ok(done && FileId::at(path)? != Some(*id)))
        })
    }

    /// Leaves the request and signals the owner until `is_done` is true; where there is no owner, does it under the lock.
    fn ask_owner(&self, request: &CloseRequest, is_done: impl Fn() -> anyhow::Result<bool>) -> anyhow::Result<()> {
        let started = Instant::now();
        let mut asked_at: Option<Instant> = None;
        let mut unseen_since: Option<Instant> = None;
        let mut is_told = false;
        loop {
            // Looked up each time: an owner may end, and another start.
            let owner = match LockedFolder::try_lock(&self.folder, Role::Command)? {
                TryLock::Locked(folder) => {
                    self.close_as_owner(request, &folder)?;
                    return Ok(CloseRequest::done(&self.folder)?);
                }
                TryLock::HeldBy(owner) => owner,
            };
            if is_done()? {
                return Ok(CloseRequest::done(&self.folder)?);
            }
            if asked_at.is_none_or(|at| at.elapsed() > ASK_AGAIN)
                && let Some(pid) = owner.pid
            {
                replace_file(&self.folder.join(REQUEST), request.names.join("\n").as_bytes())?;
                let now = Instant::now();
                let is_seen = hang_up(pid, &self.folder)?;
                asked_at = is_seen.then_some(now);
                unseen_since = (!is_seen).then_some(unseen_since.unwrap_or(now));
                if unseen_since.is_some_and(|since| now - since > UNSEEN_PATIENCE) {
                    CloseRequest::done(&self.folder)?;
                    bail!(
                        "the file is locked by process {pid}, which cannot be seen from here: run this where the API \
                         runs, say by `docker compose exec api misfire …`"
                    );
                }
            }
            if started.elapsed() > TELL_AFTER && !is_told {
                eprintln!("waiting for process {} to close its file", owner.pid.unwrap_or_default());
                is_told = true;
            }
            if started.elapsed() > OWNER_TIMEOUT {
                CloseRequest::done(&self.folder)?;
                let (pid, seconds) = (owner.pid.unwrap_or_default(), OWNER_TIMEOUT.as_secs());
                bail!(
                    "process {pid} owns {} and did not do what it was asked within {seconds} s; its log says why",
                    self.live.display()
                );
            }
            thread::sleep(POLL_INTERVAL);
        }
    }

    fn close_as_owner(&self, request: &CloseRequest, folder: &LockedFolder) -> anyhow::Result<()> {
        for (path, schema) in self.live_files().iter().zip([&TRAINING_DATA, &GENERATIONS, &QUARANTINE]) {
            if FileId::at(path)?.is_some() {
                let mut live = LiveFile::open(path, folder.path(), schema)?;
                if request.names(&live) {
                    live.close()?;
                }
            }
        }
        Ok(())
    }
}
