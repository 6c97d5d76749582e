//! Is it there, can it take events: for health checks, and for `misfire health`, which asks as they do.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use actix_web::{HttpResponse, web};
use anyhow::Context;
use serde_json::json;

use crate::{
    app::State,
    problem::{Problem, ProblemDetails},
    settings::HealthSettings,
};

/// `GET /health`: the process answers.
#[utoipa::path(get, path = "/health", responses((status = 200, description = "The process answers")))]
pub async fn health() -> HttpResponse {
    HttpResponse::Ok().json(json!({"status": "ok"}))
}

/// `GET /ready`: an event would be taken.
///
/// # Errors
/// 503 with the reason while the disk fails, the queue is nearly full, or the process stops.
#[utoipa::path(get, path = "/ready", responses(
    (status = 200, description = "An event would be taken"),
    (status = 503, description = "It would not; with the reason", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub async fn ready(state: web::Data<State>) -> Result<HttpResponse, Problem> {
    state.refuse_when_stopping()?;
    if state.writer.is_queue_nearly_full() {
        return Err(Problem::Unavailable("the queue is nearly full"));
    }
    if !state.writer.is_writing() {
        return Err(Problem::Unavailable("the disk does not take events"));
    }
    Ok(HttpResponse::Ok().json(json!({"status": "ready"})))
}

/// `misfire health`: asks `/ready` of the API on this machine, or the URL that is given.
///
/// # Errors
/// When there is no answer within 2 s, or it is not 200.
pub fn check(settings: &HealthSettings) -> anyhow::Result<()> {
    let url = settings.url.clone().unwrap_or_else(|| format!("http://{}/ready", reachable(settings.addr)));
    let config = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(2))).proxy(None);
    config.build().new_agent().get(&url).call().with_context(|| format!("{url} does not answer as it should"))?;
    println!("{url} answers");
    Ok(())
}

/// Who listens on every address is asked on this machine's own.
fn reachable(mut addr: SocketAddr) -> SocketAddr {
    match addr.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => addr.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => addr.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    addr
}
