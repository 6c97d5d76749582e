//! Sends webhooks in the background: one request per event, with PostHog's timeout and retries.
//!
//! Each destination has several lanes, and the distinct_id chooses the lane, as in PostHog's own partitioning. So a
//! person's events are delivered one after the other, in order. A delivery that waits for its next attempt leaves its
//! lane, so that it does not block the others. Only then the order changes.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
    time::{Duration, Instant},
};

use credentials::standard_webhooks::{ID_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER};
use hyper::{Request, header::HeaderValue};
use jiff::Timestamp;
use serde_json::{Map, Value};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use uuid::Uuid;

use super::{
    Destination, Prepared,
    in_flight::{InFlight, InFlightGuard},
    retry::{self, Ended, JITTER_MS, Next, OnTooMany},
};
use crate::{
    faults::{REORDERED_WITHIN, SharedFaults},
    http::{Answer, Body, Client},
    json::cut,
    settings::Secrets,
    store::{Attempt, DeliveryState, RunId, Store, Stored},
};

/// `EXTERNAL_REQUEST_TIMEOUT_MS`: the longest time for a request, including the connection and the answer.
const TIMEOUT: Duration = Duration::from_secs(3);
/// The number of lanes of each destination, which is how many requests it gets at the same time.
const LANES: usize = 8;
/// The most payload that may be queued, in KiB. Each event counts as at least 1 KiB.
const QUEUED_KIB_MAX: u32 = 64 * 1024;
/// `MAX_LOG_LENGTH`: how much of an answer is stored, in characters.
const ANSWER_CHARS_MAX: usize = 10_000;

