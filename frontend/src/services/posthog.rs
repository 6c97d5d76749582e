//! Sends a batch to PostHog's capture API.

use gloo_net::{Error, http::Request};
use shared::page_config::PageConfig;
use web_sys::AbortSignal;

use super::{clock, http};
use crate::state::{answer::Answer, payload};

/// How long one request may take, its answer included.
pub const REQUEST_MS_MAX: u32 = 10_000;

/// Sends `POST /batch/` once. The content type is text/plain, as in posthog-js, because such a request needs no CORS preflight.
pub async fn send(config: &PageConfig, batch: &[String]) -> Answer {
    let body = payload::body(config, batch, &clock::now_iso());
    let request = Request::post(&payload::url(config))
        .header("Content-Type", "text/plain")
        .abort_signal(Some(&AbortSignal::timeout_with_u32(REQUEST_MS_MAX)))
        .body(body);
    match http::exchange(request).await {
        Ok((status, text)) => Answer::from_response(status, &text),
        Err(Error::JsError(error)) if error.name == "TimeoutError" => {
            Answer::Later(format!("no answer within {} s", REQUEST_MS_MAX / 1_000))
        }
        // A page cannot learn why: a stopped server, a wrong address and missing CORS headers look the same to it.
        Err(_) => Answer::Later(format!("{} cannot be reached", config.posthog_host.as_str())),
    }
}
