//! PostHog's capture API: turns requests into events for the [pipeline](crate::pipeline).
//!
//! A request is read by PostHog's rules, in one module for each step: [`body`] reads the bytes, [`payload`] finds the
//! JSON in them, [`request`] finds the events in the JSON, and [`time`] decides when they happened. [`ai`] reads the
//! multipart form of `$ai_` events. [`answer`] holds every refusal with PostHog's status and words, [`cors`] lets every
//! page call, and [`sdk`] answers the other requests of posthog-js.

pub mod ai;
pub mod answer;
pub mod body;
pub mod cors;
mod date;
mod elements;
mod faults;
mod forwarded;
mod lz64;
pub mod payload;
pub mod request;
pub mod sdk;
pub(crate) mod surrogates;
pub mod time;

use actix_web::{HttpRequest, HttpResponse, web};
use jiff::Timestamp;

pub use self::forwarded::TrustsForwarded;
use self::{
    answer::CaptureError,
    payload::{Encoded, Query},
    request::{Lane, Receipt},
};
use crate::pipeline::Pipeline;

/// The paths of single events, with and without the slash (PostHog's `router.rs`).
pub const EVENT_PATHS: [&str; 10] =
    ["/i/v0/e", "/i/v0/e/", "/e", "/e/", "/capture", "/capture/", "/track", "/track/", "/engage", "/engage/"];
/// The paths of batches.
pub const BATCH_PATHS: [&str; 2] = ["/batch", "/batch/"];
/// The paths of batches of `$ai_` events, which may be larger than others.
pub const AI_BATCH_PATHS: [&str; 2] = ["/i/v0/ai/batch", "/i/v0/ai/batch/"];
/// The paths of one `$ai_` event as a multipart form.
pub const AI_PATHS: [&str; 2] = ["/i/v0/ai", "/i/v0/ai/"];

/// Handles every method of every capture route.
pub async fn capture(request: HttpRequest, body: web::Payload, pipeline: web::Data<Pipeline>) -> HttpResponse {
    let query = match Query::parse(request.query_string()) {
        Ok(query) => query,
        Err(error) => return error.into_response(),
    };
    if let Some(fault) = faults::forced_answer(&pipeline.faults.current()).await {
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
    let json = payload_of(request, query, body).await?;
    let lane = if AI_BATCH_PATHS.contains(&request.path()) { Lane::Ai } else { Lane::Analytics };
    let events = request::events(&json, &receipt(request, query.sent_at, lane))?;
    pipeline.ingest(events, json.len()).map_err(|_| CaptureError::Busy)
}

/// The JSON text of a request.
async fn payload_of(request: &HttpRequest, query: &Query, body: web::Payload) -> Result<String, CaptureError> {
    let bytes = body::read(request, body).await?;
    let encoded = Encoded {
        content_type: header(request, "content-type"),
        content_encoding: header(request, "content-encoding"),
        is_legacy_path: !["/batch", "/i/", "/s"].iter().any(|start| request.path().starts_with(start)),
        body: bytes,
    };
    payload::find(query, encoded)
}

fn receipt(request: &HttpRequest, sent_at: Option<Timestamp>, lane: Lane) -> Receipt {
    Receipt {
        now: Timestamp::now(),
        sent_at,
        ip: forwarded::sender(request),
        is_engage: request.path().starts_with("/engage"),
        lane,
    }
}

fn header(request: &HttpRequest, name: &str) -> String {
    let value = request.headers().get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().trim().to_ascii_lowercase()
}
