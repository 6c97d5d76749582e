//! PostHog's answers, word for word (`rust/capture/src/api.rs`, `v0_endpoint.rs`). SDKs take a 4xx as final.

use actix_web::{HttpResponse, http::StatusCode};
use serde_json::json;

/// Why a request was refused. The message is the body that PostHog sends, as plain text.
#[derive(Debug, thiserror::Error)]
pub enum CaptureError {
    /// Neither a body nor `data` in the query.
    #[error("request missing data payload")]
    MissingPayload,
    /// The bytes cannot be turned into text.
    #[error("failed to decode request: {0}")]
    Decode(&'static str),
    /// The text is not JSON, or JSON of another shape.
    #[error("failed to parse request: {0}")]
    Parse(String),
    /// An object without `event`.
    #[error("failed to hydrate events from request: non-engage request missing event name attribute")]
    Nameless,
    /// An empty batch.
    #[error("request holds no event")]
    EmptyBatch,
    /// `event` is `""`.
    #[error("event submitted with an empty event name")]
    EmptyName,
    /// Nobody's event.
    #[error("event submitted without a distinct_id")]
    MissingDistinctId,
    /// `$cookieless_mode` is not a boolean.
    #[error("event submitted with invalid cookieless mode")]
    CookielessMode,
    /// No project key anywhere.
    #[error("event submitted without an api_key")]
    NoToken,
    /// Two project keys in a batch.
    #[error("batch submitted with inconsistent api_key values")]
    MixedTokens,
    /// A project key that cannot be one.
    #[error("API key is not valid: {0}")]
    BadToken(&'static str),
    /// The body, or what it decompresses to.
    #[error("maximum event size exceeded: the request is larger than {bytes_max} bytes")]
    TooLarge {
        /// The route's limit.
        bytes_max: usize,
    },
    /// One event of a batch. PostHog's queue takes no message above it.
    #[error("maximum event size exceeded: an event is larger than {bytes_max} bytes")]
    EventTooLarge {
        /// The limit of one event.
        bytes_max: usize,
    },
    /// The upload stopped half-way.
    #[error("client stopped sending data")]
    Stalled,
    /// Too many deliveries wait.
    #[error("transient error, please retry")]
    Busy,
}

impl CaptureError {
    fn status(&self) -> StatusCode {
        match self {
            Self::MissingPayload
            | Self::Decode(_)
            | Self::Parse(_)
            | Self::Nameless
            | Self::EmptyBatch
            | Self::EmptyName
            | Self::MissingDistinctId
            | Self::CookielessMode => StatusCode::BAD_REQUEST,
            Self::NoToken | Self::MixedTokens | Self::BadToken(_) => StatusCode::UNAUTHORIZED,
            Self::TooLarge { .. } | Self::EventTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Stalled => StatusCode::REQUEST_TIMEOUT,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The answer.
    pub fn into_response(self) -> HttpResponse {
        HttpResponse::build(self.status()).content_type("text/plain; charset=utf-8").body(self.to_string())
    }
}

/// The answer to everything that was taken, and to OPTIONS.
pub fn ok() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "Ok" }))
}
