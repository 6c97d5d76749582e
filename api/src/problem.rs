//! The bodies of refusals: problem details (RFC 9457), which never repeat what was sent.

use actix_web::{
    HttpResponse, ResponseError,
    http::{
        StatusCode,
        header::{self, HeaderValue},
    },
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{event::BodyError, ingest::IngestError, writer::AppendError};

/// How long PostHog shall wait before it tries again, in seconds: the writer needs less to drain its queue.
const RETRY_AFTER_S: u16 = 2;
/// The same where the cluster does not answer: electing a leader takes it 4 to 8 s.
const RETRY_AFTER_ELECTION_S: u16 = 5;

/// Everything that a caller can be told but a 200.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// A web page is calling.
    #[error("no web page may call this API: a request with an Origin header is refused")]
    Origin,
    /// The caller did not authenticate.
    #[error("a valid shared secret or Standard Webhooks signature is needed")]
    Unauthenticated,
    /// Too many bytes are held for callers whose signature is not checked yet.
    #[error("too many unverified requests at once")]
    TooManyUnverified,
    /// The body is encoded.
    #[error("a Content-Encoding is not supported; send the body as it is")]
    ContentEncoding,
    /// The body is too large.
    #[error("the body is larger than {bytes_max} bytes")]
    BodyTooLarge {
        /// The limit.
        bytes_max: usize,
    },
    /// The body did not come in time.
    #[error("the body took too long to arrive")]
    BodyTimeout,
    /// The connection ended within the body.
    #[error("the body ended early")]
    BodyIncomplete,
    /// Nothing stands at this address.
    #[error("there is nothing here; webhooks go to POST /api/webhooks")]
    NotFound,
    /// The address takes another method.
    #[error("only {allowed} is allowed here")]
    Method {
        /// The method for the `Allow` header.
        allowed: &'static str,
    },
    /// The service did not take the event.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// The process is not ready, or is stopping.
    #[error("{0}")]
    Unavailable(&'static str),
}

/// Problem details (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemDetails {
    /// What kind of problem it is; a name, not an address.
    #[serde(rename = "type")]
    #[schema(example = "urn:misfire:problem:no-usable-prompt")]
    kind: String,
    /// The status in words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What is wrong. It never repeats what was sent.
    detail: String,
    /// Each field that is wrong, with a 422.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
}

/// A field that is wrong.
#[derive(Debug, Serialize, ToSchema)]
struct FieldError {
    /// Where the field is in the body, or should be (RFC 6901).
    #[schema(example = "#/event/properties/input_prompt")]
    pointer: String,
    /// What is wrong with it.
    detail: String,
}

impl FieldError {
    fn of((pointer, detail): &(String, String)) -> Self {
        Self { pointer: format!("#{pointer}"), detail: detail.clone() }
    }
}

impl Problem {
    /// The short name of what is wrong, for the answer's `type` and for the count of refusals.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Origin => "origin-refused",
            Self::Unauthenticated => "unauthenticated",
            Self::TooManyUnverified => "too-many-unverified",
            Self::ContentEncoding => "content-encoding-unsupported",
            Self::BodyTooLarge { .. } => "body-too-large",
            Self::BodyTimeout => "body-timeout",
            Self::BodyIncomplete => "body-incomplete",
            Self::NotFound => "not-found",
            Self::Method { .. } => "method-not-allowed",
            Self::Unavailable(_) => "unavailable",
            Self::Ingest(error) => match error {
                IngestError::Body(BodyError::NotJson) => "not-json",
                IngestError::Body(BodyError::NoEvent) => "no-event",
                IngestError::Unusable { .. } => "no-usable-prompt",
                IngestError::Append(AppendError::QueueFull) => "queue-full",
                IngestError::Append(AppendError::Disk | AppendError::Stopped) => "unavailable",
                IngestError::Append(AppendError::ClusterBusy) => "cluster-busy",
                IngestError::Append(AppendError::ClusterSilent) => "cluster-silent",
                IngestError::Append(AppendError::ClusterFull) => "cluster-full",
                IngestError::CommitTimeout => "disk-slow",
            },
        }
    }

    /// PostHog is most patient with a 429; a 503 it tries three times within about 6 s.
    fn retry_after(&self) -> Option<u16> {
        let is_later = matches!(self.status_code(), StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
        let is_election =
            matches!(self, Self::Ingest(IngestError::Append(AppendError::ClusterBusy | AppendError::ClusterSilent)));
        is_later.then_some(if is_election { RETRY_AFTER_ELECTION_S } else { RETRY_AFTER_S })
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Origin => StatusCode::FORBIDDEN,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::TooManyUnverified => StatusCode::TOO_MANY_REQUESTS,
            Self::ContentEncoding => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::BodyTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BodyTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::BodyIncomplete => StatusCode::BAD_REQUEST,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Ingest(error) => match error {
                IngestError::Body(BodyError::NotJson | BodyError::NoEvent) => StatusCode::BAD_REQUEST,
                IngestError::Unusable { .. } => StatusCode::UNPROCESSABLE_ENTITY,
                IngestError::Append(AppendError::QueueFull | AppendError::ClusterBusy | AppendError::ClusterSilent) => {
                    StatusCode::TOO_MANY_REQUESTS
                }
                IngestError::Append(AppendError::Disk | AppendError::Stopped | AppendError::ClusterFull)
                | IngestError::CommitTimeout => StatusCode::SERVICE_UNAVAILABLE,
            },
        }
    }

    fn error_response(&self) -> HttpResponse {
        let status = self.status_code();
        let details = ProblemDetails {
            kind: format!("urn:misfire:problem:{}", self.code()),
            title: status.canonical_reason().unwrap_or_default(),
            status: status.as_u16(),
            detail: self.to_string(),
            errors: match self {
                Self::Ingest(IngestError::Unusable { fields }) => fields.iter().map(FieldError::of).collect(),
                _ => Vec::new(),
            },
        };
        let mut response = HttpResponse::build(status);
        response.content_type(HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after() {
            response.insert_header((header::RETRY_AFTER, HeaderValue::from(seconds)));
        }
        match self {
            Self::Method { allowed } => {
                response.insert_header((header::ALLOW, *allowed));
            }
            Self::Unauthenticated => {
                response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
            }
            _ => {}
        }
        // `json` would set the content type to application/json.
        response.body(serde_json::to_string(&details).unwrap_or_default())
    }
}
