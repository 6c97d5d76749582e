//! Publishing an entry: it is acknowledged when most servers have it on disk.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_nats::Request;
use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::time::{Instant, sleep, sleep_until};

use super::{
    api::{self, ApiError, PublishAck},
    link::Link,
    message::{self, Encoded},
    route::{ROUTES, Route, hedge_after, routes},
    streams::{self, STREAMS},
};
use crate::{
    metrics::QueueMetrics,
    writer::{
        entry::Entry,
        outcome::{AppendError, Appended},
        waiting::Waiting,
    },
};

/// How long an event is tried. PostHog waits 3 s for an answer, and the service gives one after 2.5 s.
const PATIENCE: Duration = Duration::from_millis(2_350);
/// How long the way that answered is tried first.
const PREFERENCE: Duration = Duration::from_secs(5);
/// How long to wait before the ways are tried again that all failed at once.
const RETRY_DELAY: Duration = Duration::from_millis(50);
/// How often the cluster is asked whether it would take events again.
const PROBE_INTERVAL: Duration = Duration::from_millis(500);
/// The codes of a server for "full": the stream, what an account may store, and the disks.
const FULL: [u32; 3] = [10_077, 10_047, 10_023];

/// A cheap handle to the streams.
#[derive(Clone)]
pub struct QueueHandle(Arc<Publisher>);

pub(super) struct Publisher {
    pub(super) link: Link,
    pub(super) prefix: String,
    pub(super) waiting: Waiting,
    pub(super) records_max: u64,
    pub(super) metrics: QueueMetrics,
    preferred: Mutex<Option<(Route, Instant)>>,
    /// Whether the last event was acknowledged.
    is_good: AtomicBool,
}

/// Why a way did not take the message.
enum Failed {
    Full,
    Other,
}

impl QueueHandle {
    /// A handle that publishes to checked streams. At most so many records, and what `waiting` admits, are under way.
    pub(super) fn new(link: Link, prefix: &str, waiting: Waiting, records_max: u64, metrics: QueueMetrics) -> Self {
        let publisher = Publisher {
            link,
            prefix: prefix.to_owned(),
            waiting,
            records_max,
            metrics,
            preferred: Mutex::default(),
            is_good: AtomicBool::new(true),
        };
        let handle = Self(Arc::new(publisher));
        tokio::spawn(handle.clone().probe());
        handle
    }

    /// Publishes an entry; returns when most servers have it on disk.
    ///
    /// # Errors
    /// [`AppendError`].
    pub async fn append(&self, entry: Entry) -> Result<Appended, AppendError> {
        let publisher = &*self.0;
        let bytes = entry.bytes();
        if publisher.waiting.records() >= publisher.records_max || !publisher.waiting.admit(bytes) {
            return Err(AppendError::ClusterBusy);
        }
        // However this ends: the caller may hang up while it waits.
        let _release = Release { waiting: &publisher.waiting, bytes };
        let started = Instant::now();
        let home = (entry.whose.uuid.as_u128() % STREAMS as u128) as usize;
        let result = publisher.publish(home, &message::encode(&entry), started).await;
        publisher.is_good.store(result.is_ok(), Ordering::Relaxed);
        if result.is_ok() {
            publisher.metrics.publish_seconds.observe(started.elapsed().as_secs_f64());
        }
        result
    }

    /// Whether a connection stands, and the last event was acknowledged.
    pub fn is_writing(&self) -> bool {
        self.0.is_good.load(Ordering::Relaxed) && self.0.link.is_any_connected()
    }

    /// Whether most of the room for events under way is taken.
    pub fn is_nearly_full(&self) -> bool {
        self.0.waiting.is_nearly_full()
    }

    /// Records and bytes that are under way.
    pub fn waiting(&self) -> (u64, u64) {
        (self.0.waiting.records(), self.0.waiting.bytes())
    }

