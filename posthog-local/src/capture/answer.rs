//! PostHog's answers, word for word (`rust/capture/src/api.rs`, `v0_endpoint.rs`). SDKs do not retry after a 4xx.

use actix_web::{HttpResponse, http::StatusCode};
use serde_json::json;

/// Why a request is refused. The message is the body that PostHog answers with, as plain text.
#[derive(Debug, thiserror::Error)]
pub enum CaptureError {
    /// The request has neither a body nor `data` in its query.
    #[error("request missing data payload")]
    MissingPayload,
    /// A value of the query has a wrong type (axum's words).
    #[error("Failed to deserialize query string: {0}")]
    Query(String),
    /// The bytes cannot be decoded into text.
    #[error("failed to decode request: {0}")]
    Decode(&'static str),
    /// The multipart form cannot be read.
    #[error("failed to decode request: {0}")]
    Framing(String),
    /// The text is not JSON, or has an unknown shape.
    #[error("failed to parse request: {0}")]
    Parse(String),
    /// The object has no `event`.
    #[error("failed to hydrate events from request: non-engage request missing event name attribute")]
    Nameless,
    /// The batch is empty.
    #[error("request holds no event")]
    EmptyBatch,
    /// `event` is `""`.
    #[error("event submitted with an empty event name")]
    EmptyName,
    /// The event has no distinct_id.
    #[error("event submitted without a distinct_id")]
    MissingDistinctId,
    /// `$cookieless_mode` is not a boolean.
    #[error("event submitted with invalid cookieless mode")]
    CookielessMode,
    /// There is no project key.
    #[error("event submitted without an api_key")]
    NoToken,
    /// The events of a batch have different project keys.
    #[error("batch submitted with inconsistent api_key values")]
    MixedTokens,
    /// The project key has an impossible form.
    #[error("API key is not valid: {0}")]
    BadToken(&'static str),
    /// The body is too large, before or after decompression.
    #[error("maximum event size exceeded: the request is larger than {bytes_max} bytes")]
    TooLarge {
        /// The route's limit, in bytes.
        bytes_max: usize,
    },
    /// One event is too large. PostHog's queue accepts no larger message.
    #[error("maximum event size exceeded: an event is larger than {bytes_max} bytes")]
    EventTooLarge {
        /// The limit of an event, in bytes.
        bytes_max: usize,
    },
    /// A part of a multipart form is too large.
    #[error("maximum event size exceeded: {0}")]
    PartTooLarge(String),
    /// The upload stopped before its end.
    #[error("client stopped sending data")]
    Stalled,
    /// Too many deliveries are queued.
    #[error("transient error, please retry")]
    Busy,
}

impl CaptureError {
    fn status(&self) -> StatusCode {
        match self {
            Self::MissingPayload
            | Self::Query(_)
            | Self::Decode(_)
            | Self::Framing(_)
            | Self::Parse(_)
            | Self::Nameless
            | Self::EmptyBatch
            | Self::EmptyName
            | Self::MissingDistinctId
            | Self::CookielessMode => StatusCode::BAD_REQUEST,
            Self::NoToken | Self::MixedTokens | Self::BadToken(_) => StatusCode::UNAUTHORIZED,
            Self::TooLarge { .. } | Self::EventTooLarge { .. } | Self::PartTooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Stalled => StatusCode::REQUEST_TIMEOUT,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Makes the answer.
    pub fn into_response(self) -> HttpResponse {
        HttpResponse::build(self.status()).content_type("text/plain; charset=utf-8").body(self.to_string())
    }
}

/// The answer to everything that was accepted, and to OPTIONS.
pub fn ok() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "Ok" }))
}
