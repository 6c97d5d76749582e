//! `misfire completions` and `misfire man`: what a package installs beside the program.

use std::{fs, path::PathBuf};

use anyhow::Context;
use clap::{Args, Command};
use clap_complete::Shell;
use dataset::output;

/// Settings of `misfire completions`.
#[derive(Debug, Clone, Args)]
pub struct CompletionsSettings {
    /// The shell.
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

/// Settings of `misfire man`.
#[derive(Debug, Clone, Args)]
pub struct ManSettings {
    /// The folder to write to; it is made when it is missing.
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
}

/// Prints the completions of `command` for a shell.
///
/// # Errors
/// When standard output cannot be written.
pub fn completions(settings: &CompletionsSettings, mut command: Command) -> anyhow::Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(settings.shell, &mut command, "misfire", &mut script);
    Ok(output::print(String::from_utf8(script)?)?)
}

/// Writes a page for `command` and one for each of its commands.
///
/// # Errors
/// When the folder cannot be written.
pub fn man(settings: &ManSettings, command: Command) -> anyhow::Result<()> {
    let folder = &settings.folder;
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    clap_mangen::generate_to(command, folder).with_context(|| format!("{} cannot be written", folder.display()))?;
    output::print_line(format_args!(
        "the pages are in {}; read one by man -l {}/misfire.1",
        folder.display(),
        folder.display()
    ))?;
    Ok(())
}
