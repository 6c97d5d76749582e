//! Fetches `/config.json`.

use gloo_net::http::Request;
use web_sys::RequestCache;

use super::{http, json};
use shared::page_config::PageConfig;

use crate::state::config::{self, ConfigProblem};

/// Fetches the configuration from the page's server. Never from a cache: it can change while its address stays the same.
pub async fn load() -> Result<PageConfig, ConfigProblem> {
    let request = Request::get("/config.json").cache(RequestCache::NoStore).build();
    let (status, body) = http::exchange(request).await.map_err(|_| ConfigProblem::Missing)?;
    // Some servers answer every unknown path with their index page, so HTML means that there is no such file.
    if status != 200 || body.trim_start().starts_with('<') {
        return Err(ConfigProblem::Missing);
    }
    let fields = json::parse(&body);
    config::checked(
        json::text(&fields, "posthog_host"),
        json::text(&fields, "posthog_key"),
        json::text(&fields, "inspector_url"),
    )
}
