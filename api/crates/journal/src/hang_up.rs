//! SIGHUP to the process that holds the lock, and to no other. By now the number in the lock's file could be another process's,
//! which the signal would end. Linux can tell the two apart, and other systems cannot, so each has its own way here.

use std::path::Path;

use anyhow::Context;
use rustix::{
    io::Errno,
    process::{Pid, Signal},
};

/// Sends SIGHUP to the process that holds the lock of `.misfire/`; whether it can be seen from here.
///
/// # Errors
/// When the process is there and cannot be asked.
pub(crate) fn hang_up(pid: i32, misfire_folder: &Path) -> anyhow::Result<bool> {
    let Some(process) = Pid::from_raw(pid) else { return Ok(false) };
    match system::hang_up(process, misfire_folder) {
        // It has just ended, or it runs in another container.
        Err(error) if error.raw_os_error() == Some(Errno::SRCH.raw_os_error()) => Ok(false),
        asked => asked.with_context(|| format!("process {pid} cannot be asked")),
    }
}

#[cfg(target_os = "linux")]
mod system {
    use std::{fs, io};

    use rustix::process::{PidfdFlags, pidfd_open, pidfd_send_signal};

    use super::{Path, Pid, Signal};
    use crate::file_system::{FileId, parent_of};

    /// A pidfd names one process, even after another has got its number. It is the holder if it has the folder of the data open,
    /// as every holder has.
    pub(super) fn hang_up(process: Pid, misfire_folder: &Path) -> io::Result<bool> {
        let pidfd = pidfd_open(process, PidfdFlags::empty())?;
        if !has_open(process, &parent_of(misfire_folder))? {
            return Ok(false);
        }
        pidfd_send_signal(pidfd, Signal::HUP)?;
        Ok(true)
    }

    fn has_open(process: Pid, folder: &Path) -> io::Result<bool> {
        let wanted = FileId::of(&fs::metadata(folder)?);
        let open = match fs::read_dir(format!("/proc/{}/fd", process.as_raw_nonzero())) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            open => open?,
        };
        Ok(open.flatten().any(|entry| FileId::at(&entry.path()).ok().flatten() == Some(wanted)))
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::{fs::TryLockError, io, thread, time::Duration};

    use rustix::process::kill_process;

    use super::{Path, Pid, Signal};
    use crate::{file_system::private_file, lock::LockHolder};

    /// Far longer than a process needs from taking the lock to writing its number.
    const WRITING_PATIENCE: Duration = Duration::from_millis(200);

    /// There is neither a pidfd nor /proc. A new holder writes its number as soon as it has the lock, so the number is the
    /// holder's if it is still there after a while and the lock is still held.
    pub(super) fn hang_up(process: Pid, misfire_folder: &Path) -> io::Result<bool> {
        thread::sleep(WRITING_PATIENCE);
        let lock = misfire_folder.join("lock");
        let holder = LockHolder::read(&lock).map_err(io::Error::other)?;
        let is_held = matches!(private_file().open(&lock)?.try_lock(), Err(TryLockError::WouldBlock));
        if !is_held || holder.pid != Some(process.as_raw_nonzero().get()) {
            return Ok(false);
        }
        kill_process(process, Signal::HUP)?;
        Ok(true)
    }
}
