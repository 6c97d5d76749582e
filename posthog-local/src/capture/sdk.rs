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
    payload::Query,
    request::check_token,
};

/// The paths of session recordings.
pub const RECORDING_PATHS: [&str; 2] = ["/s", "/s/"];
/// The paths of PostHog's own test route. Their bodies are read and discarded.
pub const DISCARDED_PATHS: [&str; 2] = ["/test/black_hole", "/test/black_hole/"];
/// The limit of [`DISCARDED_PATHS`] and of [`RECORDING_PATHS`].
pub const DISCARDED_BODY_BYTES_MAX: BodyBytesMax = BodyBytesMax(25 * 1024 * 1024);
/// The paths of feature flags, with their former name.
pub const FLAGS_PATHS: [&str; 4] = ["/flags", "/flags/", "/decide", "/decide/"];

/// serde's words where neither a recording nor a list of them fits.
const NO_RECORDING: &str = "data did not match any variant of untagged enum RecordingPayload";

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

/// [`RECORDING_PATHS`]: checks a recording as PostHog does (`handle_recording_payload`), and discards it.
pub async fn record(request: HttpRequest, body: web::Payload) -> HttpResponse {
    let recorded = async {
        let query = Query::parse(request.query_string())?;
        let events = serde_json::from_str(&super::payload_of(&request, &query, body).await?);
        let events = match events.map_err(|error| CaptureError::Parse(error.to_string()))? {
            Value::Array(events) => events,
            event @ Value::Object(_) => vec![event],
            _ => return Err(CaptureError::Parse(NO_RECORDING.to_owned())),
        };
        let first = events.first().ok_or(CaptureError::EmptyBatch)?;
        if !events.iter().all(|event| event["event"].is_string() && event["properties"].is_object()) {
            return Err(CaptureError::Parse(NO_RECORDING.to_owned()));
        }
        let tokens = [&first["token"], &first["$token"], &first["api_key"], &first["properties"]["token"]];
        check_token(tokens.into_iter().find_map(Value::as_str).ok_or(CaptureError::NoToken)?)?;
        Ok(query.beacon)
    };
    match recorded.await {
        Ok(true) => HttpResponse::NoContent().finish(),
        Ok(false) => answer::ok(),
        Err(refused) => refused.into_response(),
    }
}

/// [`DISCARDED_PATHS`]: reads the body and discards it.
pub async fn discard(request: HttpRequest, body: web::Payload) -> HttpResponse {
    match read(&request, body).await {
        Ok(_) => answer::ok(),
        Err(refused) => refused.into_response(),
    }
}

/// `/static/…`: the scripts of features that are turned off.
pub async fn missing_script() -> HttpResponse {
    HttpResponse::NotFound().content_type("text/plain; charset=utf-8").body("posthog-local serves no such script")
}
