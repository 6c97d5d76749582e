//! The door at `POST /api/webhooks`: who is calling, what did they send, what are they told.

mod answer;
mod body;
mod caller;
pub mod event;
mod prefer;

use actix_web::{HttpRequest, HttpResponse, web};
use jiff::Timestamp;

pub use self::{
    answer::Answer,
    body::BodyLimits,
    caller::{Caller, Proofs, Signer},
};
use crate::{
    app::State,
    problem::{Problem, ProblemDetails},
};

/// `POST /api/webhooks`: prove, read, ingest, answer.
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
        (status = 401, description = "No or wrong proof", body = ProblemDetails, content_type = "application/problem+json"),
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
    payload: web::Payload,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    state.refuse_when_stopping()?;
    let now = Timestamp::now();
    let proof = state.proofs.of_headers(request.headers(), now)?;
    let body = body::read(&request, payload, &state.limits).await?;
    let caller = proof.of_body(&body)?;
    let outcome = state.ingest.ingest(&body, &caller, now).await?;
    Ok(answer::to(&outcome, prefer::wants_representation(request.headers())))
}
