//! PostHog's capture API: a request comes in, events go on to the [pipeline](crate::pipeline).
//!
//! A request is read by PostHog's rules, one step a module: [`payload`] finds the JSON in it, [`request`] finds the events
//! in the JSON, [`time`] says when they happened, [`answer`] holds every refusal with PostHog's status and words, and
//! [`cors`] lets every page call. [`sdk`] answers what posthog-js asks for besides.

pub mod answer;
pub mod cors;
mod faults;
mod lz64;
pub mod payload;
pub mod request;
pub mod sdk;
mod surrogates;
pub mod time;

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::StreamExt;
use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use self::{
    answer::CaptureError,
    payload::{Encoded, Query},
    request::Receipt,
};
use crate::pipeline::Pipeline;

/// The longest pause within an upload.
const UPLOAD_PAUSE_MAX: Duration = Duration::from_secs(30);

/// The paths of single events, without and with the slash, with the longest body in bytes (PostHog's `router.rs`).
pub const EVENT_PATHS: [&str; 10] =
    ["/i/v0/e", "/i/v0/e/", "/e", "/e/", "/capture", "/capture/", "/track", "/track/", "/engage", "/engage/"];
/// The paths of batches.
pub const BATCH_PATHS: [&str; 2] = ["/batch", "/batch/"];

/// The longest body of a route, in bytes on the wire.
#[derive(Debug, Clone, Copy)]
pub struct BodyBytesMax(pub usize);
/// For [`EVENT_PATHS`].
pub const EVENT_BODY_BYTES_MAX: BodyBytesMax = BodyBytesMax(2 * 1024 * 1024);
/// For [`BATCH_PATHS`].
pub const BATCH_BODY_BYTES_MAX: BodyBytesMax = BodyBytesMax(20 * 1024 * 1024);

/// An event that PostHog has taken.
#[derive(Debug, Clone)]
pub struct CapturedEvent {
    /// The event's name through every hop.
    pub uuid: Uuid,
    /// What happened.
    pub event: String,
    /// Whose event it is; 1 to 200 characters.
    pub distinct_id: String,
    /// The properties, with `$set`, `$set_once`, `$ip` and `$sent_at` moved in as the server does.
    pub properties: Map<String, Value>,
    /// When it happened, corrected by the sender's clock.
    pub timestamp: Timestamp,
    /// When it arrived.
    pub captured_at: Timestamp,
}

/// Handles every method of every capture route.
pub async fn capture(request: HttpRequest, body: web::Payload, pipeline: web::Data<Pipeline>) -> HttpResponse {
    let query = Query::parse(request.query_string());
    if let Some(fault) = faults::before(&pipeline.faults.now()).await {
        return fault;
    }
    match accept(&request, &query, body, &pipeline).await {
        Ok(()) if query.beacon => HttpResponse::NoContent().finish(),
        Ok(()) => answer::ok(),
        Err(error) => error.into_response(),
    }
}

async fn accept(
    request: &HttpRequest,
    query: &Query,
    body: web::Payload,
    pipeline: &Pipeline,
) -> Result<(), CaptureError> {
    let bytes = read(request, body).await?;
    let encoded = Encoded {
        content_type: header(request, "content-type"),
        content_encoding: header(request, "content-encoding"),
        is_legacy_path: !request.path().starts_with("/batch") && !request.path().starts_with("/i/"),
        body: bytes,
    };
    let json = payload::find(query, encoded)?;
    let receipt = Receipt {
        now: Timestamp::now(),
        sent_at: query.sent_at,
        ip: request.peer_addr().map(|peer| peer.ip().to_canonical()),
        is_engage: request.path().starts_with("/engage"),
    };
    let events = request::events(&json, &receipt)?;
    pipeline.ingest(events, json.len()).map_err(|_| CaptureError::Busy)
}

async fn read(request: &HttpRequest, mut body: web::Payload) -> Result<Vec<u8>, CaptureError> {
    let BodyBytesMax(max) = request.app_data().copied().unwrap_or(EVENT_BODY_BYTES_MAX);
    let mut bytes = Vec::new();
    loop {
        let chunk = tokio::time::timeout(UPLOAD_PAUSE_MAX, body.next()).await.map_err(|_| CaptureError::Stalled)?;
        let Some(chunk) = chunk else { return Ok(bytes) };
        let chunk = chunk.map_err(|_| CaptureError::Stalled)?;
        if bytes.len() + chunk.len() > max {
            return Err(CaptureError::TooLarge { bytes_max: max });
        }
        bytes.extend_from_slice(&chunk);
    }
}

fn header(request: &HttpRequest, name: &str) -> String {
    let value = request.headers().get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().trim().to_ascii_lowercase()
}
