//! How many connections may be open, and which stay open.

use std::{cell::OnceCell, cmp, sync::Arc};

use actix_web::{
    HttpResponse,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::ConnectionType,
    middleware::Next,
};
use anyhow::{Context, ensure};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{problem::Problem, webhook};

/// Descriptors that are kept for files: the live ones, those that are being closed or rewritten, and what the runtime needs.
const DESCRIPTORS_RESERVED: u64 = 64;
/// How many connections may be open where nothing else is set and the system allows it.
const CONNECTIONS_DEFAULT: u64 = 1_024;

/// Raises the soft limit on descriptors to the hard one, and gives how many connections may be open: what is asked for, or what the
/// limit leaves.
///
/// # Errors
/// When more is asked for than the limit leaves.
pub fn connections_max(asked: Option<u32>) -> anyhow::Result<usize> {
    let limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum })
            .context("the limit on open files cannot be raised")?;
    }
    // No limit at all counts as a very high one.
    let descriptors = getrlimit(Resource::Nofile).current.unwrap_or(u64::from(u32::MAX));
    allowed(asked.map(u64::from), descriptors)
}

fn allowed(asked: Option<u64>, descriptors: u64) -> anyhow::Result<usize> {
    let room = descriptors.saturating_sub(DESCRIPTORS_RESERVED);
    ensure!(
        room >= asked.unwrap_or(2),
        "CONNECTIONS_MAX: the limit on open files is {descriptors}, {DESCRIPTORS_RESERVED} of them are kept for files, and \
         {} connections do not fit. Raise the limit (ulimit -n, or LimitNOFILE), or set CONNECTIONS_MAX to at most {room}",
        asked.unwrap_or(2)
    );
    Ok(asked.unwrap_or(cmp::min(CONNECTIONS_DEFAULT, room)) as usize)
}

/// Permits to stay open between requests. There are fewer of them than connections may be open, so that a new caller finds room
/// however many others stay.
#[derive(Clone)]
pub struct KeepAlivePermits(Arc<Semaphore>);

impl KeepAlivePermits {
    /// For so many connections at once: one in eight is kept for new callers, at most 64.
    pub fn new(connections_max: usize) -> Self {
        let free = (connections_max / 8).clamp(1, 64);
        Self(Arc::new(Semaphore::new(connections_max.saturating_sub(free))))
    }

    /// For a connection that was accepted.
    pub fn for_connection(&self) -> ConnectionKeepAlive {
        ConnectionKeepAlive { permits: self.0.clone(), permit: OnceCell::new() }
    }
}

/// The permit of one connection, from its first webhook that was taken until it ends.
pub struct ConnectionKeepAlive {
    permits: Arc<Semaphore>,
    permit: OnceCell<OwnedSemaphorePermit>,
}

impl ConnectionKeepAlive {
    fn is_granted(&self) -> bool {
        let granted = || self.permits.clone().try_acquire_owned().ok().map(|permit| self.permit.set(permit));
        self.permit.get().is_some() || granted().is_some()
    }
}

/// Keeps a connection open only for a caller whose webhook was taken, or will be, and while there are permits: PostHog reuses its
/// sockets. Every other answer closes the connection, so that nobody can hold many of them without a secret.
///
/// # Errors
/// Those of the service that it wraps.
pub async fn close_unless_taken(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let is_webhook = request.path() == webhook::PATH;
    let mut response = next.call(request).await?;
    let stays = is_webhook
        && is_of_taken_webhook(response.response())
        && response.request().conn_data().is_some_and(ConnectionKeepAlive::is_granted);
    if !stays {
        response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    Ok(response)
}

/// Whether the caller was authenticated and the service has judged the event, whatever became of it.
fn is_of_taken_webhook<B>(response: &HttpResponse<B>) -> bool {
    let problem = response.error().and_then(|error| error.as_error::<Problem>());
    response.status().is_success() || matches!(problem, Some(Problem::Ingest(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_keep_their_descriptors_whatever_is_asked() {
        assert_eq!(allowed(None, 1_024).unwrap(), 960);
        assert_eq!(allowed(None, 1 << 20).unwrap(), 1_024);
        assert_eq!(allowed(Some(960), 1_024).unwrap(), 960);
        let error = allowed(Some(961), 1_024).unwrap_err().to_string();
        assert!(error.contains("CONNECTIONS_MAX to at most 960"), "{error}");
        assert!(allowed(None, 64).is_err());
    }
}
