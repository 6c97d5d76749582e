//! The door at `POST /api/webhooks`: who is calling, what did they send, what are they told.

mod answer;
mod body;
mod caller;
pub mod event;
mod prefer;

use actix_web::{HttpRequest, HttpResponse, web};
use jiff::Timestamp;

pub use self::{
    body::BodyLimits,
    caller::{Caller, Proofs},
};
use crate::{app::State, problem::Problem};

/// `POST /api/webhooks`: prove, read, ingest, answer.
///
/// # Errors
/// A [`Problem`] for each row of the table of answers that is no 200.
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
