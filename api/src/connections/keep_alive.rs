//! Which connections stay open between requests.

use std::{
    cell::{Cell, OnceCell},
    rc::Rc,
    sync::Arc,
};

use actix_web::{
    HttpResponse,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{ConnectionType, StatusCode},
    middleware::Next,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::yield_now,
};

use super::caller_stream::{CallerStream, Stage};
use crate::{problem::Problem, webhook};

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
    pub fn for_connection(&self, stream: &CallerStream) -> ConnectionKeepAlive {
        ConnectionKeepAlive { permits: self.0.clone(), permit: OnceCell::new(), stage: stream.stage() }
    }
}

/// Whether one connection stays open. It holds its permit from its first webhook that was taken until it ends.
pub struct ConnectionKeepAlive {
    permits: Arc<Semaphore>,
    permit: OnceCell<OwnedSemaphorePermit>,
    stage: Rc<Cell<Stage>>,
}

impl ConnectionKeepAlive {
    fn is_ending(&self) -> bool {
        matches!(self.stage.get(), Stage::Closing | Stage::Closed)
    }

    /// Keeps the connection open, if there is a permit.
    fn keep(&self) -> bool {
        let granted = || self.permits.clone().try_acquire_owned().ok().map(|permit| self.permit.set(permit));
        let is_kept = self.permit.get().is_some() || granted().is_some();
        if is_kept {
            self.stage.set(Stage::Kept);
        }
        is_kept
    }
}

/// Keeps a connection open only for a caller whose webhook was taken, or will be, and while there are permits: PostHog reuses its
/// sockets. Every other answer closes the connection, so that nobody can hold many of them without a secret.
///
/// actix-http still gives the service what a caller sent behind such an answer. Nothing of that is processed (RFC 9112, section
/// 9.6): the connection ends at once, since a caller who sends thousands of requests and never reads would fill the memory with
/// answers.
///
/// # Errors
/// Those of the service that it wraps.
pub async fn close_unless_taken<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let connection = request.conn_data::<ConnectionKeepAlive>();
    if let Some(connection) = connection.filter(|connection| connection.is_ending()) {
        // The last answer is written meanwhile.
        yield_now().await;
        connection.stage.set(Stage::Closed);
        let never_sent = HttpResponse::new(StatusCode::SERVICE_UNAVAILABLE);
        return Ok(request.into_response(never_sent).map_into_right_body());
    }
    let is_webhook = request.path() == webhook::PATH;
    let mut response = next.call(request).await?;
    let connection = response.request().conn_data::<ConnectionKeepAlive>();
    let stays =
        is_webhook && is_of_taken_webhook(response.response()) && connection.is_some_and(ConnectionKeepAlive::keep);
    if !stays {
        if let Some(connection) = connection {
            connection.stage.set(Stage::Closing);
        }
        response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    Ok(response.map_into_left_body())
}

/// Whether the caller was authenticated and the service has judged the event, whatever became of it.
fn is_of_taken_webhook<B>(response: &HttpResponse<B>) -> bool {
    let problem = response.error().and_then(|error| error.as_error::<Problem>());
    response.status().is_success() || matches!(problem, Some(Problem::Ingest(_)))
}
