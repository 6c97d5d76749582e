//! The question that a container's health check asks.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context, Result, ensure};
use hyper::{Request, StatusCode};

use crate::http;

/// Longest wait for the answer, connecting included.
const TIMEOUT: Duration = Duration::from_secs(2);

/// Asks the posthog-local that listens at `addr` whether it is ready.
///
/// # Errors
/// It does not answer within two seconds, or not with 200.
pub async fn check(addr: SocketAddr) -> Result<()> {
    let url = format!("{}/_readiness", http::url_of(addr));
    let request = Request::get(&url).body(http::no_body())?;
    let answer = tokio::time::timeout(TIMEOUT, http::Client::new().send(request))
        .await
        .with_context(|| format!("{url} did not answer within {} s", TIMEOUT.as_secs()))?
        .with_context(|| format!("{url} does not answer"))?;
    ensure!(answer.status == StatusCode::OK, "{url} answered {}", answer.status);
    Ok(())
}
