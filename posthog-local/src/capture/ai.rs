//! `/i/v0/ai`: one `$ai_` event, as `multipart/form-data` (`rust/capture/src/ai_endpoint.rs`, `ai_rejection.rs`).
//!
//! The first part is `event`, and its properties may be a part of their own, `event.properties`, because they may be
//! large. The token is in `Authorization: Bearer`. Older revisions also took the content of single properties as parts
//! and stored it elsewhere; the newest one refuses them, and so does posthog-local.

use actix_multipart::{Field, Multipart};
use actix_web::{
    HttpRequest, HttpResponse,
    error::PayloadError,
    http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE},
    web,
};
use futures_util::{StreamExt, stream};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    answer::CaptureError,
    body, faults, header, payload, receipt,
    request::{self, Lane},
    surrogates,
};
use crate::pipeline::Pipeline;

/// The largest `event` part, in bytes.
const EVENT_PART_BYTES_MAX: usize = 32 * 1024;

/// The events that this path takes (`ALLOWED_AI_EVENTS`).
const EVENTS: [&str; 6] = ["$ai_generation", "$ai_trace", "$ai_span", "$ai_embedding", "$ai_metric", "$ai_feedback"];

/// A part that was accepted, as the answer tells it.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Part {
    name: String,
    length: usize,
    content_type: Option<String>,
    content_encoding: Option<String>,
}

/// Handles `POST /i/v0/ai`.
pub async fn ai(request: HttpRequest, body: web::Payload, pipeline: web::Data<Pipeline>) -> HttpResponse {
    if let Some(fault) = faults::forced_answer(&pipeline.faults.current()).await {
        return fault;
    }
    match accept(&request, body, &pipeline).await {
        Ok(parts) => HttpResponse::Ok().json(json!({ "accepted_parts": parts })),
        Err(error) => error.into_response(),
    }
}

async fn accept(request: &HttpRequest, body: web::Payload, pipeline: &Pipeline) -> Result<Vec<Part>, CaptureError> {
    let bytes = body::read(request, body).await?;
    if bytes.is_empty() {
        return Err(CaptureError::MissingPayload);
    }
    let is_gzip = header(request, CONTENT_ENCODING.as_str()) == "gzip";
    let bytes = if is_gzip { payload::gunzip(&bytes)? } else { bytes };
    let length = bytes.len();
    if !header(request, CONTENT_TYPE.as_str()).starts_with("multipart/form-data") {
        return Err(CaptureError::Framing("Content-Type must be multipart/form-data".to_owned()));
    }
    // The token keeps its case.
    let authorization = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    request::check_token(authorization.strip_prefix("Bearer ").ok_or(CaptureError::NoToken)?)?;

    let body = stream::iter([Ok::<_, PayloadError>(web::Bytes::from(bytes))]);
    let (event, parts) = read(Multipart::new(request.headers(), body)).await?;
    let event = request::event(event, &receipt(request, None, Lane::Ai))?;
    pipeline.ingest(vec![event], length).map_err(|_| CaptureError::Busy)?;
    Ok(parts)
}

/// Reads the parts, and puts the properties into the event.
async fn read(mut multipart: Multipart) -> Result<(Value, Vec<Part>), CaptureError> {
    let framing = |error| CaptureError::Framing(format!("Multipart parsing failed: {error}"));
    let content = |problem: &str| CaptureError::Parse(problem.to_owned());
    let (mut event, mut properties, mut parts) = (None, None, Vec::new());
    while let Some(field) = multipart.next().await {
        let (part, text) = part(field.map_err(framing)?).await?;
        match (part.name.as_str(), &event) {
            ("event", None) => {
                if part.length > EVENT_PART_BYTES_MAX {
                    return Err(CaptureError::PartTooLarge(format!(
                        "Event part size ({} bytes) exceeds maximum allowed size ({EVENT_PART_BYTES_MAX} bytes)",
                        part.length
                    )));
                }
                event = Some(json_of(text, "Event")?);
            }
            ("event", Some(_)) => return Err(content("Duplicate 'event' part found")),
            (name, None) => return Err(CaptureError::Parse(format!("First part must be 'event', got '{name}'"))),
            ("event.properties", Some(_)) => properties = Some(json_of(text, "Properties")?),
            (name, Some(_)) => {
                return Err(CaptureError::Parse(format!(
                    "Unknown multipart field: '{name}'. Expected 'event' or 'event.properties'"
                )));
            }
        }
        parts.push(part);
    }
    let mut event = event.ok_or_else(|| content("Missing required 'event' part in multipart data"))?;
    let fields = event.as_object_mut().ok_or_else(|| content("Event must be a JSON object"))?;
    if let Some(properties) = properties {
        if fields.contains_key("properties") {
            return Err(content("Event cannot have both embedded properties and a separate 'event.properties' part"));
        }
        fields.insert("properties".to_owned(), properties);
    }
    check(&event)?;
    Ok((event, parts))
}

async fn part(mut field: Field) -> Result<(Part, Vec<u8>), CaptureError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.next().await {
        let unreadable = |error| CaptureError::Framing(format!("Failed to read field data: {error}"));
        bytes.extend_from_slice(&chunk.map_err(unreadable)?);
    }
    let encoding = field.headers().get(CONTENT_ENCODING).and_then(|value| value.to_str().ok());
    let part = Part {
        name: field.name().unwrap_or("unknown").to_owned(),
        length: bytes.len(),
        content_type: field.content_type().map(ToString::to_string),
        content_encoding: encoding.map(str::to_owned),
    };
    Ok((part, bytes))
}

fn json_of(bytes: Vec<u8>, part: &str) -> Result<Value, CaptureError> {
    let text = String::from_utf8(bytes).map_err(|_| CaptureError::Parse(format!("{part} part must be valid UTF-8")))?;
    serde_json::from_str(&surrogates::replace_lone(&text))
        .map_err(|_| CaptureError::Parse(format!("{part} part must be valid JSON")))
}

/// What this path wants of an event, more than the others do.
fn check(event: &Value) -> Result<(), CaptureError> {
    let refuse = |problem: String| Err(CaptureError::Parse(problem));
    let name = match event["event"].as_str() {
        None => return refuse("Event missing 'event' field".to_owned()),
        Some("") => return refuse("Event name cannot be empty".to_owned()),
        Some(name) => name,
    };
    match event["distinct_id"].as_str() {
        None => return refuse("Event missing 'distinct_id' field".to_owned()),
        Some("") => return refuse("distinct_id cannot be empty".to_owned()),
        Some(_) => {}
    }
    if !EVENTS.contains(&name) {
        return refuse(format!("Event name must be one of: {}, got '{name}'", EVENTS.join(", ")));
    }
    match event["properties"]["$ai_model"] {
        Value::Null => return refuse("Event properties must contain '$ai_model'".to_owned()),
        Value::String(ref model) if model.is_empty() => return refuse("$ai_model cannot be empty".to_owned()),
        Value::String(_) => {}
        _ => return refuse("$ai_model must be a string".to_owned()),
    }
    let uuid = event["uuid"].as_str().ok_or_else(|| CaptureError::Parse("Event UUID is required".to_owned()))?;
    match uuid.parse::<Uuid>() {
        Ok(_) => Ok(()),
        Err(error) => refuse(format!("Invalid UUID format: {error}")),
    }
}