    /// While events are refused, asks for the streams' leaders: nobody sends an event to a node that is not ready.
    async fn probe(self) {
        loop {
            sleep(PROBE_INTERVAL).await;
            let publisher = &self.0;
            if publisher.is_good.load(Ordering::Relaxed) {
                continue;
            }
            for stream in 0..STREAMS {
                let client = publisher.link.client(stream);
                if let Ok(info) = api::stream_info(client, &streams::name(&publisher.prefix, stream)).await
                    && info.has_room()
                {
                    publisher.is_good.store(true, Ordering::Relaxed);
                    break;
                }
            }
        }
    }
}

/// Counts an entry out when it goes.
struct Release<'a> {
    waiting: &'a Waiting,
    bytes: u64,
}

impl Drop for Release<'_> {
    fn drop(&mut self) {
        self.waiting.release(self.bytes);
    }
}

impl Publisher {
    async fn publish(&self, home: usize, message: &Encoded, started: Instant) -> Result<Appended, AppendError> {
        let deadline = started + PATIENCE;
        let routes = routes(home, self.preferred(started));
        let mut under_way = FuturesUnordered::new();
        let (mut tried, mut next_at) = (0, started);
        let (mut sent, mut full) = ([0; STREAMS], [false; STREAMS]);
        loop {
            tokio::select! {
                biased;
                Some((route, result)) = under_way.next() => match result {
                    Ok(PublishAck { duplicate }) => {
                        self.prefer(route, tried > 1);
                        // The stream may know the message from another way of this very event.
                        let is_known = duplicate && sent[route.stream] == 1;
                        return Ok(if is_known { Appended::Duplicate } else { Appended::Stored });
                    }
                    Err(Failed::Full) => {
                        full[route.stream] = true;
                        if full == [true; STREAMS] {
                            return Err(AppendError::ClusterFull);
                        }
                        next_at = Instant::now();
                    }
                    Err(Failed::Other) => {
                        let now = Instant::now();
                        next_at = next_at.min(if tried < ROUTES { now } else { now + RETRY_DELAY });
                    }
                },
                () = sleep_until(next_at) => {
                    let route = routes[tried % ROUTES];
                    tried += 1;
                    if tried == 2 {
                        self.metrics.hedged.inc();
                    }
                    let is_usable = !full[route.stream] && self.link.is_connected(route.connection);
                    next_at = match (is_usable, tried < ROUTES) {
                        (true, _) => {
                            under_way.push(self.send(route, message, deadline));
                            sent[route.stream] += 1;
                            Instant::now() + hedge_after(tried)
                        }
                        (false, true) => Instant::now(),
                        (false, false) => Instant::now() + RETRY_DELAY,
                    };
                }
                () = sleep_until(deadline) => return Err(AppendError::ClusterSilent),
            }
        }
    }

    /// Sends a message by one way and waits for its acknowledgement.
    async fn send(&self, route: Route, message: &Encoded, deadline: Instant) -> (Route, Result<PublishAck, Failed>) {
        let request = Request::new()
            .headers(message.headers.clone())
            .payload(message.payload.clone())
            .timeout(Some(deadline.saturating_duration_since(Instant::now())));
        let subject = streams::subject(&self.prefix, route.stream, message.kind);
        let answer = api::ask(self.link.client(route.connection), subject, request).await;
        let result = answer.map_err(|error| match error {
            ApiError::Refused { err_code, .. } if FULL.contains(&err_code) => Failed::Full,
            error => {
                log::debug!("{route:?}: {error}");
                Failed::Other
            }
        });
        (route, result)
    }

    /// The way that answered when others did not, for a while.
    fn preferred(&self, now: Instant) -> Option<Route> {
        let preferred = *self.preferred.lock().unwrap_or_else(PoisonError::into_inner);
        preferred.filter(|(_, since)| now.saturating_duration_since(*since) < PREFERENCE).map(|(route, _)| route)
    }

    fn prefer(&self, route: Route, was_hedged: bool) {
        if was_hedged {
            *self.preferred.lock().unwrap_or_else(PoisonError::into_inner) = Some((route, Instant::now()));
        }
    }
}
