//! The endpoints for supervisors: does the process answer, can it take events, what has it counted?

use actix_web::{
    HttpResponse, Route, guard,
    web::{self, Data, ServiceConfig},
};
use jiff::Timestamp;
use serde_json::json;

use crate::{
    metrics::Metrics,
    problem::{Problem, ProblemDetails},
    pull::PullStatus,
    queue::reading::ReadingStatus,
    shutdown::Shutdown,
    writer::WriterHandle,
};

/// Where they are.
pub fn routes(config: &mut ServiceConfig) {
    for (path, route) in
        [("/health", asked().to(health)), ("/ready", asked().to(ready)), ("/metrics", asked().to(metrics))]
    {
        config.service(web::resource(path).route(route).default_service(only("GET, HEAD")));
    }
}

/// A route for GET. HEAD is answered as GET, without the body.
pub fn asked() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

/// The answer to other methods than these.
pub fn only(allowed: &'static str) -> Route {
    web::to(move || async move { Err::<&str, _>(Problem::Method { allowed }) })
}

/// `GET /health`: the process answers.
#[utoipa::path(get, path = "/health", responses((status = 200, description = "The process answers")))]
pub async fn health() -> HttpResponse {
    HttpResponse::Ok().json(json!({"status": "ok"}))
}

/// `GET /ready`: an event would be taken. Where events are pulled, the body says how that is doing.
///
/// # Errors
/// 503 with the reason while the disk fails, the queue is nearly full, or the process stops.
#[utoipa::path(get, path = "/ready", responses(
    (status = 200, description = "An event would be taken"),
    (status = 503, description = "It would not; with the reason", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub async fn ready(
    shutdown: Data<Shutdown>,
    writer: Data<WriterHandle>,
    pull: Option<Data<PullStatus>>,
) -> Result<HttpResponse, Problem> {
    shutdown.refuse_when_stopping()?;
    if writer.is_queue_nearly_full() {
        return Err(Problem::Unavailable("the queue is nearly full"));
    }
    if !writer.is_writing() {
        return Err(Problem::Unavailable("the disk does not take events"));
    }
    // A PostHog that is away is no reason to take no webhooks.
    let pull = pull.map(|status| status.to_json());
    Ok(HttpResponse::Ok().json(match pull {
        Some(pull) => json!({"status": "ready", "pull": pull}),
        None => json!({"status": "ready"}),
    }))
}

/// `GET /ready` of the writer of a cluster: it takes events to the files, and is not far behind.
///
/// # Errors
/// 503 with the reason while the disk fails, a stream cannot be read, too much waits, or the process stops.
pub async fn ready_to_read(
    shutdown: Data<Shutdown>,
    writer: Data<WriterHandle>,
    reading: Data<ReadingStatus>,
    pull: Option<Data<PullStatus>>,
) -> Result<HttpResponse, Problem> {
    shutdown.refuse_when_stopping()?;
    if !writer.is_writing() {
        return Err(Problem::Unavailable("the disk does not take events"));
    }
    if reading.problem().is_some() {
        return Err(Problem::Unavailable("a stream cannot be read on; the log says why"));
    }
    if reading.is_behind() {
        return Err(Problem::Unavailable("too many messages wait in the streams"));
    }
    let pull = pull.map(|status| status.to_json());
    Ok(HttpResponse::Ok().json(json!({"status": "ready", "lag_records": reading.lag(), "pull": pull})))
}

/// `GET /metrics`.
#[utoipa::path(get, path = "/metrics", responses(
    (status = 200, description = "OpenMetrics text", content_type = "application/openmetrics-text"),
))]
pub async fn metrics(
    metrics: Data<Metrics>,
    writer: Data<WriterHandle>,
    pull: Option<Data<PullStatus>>,
) -> HttpResponse {
    if let Some(lag_s) = pull.and_then(|status| status.lag_s(Timestamp::now())) {
        metrics.pull.lag(lag_s);
    }
    match metrics.to_text(writer.waiting()) {
        Ok(text) => {
            HttpResponse::Ok().content_type("application/openmetrics-text; version=1.0.0; charset=utf-8").body(text)
        }
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}
