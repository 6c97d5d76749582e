//! An empty variable counts as unset, for settings as for secrets: compose and a line `NAME=` in `.env` set it to nothing.

use std::env;

use clap::{Command, builder::Resettable};

/// The command line without its empty environment variables, in its subcommands too.
pub fn without_empty_variables(command: Command) -> Command {
    let is_empty = |name: &std::ffi::OsStr| env::var_os(name).is_some_and(|value| value.is_empty());
    command
        .mut_args(|arg| match arg.get_env() {
            Some(name) if is_empty(name) => arg.env(Resettable::Reset),
            _ => arg,
        })
        .mut_subcommands(without_empty_variables)
}
