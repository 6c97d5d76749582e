//! How many deliveries have not ended, so that the end of the process can wait for them.

use std::time::Duration;

use tokio::sync::watch;

/// Counts deliveries from when they are put on their way to their end.
#[derive(Clone, Default)]
pub(super) struct InFlight(watch::Sender<usize>);

impl InFlight {
    pub(super) fn start(&self) -> InFlightGuard {
        self.0.send_modify(|count| *count += 1);
        InFlightGuard(self.0.clone())
    }

    /// Waits until none is left, but no longer than `longest`. Says how many are.
    pub(super) async fn drain(&self, longest: Duration) -> usize {
        let mut in_flight = self.0.subscribe();
        _ = tokio::time::timeout(longest, in_flight.wait_for(|count| *count == 0)).await;
        *in_flight.borrow()
    }
}

/// One of them; it has ended when this is dropped.
pub(super) struct InFlightGuard(watch::Sender<usize>);

impl Drop for InFlightGuard {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}
