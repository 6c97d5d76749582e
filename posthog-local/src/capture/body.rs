//! Reads a request's body, up to the limit of its route.

use std::time::Duration;

use actix_web::{HttpRequest, web};
use futures_util::StreamExt;

use super::answer::CaptureError;

/// The longest pause within an upload.
const UPLOAD_PAUSE_MAX: Duration = Duration::from_secs(30);

/// The longest body of a route, in bytes as sent. A route sets it as its app data.
#[derive(Debug, Clone, Copy)]
pub struct BodyBytesMax(pub usize);
/// The limit of [`EVENT_PATHS`](super::EVENT_PATHS), and of routes that set none (PostHog's `router.rs`).
pub const EVENT_BODY_BYTES_MAX: BodyBytesMax = BodyBytesMax(2 * 1024 * 1024);
/// The limit of [`AI_PATHS`](super::AI_PATHS): 110 % of `ai_max_sum_of_parts_bytes`.
pub const AI_BODY_BYTES_MAX: BodyBytesMax = BodyBytesMax(28_835_840);
/// The limit of [`BATCH_PATHS`](super::BATCH_PATHS).
pub const BATCH_BODY_BYTES_MAX: BodyBytesMax = BodyBytesMax(20 * 1024 * 1024);

/// Reads the whole body.
///
/// # Errors
/// The body is larger than the route's limit, the connection broke, or the sender paused for more than 30 seconds.
pub(crate) async fn read(request: &HttpRequest, mut body: web::Payload) -> Result<Vec<u8>, CaptureError> {
    let BodyBytesMax(max) = request.app_data().copied().unwrap_or(EVENT_BODY_BYTES_MAX);
    let mut bytes = Vec::new();
    loop {
        let chunk = tokio::time::timeout(UPLOAD_PAUSE_MAX, body.next()).await.map_err(|_| CaptureError::Stalled)?;
        let Some(chunk) = chunk else { return Ok(bytes) };
        let chunk = chunk.map_err(|_| CaptureError::Stalled)?;
        if bytes.len() + chunk.len() > max {
            return Err(CaptureError::TooLarge { bytes_max: max });
        }
        bytes.extend_from_slice(&chunk);
    }
}
