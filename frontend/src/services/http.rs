//! One request and its answer.

use gloo_net::{Error, http::Request};

/// Sends a request; returns the status and the whole text of the answer.
pub async fn exchange(request: Result<Request, Error>) -> Result<(u16, String), Error> {
    let response = request?.send().await?;
    let text = response.text().await?;
    Ok((response.status(), text))
}
