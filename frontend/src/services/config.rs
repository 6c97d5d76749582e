//! Asks for `/config.json`.

use gloo_net::http::Request;
use web_sys::RequestCache;

use super::{http, json};
use crate::state::config::{Config, ConfigProblem};

/// The configuration that the page's server gives, never from a cache: it changes without the page's name changing.
pub async fn load() -> Result<Config, ConfigProblem> {
    let request = Request::get("/config.json").cache(RequestCache::NoStore).build();
    let (status, body) = http::exchange(request).await.map_err(|_| ConfigProblem::Missing)?;
    // Servers that answer every path with their index page have none either.
    if status != 200 || body.trim_start().starts_with('<') {
        return Err(ConfigProblem::Missing);
    }
    let fields = json::parse(&body);
    Config::checked(
        json::text(&fields, "posthog_host"),
        json::text(&fields, "posthog_key"),
        json::text(&fields, "inspector_url"),
    )
}
