//! Refusals in the words of Django REST framework, as PostHog's API answers them:
//! `{"type","code","detail","attr"}` (facts.md, section 5.1).

use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use serde_json::json;

/// Why a call is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// The caller sent no key.
    #[error("Authentication credentials were not provided.")]
    NotAuthenticated,
    /// The caller sent another key than `POSTHOG_PERSONAL_API_KEY`.
    #[error("Personal API key found in request Authorization header is invalid.")]
    BadKey,
    /// The caller sent another secret key than `POSTHOG_SECRET_API_KEY`.
    #[error("Secret API token is invalid.")]
    BadSecretKey,
    /// A public call without a project key.
    #[error("API key not provided. You can find your project API key in your PostHog project settings.")]
    NoProjectKey,
    /// A public call with a key that is no project's.
    #[error("Project API key invalid. You can find your project API key in your PostHog project settings.")]
    BadProjectKey,
    /// There is no such project or object.
    #[error("Not found.")]
    NotFound,
    /// The resource does not support this method.
    #[error("Method \"{0}\" not allowed.")]
    MethodNotAllowed(String),
    /// The body is not a JSON object.
    #[error("JSON parse error - {0}")]
    Parse(String),
    /// The object was changed after the caller had read it.
    #[error("The object was changed since it was read; read it again.")]
    Stale,
    /// A field is wrong.
    #[error("{detail}")]
    Invalid {
        /// `required`, `invalid`, `unique`, …
        code: &'static str,
        /// What is wrong, for people.
        detail: String,
        /// The path of the field, joined with `__`.
        attr: String,
    },
}

impl ApiError {
    /// A field with a wrong value.
    pub fn invalid(attr: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::Invalid { code: "invalid_input", detail: detail.into(), attr: attr.into() }
    }

    /// A required field that is missing.
    pub fn required(attr: impl Into<String>) -> Self {
        Self::Invalid { code: "required", detail: "This field is required.".to_owned(), attr: attr.into() }
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotAuthenticated | Self::BadKey | Self::BadSecretKey | Self::NoProjectKey | Self::BadProjectKey => {
                StatusCode::UNAUTHORIZED
            }
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::Parse(_) | Self::Invalid { .. } => StatusCode::BAD_REQUEST,
            Self::Stale => StatusCode::CONFLICT,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let (kind, code, attr) = match self {
            Self::NotAuthenticated => ("authentication_error", "not_authenticated", None),
            Self::BadKey | Self::BadSecretKey => ("authentication_error", "authentication_failed", None),
            Self::NoProjectKey => ("authentication_error", "missing_api_key", None),
            Self::BadProjectKey => ("authentication_error", "invalid_api_key", None),
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