/// Reserved space in the queue, for the deliveries of one capture request. It is released when the last of them has
/// ended.
#[derive(Clone)]
pub struct Reservation(#[expect(dead_code, reason = "it only has to be held")] Arc<OwnedSemaphorePermit>);

/// One event on its way to one destination.
pub struct Delivery {
    /// Identifies the delivery in the store, where its attempts are recorded.
    pub run: RunId,
    /// The index of the destination.
    pub destination: usize,
    /// The event's distinct_id, which chooses the lane.
    pub distinct_id: String,
    /// The request.
    pub prepared: Prepared,
    /// Held until the delivery has ended.
    pub reservation: Reservation,
    /// When the delivery was queued.
    pub since: Instant,
}

/// How long a delivery waits between its attempts.
#[derive(Debug, Clone, Copy)]
pub struct Waits {
    /// Factor on every wait; 1 is PostHog's own.
    pub time_scale: f64,
    /// What a 429 means.
    pub on_too_many: OnTooMany,
}

/// A handle on the lanes. Cheap to clone.
#[derive(Clone)]
pub struct Deliveries {
    lanes: Vec<mpsc::UnboundedSender<(Delivery, InFlightGuard)>>,
    capacity: Arc<Semaphore>,
    in_flight: InFlight,
}

impl Deliveries {
    /// Starts the lanes of `destinations`. They end when the last handle is dropped.
    pub fn start(
        destinations: Arc<[Destination]>,
        store: Store,
        secrets: Secrets,
        faults: SharedFaults,
        waits: Waits,
    ) -> Self {
        let deliverer = Arc::new(Deliverer { client: Client::new(), store, secrets, faults, waits, destinations });
        let lanes = (0..deliverer.destinations.len() * LANES).map(|_| {
            // The channel is bounded by the reservations that the deliveries hold.
            let (sender, mut receiver) = mpsc::unbounded_channel::<(Delivery, InFlightGuard)>();
            let deliverer = Arc::clone(&deliverer);
            tokio::spawn(async move {
                while let Some((delivery, guard)) = receiver.recv().await {
                    Arc::clone(&deliverer).take(delivery, guard).await;
                }
            });
            sender
        });
        Self {
            lanes: lanes.collect(),
            capacity: Arc::new(Semaphore::new(QUEUED_KIB_MAX as usize)),
            in_flight: InFlight::default(),
        }
    }

    /// Reserves space for the deliveries of `events`, which have `payload_bytes` together, to each of `destinations`.
    /// `None` when too much is queued already.
    pub fn reserve(&self, events: usize, payload_bytes: usize, destinations: usize) -> Option<Reservation> {
        let kib = (events + payload_bytes / 1024) * destinations;
        // A request that is larger than the whole queue reserves all of it.
        let kib = u32::try_from(kib).unwrap_or(u32::MAX).min(QUEUED_KIB_MAX);
        let permit = Arc::clone(&self.capacity).try_acquire_many_owned(kib).ok()?;
        Some(Reservation(Arc::new(permit)))
    }

    /// Queues a delivery.
    pub fn send(&self, delivery: Delivery) {
        let mut hasher = DefaultHasher::new();
        delivery.distinct_id.hash(&mut hasher);
        let lane = delivery.destination * LANES + (hasher.finish() % LANES as u64) as usize;
        if self.lanes[lane].send((delivery, self.in_flight.start())).is_err() {
            log::error!("a delivery lane has ended");
        }
    }

    /// Waits until all deliveries have ended, but no longer than `longest`. Returns how many have not.
    pub async fn drain(&self, longest: Duration) -> usize {
        self.in_flight.drain(longest).await
    }
}

struct Deliverer {
    client: Client,
    store: Store,
    secrets: Secrets,
    faults: SharedFaults,
    waits: Waits,
    destinations: Arc<[Destination]>,
}

impl Deliverer {
    /// Handles the next delivery of a lane, after the delay that faults ask for.
    async fn take(self: Arc<Self>, delivery: Delivery, guard: InFlightGuard) {
        let faults = self.faults.current();
        if faults.reordered {
            let wait = REORDERED_WITHIN.mul_f64(fastrand::f64());
            tokio::spawn(async move {
                tokio::time::sleep(wait).await;
                self.deliver(delivery, guard).await;
            });
            return;
        }
        if faults.delivery_delay_ms > 0 {
            // The delay counts from when the delivery was queued. It passes within the lane, which keeps the order.
            let begins = delivery.since + Duration::from_millis(faults.delivery_delay_ms);
            tokio::time::sleep_until(begins.into()).await;
        }
        self.deliver(delivery, guard).await;
    }

    /// Makes the first attempt. Further attempts run in a task of their own, so that they do not block the lane.
    async fn deliver(self: Arc<Self>, delivery: Delivery, guard: InFlightGuard) {
        // The id is the same in all attempts of a delivery, and different for each delivery.
        let webhook_id = Uuid::now_v7().to_string();
        let Some(mut wait) = self.attempt(1, &delivery, &webhook_id).await else {
            return self.repeat(1, &delivery).await;
        };
        tokio::spawn(async move {
            let _guard = guard;
            for attempt in 2.. {
                tokio::time::sleep(wait).await;
                match self.attempt(attempt, &delivery, &webhook_id).await {
                    Some(longer) => wait = longer,
                    None => return self.repeat(attempt, &delivery).await,
                }
            }
        });
    }

    /// Repeats the delivery after attempt number `last`, as often as the faults say. Each repetition has a webhook id
    /// of its own, because it is another delivery of the same event.
    async fn repeat(&self, last: u32, delivery: &Delivery) {
        for repetition in 1..=self.faults.current().duplicates {
            self.attempt(last + repetition, delivery, &Uuid::now_v7().to_string()).await;
        }
    }

    /// Makes an attempt and records it. Returns how long to wait if another attempt follows.
    async fn attempt(&self, number: u32, delivery: &Delivery, webhook_id: &str) -> Option<Duration> {
        if self.store.was_reset_since(delivery.run) {
            return None;
        }
        self.store.attempt_started(delivery.run, number);
        let (at, started) = (Timestamp::now(), Instant::now());
        let mut sent = tokio::time::timeout(TIMEOUT, self.send(delivery, webhook_id)).await;
        let faults = self.faults.current();
        if number <= faults.lost_answers {
            sent = Ok(Err("the answer was lost on purpose".to_owned()));
        }
        let millis = started.elapsed().as_millis() as u64;

        let mut attempt = Attempt { number, at, millis, status: None, error: None, answer: None };
        let mut stored = None;
        let ended = match sent {
            Ok(Ok(answer)) => {
                attempt.status = Some(answer.status.as_u16());
                stored = stored_line(&answer.body);
                let text = self.secrets.masked(String::from_utf8_lossy(&answer.body).into_owned());
                attempt.answer = Some(cut(text, ANSWER_CHARS_MAX));
                Ended::Answered {
                    status: answer.status,
                    retry_after: retry::retry_after(&answer.headers, Timestamp::now()),
                }
            }
            Ok(Err(error)) => {
                attempt.error = Some(error);
                Ended::Unanswered
            }
            Err(_) => {
                attempt.error = Some(format!("no answer within {} s", TIMEOUT.as_secs()));
                Ended::Unanswered
            }
        };
        let next = retry::next(number, &ended, self.waits.on_too_many, fastrand::u64(..JITTER_MS));
        let name = self.destinations[delivery.destination].name();
        let (state, wait) = match next {
            Next::Delivered => (DeliveryState::Delivered, None),
            Next::GiveUp => {
                log::warn!("{name}: not delivered, {}", outcome(&attempt));
                (DeliveryState::Failed, None)
            }
            Next::RetryAfter(wait) => {
                let wait = wait.mul_f64(faults.time_scale.unwrap_or(self.waits.time_scale));
                log::info!("{name}: attempt {number} failed, {}; next in {} ms", outcome(&attempt), wait.as_millis());
                (DeliveryState::Retrying, Some(wait))
            }
        };
        self.store.attempt_ended(delivery.run, attempt, state, stored, wait);
        wait
    }

    /// Sends the request. If the connection was closed meanwhile, sends it once more within the same attempt, as
    /// PostHog does.
    async fn send(&self, delivery: &Delivery, webhook_id: &str) -> Result<Answer, String> {
        let send = || async {
            let request = self.request(delivery, webhook_id)?;
            Ok::<_, String>(self.client.send(request).await)
        };
        match send().await? {
            Err(error) if error.connection_dropped() => send().await?,
            result => result,
        }
        .map_err(|error| error.to_string())
    }

    fn request(&self, delivery: &Delivery, webhook_id: &str) -> Result<Request<Body>, String> {
        let prepared = &delivery.prepared;
        let mut headers = prepared.headers.clone();
        // RFC 7240. It is not in the declaration: it asks Misfire's API to answer with the stored line, which the
        // inspector shows. Other receivers ignore it.
        headers.insert("prefer", HeaderValue::from_static("return=representation"));
        if let Some(key) = &self.destinations[delivery.destination].signing_key {
            let timestamp = Timestamp::now().as_second();
            let value = |text: &str| HeaderValue::from_str(text).map_err(|error| error.to_string());
            headers.insert(ID_HEADER, value(webhook_id)?);
            headers.insert(TIMESTAMP_HEADER, timestamp.into());
            headers.insert(SIGNATURE_HEADER, value(&key.sign(webhook_id, timestamp, &prepared.body))?);
        }
        let mut request = Request::new(Body::new(prepared.body.clone()));
        *request.method_mut() = prepared.method.clone();
        *request.uri_mut() = prepared.uri.clone();
        *request.headers_mut() = headers;
        Ok(request)
    }
}

fn outcome(attempt: &Attempt) -> String {
    match (attempt.status, &attempt.error) {
        (Some(status), _) => format!("status {status}"),
        (None, error) => error.clone().unwrap_or_default(),
    }
}

/// The line that the receiver says it stored. It is read from the whole answer, and its strings are cut one by one.
fn stored_line(body: &[u8]) -> Option<Stored> {
    let mut answer: Map<String, Value> = serde_json::from_slice(body).ok()?;
    let text = |value: Value| value.as_str().map(|text| cut(text.to_owned(), ANSWER_CHARS_MAX));
    let status = text(answer.remove("status")?)?;
    let mut maybe = |key| answer.remove(key).and_then(text);
    let (reason, detail) = (maybe("reason"), maybe("detail"));
    let line = match answer.remove("record") {
        Some(Value::Object(line)) => {
            Some(line.into_iter().filter_map(|(key, value)| Some((key, text(value)?.into()))).collect())
        }
        _ => None,
    };
    Some(Stored { status, reason, detail, line })
}
