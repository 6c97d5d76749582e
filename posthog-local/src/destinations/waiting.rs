//! How many deliveries have not ended, so that the end of the process can wait for them.

use std::time::Duration;

use tokio::sync::watch;

/// Counts deliveries from when they are put on their way to their end.
#[derive(Clone, Default)]
pub(super) struct Waiting(watch::Sender<usize>);

impl Waiting {
    pub(super) fn one(&self) -> OneWaits {
        self.0.send_modify(|count| *count += 1);
        OneWaits(self.0.clone())
    }

    /// Waits until none is left, but no longer than `longest`. Says how many are.
    pub(super) async fn drain(&self, longest: Duration) -> usize {
        let mut waiting = self.0.subscribe();
        _ = tokio::time::timeout(longest, waiting.wait_for(|count| *count == 0)).await;
        *waiting.borrow()
    }
}

/// One of them; it has ended when this is dropped.
pub(super) struct OneWaits(watch::Sender<usize>);

impl Drop for OneWaits {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}
