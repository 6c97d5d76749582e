//! How many connections may be open.

use std::cmp;

use anyhow::{Context, ensure};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Descriptors that are kept for files: the live ones, those that are being closed or rewritten, and what the runtime needs.
const DESCRIPTORS_RESERVED: u64 = 64;
/// How many connections may be open where nothing else is set and the system allows it.
const CONNECTIONS_DEFAULT: u64 = 1_024;

/// macOS refuses a soft limit above its `OPEN_MAX`, even where the hard one is higher (setrlimit(2), "COMPATIBILITY").
const SOFT_LIMIT_MAX: u64 = if cfg!(target_vendor = "apple") { 10_240 } else { u64::MAX };

/// Raises the soft limit on descriptors to the hard one, and gives how many connections may be open: what is asked for, or what the
/// limit leaves.
///
/// # Errors
/// When more is asked for than the limit leaves.
pub fn connections_max(asked: Option<u32>) -> anyhow::Result<usize> {
    let limit = getrlimit(Resource::Nofile);
    let highest = match limit.maximum {
        None if SOFT_LIMIT_MAX == u64::MAX => None,
        maximum => Some(cmp::min(maximum.unwrap_or(u64::MAX), SOFT_LIMIT_MAX)),
    };
    if limit.current != highest {
        setrlimit(Resource::Nofile, Rlimit { current: highest, maximum: limit.maximum })
            .context("the limit on open files cannot be raised")?;
    }
    // No limit at all counts as a very high one.
    let descriptors = getrlimit(Resource::Nofile).current.unwrap_or(u64::from(u32::MAX));
    allowed(asked.map(u64::from), descriptors)
}

fn allowed(asked: Option<u64>, descriptors: u64) -> anyhow::Result<usize> {
    let room = descriptors.saturating_sub(DESCRIPTORS_RESERVED);
    ensure!(
        room >= asked.unwrap_or(2),
        "CONNECTIONS_MAX: the limit on open files is {descriptors}, {DESCRIPTORS_RESERVED} of them are kept for files, and \
         {} connections do not fit. Raise the limit (ulimit -n, or LimitNOFILE), or set CONNECTIONS_MAX to at most {room}",
        asked.unwrap_or(2)
    );
    Ok(asked.unwrap_or(cmp::min(CONNECTIONS_DEFAULT, room)) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_keep_their_descriptors_whatever_is_asked() {
        assert_eq!(allowed(None, 1_024).unwrap(), 960);
        assert_eq!(allowed(None, 1 << 20).unwrap(), 1_024);
        assert_eq!(allowed(Some(960), 1_024).unwrap(), 960);
        let error = allowed(Some(961), 1_024).unwrap_err().to_string();
        assert!(error.contains("CONNECTIONS_MAX to at most 960"), "{error}");
        assert!(allowed(None, 64).is_err());
    }
}
