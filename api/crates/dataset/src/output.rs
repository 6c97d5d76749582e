//! Standard output that nobody may read to its end, as in `misfire stats | head -1`, and standard input that somebody must type.

use std::{
    fmt::Display,
    io::{self, IsTerminal, Write},
};

/// Says on a terminal that the command waits for input, and how a file is named instead: otherwise it looks as if it hung.
pub fn say_waiting(instead: &str) {
    if io::stdin().is_terminal() {
        eprintln!("reading from the terminal; end with Ctrl-D, or name a file: {instead}");
    }
}

/// Writes to standard output. A reader that has gone is no error: the command ends with the status that it would have had.
///
/// # Errors
/// When standard output cannot be written for another reason, say a full disk.
pub fn print(text: impl Display) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match write!(stdout, "{text}").and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// The same with a newline behind it.
///
/// # Errors
/// As [`print()`].
pub fn print_line(text: impl Display) -> io::Result<()> {
    print(format_args!("{text}\n"))
}
