//! The health check of a container.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context, Result, ensure};
use hyper::{Request, StatusCode};

use crate::http;

/// The longest wait for the answer, including the connection.
const TIMEOUT: Duration = Duration::from_secs(2);

/// Checks that the posthog-local that listens on `addr` is ready.
///
/// # Errors
/// It does not answer within two seconds, or answers another status than 200.
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
