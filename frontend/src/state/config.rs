//! `/config.json`: what is wrong with it, and what follows from it.

use shared::page_config::{AddressError, KeyError, PageConfig, ProjectKey, WebAddress};

/// Why the page cannot start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigProblem {
    /// There was no answer, or it was not this file.
    Missing,
    /// It is not a JSON object, or the named field holds no text.
    Unreadable(&'static str),
    /// The address in the named field is invalid.
    Address(&'static str, AddressError),
    /// `posthog_key` is invalid.
    Key(KeyError),
}

/// Checks the fields of `config.json`. `None` is a field that is missing or holds no text; the inspector may be missing.
pub fn checked(
    posthog_host: Option<String>,
    posthog_key: Option<String>,
    inspector_url: Option<String>,
) -> Result<PageConfig, ConfigProblem> {
    let posthog_host = posthog_host.ok_or(ConfigProblem::Unreadable("posthog_host"))?;
    let posthog_key = posthog_key.ok_or(ConfigProblem::Unreadable("posthog_key"))?;
    Ok(PageConfig {
        posthog_key: ProjectKey::parse(&posthog_key).map_err(ConfigProblem::Key)?,
        posthog_host: address("posthog_host", &posthog_host)?,
        inspector_url: inspector_url.map(|url| address("inspector_url", &url)).transpose()?,
    })
}

fn address(field: &'static str, text: &str) -> Result<WebAddress, ConfigProblem> {
    WebAddress::parse(text).map_err(|error| ConfigProblem::Address(field, error))
}

/// The inspector's list of events, if there is an inspector.
pub fn inspector_url(config: &PageConfig) -> Option<String> {
    config.inspector_url.as_ref().map(|base| format!("{}/", base.as_str()))
}

/// The inspector's page about one event, if there is an inspector.
pub fn event_url(config: &PageConfig, uuid: &str) -> Option<String> {
    config.inspector_url.as_ref().map(|base| format!("{}/events/{uuid}", base.as_str()))
}

impl ConfigProblem {
    /// What is wrong, for a person.
    pub fn what(&self) -> String {
        match self {
            Self::Missing => "There is no config.json beside this page.".into(),
            Self::Unreadable(field) => format!("config.json is not JSON, or has no text in {field}."),
            Self::Address(field, error) => format!("{field} in config.json {error}."),
            Self::Key(KeyError::Personal) => {
                "posthog_key in config.json is a personal key (phx_…). It gives access to the whole account and must never \
                 be in a page: delete it in PostHog, then use the project's own key (phc_…)."
                    .into()
            }
            Self::Key(error) => format!("posthog_key in config.json {error}."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(host: &str, key: &str, inspector: Option<&str>) -> Result<PageConfig, ConfigProblem> {
        checked(Some(host.into()), Some(key.into()), inspector.map(Into::into))
    }

    #[test]
    fn the_file_that_ships_is_read_with_or_without_an_inspector() {
        let config = read("http://localhost:8000/", "phc_local", Some("http://localhost:8000")).unwrap();
        assert_eq!(config.posthog_host.as_str(), "http://localhost:8000");
        assert_eq!(event_url(&config, "u"), Some("http://localhost:8000/events/u".into()));
        assert_eq!(inspector_url(&config), Some("http://localhost:8000/".into()));
        let without = read("https://eu.i.posthog.com", "phc_x", None).unwrap();
        assert_eq!((event_url(&without, "u"), inspector_url(&without)), (None, None));
    }

    #[test]
    fn a_field_that_is_missing_is_named() {
        assert_eq!(checked(None, None, None), Err(ConfigProblem::Unreadable("posthog_host")));
        let keyless = checked(Some("http://h".into()), None, None);
        assert_eq!(keyless, Err(ConfigProblem::Unreadable("posthog_key")));
    }

    #[test]
    fn only_web_addresses_pass() {
        for host in ["", "localhost:8000", "javascript:alert(1)", "http://", "http:///x", "http://a b", "ftp://h"] {
            let problem = ConfigProblem::Address("posthog_host", AddressError::NotAnAddress);
            assert_eq!(read(host, "k", None), Err(problem), "{host}");
        }
        let inspector = read("http://h", "k", Some("javascript:alert(1)"));
        assert_eq!(inspector, Err(ConfigProblem::Address("inspector_url", AddressError::NotAnAddress)));
    }

    #[test]
    fn a_password_in_an_address_is_refused_and_not_shown() {
        let problem = read("http://user:secret@h", "k", None).unwrap_err();
        assert_eq!(problem, ConfigProblem::Address("posthog_host", AddressError::Credentials));
        assert!(problem.what().contains("posthog_host") && !problem.what().contains("secret"), "{}", problem.what());
    }

    #[test]
    fn an_empty_key_and_a_personal_key_are_refused() {
        assert_eq!(read("http://h", " ", None), Err(ConfigProblem::Key(KeyError::Empty)));
        let personal = read("http://h", "phx_secret", None).unwrap_err();
        assert_eq!(personal, ConfigProblem::Key(KeyError::Personal));
        assert!(!personal.what().contains("secret"));
    }
}
