//! Checks --host and the personal key, so that the key is not sent to the wrong place.

use anyhow::{Context, Result, bail, ensure};
use credentials::Secret;
use hyper::Uri;

use crate::settings::Secrets;

/// The URL of PostHog's app, as `scheme://host:port`.
pub(super) fn app_host(host: &str) -> Result<String> {
    let uri: Uri = host.trim().trim_end_matches('/').parse().context("--host is not a URL")?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        bail!("--host must be like https://us.posthog.com");
    };
    ensure!(
        matches!(scheme, "http" | "https") && !authority.as_str().contains('@'),
        "--host must be like https://us.posthog.com"
    );
    ensure!(
        !authority.host().ends_with(".i.posthog.com"),
        "--host must be PostHog's app, not its ingestion host: https://{}",
        authority.host().replace(".i.posthog.com", ".posthog.com")
    );
    let host = format!("{scheme}://{authority}");
    ensure!(
        scheme == "https" || is_local(&host),
        "--host must be https://, so that the personal key is not sent unencrypted"
    );
    Ok(host)
}

/// Whether a URL points to this machine.
pub(super) fn is_local(url: &str) -> bool {
    let Some(host) = url.parse::<Uri>().ok().and_then(|uri| uri.host().map(str::to_owned)) else { return false };
    let name = host.trim_start_matches('[').trim_end_matches(']');
    name == "localhost"
        || name.ends_with(".localhost")
        || name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback() || ip.is_unspecified())
}

/// The personal key, or an error that says how to get one.
pub(super) fn key<'a>(secrets: &'a Secrets, host: &str) -> Result<&'a Secret> {
    let Some(key) = &secrets.personal_api_key else {
        bail!(
            "POSTHOG_PERSONAL_API_KEY is not set. Make one at {host}/settings/user-api-keys with the scopes \
             hog_function:write, hog_flow:write and integration:read"
        );
    };
    ensure!(
        !key.expose().starts_with("phc_"),
        "POSTHOG_PERSONAL_API_KEY is a project key (phc_); set it to a personal key, which begins with phx_"
    );
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_app_host_is_told_from_what_is_not_it() {
        assert_eq!(app_host("https://eu.posthog.com/").unwrap(), "https://eu.posthog.com");
        assert_eq!(app_host("http://localhost:8000").unwrap(), "http://localhost:8000");
        for (host, problem) in [
            ("https://us.i.posthog.com", "not its ingestion host: https://us.posthog.com"),
            ("http://posthog.example", "must be https://"),
            ("us.posthog.com", "must be like"),
            ("https://user:hunter2@posthog.example", "must be like"),
        ] {
            let error = app_host(host).unwrap_err().to_string();
            assert!(error.contains(problem) && !error.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn this_machine_is_told_from_others() {
        for url in [
            "http://localhost:3000/x",
            "http://127.0.0.1",
            "http://[::1]:3000/",
            "http://0.0.0.0",
            "http://api.localhost",
        ] {
            assert!(is_local(url), "{url}");
        }
        for url in ["https://api.example.com", "https://localhost.example.com", "no url", "http://10.0.0.1"] {
            assert!(!is_local(url), "{url}");
        }
    }
}
