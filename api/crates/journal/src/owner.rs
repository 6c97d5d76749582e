//! Asking the process that owns the live file. A command never writes to that file. It sends SIGHUP to the owner, a running API,
//! which closes the file; where no process owns it, the command takes the lock and closes the file itself.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};
use rustix::process::{Pid, PidfdFlags, Signal, geteuid, pidfd_open, pidfd_send_signal};

use crate::{
    file_names::misfire_folder,
    file_system::{FileId, private_file},
    lock::{LockedFolder, TryLock},
};

/// How long the owner may take. It answers within milliseconds unless its disk is slow or failing.
const OWNER_TIMEOUT: Duration = Duration::from_secs(30);
/// How long to wait before it is asked again: a full queue drops the request.
const ASK_AGAIN: Duration = Duration::from_secs(2);
/// The end of the name of a file that is to replace a closed one.
const BESIDE_SUFFIX: &str = ".rewrite";
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// The right to rewrite the closed files of a live file, which one command at a time has.
#[derive(Debug)]
pub struct RewriteLock {
    /// The live file.
    pub live: PathBuf,
    /// `.misfire/` beside it.
    pub folder: PathBuf,
    _lock: File,
}

impl RewriteLock {
    /// Waits until no other command rewrites these files.
    ///
    /// # Errors
    /// When there is no `.misfire/` beside the file, or it is another user's.
    pub fn open(live: &Path) -> anyhow::Result<Self> {
        let folder = misfire_folder(live);
        let metadata = fs::metadata(&folder)
            .with_context(|| format!("{} cannot be found: is TRAINING_DATA where the API writes?", folder.display()))?;
        let (owner, own) = (metadata.uid(), geteuid().as_raw());
        // What another user made here, the API could not read.
        ensure!(owner == own, "{} belongs to user {owner}: run this as that user, not as {own}", folder.display());
        let lock = private_file().create(true).open(folder.join("rewrite.lock"))?;
        if lock.try_lock().is_err() {
            eprintln!("waiting for another command that rewrites these files");
            lock.lock()?;
        }
        let files = Self { live: live.to_owned(), folder, _lock: lock };
        files.remove_leftovers()?;
        Ok(files)
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
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().ends_with(BESIDE_SUFFIX) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// Has the owner do something, until `is_done` is true; where there is no owner, `as_owner` does it under the lock.
    ///
    /// # Errors
    /// When the owner cannot be asked or does not do it in time.
    pub fn ask_owner(
        &self,
        is_done: impl Fn() -> anyhow::Result<bool>,
        as_owner: impl Fn(&LockedFolder) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let started = Instant::now();
        let mut asked_at: Option<Instant> = None;
        loop {
            // Looked up each time: an owner may end, and another start.
            let owner = match LockedFolder::try_lock(&self.folder)? {
                TryLock::Locked(folder) => return as_owner(&folder),
                TryLock::HeldBy(owner) => owner,
            };
            if is_done()? {
                return Ok(());
            }
            if asked_at.is_none_or(|at| at.elapsed() > ASK_AGAIN)
                && let Some(pid) = owner.pid
            {
                hang_up(pid, &self.folder.join("lock"))?;
                asked_at = Some(Instant::now());
            }
            if started.elapsed() > OWNER_TIMEOUT {
                let (pid, seconds) = (owner.pid.unwrap_or_default(), OWNER_TIMEOUT.as_secs());
                bail!(
                    "process {pid} owns {} and did not close it within {seconds} s; its log says why",
                    self.live.display()
                );
            }
            thread::sleep(POLL_INTERVAL);
        }
    }
}

/// Sends SIGHUP to the process that holds the lock. By now the number alone could be another process's, which the signal would
/// end, so the process must have the lock's file open.
fn hang_up(pid: i32, lock: &Path) -> anyhow::Result<()> {
    // A pidfd names this process, even after another has got the number.
    let process = match Pid::from_raw(pid).map(|pid| pidfd_open(pid, PidfdFlags::empty())) {
        Some(Ok(process)) => process,
        // It has just ended, or it runs in another container.
        Some(Err(rustix::io::Errno::SRCH)) | None => return visible(false, pid),
        Some(Err(error)) => return Err(error).with_context(|| format!("process {pid} cannot be asked")),
    };
    visible(has_open(pid, lock).with_context(|| format!("process {pid} cannot be asked"))?, pid)?;
    match pidfd_send_signal(process, Signal::HUP) {
        Ok(()) | Err(rustix::io::Errno::SRCH) => Ok(()),
        Err(error) => Err(error).with_context(|| format!("process {pid} cannot be asked")),
    }
}

fn visible(is_visible: bool, pid: i32) -> anyhow::Result<()> {
    ensure!(
        is_visible,
        "the file is locked by process {pid}, which cannot be seen from here: run this where the API runs, say by \
         `docker compose exec api misfire …`"
    );
    Ok(())
}

fn has_open(pid: i32, file: &Path) -> io::Result<bool> {
    let wanted = FileId::of(&fs::metadata(file)?);
    let open = match fs::read_dir(format!("/proc/{pid}/fd")) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        open => open?,
    };
    Ok(open.flatten().any(|entry| FileId::at(&entry.path()) == Some(wanted)))
}
