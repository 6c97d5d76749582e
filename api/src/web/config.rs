//! What the page is told: where PostHog is, and the project's key, which is public by nature.

use actix_web::http::Uri;
use anyhow::{bail, ensure};
use serde::Serialize;

use super::settings::Settings;

/// `/config.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct PageConfig {
    /// Where the page sends events.
    pub(super) posthog_host: String,
    /// The project's key.
    pub(super) posthog_key: String,
    /// Where one event can be looked at; none when that is nowhere.
    pub(super) inspector_url: Option<String>,
    /// The host's origin, for the policy.
    #[serde(skip)]
    pub(super) posthog_origin: String,
}

impl PageConfig {
    pub(super) fn new(settings: &Settings) -> anyhow::Result<Self> {
        let key = settings.posthog_key.trim();
        ensure!(
            !key.starts_with("phx_"),
            "POSTHOG_KEY is a personal API key (phx_…), which must stay secret; use the project's key (phc_…)"
        );
        ensure!(!key.is_empty(), "POSTHOG_KEY is empty; use the project's key (phc_…)");
        let host = Host::of("POSTHOG_HOST", &settings.posthog_host)?;
        let inspector_url = match settings.inspector_url.as_deref().filter(|url| !url.trim().is_empty()) {
            Some(url) => Some(Host::of("INSPECTOR_URL", url)?.url),
            None => host.is_this_machine.then(|| host.url.clone()),
        };
        Ok(Self { posthog_host: host.url, posthog_key: key.to_owned(), inspector_url, posthog_origin: host.origin })
    }
}

struct Host {
    url: String,
    origin: String,
    is_this_machine: bool,
}

impl Host {
    fn of(variable: &str, given: &str) -> anyhow::Result<Self> {
        let url = given.trim().trim_end_matches('/');
        let parsed: Option<Uri> = url.parse().ok();
        let parts = parsed.as_ref().and_then(|uri| Some((uri.scheme_str()?, uri.authority()?)));
        let Some((scheme @ ("http" | "https"), authority)) = parts else {
            bail!("{variable} must be an address like https://eu.i.posthog.com");
        };
        // The page gets it, and with it everybody who opens the page.
        ensure!(!authority.as_str().contains('@'), "{variable} must not hold a user name or password");
        let is_this_machine = matches!(authority.host(), "localhost" | "127.0.0.1" | "[::1]");
        Ok(Self { url: url.to_owned(), origin: format!("{scheme}://{authority}"), is_this_machine })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(host: &str, key: &str, inspector: Option<&str>) -> anyhow::Result<PageConfig> {
        PageConfig::new(&Settings {
            addr: "127.0.0.1:0".parse().unwrap(),
            root: "dist".into(),
            posthog_host: host.into(),
            posthog_key: key.into(),
            inspector_url: inspector.map(Into::into),
        })
    }

    #[test]
    fn the_inspector_is_on_this_machine_or_named() {
        assert_eq!(
            config("http://localhost:8000/", "phc_local", None).unwrap().inspector_url.as_deref(),
            Some("http://localhost:8000")
        );
        assert_eq!(config("https://eu.i.posthog.com", "phc_x", None).unwrap().inspector_url, None);
        let named = config("https://eu.i.posthog.com", "phc_x", Some("https://inspector.example")).unwrap();
        assert_eq!(named.inspector_url.as_deref(), Some("https://inspector.example"));
    }

    #[test]
    fn a_personal_key_is_refused_and_not_repeated() {
        let error = config("http://localhost:8000", "phx_secret", None).unwrap_err().to_string();
        assert!(error.contains("POSTHOG_KEY") && !error.contains("phx_secret"), "{error}");
    }

    #[test]
    fn a_host_must_be_an_address() {
        for host in ["", "localhost:8000", "ftp://x", "/x", "http://"] {
            let error = config(host, "phc_x", None).unwrap_err().to_string();
            assert!(error.contains("POSTHOG_HOST"), "{host}: {error}");
        }
    }
}
