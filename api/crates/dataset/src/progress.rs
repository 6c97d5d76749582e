//! A progress bar on standard error for commands that read much. Where that is no terminal, it shows nothing.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How often the bar is drawn, per second.
const DRAWN_PER_SECOND: u8 = 5;

/// Shows how many bytes are done, how fast, and, when the total is known, how long the rest takes. Dropping it removes the bar,
/// also after an error, so that a message gets a line of its own.
#[derive(Debug)]
pub struct Progress(ProgressBar);

impl Progress {
    /// A bar over `total` bytes; without a total it counts only.
    pub fn bytes(total: Option<u64>) -> Self {
        let template = match total {
            Some(_) => "{bar:30} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left",
            None => "{bytes}, {bytes_per_sec}, {elapsed}",
        };
        // indicatif draws nothing where standard error is no terminal.
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr_with_hz(DRAWN_PER_SECOND));
        Self(bar.with_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())))
    }

    /// No bar, for output that goes to the terminal.
    pub fn hidden() -> Self {
        Self(ProgressBar::hidden())
    }

    /// `bytes` more are done. It costs an atomic addition, so call it for buffers rather than for bytes.
    pub fn inc(&self, bytes: u64) {
        self.0.inc(bytes);
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.0.finish_and_clear();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.finish();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_templates_can_be_drawn() {
        for total in [None, Some(10)] {
            let progress = Progress::bytes(total);
            progress.inc(10);
            assert_eq!((progress.0.position(), progress.0.length()), (10, total));
            progress.finish();
            assert!(progress.0.is_finished());
        }
    }
}
