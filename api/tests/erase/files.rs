//! What stands in a folder, over all files.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;

use crate::helpers::{Api, eventually, misfire};

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

/// Has the live file closed, and waits until it is noted: the name comes first, then what is in it.
pub(crate) fn close(api: &Api) {
    let noted = || misfire_file(api.folder.path(), "files.json").matches("\"lines\":").count();
    let before = noted();
    api.process.hang_up();
    eventually("the file is closed", || !api.file().exists() && noted() == before + 1);
}

/// The files of the data: closed ones by number, then the live one.
pub(crate) fn data_files(folder: &Path) -> Vec<PathBuf> {
    files(folder, false)
}

/// The files of lines, or those of the rows.
fn files(folder: &Path, of_rows: bool) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_asked = |path: &PathBuf| {
        let is_of_rows = path.file_name().unwrap().to_string_lossy().starts_with("generations.");
        path.extension().is_some_and(|end| end == "jsonl") && is_of_rows == of_rows
    };
    let mut files: Vec<_> = entries.filter(is_asked).collect();
    files.sort();
    files
}

/// All rows of all files of generations.
pub(crate) fn rows(folder: &Path) -> Vec<Value> {
    let rows = whole_lines(|| files(folder, true));
    rows.iter().map(|row| serde_json::from_str(row).unwrap()).collect()
}

/// All lines of all files; each file must be whole, or soon be: at this moment the API may be writing the last one, or naming it.
pub(crate) fn lines(folder: &Path) -> Vec<String> {
    whole_lines(|| data_files(folder))
}

fn whole_lines(files: impl Fn() -> Vec<PathBuf>) -> Vec<String> {
    let mut texts = Vec::new();
    eventually("all files are whole", || {
        let read = files().iter().map(fs::read_to_string).collect::<Result<_, _>>();
        texts = read.unwrap_or_else(|_| vec![String::from("a file was named anew")]);
        texts.iter().all(|text| text.is_empty() || text.ends_with('\n'))
    });
    texts.iter().flat_map(|text| text.lines()).map(str::to_owned).collect()
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
