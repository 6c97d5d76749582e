//! `/config.json`: where PostHog is and whose key to use, or what is wrong with it.

/// What the page must know before it can send anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Where the capture API is, without a slash at the end.
    pub posthog_host: String,
    /// The project's key, public by nature (`phc_…`).
    pub posthog_key: String,
    /// Where an event can be looked at, `<inspector_url>/events/<uuid>`; only posthog-local has such pages.
    pub inspector_url: Option<String>,
}

/// Why the page cannot start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigProblem {
    /// Nothing answered, or not with a file.
    Missing,
    /// It is no JSON object, or has no text in the field that is named.
    Unreadable(&'static str),
    /// `posthog_host` or `inspector_url` (which is named) is no http or https address.
    BadAddress(&'static str, String),
    /// `posthog_key` is empty.
    NoKey,
    /// `posthog_key` is a personal key, which must never be in a page.
    PersonalKey,
}

impl Config {
    /// Checks what stands in the fields of `config.json`; `None` is a field that is not there or holds no text.
    pub fn checked(
        posthog_host: Option<String>,
        posthog_key: Option<String>,
        inspector_url: Option<String>,
    ) -> Result<Self, ConfigProblem> {
        let posthog_host = posthog_host.ok_or(ConfigProblem::Unreadable("posthog_host"))?;
        let posthog_key = posthog_key.ok_or(ConfigProblem::Unreadable("posthog_key"))?.trim().to_owned();
        if posthog_key.is_empty() {
            return Err(ConfigProblem::NoKey);
        }
        if posthog_key.starts_with("phx_") {
            return Err(ConfigProblem::PersonalKey);
        }
        Ok(Self {
            posthog_host: address("posthog_host", &posthog_host)?,
            posthog_key,
            inspector_url: inspector_url.map(|url| address("inspector_url", &url)).transpose()?,
        })
    }

    /// The page of one event in the inspector.
    pub fn event_url(&self, uuid: &str) -> Option<String> {
        self.inspector_url.as_ref().map(|base| format!("{base}/events/{uuid}"))
    }
}

/// The address becomes the start of a link and of a request, so nothing but http and https may pass.
fn address(field: &'static str, text: &str) -> Result<String, ConfigProblem> {
    let text = text.trim();
    let host = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    match host {
        Some(host) if !host.is_empty() && !host.starts_with('/') && !host.contains(char::is_whitespace) => {
            Ok(text.trim_end_matches('/').to_owned())
        }
        _ => Err(ConfigProblem::BadAddress(field, text.to_owned())),
    }
}

impl ConfigProblem {
    /// What is wrong, for a person.
    pub fn what(&self) -> String {
        match self {
            Self::Missing => "There is no config.json beside this page.".into(),
            Self::Unreadable(field) => format!("config.json is not JSON, or has no text in {field}."),
            Self::BadAddress(field, text) => {
                format!("{field} in config.json is “{text}”, which is no http:// or https:// address.")
            }
            Self::NoKey => "posthog_key in config.json is empty.".into(),
            Self::PersonalKey => {
                "posthog_key in config.json is a personal key (phx_…). It opens the whole account and must never be in \
                 a page: delete it in PostHog, then use the project's own key (phc_…)."
                    .into()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(host: &str, key: &str, inspector: Option<&str>) -> Result<Config, ConfigProblem> {
        Config::checked(Some(host.into()), Some(key.into()), inspector.map(Into::into))
    }

    #[test]
    fn the_file_that_ships_is_read_with_or_without_an_inspector() {
        let config = read("http://localhost:8000/", "phc_local", Some("http://localhost:8000")).unwrap();
        assert_eq!(config.posthog_host, "http://localhost:8000");
        assert_eq!(config.event_url("u"), Some("http://localhost:8000/events/u".into()));
        assert_eq!(read("https://eu.i.posthog.com", "phc_x", None).unwrap().event_url("u"), None);
    }

    #[test]
    fn a_field_that_is_missing_is_named() {
        assert_eq!(Config::checked(None, None, None), Err(ConfigProblem::Unreadable("posthog_host")));
        let keyless = Config::checked(Some("http://h".into()), None, None);
        assert_eq!(keyless, Err(ConfigProblem::Unreadable("posthog_key")));
    }

    #[test]
    fn only_web_addresses_pass() {
        for host in ["", "localhost:8000", "javascript:alert(1)", "http://", "http:///x", "http://a b", "ftp://h"] {
            assert!(matches!(read(host, "k", None), Err(ConfigProblem::BadAddress("posthog_host", _))), "{host}");
        }
        let inspector = read("http://h", "k", Some("javascript:alert(1)"));
        assert!(matches!(inspector, Err(ConfigProblem::BadAddress("inspector_url", _))));
    }

    #[test]
    fn an_empty_key_and_a_personal_key_are_refused() {
        assert_eq!(read("http://h", " ", None), Err(ConfigProblem::NoKey));
        assert_eq!(read("http://h", "phx_secret", None), Err(ConfigProblem::PersonalKey));
        assert!(!ConfigProblem::PersonalKey.what().contains("secret"));
    }
}
