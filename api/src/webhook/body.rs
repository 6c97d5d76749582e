//! Reading a body within its limits: size while it streams, and time.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use actix_web::{
    HttpRequest,
    http::header::{CONTENT_ENCODING, CONTENT_LENGTH},
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

/// The bytes that are held for callers whose signature cannot be checked before their body is there. All of them together are
/// bounded, for anybody can send such headers.
#[derive(Debug, Clone, Default)]
pub struct UnverifiedBodies(Arc<AtomicU64>);

/// How many bytes unverified bodies may have together. PostHog delivers about 100 events of a few kB a second.
const UNVERIFIED_BYTES_MAX: u64 = 32 * 1024 * 1024;

/// Room for a body; it is free again when this is dropped.
pub(super) struct Reservation {
    bodies: UnverifiedBodies,
    bytes: u64,
}

impl UnverifiedBodies {
    /// Takes room for the body of a request: for as much as it announces, or for the longest body when it does not.
    ///
    /// # Errors
    /// [`Problem::TooManyUnverified`] when there is no room.
    pub(super) fn reserve(&self, request: &HttpRequest, limits: &BodyLimits) -> Result<Reservation, Problem> {
        let announced = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        let bytes = announced.unwrap_or(u64::MAX).min(limits.bytes_max as u64);
        let reservation = Reservation { bodies: self.clone(), bytes };
        if self.0.fetch_add(bytes, Ordering::Relaxed) + bytes > UNVERIFIED_BYTES_MAX.max(limits.bytes_max as u64) {
            return Err(Problem::TooManyUnverified);
        }
        Ok(reservation)
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.bodies.0.fetch_sub(self.bytes, Ordering::Relaxed);
    }
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
