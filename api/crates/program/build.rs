//! Tells the crate which commit it is built from: `MISFIRE_COMMIT` if it is set (an image's build has no repository), else git's.
//! A tarball has neither, and then the version names no commit.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

/// The length of a shortened commit id.
const COMMIT_CHARS: usize = 12;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=MISFIRE_COMMIT");
    let given = env::var("MISFIRE_COMMIT").ok().map(|commit| commit.trim().to_owned());
    let commit = given.filter(|commit| !commit.is_empty()).or_else(commit_of_repository).unwrap_or_default();
    let commit: String = commit.chars().take(COMMIT_CHARS).collect();
    println!("cargo::rustc-env=MISFIRE_COMMIT={commit}");
}

/// The commit that is checked out. Cargo builds again when another one is, and not when any other file changes.
fn commit_of_repository() -> Option<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(3)?.canonicalize().ok()?;
    // A tarball may be unpacked within another project's repository.
    if Path::new(&git(&["rev-parse", "--show-toplevel"])?).canonicalize().ok()? != root {
        return None;
    }
    let branch = git(&["symbolic-ref", "--quiet", "HEAD"]);
    let moved_by_a_commit = ["HEAD", "logs/HEAD", "packed-refs"].into_iter().chain(branch.as_deref());
    for file in moved_by_a_commit.filter_map(|name| git(&["rev-parse", "--git-path", name])) {
        let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(file);
        // A missing file would count as changed at every build.
        if file.exists() {
            println!("cargo::rerun-if-changed={}", file.display());
        }
    }
    git(&["rev-parse", "HEAD"])
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !text.is_empty()).then_some(text)
}
