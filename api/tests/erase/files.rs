//! What stands in a folder, over all files.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;

use crate::helpers::misfire;

/// Runs `misfire` in a folder, and expects it to go well.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> String {
    let output = command(folder, arguments).output().unwrap();
    succeeded(&output)
}

pub(crate) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = misfire();
    command.args(arguments).current_dir(folder).env("RUST_LOG", "warn");
    command
}

pub(crate) fn succeeded(output: &Output) -> String {
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Runs `misfire` in a folder, expects that it cannot do it, and gives what it said.
pub(crate) fn fail(folder: &Path, arguments: &[&str]) -> String {
    let output = command(folder, arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// The files of the data: closed ones by number, then the live one.
pub(crate) fn data_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries.filter(|path| path.extension().is_some_and(|end| end == "jsonl")).collect();
    files.sort();
    files
}

/// All lines of all files; each file must be whole.
pub(crate) fn lines(folder: &Path) -> Vec<String> {
    let text = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.ends_with('\n'), "{} is torn", path.display());
        text
    };
    data_files(folder).into_iter().flat_map(|path| text(path).lines().map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// A key's value in each line.
pub(crate) fn values(folder: &Path, key: &str) -> Vec<String> {
    let value = |line: String| serde_json::from_str::<Value>(&line).unwrap()[key].as_str().unwrap().to_owned();
    lines(folder).into_iter().map(value).collect()
}

/// Everything in a folder and in `.misfire/`, as text.
pub(crate) fn everything(folder: &Path) -> String {
    let mut text = String::new();
    for folder in [folder.to_owned(), folder.join(".misfire")] {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                text.push_str(&String::from_utf8_lossy(&fs::read(path).unwrap()));
            }
        }
    }
    text
}

pub(crate) fn misfire_file(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(".misfire").join(name)).unwrap_or_default()
}
