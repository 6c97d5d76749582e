//! The URLs that SDKs ask for flags: `/flags`, `/decide`, the definitions, and single remote configs.
//!
//! Every page and every host may ask, as in PostHog: `/flags` is public, and the others need a key.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderName, IF_NONE_MATCH},
    },
    web::{self, Data, Path},
};
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Flag, Flags, definitions,
    evaluation::Shape,
    refusal::FlagsError,
    request::{FlagsQuery, FlagsRequest},
};
use crate::{
    capture::{body, request::check_token, sdk},
    json::Object,
    rest::{PROJECT, Rest},
};

/// Where flags are asked for; `/decide` is the former name, with answers of its own.
pub const FLAGS_PATHS: [&str; 4] = ["/flags", "/flags/", "/decide", "/decide/"];
/// Where the definitions are.
pub const DEFINITIONS_PATHS: [&str; 6] = [
    "/flags/definitions",
    "/flags/definitions/",
    "/api/feature_flag/local_evaluation",
    "/api/feature_flag/local_evaluation/",
    "/api/projects/{project}/feature_flags/local_evaluation",
    "/api/projects/{project}/feature_flags/local_evaluation/",
];
/// Where a remote config is.
pub const REMOTE_CONFIG_PATHS: [&str; 2] = [
    "/api/projects/{project}/feature_flags/{key}/remote_config",
    "/api/projects/{project}/feature_flags/{key}/remote_config/",
];

/// `GET` on [`FLAGS_PATHS`]: the little that PostHog answers where nobody is named.
pub async fn minimal(request: HttpRequest) -> HttpResponse {
    let query = FlagsQuery::parse(request.query_string());
    let mut answer = Shape::of(false, query.version).answer(&[]);
    answer.extend(identity(&request));
    answer.extend(sdk::legacy_config());
    answer.insert("supportedCompression".to_owned(), json!(["gzip", "gzip-js"]));
    answer.insert("sessionRecording".to_owned(), json!(false));
    HttpResponse::Ok().json(answer)
}

/// `POST` on [`FLAGS_PATHS`].
pub async fn flags(request: HttpRequest, body: web::Payload, flags: Data<Flags>) -> HttpResponse {
    match evaluated(&request, body, &flags).await {
        Ok(answer) => HttpResponse::Ok().json(answer),
        Err(refused) => refused.into_response(),
    }
}

async fn evaluated(request: &HttpRequest, body: web::Payload, flags: &Flags) -> Result<Object, FlagsError> {
    let mut query = FlagsQuery::parse(request.query_string());
    let is_decide = request.path().starts_with("/decide");
    if is_decide {
        query.config = query.config.or(Some(true));
    } else if query.version.is_none() && query.config.is_none() {
        (query.version, query.config) = (Some(2), Some(true));
    }
    let body = body::read(request, body).await?;
    let is_gzip = header(request, CONTENT_ENCODING).contains("gzip");
    let asked = FlagsRequest::read(&body, header(request, CONTENT_TYPE), is_gzip, &query)?;
    let token = asked.token()?;
    authorize_token(flags, token)?;
    let wants_flags = asked.wants_flags()?;

    let mut answer = flags.read(|flags| {
        let wanted: Vec<_> = flags.iter().filter(|flag| wants_flags && asked.wants(&flag.key)).collect();
        Shape::of(is_decide, query.version).answer(&wanted)
    });
    answer.extend(identity(request));
    if query.config == Some(true) {
        answer.extend(sdk::remote_config(token, flags));
        answer.extend(sdk::legacy_config());
    }
    Ok(answer)
}

/// What every answer has.
fn identity(request: &HttpRequest) -> Object {
    let id = header(request, HeaderName::from_static("x-request-id")).parse().unwrap_or_else(|_| Uuid::now_v7());
    let now = Timestamp::now().as_millisecond();
    Object::from_iter([("requestId".to_owned(), json!(id)), ("evaluatedAt".to_owned(), json!(now))])
}

fn authorize_token(flags: &Flags, token: &str) -> Result<(), FlagsError> {
    match check_token(token).is_ok() && flags.admits(token) {
        true => Ok(()),
        false => Err(FlagsError::BadToken),
    }
}

/// `GET` on [`DEFINITIONS_PATHS`] (`rust/feature-flags/src/api/flag_definitions.rs`).
pub async fn definitions(request: HttpRequest, flags: Data<Flags>, rest: Data<Rest>) -> HttpResponse {
    match defined(&request, &flags, &rest) {
        Ok(answer) => answer,
        Err(refused) => refused.into_response(),
    }
}

fn defined(request: &HttpRequest, flags: &Flags, rest: &Rest) -> Result<HttpResponse, FlagsError> {
    // Without a token it is the project of the caller's key. posthog-rs 0.30.0 names the project in a header instead.
    let in_header = header(request, HeaderName::from_static("x-posthog-project-api-key"));
    if let Some(token) = token(request).or_else(|| Some(in_header.to_owned()).filter(|token| !token.is_empty())) {
        authorize_token(flags, &token)?;
    }
    rest.authenticate_flags(authorization(request))?;
    let json = flags.read(definitions::definitions).to_string();
    let etag = definitions::etag(&json);
    let is_known = definitions::is_same(header(request, IF_NONE_MATCH), &etag);
    let mut answer = HttpResponse::build(if is_known { StatusCode::NOT_MODIFIED } else { StatusCode::OK });
    answer.insert_header((ETAG, etag)).insert_header((CACHE_CONTROL, "private, must-revalidate"));
    Ok(if is_known { answer.finish() } else { answer.content_type("application/json").body(json) })
}

/// `GET` on [`REMOTE_CONFIG_PATHS`] (`rust/feature-flags/src/api/remote_config.rs`): the payload, which is JSON as a text.
/// The project of a `token` counts, as in PostHog; without one the project in the path.
pub async fn remote_config(
    request: HttpRequest,
    path: Path<(String, String)>,
    flags: Data<Flags>,
    rest: Data<Rest>,
) -> HttpResponse {
    let (project, key) = path.into_inner();
    match token(&request) {
        Some(token) if authorize_token(&flags, &token).is_err() => return HttpResponse::Unauthorized().finish(),
        None if ![PROJECT, "@current"].contains(&project.as_str()) => return HttpResponse::NotFound().finish(),
        _ => {}
    }
    if let Err(refused) = rest.authenticate_flags(authorization(&request)) {
        return FlagsError::from(refused).into_response();
    }
    let is_it = |flag: &&Flag| flag.remote_config && (flag.key == key || flag.id.to_string() == key);
    let payload = flags.read(|flags| flags.iter().find(is_it).and_then(Flag::payload_text));
    match payload {
        Some(text) => HttpResponse::Ok().json(Value::String(text)),
        None => HttpResponse::NotFound().finish(),
    }
}

/// The project's key in the query.
fn token(request: &HttpRequest) -> Option<String> {
    let mut query = form_urlencoded::parse(request.query_string().as_bytes());
    query.find(|(key, value)| key == "token" && !value.is_empty()).map(|(_, value)| value.into_owned())
}

fn authorization(request: &HttpRequest) -> Option<&str> {
    Some(header(request, AUTHORIZATION)).filter(|value| !value.is_empty())
}

/// A header's text; empty if it is missing.
fn header(request: &HttpRequest, name: HeaderName) -> &str {
    request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
