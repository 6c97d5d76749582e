//! The other requests of posthog-js: remote configuration, feature flags, scripts and recordings.
//!
//! posthog-local has no flags and no recordings. The answers say so in PostHog's form, so that the SDK turns these
//! features off and logs no error in the console.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, Path},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    answer::{self, CaptureError},
    body::{BodyBytesMax, read},
    request::check_token,
};

/// The paths of session recordings, and PostHog's own test route. Their bodies are read and discarded.
pub const DISCARDED_PATHS: [&str; 4] = ["/s", "/s/", "/test/black_hole", "/test/black_hole/"];
/// The limit of [`DISCARDED_PATHS`].
pub const DISCARDED_BODY_BYTES_MAX: BodyBytesMax = BodyBytesMax(25 * 1024 * 1024);
/// The paths of feature flags, with their former name.
pub const FLAGS_PATHS: [&str; 4] = ["/flags", "/flags/", "/decide", "/decide/"];

/// The configuration with which posthog-js 1.449.2 was measured to start without a message in the console. `surveys` is
/// missing on purpose: any value, even `false`, makes the SDK load a script and log an error because it does not exist.
fn remote_config(token: &str) -> Value {
    json!({
        "token": token,
        "supportedCompression": ["gzip", "gzip-js"],
        "hasFeatureFlags": false,
        "captureDeadClicks": false,
        "capturePerformance": false,
        "autocapture_opt_out": true,
        "autocaptureExceptions": false,
        "analytics": { "endpoint": "/i/v0/e/" },
        "elementsChainAsString": true,
        "errorTracking": { "autocaptureExceptions": false, "suppressionRules": [] },
        "sessionRecording": false,
        "heatmaps": false,
        "productTours": false,
        "logs": { "captureConsoleLogs": false },
        "defaultIdentifiedOnly": true,
        "siteApps": [],
    })
}

/// `GET /array/{token}/config`
pub async fn config(token: Path<String>) -> HttpResponse {
    match check_token(&token) {
        Ok(()) => HttpResponse::Ok().json(remote_config(&token)),
        Err(refused) => refused.into_response(),
    }
}

/// `GET /array/{token}/config.js`
pub async fn config_js(token: Path<String>) -> HttpResponse {
    if let Err(refused) = check_token(&token) {
        return refused.into_response();
    }
    // JSON is valid JavaScript, so the token cannot end its string and inject code.
    let (key, config) = (json!(*token), remote_config(&token));
    let script = format!(
        "(function () {{\n  window._POSTHOG_REMOTE_CONFIG = window._POSTHOG_REMOTE_CONFIG || {{}};\n  \
         window._POSTHOG_REMOTE_CONFIG[{key}] = {{ config: {config}, siteApps: [] }};\n}})();\n"
    );
    HttpResponse::Ok().content_type("application/javascript; charset=utf-8").body(script)
}

/// [`FLAGS_PATHS`]: no flag is on.
pub async fn flags(request: HttpRequest, body: web::Payload) -> HttpResponse {
    if let Err(refused) = read(&request, body).await {
        return refused.into_response();
    }
    HttpResponse::Ok().json(json!({
        "flags": {},
        "featureFlags": {},
        "featureFlagPayloads": {},
        "errorsWhileComputingFlags": false,
        "requestId": Uuid::now_v7(),
    }))
}

/// [`DISCARDED_PATHS`]: reads the body and discards it.
pub async fn discard(request: HttpRequest, body: web::Payload) -> HttpResponse {
    match read(&request, body).await {
        Ok(bytes) if bytes.is_empty() && request.path().starts_with("/s") => {
            CaptureError::MissingPayload.into_response()
        }
        Ok(_) => answer::ok(),
        Err(refused) => refused.into_response(),
    }
}

/// `/static/…`: the scripts of features that are turned off.
pub async fn missing_script() -> HttpResponse {
    HttpResponse::NotFound().content_type("text/plain; charset=utf-8").body("posthog-local serves no such script")
}
