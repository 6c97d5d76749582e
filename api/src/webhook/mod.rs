//! `POST /api/webhooks`: authenticate the caller, read the body, have the service take it, answer.

mod answer;
mod authentication;
mod body;
mod prefer;

use actix_http::{HttpMessage, Request, Response};
use actix_web::{
    HttpRequest, HttpResponse, ResponseError,
    body::BoxBody,
    http::ConnectionType,
    web::{Data, Payload},
};
use jiff::Timestamp;

pub use self::{
    answer::Answer,
    authentication::Authentication,
    body::{BodyLimits, UnverifiedBodies},
};
use crate::{
    ingest::Ingest,
    problem::{Problem, ProblemDetails},
    shutdown::Shutdown,
};

/// The path of the webhook.
pub const PATH: &str = "/api/webhooks";

/// Judges a request that asks by `Expect: 100-continue` whether it may send its body. Without it actix would invite a caller to send
/// a body that nobody reads.
///
/// # Errors
/// The answer to a caller whose headers do not authenticate.
pub fn expect_body(authentication: &Authentication, request: Request) -> Result<Request, Response<BoxBody>> {
    let refused = (request.path() == PATH)
        .then(|| authentication.check_headers(request.headers(), Timestamp::now()).err())
        .flatten();
    match refused {
        Some(problem) => {
            let mut response = problem.error_response();
            response.head_mut().set_connection_type(ConnectionType::Close);
            Err(response.into())
        }
        None => Ok(request),
    }
}

/// `POST /api/webhooks`.
///
/// # Errors
/// A [`Problem`] for each row of the table of answers that is no 200.
#[utoipa::path(
    post,
    path = "/api/webhooks",
    request_body(content = Object, content_type = "application/json", description = "An event in any shape that PostHog posts"),
    params(
        ("X-Webhook-Secret" = Option<String>, Header, description = "The shared secret; or as `Authorization: Bearer`"),
        ("webhook-id" = Option<String>, Header, description = "Standard Webhooks, with webhook-timestamp and webhook-signature"),
        ("Prefer" = Option<String>, Header, description = "`return=representation` for the stored line in the answer"),
    ),
    responses(
        (status = 200, description = "Taken: stored on disk, a duplicate, or another event", body = Answer),
        (status = 400, description = "Not JSON, or no event in it", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 401, description = "The caller did not authenticate", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "Called by a web page", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 405, description = "Another method", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 408, description = "The body took too long", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 415, description = "The body is encoded", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "No usable prompt", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 429, description = "Too much at once", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 503, description = "The disk is full, failing or slow, or the service stops", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub async fn receive(
    request: HttpRequest,
    payload: Payload,
    shutdown: Data<Shutdown>,
    authentication: Data<Authentication>,
    limits: Data<BodyLimits>,
    unverified: Data<UnverifiedBodies>,
    ingest: Data<Ingest>,
) -> Result<HttpResponse, Problem> {
    shutdown.refuse_when_stopping()?;
    let now = Timestamp::now();
    let authenticated = authentication.check_headers(request.headers(), now)?;
    let reservation = authenticated.needs_body().then(|| unverified.reserve(&request, &limits)).transpose()?;
    let body = body::read(&request, payload, &limits).await?;
    let webhook_id = authenticated.check_body(&body)?;
    drop(reservation);
    let outcome = ingest.ingest(&body, webhook_id.as_deref(), now).await?;
    Ok(answer::to(&outcome, prefer::wants_representation(request.headers())))
}
