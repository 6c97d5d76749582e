//! Counts the deliveries in flight, so that the shutdown can wait for them.

use std::time::Duration;

use tokio::sync::watch;

/// Counts deliveries from being queued to their end.
#[derive(Clone, Default)]
pub(super) struct InFlight(watch::Sender<usize>);

impl InFlight {
    /// Counts one more, until the guard is dropped.
    pub(super) fn start(&self) -> InFlightGuard {
        self.0.send_modify(|count| *count += 1);
        InFlightGuard(self.0.clone())
    }

    /// Waits until none is left, but no longer than `longest`. Returns how many are left.
    pub(super) async fn drain(&self, longest: Duration) -> usize {
        let mut in_flight = self.0.subscribe();
        _ = tokio::time::timeout(longest, in_flight.wait_for(|count| *count == 0)).await;
        *in_flight.borrow()
    }
}

/// Counts one delivery while it exists.
pub(super) struct InFlightGuard(watch::Sender<usize>);

impl Drop for InFlightGuard {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}
