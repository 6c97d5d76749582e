//! Refusals in the words of Django REST framework, as PostHog's API gives them:
//! `{"type","code","detail","attr"}` (facts.md, section 5.1).

use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use serde_json::json;

/// Why a call was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// No key.
    #[error("Authentication credentials were not provided.")]
    NotAuthenticated,
    /// Another key than `POSTHOG_PERSONAL_API_KEY`.
    #[error("Personal API key found in request Authorization header is invalid.")]
    BadKey,
    /// No such project or object.
    #[error("Not found.")]
    NotFound,
    /// Objects of this kind are not deleted this way.
    #[error("Method \"{0}\" not allowed.")]
    MethodNotAllowed(String),
    /// The body is no JSON object.
    #[error("JSON parse error - {0}")]
    Parse(String),
    /// Somebody else wrote later than the writer had read.
    #[error("The object was changed since it was read; read it again.")]
    Stale,
    /// A field is wrong.
    #[error("{detail}")]
    Invalid {
        /// `required`, `invalid`, `unique`, …
        code: &'static str,
        /// For people to read.
        detail: String,
        /// The field, with `__` between its steps.
        attr: String,
    },
}

impl ApiError {
    /// A field that is wrong in no special way.
    pub fn invalid(attr: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::Invalid { code: "invalid_input", detail: detail.into(), attr: attr.into() }
    }

    /// A field that must be there.
    pub fn required(attr: impl Into<String>) -> Self {
        Self::Invalid { code: "required", detail: "This field is required.".to_owned(), attr: attr.into() }
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotAuthenticated | Self::BadKey => StatusCode::UNAUTHORIZED,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::Parse(_) | Self::Invalid { .. } => StatusCode::BAD_REQUEST,
            Self::Stale => StatusCode::CONFLICT,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let (kind, code, attr) = match self {
            Self::NotAuthenticated => ("authentication_error", "not_authenticated", None),
            Self::BadKey => ("authentication_error", "authentication_failed", None),
            Self::NotFound => ("invalid_request", "not_found", None),
            Self::MethodNotAllowed(_) => ("invalid_request", "method_not_allowed", None),
            Self::Parse(_) => ("invalid_request", "parse_error", None),
            Self::Stale => ("validation_error", "stale_update", None),
            Self::Invalid { code, attr, .. } => ("validation_error", *code, Some(attr)),
        };
        HttpResponse::build(self.status_code())
            .json(json!({ "type": kind, "code": code, "detail": self.to_string(), "attr": attr }))
    }
}
