//! The lines of Misfire as a dataset: the commands that look at them, describe them, write them in other forms, or change them.
//!
//! Each command is a module with its `Settings` (flags and environment variables, by clap) and its `run`:
//!
//! - [`verify`]: is every line what a line must be?
//! - [`stats`]: what is in the data?
//! - [`card`]: a description of the data for whoever gets the folder;
//! - [`export`]: the data in the forms that training, evaluation and tables want;
//! - [`forget`]: removes a person;
//! - [`resanitize`]: applies today's rules to what an older sanitizer wrote.
//!
//! [`quarantine`] reads and tidies what was refused, for the command that posts it again.
//!
//! They stand on a few modules: [`data_files`] finds the files, `read` gives their lines in order, `output_file` writes new files,
//! `external_sort` and `duplicates` compare more lines than memory holds, `pairs` finds what belongs together in `generations.jsonl`
//! (whose rows `at` reads again by their place), `failure_family` names the kind of a failure, and [`progress`] shows how far a
//! command is.
//!
//! All of them may run beside an API that is writing. They read closed files and the live one; [`forget`] and [`resanitize`] change
//! closed files alone, and ask the API to close its live file first.

pub mod card;
pub mod export;
pub mod forget;
pub mod resanitize;
pub mod stats;
pub mod verify;

mod at;
mod bits;
mod confirm;
pub mod data_files;
mod duplicates;
mod external_sort;
mod failure_family;
mod numbers;
pub mod output;
mod output_file;
mod pairs;
mod person;
mod policy_file;
pub mod progress;
pub mod quarantine;
mod read;
mod receipt;
mod time_argument;

pub use self::{
    data_files::{DataSettings, LiveSettings},
    policy_file::read_policy,
    time_argument::{LinePeriod, Period, parse_time},
};
