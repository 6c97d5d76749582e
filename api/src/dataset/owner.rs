//! Asking whoever owns the live file. A command never writes it: it asks the owner, a running API, by SIGHUP to close the file;
//! and where nobody owns it, the command does it itself, with the lock in its hand.

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

use crate::writer::folder::{Folder, Taken, misfire_folder, private_file};

/// How long the owner may take. It answers within milliseconds unless its disk is slow or failing.
const OWNER_TIMEOUT: Duration = Duration::from_secs(30);
/// How long to wait before it is asked again: a full queue drops the request.
const ASK_AGAIN: Duration = Duration::from_secs(2);
/// How the name of a file ends that is to be put in a closed one's place.
const BESIDE_SUFFIX: &str = ".rewrite";
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// The files of a live file, for a command that rewrites closed ones. One command at a time does.
pub(super) struct Exclusive {
    /// The live file.
    pub(super) live: PathBuf,
    /// `.misfire/` beside it.
    pub(super) folder: PathBuf,
    _lock: File,
}

impl Exclusive {
    /// Waits until no other command rewrites these files.
    ///
    /// # Errors
    /// When there is no `.misfire/` beside the file, or it is another user's.
    pub(super) fn open(live: &Path) -> anyhow::Result<Self> {
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

    /// Where a closed file is made anew.
    pub(super) fn beside(&self, closed: &Path) -> PathBuf {
        let mut name = closed.file_name().unwrap_or_default().to_owned();
        name.push(BESIDE_SUFFIX);
        self.folder.join(name)
    }

    /// Removes what was made and never put in place: by a run that was ended, or after an answer that was no.
    pub(super) fn remove_leftovers(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().ends_with(BESIDE_SUFFIX) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// Has the owner do something that `is_done` notices, or does it by `as_owner` where there is none.
    ///
    /// # Errors
    /// When the owner cannot be asked or does not do it in time.
    pub(super) fn ask_owner(
        &self,
        is_done: impl Fn() -> anyhow::Result<bool>,
        as_owner: impl Fn(&Folder) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let started = Instant::now();
        let mut asked_at: Option<Instant> = None;
        loop {
            // Again each time: an owner may end, and another begin.
            let owner = match Folder::take(&self.folder)? {
                Taken::Ours(folder) => return as_owner(&folder),
                Taken::Others(owner) => owner,
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

/// Sends SIGHUP to the process that holds the lock. The number alone could be another process's by now, which the signal would
/// end: the process must have the lock's file open.
fn hang_up(pid: i32, lock: &Path) -> anyhow::Result<()> {
    // It stays this process's whatever becomes of the number.
    let process = match Pid::from_raw(pid).map(|pid| pidfd_open(pid, PidfdFlags::empty())) {
        Some(Ok(process)) => process,
        // It has just ended, or it is out of sight.
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
    let identity = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    let wanted = identity(fs::metadata(file)?);
    let open = match fs::read_dir(format!("/proc/{pid}/fd")) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        open => open?,
    };
    Ok(open.flatten().filter_map(|entry| fs::metadata(entry.path()).ok()).any(|metadata| identity(metadata) == wanted))
}
