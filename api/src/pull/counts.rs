//! What became of the events of a pull.

use serde::Serialize;

use super::given::Given;
use crate::metrics::PullMetrics;

/// How many events had each end.
#[derive(Default, Serialize)]
pub(super) struct Counts {
    pub(super) events: u64,
    pub(super) stored: u64,
    pub(super) duplicate: u64,
    pub(super) ignored: u64,
    /// Its content is not in PostHog's table yet.
    pub(super) no_content_yet: u64,
    /// It is too large to be read.
    pub(super) too_large: u64,
    pub(super) refused: u64,
    #[serde(skip)]
    metrics: PullMetrics,
}

impl Counts {
    /// Counts in the metrics as well.
    pub(super) fn with(metrics: PullMetrics) -> Self {
        Self { metrics, ..Self::default() }
    }

    pub(super) fn given(&mut self, given: &Given) {
        let (count, outcome) = match given {
            Given::Stored => (&mut self.stored, "stored"),
            Given::Duplicate => (&mut self.duplicate, "duplicate"),
            Given::Ignored(_) => (&mut self.ignored, "ignored"),
            Given::Refused(_) => (&mut self.refused, "refused"),
        };
        *count += 1;
        self.events += 1;
        self.metrics.outcome(outcome, 1);
    }

    pub(super) fn no_content_yet(&mut self) {
        self.no_content_yet += 1;
        self.events += 1;
        self.metrics.outcome("no_content_yet", 1);
    }

    pub(super) fn too_large(&mut self, events: u64) {
        if events == 0 {
            return;
        }
        self.too_large += events;
        self.events += events;
        self.metrics.outcome("too_large", events);
    }

    pub(super) fn given_up(&mut self) {
        self.metrics.outcome("given_up", 1);
    }
}
