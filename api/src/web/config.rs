//! Makes `/config.json` of the settings of `misfire web`.

use anyhow::anyhow;
use shared::page_config::{PageConfig, ProjectKey, WebAddress};

use super::settings::Settings;

/// Checks the settings. Without `INSPECTOR_URL` the inspector is at `POSTHOG_HOST` when that is this machine, because then
/// it is posthog-local; PostHog itself has no inspector.
pub(super) fn page_config(settings: &Settings) -> anyhow::Result<PageConfig> {
    let posthog_key = ProjectKey::parse(&settings.posthog_key).map_err(|error| anyhow!("POSTHOG_KEY {error}"))?;
    let posthog_host = address("POSTHOG_HOST", &settings.posthog_host)?;
    let inspector_url = match settings.inspector_url.as_deref().filter(|url| !url.trim().is_empty()) {
        Some(url) => Some(address("INSPECTOR_URL", url)?),
        None => posthog_host.is_this_machine().then(|| posthog_host.clone()),
    };
    Ok(PageConfig { posthog_host, posthog_key, inspector_url })
}

fn address(variable: &str, text: &str) -> anyhow::Result<WebAddress> {
    WebAddress::parse(text).map_err(|error| anyhow!("{variable} {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(host: &str, key: &str, inspector: Option<&str>) -> anyhow::Result<PageConfig> {
        page_config(&Settings {
            addr: "127.0.0.1:0".parse().unwrap(),
            root: "dist".into(),
            posthog_host: host.into(),
            posthog_key: key.into(),
            inspector_url: inspector.map(Into::into),
            print_config: false,
        })
    }

    fn inspector(host: &str, inspector: Option<&str>) -> Option<String> {
        config(host, "phc_x", inspector).unwrap().inspector_url.map(|url| url.as_str().to_owned())
    }

    #[test]
    fn the_inspector_is_on_this_machine_or_named() {
        for host in ["http://localhost:8000", "http://127.0.0.1:8000", "http://[::1]:8000"] {
            assert_eq!(inspector(host, None).as_deref(), Some(host));
            assert_eq!(inspector(host, Some(" ")).as_deref(), Some(host));
        }
        assert_eq!(inspector("https://eu.i.posthog.com", None), None);
        let named = inspector("https://eu.i.posthog.com", Some("https://inspector.example/"));
        assert_eq!(named.as_deref(), Some("https://inspector.example"));
    }

    #[test]
    fn a_personal_key_is_refused_and_not_repeated() {
        let error = config("http://localhost:8000", "phx_secret", None).unwrap_err().to_string();
        assert!(error.contains("POSTHOG_KEY") && !error.contains("phx_secret"), "{error}");
    }

    #[test]
    fn the_variable_that_holds_no_address_is_named() {
        for host in ["", "localhost:8000", "ftp://x", "/x", "http://", "http://user:pass@h"] {
            let error = config(host, "phc_x", None).unwrap_err().to_string();
            assert!(error.contains("POSTHOG_HOST") && !error.contains("pass@"), "{host}: {error}");
        }
        let error = config("http://h", "phc_x", Some("ftp://x")).unwrap_err().to_string();
        assert!(error.contains("INSPECTOR_URL"), "{error}");
    }
}
