//! Reading a body within its limits: size while it streams, and time.

use std::time::Duration;

use actix_web::{
    HttpRequest,
    http::header::CONTENT_ENCODING,
    web::{Bytes, Payload},
};
use tokio::time::timeout;

use crate::problem::Problem;

/// How much of a body is read, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimits {
    /// The most bytes.
    pub bytes_max: usize,
    /// The longest time for all of them. Actix has a timer for a request's head, none for its body.
    pub timeout: Duration,
}

pub(super) async fn read(request: &HttpRequest, payload: Payload, limits: &BodyLimits) -> Result<Bytes, Problem> {
    if request.headers().contains_key(CONTENT_ENCODING) {
        return Err(Problem::ContentEncoding);
    }
    match timeout(limits.timeout, payload.to_bytes_limited(limits.bytes_max)).await {
        Ok(Ok(Ok(body))) => Ok(body),
        Ok(Ok(Err(_connection))) => Err(Problem::BodyIncomplete),
        Ok(Err(_too_large)) => Err(Problem::BodyTooLarge { bytes_max: limits.bytes_max }),
        Err(_elapsed) => Err(Problem::BodyTimeout),
    }
}
