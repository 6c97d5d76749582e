//! The other requests of posthog-js: remote configuration, scripts and recordings. Feature flags are in [`crate::flags`].
//!
//! posthog-local has no recordings. The answers say so in PostHog's form, so that the SDK turns such features off and logs
//! no error in the console.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, Data, Path},
};
use serde_json::{Value, json};

use super::{
    answer::{self, CaptureError},
    body::{BodyBytesMax, read},
    payload::Query,
    request::check_token,
};
use crate::{flags::Flags, json::Object};

/// The paths of session recordings.
pub const RECORDING_PATHS: [&str; 2] = ["/s", "/s/"];
/// The paths of PostHog's own test route. Their bodies are read and discarded.
pub const DISCARDED_PATHS: [&str; 2] = ["/test/black_hole", "/test/black_hole/"];
/// The limit of [`DISCARDED_PATHS`] and of [`RECORDING_PATHS`].
pub const DISCARDED_BODY_BYTES_MAX: BodyBytesMax = BodyBytesMax(25 * 1024 * 1024);

/// serde's words where neither a recording nor a list of them fits.
const NO_RECORDING: &str = "data did not match any variant of untagged enum RecordingPayload";

/// The configuration with which posthog-js 1.449.2 was measured to start without a message in the console. `surveys` is
/// missing on purpose: any value, even `false`, makes the SDK load a script and log an error because it does not exist.
pub(crate) fn remote_config(token: &str, flags: &Flags) -> Object {
    let config = json!({
        "token": token,
        "supportedCompression": ["gzip", "gzip-js"],
        "hasFeatureFlags": flags.read(|flags| !flags.is_empty()),
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
    });
    match config {
        Value::Object(config) => config,
        _ => Object::new(),
    }
}

/// What answers with flags have beside that, for SDKs that know no `/array/…/config`.
pub(crate) fn legacy_config() -> Object {
    Object::from_iter([
        ("config".to_owned(), json!({ "enable_collect_everything": true })),
        ("toolbarParams".to_owned(), json!({})),
        ("isAuthenticated".to_owned(), json!(false)),
    ])
}

/// `GET /array/{token}/config`
pub async fn config(token: Path<String>, flags: Data<Flags>) -> HttpResponse {
    match check_token(&token) {
        Ok(()) => HttpResponse::Ok().json(remote_config(&token, &flags)),
        Err(refused) => refused.into_response(),
    }
}

/// `GET /array/{token}/config.js`
pub async fn config_js(token: Path<String>, flags: Data<Flags>) -> HttpResponse {
    if let Err(refused) = check_token(&token) {
        return refused.into_response();
    }
    // JSON is valid JavaScript, so the token cannot end its string and inject code.
    let (key, config) = (json!(*token), json!(remote_config(&token, &flags)));
    let script = format!(
        "(function () {{\n  window._POSTHOG_REMOTE_CONFIG = window._POSTHOG_REMOTE_CONFIG || {{}};\n  \
         window._POSTHOG_REMOTE_CONFIG[{key}] = {{ config: {config}, siteApps: [] }};\n}})();\n"
    );
    HttpResponse::Ok().content_type("application/javascript; charset=utf-8").body(script)
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
