//! Asking before something is changed.

use std::io::{self, BufRead, IsTerminal, Write};

use anyhow::bail;

/// Asks a question on the terminal, and takes `y` or `yes` for a yes.
///
/// # Errors
/// When standard input is not a terminal, so that nobody could answer.
pub(crate) fn confirm(question: &str) -> anyhow::Result<bool> {
    if !io::stdin().is_terminal() {
        bail!("not a terminal; pass --yes, or --dry-run to look only");
    }
    eprint!("{question} [y/N] ");
    io::stderr().flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
