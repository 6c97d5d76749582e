//! The service: what happens to an event, in one function. Handlers and commands call it, and none of them knows the steps.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use journal::{RedactedEvent, Rejection, Sanitizer};
use log::{debug, info, warn};
use misfire_sanitizer::Redactor;
use tokio::time::timeout;
use uuid::Uuid;

use crate::{
    event::{self, BodyError, ReceivedEvent},
    events_table::{EventsTable, Ignored, IgnoredReason, Kept, Mapped},
    metrics::Metrics,
    writer::{AppendError, Appended, WriterHandle},
};

/// PostHog waits 3 s for an answer (`EXTERNAL_REQUEST_TIMEOUT_MS`), so the API gives one before that.
const COMMIT_TIMEOUT: Duration = Duration::from_millis(2_500);

/// For how many names and reasons the first ignored event is logged. Whoever sends events chooses their names.
const LOGGED_MAX: usize = 256;

/// Parses, maps, redacts and appends.
#[derive(Clone)]
pub struct Ingest {
    events: EventsTable,
    sanitizer: Sanitizer,
    writer: WriterHandle,
    metrics: Metrics,
    /// Whether generations that went well are kept, where a pull says that they belong to one that did not.
    keeps_successes: bool,
    logged: Arc<Mutex<HashSet<(String, IgnoredReason)>>>,
}

/// The outcome for an event.
#[derive(Debug)]
pub enum Outcome {
    /// It is a line, a row or both, and these are on disk.
    Stored(Box<RedactedEvent>),
    /// It was already.
    Duplicate(Uuid),
    /// It is none that is kept, and nothing of it is.
    Ignored(Ignored),
}

/// Why an event was not taken.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// There is no event in the body.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// The event holds nothing to train on; what there is of it is in quarantine, on disk.
    #[error("the event has no usable prompt")]
    Unusable {
        /// Each field that is wrong, by its place in the body (RFC 6901), with what is wrong.
        fields: Vec<(String, String)>,
    },
    /// The writer did not take the record.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// The commit takes longer than PostHog waits; the record may still come to be stored.
    #[error("the disk is slow")]
    CommitTimeout,
}

impl Ingest {
    /// A service that keeps what `events` says and writes through `writer`.
    pub fn new(events: EventsTable, sanitizer: Sanitizer, writer: WriterHandle, metrics: Metrics) -> Self {
        Self { events, sanitizer, writer, metrics, keeps_successes: false, logged: Arc::default() }
    }

    /// The same, which keeps generations that went well, too, where a pull says that they belong to one that did not.
    pub fn keeping_successes(self, keeps_successes: bool) -> Self {
        Self { keeps_successes, ..self }
    }

    /// Takes a body: the answer is an outcome only when it is true, after the write. `webhook_id` is the id of a signed
    /// delivery, which names an event that has no uuid.
    ///
    /// # Errors
    /// [`IngestError`]; what is refused as unusable is in quarantine by then.
    pub async fn ingest(
        &self,
        body: &[u8],
        webhook_id: Option<&str>,
        received_at: Timestamp,
    ) -> Result<Outcome, IngestError> {
        let mut event = event::parse(body, webhook_id, Uuid::now_v7)?;
        event.is_wanted_success &= self.keeps_successes;
        match self.events.map(&event) {
            Mapped::Ignored(ignored) => Ok(self.ignore(&event, ignored)),
            Mapped::Kept(kept) => match RedactedEvent::new(&kept.to_plain(&event, received_at), &self.sanitizer) {
                Ok(redacted) => self.append(redacted).await,
                Err(rejection) => self.quarantine(*rejection, &kept, received_at).await,
            },
        }
    }

    fn ignore(&self, event: &ReceivedEvent<'_>, ignored: Ignored) -> Outcome {
        debug!("{}: ignored, {}", event.uuid, ignored.reason.as_str());
        self.metrics.ignored(ignored.reason);
        let mut logged = self.logged.lock().unwrap_or_else(PoisonError::into_inner);
        // A wrong integration looks like success to PostHog. Here it is seen.
        if logged.len() < LOGGED_MAX && logged.insert((event.name.to_string(), ignored.reason)) {
            // The name is the sender's, and may be anything; the other words are ours.
            let name = Redactor::new(&self.sanitizer.policy).redact(&event.name);
            let detail = ignored.detail.replace(event.name.as_ref(), &name);
            info!("ignored, {}: {detail}. This is logged for the first such event", ignored.reason.as_str());
        }
        Outcome::Ignored(ignored)
    }

    async fn append(&self, record: RedactedEvent) -> Result<Outcome, IngestError> {
        match timeout(COMMIT_TIMEOUT, self.writer.append(&record)).await.map_err(|_| IngestError::CommitTimeout)?? {
            Appended::Stored => {
                debug!("{}: stored", record.uuid());
                self.metrics.outcome("stored");
                record.redactions().iter().for_each(|(label, count)| self.metrics.redacted(label, *count));
                Ok(Outcome::Stored(Box::new(record)))
            }
            Appended::Duplicate => {
                info!("{}: duplicate", record.uuid());
                self.metrics.outcome("duplicate");
                Ok(Outcome::Duplicate(record.uuid()))
            }
            Appended::Forgotten => Ok(self.forgotten(record.uuid())),
        }
    }

    fn forgotten(&self, uuid: Uuid) -> Outcome {
        info!("{uuid}: ignored, of a person who was erased since");
        self.metrics.ignored(IgnoredReason::Forgotten);
        let detail = "the event's person was erased after it happened; nothing of it is kept".to_owned();
        Outcome::Ignored(Ignored { reason: IgnoredReason::Forgotten, detail })
    }

    async fn quarantine(
        &self,
        mut rejection: Rejection,
        kept: &Kept<'_>,
        received_at: Timestamp,
    ) -> Result<Outcome, IngestError> {
        if kept.is_input_null {
            rejection.fields.iter_mut().for_each(|(_, wrong)| *wrong = "is null".into());
        }
        let uuid = rejection.uuid;
        let appended = timeout(COMMIT_TIMEOUT, self.writer.quarantine(&rejection, received_at))
            .await
            .map_err(|_| IngestError::CommitTimeout)??;
        if appended == Appended::Forgotten {
            return Ok(self.forgotten(uuid));
        }
        warn!("{uuid}: quarantined, no usable prompt");
        self.metrics.outcome("quarantined");
        // The input is the one property that can be wrong; too long a reason is cut.
        let fields = rejection.fields.into_iter().map(|(_, wrong)| (kept.input_pointer(), wrong));
        Err(IngestError::Unusable { fields: fields.collect() })
    }
}
