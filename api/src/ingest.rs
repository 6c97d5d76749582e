//! The service: what happens to an event, in one function. Handlers and commands call it, and none of them knows the steps.

use std::time::Duration;

use jiff::Timestamp;
use journal::{Rejection, Sanitizer, TrainingRecord};
use log::{debug, info, warn};
use shared::event::GENERATION_FAILED;
use tokio::time::timeout;
use uuid::Uuid;

use crate::{
    event::{self, BodyError},
    metrics::Metrics,
    writer::{AppendError, Appended, WriterHandle},
};

/// PostHog waits 3 s for an answer (`EXTERNAL_REQUEST_TIMEOUT_MS`), so the API gives one before that.
const COMMIT_TIMEOUT: Duration = Duration::from_millis(2_500);

/// Parses, redacts and appends.
#[derive(Clone)]
pub struct Ingest {
    sanitizer: Sanitizer,
    writer: WriterHandle,
    metrics: Metrics,
}

/// The outcome for an event.
#[derive(Debug)]
pub enum Outcome {
    /// It is a line, and the line is on disk.
    Stored(TrainingRecord),
    /// It was a line already.
    Duplicate(Uuid),
    /// It is another event than `generation_failed`.
    Ignored,
    /// It is of a person who was erased after it happened. Nothing of it is kept, however often it is sent.
    Forgotten,
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
        /// Each field that is wrong, with what is wrong.
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
    /// A service that writes through `writer`.
    pub fn new(sanitizer: Sanitizer, writer: WriterHandle, metrics: Metrics) -> Self {
        Self { sanitizer, writer, metrics }
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
        let event = event::parse(body, webhook_id, Uuid::now_v7)?;
        if event.name != GENERATION_FAILED {
            debug!("{}: ignored, another event", event.uuid);
            self.metrics.outcome("ignored");
            return Ok(Outcome::Ignored);
        }
        match TrainingRecord::new(&event.to_plain(received_at), &self.sanitizer) {
            Ok(record) => self.append(record).await,
            Err(rejection) => self.quarantine(*rejection, received_at).await,
        }
    }

    async fn append(&self, record: TrainingRecord) -> Result<Outcome, IngestError> {
        match timeout(COMMIT_TIMEOUT, self.writer.append(&record)).await.map_err(|_| IngestError::CommitTimeout)?? {
            Appended::Stored => {
                debug!("{}: stored", record.uuid());
                self.metrics.outcome("stored");
                record.redactions().iter().for_each(|(label, count)| self.metrics.redacted(label, *count));
                Ok(Outcome::Stored(record))
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
        self.metrics.outcome("forgotten");
        Outcome::Forgotten
    }

    async fn quarantine(&self, rejection: Rejection, received_at: Timestamp) -> Result<Outcome, IngestError> {
        let uuid = rejection.uuid;
        let appended = timeout(COMMIT_TIMEOUT, self.writer.quarantine(&rejection, received_at))
            .await
            .map_err(|_| IngestError::CommitTimeout)??;
        if appended == Appended::Forgotten {
            return Ok(self.forgotten(uuid));
        }
        warn!("{uuid}: quarantined, no usable prompt");
        self.metrics.outcome("quarantined");
        Err(IngestError::Unusable { fields: rejection.fields })
    }
}
