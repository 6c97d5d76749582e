//! The metrics of the process, in the OpenMetrics text format that Prometheus reads. Every label has a fixed set of values, but for
//! the types of redactions, to which a policy may add its own.

use std::{
    fmt,
    sync::{Arc, atomic::AtomicU64},
};

use misfire_sanitizer::SANITIZER_VERSION;
use program::version;
use prometheus_client::{
    encoding::text::encode,
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
        info::Info,
    },
    registry::{Registry, Unit},
};

use crate::events_table::IgnoredReason;

type Labelled = Family<[(&'static str, &'static str); 1], Counter>;
/// A number that goes up and down.
pub type Count = Gauge<u64, AtomicU64>;

/// The counters and gauges; cheap to clone, for all clones are one.
#[derive(Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
    /// Requests to the webhook's address.
    pub received: Counter,
    outcomes: Labelled,
    ignored: Labelled,
    refused: Labelled,
    redactions: Family<[(&'static str, String); 1], Counter>,
    queue_records: Count,
    queue_bytes: Count,
    /// Records in each batch.
    pub batch_records: Histogram,
    /// Seconds that each commit took.
    pub commit_seconds: Histogram,
    /// When a batch was last on disk, in Unix seconds.
    pub last_commit: Gauge<f64, AtomicU64>,
    /// Bytes of the live file of lines.
    pub file_bytes: Count,
    /// Bytes of the live file of rows.
    pub generations_file_bytes: Count,
    /// Bytes that may still be written to its disk.
    pub free_bytes: Count,
    /// Uuids that are remembered.
    pub recent_uuids: Count,
    /// What is pulled from PostHog.
    pub pull: PullMetrics,
    /// What passes through a cluster.
    pub queue: QueueMetrics,
}

/// The metrics of a cluster. They are shown where there is one.
#[derive(Debug, Clone)]
pub struct QueueMetrics {
    /// Messages that the writer has not read yet.
    pub lag_records: Count,
    /// Seconds until an event was acknowledged.
    pub publish_seconds: Histogram,
    /// Events for which a second way was tried.
    pub hedged: Counter,
    /// 1 where it cannot be seen whether all servers sync each message.
    pub sync_unseen: Count,
}

impl Default for QueueMetrics {
    fn default() -> Self {
        Self {
            lag_records: Count::default(),
            publish_seconds: Histogram::new(exponential_buckets(0.001, 2.0, 12)),
            hedged: Counter::default(),
            sync_unseen: Count::default(),
        }
    }
}

impl QueueMetrics {
    fn register(&self, registry: &mut Registry) {
        registry.register("lag_records", "Messages that the writer has not read yet", self.lag_records.clone());
        let publish = self.publish_seconds.clone();
        registry.register_with_unit("publish", "Time until an event was acknowledged", Unit::Seconds, publish);
        registry.register("hedged", "Events for which a second way was tried", self.hedged.clone());
        let unseen = self.sync_unseen.clone();
        registry.register("sync_unseen", "Whether it is unknown if all servers sync each message", unseen);
    }
}

/// The metrics of a pull.
#[derive(Debug, Clone, Default)]
pub struct PullMetrics {
    events: Labelled,
    /// Requests to PostHog.
    pub queries: Counter,
    /// Pulls that failed.
    pub failures: Counter,
    /// Events whose content is not there yet.
    pub waiting: Count,
    lag: Gauge<f64, AtomicU64>,
}

impl PullMetrics {
    /// Events with the same end: `stored`, `duplicate`, `ignored`, `refused`, `no_content_yet`, `too_large` or `given_up`.
    pub fn outcome(&self, outcome: &'static str, events: u64) {
        self.events.get_or_create(&[("outcome", outcome)]).inc_by(events);
    }

    /// How long ago everything was taken.
    pub fn lag(&self, seconds: f64) {
        self.lag.set(seconds);
    }

    fn register(&self, registry: &mut Registry) {
        registry.register("pull_events", "Events that were pulled, by what became of them", self.events.clone());
        registry.register("pull_queries", "Requests to PostHog", self.queries.clone());
        registry.register("pull_failures", "Pulls that failed", self.failures.clone());
        registry.register("pull_waiting", "Events whose content is not there yet", self.waiting.clone());
        let lag = self.lag.clone();
        registry.register_with_unit("pull_lag", "Time since everything was pulled", Unit::Seconds, lag);
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let mut metrics = Self {
            registry: Arc::default(),
            received: Counter::default(),
            outcomes: Family::default(),
            ignored: Family::default(),
            refused: Family::default(),
            redactions: Family::default(),
            queue_records: Count::default(),
            queue_bytes: Count::default(),
            batch_records: Histogram::new(exponential_buckets(1.0, 4.0, 7)),
            commit_seconds: Histogram::new(exponential_buckets(0.000_25, 4.0, 8)),
            last_commit: Gauge::default(),
            file_bytes: Count::default(),
            generations_file_bytes: Count::default(),
            free_bytes: Count::default(),
            recent_uuids: Count::default(),
            pull: PullMetrics::default(),
            queue: QueueMetrics::default(),
        };
        metrics.begin_at_zero();
        metrics.registry = Arc::new(metrics.registered());
        metrics
    }
}

impl Metrics {
    /// Those of a process of a cluster.
    pub fn of_cluster() -> Self {
        let mut metrics = Self::default();
        let mut registry = metrics.registered();
        metrics.queue.register(&mut registry);
        metrics.registry = Arc::new(registry);
        metrics
    }

    /// An event's end: `stored`, `duplicate`, `ignored` or `quarantined`.
    pub fn outcome(&self, outcome: &'static str) {
        self.outcomes.get_or_create(&[("outcome", outcome)]).inc();
    }

    /// An event that is ignored, with the reason.
    pub fn ignored(&self, reason: IgnoredReason) {
        self.outcome("ignored");
        self.ignored.get_or_create(&[("reason", reason.as_str())]).inc();
    }

    /// A refused request, by its problem's code.
    pub fn refused(&self, reason: &'static str) {
        self.refused.get_or_create(&[("reason", reason)]).inc();
    }

    /// Placeholders of one type in a stored record.
    pub fn redacted(&self, label: &str, count: u64) {
        self.redactions.get_or_create(&[("type", label.to_owned())]).inc_by(count);
    }

    /// Everything as OpenMetrics text. What waits for the disk, in records and bytes, is given: the queue counts it.
    ///
    /// # Errors
    /// When a metric cannot be written as text.
    pub fn to_text(&self, (records, bytes): (u64, u64)) -> Result<String, fmt::Error> {
        self.queue_records.set(records);
        self.queue_bytes.set(bytes);
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }

    /// A counter that appears with its first event never rises from 0 to 1, so `increase()` of Prometheus would miss that event. What
    /// an alert watches is there from the start.
    fn begin_at_zero(&self) {
        for outcome in ["stored", "duplicate", "ignored", "quarantined"] {
            drop(self.outcomes.get_or_create(&[("outcome", outcome)]));
        }
        for reason in ["not_kept", "not_a_failure", "no_content", "privacy_mode", "forgotten"] {
            drop(self.ignored.get_or_create(&[("reason", reason)]));
        }
        for reason in ["unauthenticated", "queue-full", "unavailable", "disk-slow"] {
            drop(self.refused.get_or_create(&[("reason", reason)]));
        }
        for outcome in ["given_up", "too_large", "refused"] {
            drop(self.pull.events.get_or_create(&[("outcome", outcome)]));
        }
    }

    fn registered(&self) -> Registry {
        let mut registry = Registry::with_prefix("misfire");
        let build = [
            ("version", version::RELEASE.to_owned()),
            ("commit", version::COMMIT.unwrap_or("unknown").to_owned()),
            ("sanitizer_version", SANITIZER_VERSION.to_string()),
        ];
        registry.register("build", "Which build this is", Info::new(build.to_vec()));
        registry.register("received", "Requests to the webhook's address", self.received.clone());
        registry.register("events", "Events that were taken, by what became of them", self.outcomes.clone());
        registry.register("ignored", "Events that were ignored, by reason", self.ignored.clone());
        registry.register("refused", "Requests that were refused, by reason", self.refused.clone());
        registry.register("redactions", "Placeholders in stored records, by type", self.redactions.clone());
        registry.register("queue_records", "Records that wait for the disk", self.queue_records.clone());
        registry.register_with_unit("queue", "What waits for the disk", Unit::Bytes, self.queue_bytes.clone());
        registry.register("batch_records", "Records in each batch", self.batch_records.clone());
        registry.register_with_unit("commit", "Time that each commit took", Unit::Seconds, self.commit_seconds.clone());
        let last = self.last_commit.clone();
        registry.register_with_unit("last_commit_timestamp", "When a batch was last on disk", Unit::Seconds, last);
        registry.register_with_unit("file", "Size of the live file", Unit::Bytes, self.file_bytes.clone());
        let of_rows = self.generations_file_bytes.clone();
        registry.register_with_unit("generations_file", "Size of the live file of rows", Unit::Bytes, of_rows);
        registry.register_with_unit("free", "Room on the file's disk", Unit::Bytes, self.free_bytes.clone());
        registry.register("recent_uuids", "Uuids that are remembered", self.recent_uuids.clone());
        self.pull.register(&mut registry);
        registry
    }
}
