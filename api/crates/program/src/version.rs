//! Which build this is.

/// The release.
pub const RELEASE: &str = env!("CARGO_PKG_VERSION");

/// The commit, as 12 hex digits; `None` in a build from a tarball, which has no repository.
pub const COMMIT: Option<&str> = if COMMIT_OR_NOTHING.is_empty() { None } else { Some(COMMIT_OR_NOTHING) };

const COMMIT_OR_NOTHING: &str = env!("MISFIRE_COMMIT");

/// `0.1.0 (commit 0123456789ab, sanitizer 6)`, for `--version`. `parts` are what else decides how the program behaves.
pub fn text(parts: &[String]) -> String {
    let commit = COMMIT.map(|commit| format!("commit {commit}"));
    let parts: Vec<_> = commit.into_iter().chain(parts.iter().cloned()).collect();
    if parts.is_empty() { RELEASE.to_owned() } else { format!("{RELEASE} ({})", parts.join(", ")) }
}
