//! Whether the process was told to stop.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use crate::problem::Problem;

/// Shared by the signal's task, which sets it, and the handlers, which ask.
#[derive(Debug, Clone, Default)]
pub struct Shutdown(Arc<AtomicBool>);

impl Shutdown {
    /// From now on requests are refused.
    pub fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Requests on connections that are still open get an answer that makes PostHog come back.
    ///
    /// # Errors
    /// [`Problem::Unavailable`] once the process was told to stop.
    pub fn refuse_when_stopping(&self) -> Result<(), Problem> {
        match self.0.load(Ordering::Relaxed) {
            true => Err(Problem::Unavailable("the service is stopping")),
            false => Ok(()),
        }
    }
}
