//! PostHog's refusals of a request for flags, word for word (`rust/feature-flags/src/api/errors.rs`).

use actix_web::{HttpResponse, http::StatusCode};

use crate::{capture::answer::CaptureError, rest::ApiError};

/// Why flags are not told.
#[derive(Debug, thiserror::Error)]
pub enum FlagsError {
    /// The request holds no project key.
    #[error("No API token provided. Please include a valid API token in your request.")]
    NoToken,
    /// It is not the project's key.
    #[error("The provided API key is invalid or has expired. Please check your API key and try again.")]
    BadToken,
    /// The request does not say whose flags.
    #[error("The distinct_id field is missing from the request. Please include a valid identifier.")]
    MissingDistinctId,
    /// The body cannot be read.
    #[error("Failed to decode request: {0}. Please check your request format and try again.")]
    Decode(String),
    /// The caller's key opens nothing.
    #[error(transparent)]
    Unauthorized(#[from] ApiError),
    /// The body did not arrive whole.
    #[error(transparent)]
    Body(#[from] CaptureError),
}

impl FlagsError {
    /// Makes the answer: plain text, except for what concerns the key of a caller.
    pub fn into_response(self) -> HttpResponse {
        let status = match self {
            Self::NoToken | Self::BadToken => StatusCode::UNAUTHORIZED,
            Self::MissingDistinctId | Self::Decode(_) => StatusCode::BAD_REQUEST,
            Self::Unauthorized(error) => return actix_web::ResponseError::error_response(&error),
            Self::Body(error) => return error.into_response(),
        };
        HttpResponse::build(status).content_type("text/plain; charset=utf-8").body(self.to_string())
    }
}
