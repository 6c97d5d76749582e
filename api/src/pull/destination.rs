//! Who takes the events: the service within this process, or a running API.

use std::{
    sync::{Mutex, PoisonError, mpsc},
    thread,
    time::Duration,
};

use anyhow::bail;
use futures_util::future::join_all;
use jiff::Timestamp;
use tokio::runtime::Handle;

use super::{api_client::ApiClient, given::Given};
use crate::{
    ingest::{Ingest, IngestError, Outcome},
    problem::Problem,
};

/// How many events the service is given at once: they share a sync.
const AT_ONCE: usize = 64;
/// How long to wait when the service cannot take an event, and how often it is asked before the run is given up.
const RETRY_AFTER: Duration = Duration::from_secs(2);
const ATTEMPTS_MAX: u32 = 30;

/// Takes events.
pub(super) enum Destination {
    /// The service, on the runtime that its writer answers on.
    Service(Box<Ingest>, Handle),
    /// An API, with how many events it is posted at once.
    Api(ApiClient, u8),
}

impl Destination {
    /// Gives the bodies, and waits until each has its outcome.
    ///
    /// # Errors
    /// When they cannot be taken now. Some may have been.
    pub(super) fn give(&self, bodies: &[String]) -> anyhow::Result<Vec<Given>> {
        match self {
            Self::Service(ingest, runtime) => {
                let mut given = Vec::with_capacity(bodies.len());
                for bodies in bodies.chunks(AT_ONCE) {
                    let all = bodies.iter().map(|body| ingested(ingest, body));
                    for outcome in runtime.block_on(join_all(all)) {
                        given.push(outcome?);
                    }
                }
                Ok(given)
            }
            Self::Api(api, concurrency) => posted(api, bodies, *concurrency),
        }
    }
}

async fn ingested(ingest: &Ingest, body: &str) -> anyhow::Result<Given> {
    for _ in 0..ATTEMPTS_MAX {
        let error = match ingest.ingest(body.as_bytes(), None, Timestamp::now()).await {
            Ok(Outcome::Stored(_)) => return Ok(Given::Stored),
            Ok(Outcome::Duplicate(_)) => return Ok(Given::Duplicate),
            Ok(Outcome::Ignored(ignored)) => return Ok(Given::Ignored(ignored.reason.as_str().to_owned())),
            Err(error) => error,
        };
        match error {
            IngestError::Body(_) | IngestError::Unusable { .. } => {
                return Ok(Given::Refused(Problem::Ingest(error).to_string()));
            }
            IngestError::Append(_) | IngestError::CommitTimeout => tokio::time::sleep(RETRY_AFTER).await,
        }
    }
    bail!("the disk does not take events")
}

fn posted(api: &ApiClient, bodies: &[String], concurrency: u8) -> anyhow::Result<Vec<Given>> {
    let given = Mutex::new(vec![None; bodies.len()]);
    let failed = Mutex::new(None);
    let (queue, numbers) = mpsc::channel();
    (0..bodies.len()).for_each(|number| _ = queue.send(number));
    drop(queue);
    let numbers = Mutex::new(numbers);
    thread::scope(|scope| {
        for _ in 0..concurrency {
            scope.spawn(|| {
                loop {
                    let next = numbers.lock().unwrap_or_else(PoisonError::into_inner).try_recv();
                    let Ok(number) = next else { return };
                    match api.post(&bodies[number]) {
                        Ok(answer) => given.lock().unwrap_or_else(PoisonError::into_inner)[number] = Some(answer),
                        Err(error) => {
                            *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                            return;
                        }
                    }
                }
            });
        }
    });
    if let Some(error) = failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(error);
    }
    Ok(given.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().flatten().collect())
}
