//! `GET /_local/stream`: every change of the store, as server-sent events.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use actix_web::{
    HttpResponse,
    web::{Bytes, Data},
};
use futures_util::stream;
use tokio::sync::broadcast::{Receiver, error::RecvError};

use crate::{pipeline::Pipeline, store::Change};

/// The most streams at the same time. (A browser opens at most six connections to a host.)
const STREAMS_MAX: usize = 32;
/// How often an idle stream sends a comment, so that a closed connection is noticed.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

static STREAMS: AtomicUsize = AtomicUsize::new(0);

/// Counts a stream while it is open.
struct Open;

impl Drop for Open {
    fn drop(&mut self) {
        STREAMS.fetch_sub(1, Ordering::Relaxed);
    }
}

/// `GET /_local/stream`
pub async fn stream(pipeline: Data<Pipeline>) -> HttpResponse {
    let open = Open;
    if STREAMS.fetch_add(1, Ordering::Relaxed) >= STREAMS_MAX {
        return HttpResponse::ServiceUnavailable().body("too many pages are open; close some of them");
    }
    let hello = Bytes::from_static(b"retry: 1000\nevent: hello\ndata:\n\n");
    let state = (Some(hello), pipeline.store.subscribe(), open);
    HttpResponse::Ok().content_type("text/event-stream").streaming(stream::unfold(
        state,
        |(hello, mut changes, open)| async {
            let message = match hello {
                Some(hello) => hello,
                None => next(&mut changes).await?,
            };
            Some((Ok::<_, actix_web::Error>(message), (None, changes, open)))
        },
    ))
}

async fn next(changes: &mut Receiver<Change>) -> Option<Bytes> {
    let message = |event: &str, data: Arc<str>| Some(format!("event: {event}\ndata: {data}\n\n").into());
    match tokio::time::timeout(KEEP_ALIVE, changes.recv()).await {
        Err(_) => Some(Bytes::from_static(b":\n\n")),
        Ok(Ok(Change::Event(summary))) => message("change", summary),
        Ok(Ok(Change::Email(email))) => message("email", email),
        Ok(Ok(Change::Faults(faults))) => message("faults", faults),
        Ok(Ok(Change::Flags(flags))) => message("flags", flags),
        // A subscriber that missed changes has to read everything again too.
        Ok(Ok(Change::Reset) | Err(RecvError::Lagged(_))) => message("reload", "".into()),
        Ok(Ok(Change::Stop) | Err(RecvError::Closed)) => None,
    }
}
