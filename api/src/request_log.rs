//! A line per request at `debug`, and an id that stands in the line and in the answer, so that one can be found by the
//! other. Neither path nor address is logged: both may name a person.

use std::time::Instant;

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderName, HeaderValue},
    middleware::Next,
};
use log::{Level, debug, log_enabled};
use uuid::Uuid;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The middleware.
///
/// # Errors
/// Those of the service that it wraps.
pub async fn log_request(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let started = Instant::now();
    let id = Uuid::now_v7();
    // The pattern is looked up and copied, which only the line needs.
    let logged = log_enabled!(Level::Debug).then(|| (request.method().clone(), request.match_pattern()));
    let mut response = next.call(request).await?;
    if let Ok(value) = HeaderValue::from_str(id.hyphenated().encode_lower(&mut Uuid::encode_buffer())) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    if let Some((method, route)) = logged {
        debug!(
            "request {id}: {method} {} answered {} in {} ms",
            route.as_deref().unwrap_or("(no route)"),
            response.status().as_u16(),
            started.elapsed().as_millis(),
        );
    }
    Ok(response)
}
