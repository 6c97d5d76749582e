//! Sends a batch to PostHog's capture API.

use std::{cell::Cell, rc::Rc};

use gloo_net::http::Request;
use gloo_timers::callback::Timeout;
use web_sys::AbortController;

use super::clock;
use crate::state::{answer::Answer, config::Config, payload};

/// How long one request may take, its answer included.
pub const REQUEST_MS_MAX: u32 = 10_000;

/// `POST /batch/`, once. The content type is text/plain, as posthog-js sends it: a request that a form could have made
/// needs no preflight.
pub async fn send(config: &Config, batch: &[String]) -> Answer {
    let body = payload::body(config, batch, &clock::now_iso());
    let abort = AbortController::new().ok();
    let too_late = Rc::new(Cell::new(false));
    let _timer = Timeout::new(REQUEST_MS_MAX, {
        let (abort, too_late) = (abort.clone(), Rc::clone(&too_late));
        move || {
            too_late.set(true);
            if let Some(abort) = abort {
                abort.abort();
            }
        }
    });
    let signal = abort.as_ref().map(AbortController::signal);

    let answer = async {
        let request = Request::post(&payload::url(config))
            .header("Content-Type", "text/plain")
            .abort_signal(signal.as_ref())
            .body(body)?;
        let response = request.send().await?;
        let text = response.text().await?;
        Ok::<_, gloo_net::Error>(Answer::from_response(response.status(), &text))
    };
    match answer.await {
        Ok(answer) => answer,
        Err(_) if too_late.get() => Answer::Later(format!("no answer within {} s", REQUEST_MS_MAX / 1_000)),
        // A browser does not tell a page why: a stopped server, a wrong address and missing CORS look the same.
        Err(_) => Answer::Later(format!("{} cannot be reached", config.posthog_host)),
    }
}
