//! Where to listen, what to read, and the secrets.

use std::{net::SocketAddr, path::PathBuf};

use credentials::{Secret, SecretError};

use crate::store::Limits;

/// Settings that have a flag and an environment variable.
#[derive(Debug, Clone, clap::Args)]
pub struct Settings {
    /// Address to listen on, as IP:PORT; port 0 picks a free port
    #[arg(long, global = true, env = "POSTHOG_LOCAL_ADDR", default_value = "127.0.0.1:8000", value_parser = address)]
    pub addr: SocketAddr,

    /// URL that failed generations are posted to [default: http://localhost:3000/api/webhooks, from project.toml]
    #[arg(long, global = true, env = "WEBHOOK_URL", value_name = "URL", hide_env_values = true)]
    pub webhook_url: Option<String>,

    /// File that declares destinations and workflows [default: the built-in project.toml]
    #[arg(long, global = true, env = "POSTHOG_LOCAL_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// How many of the newest events are kept, in memory
    #[arg(long, global = true, env = "POSTHOG_LOCAL_EVENTS_MAX", value_name = "N", default_value_t = Limits::DEFAULT.events_max, value_parser = events_max)]
    pub events_max: usize,

    /// How many bytes the kept events may take together, as JSON
    #[arg(long, global = true, env = "POSTHOG_LOCAL_EVENTS_BYTES_MAX", value_name = "BYTES", default_value_t = Limits::DEFAULT.events_bytes_max, value_parser = events_bytes_max)]
    pub events_bytes_max: usize,

    /// Host names besides localhost that requests may use, with commas between them, such as the names of compose services
    #[arg(long, global = true, env = "POSTHOG_LOCAL_HOSTS", value_name = "HOSTS", value_delimiter = ',')]
    pub hosts: Vec<String>,

    /// Trust X-Forwarded-For and X-Real-IP for the sender's address [default: only on a loopback address]
    #[arg(long, global = true, env = "POSTHOG_LOCAL_TRUST_FORWARDED", value_name = "BOOL")]
    pub trust_forwarded: Option<bool>,

    /// Follow Retry-After and try seven times after a 429, as the newest revisions of PostHog do; older ones try three times
    #[arg(long, global = true, env = "POSTHOG_LOCAL_RETRY_AFTER", value_parser = clap::builder::FalseyValueParser::new())]
    pub retry_after: bool,

    /// Factor on every wait between two attempts of a delivery. 1 is PostHog's own waits; tests use less.
    #[arg(skip = 1.0)]
    pub retry_time_scale: f64,
}

impl Settings {
    /// How much of the events is kept.
    pub fn store_limits(&self) -> Limits {
        Limits { events_max: self.events_max, events_bytes_max: self.events_bytes_max }
    }
}

fn events_max(text: &str) -> Result<usize, String> {
    at_least_one("POSTHOG_LOCAL_EVENTS_MAX", text)
}

fn events_bytes_max(text: &str) -> Result<usize, String> {
    at_least_one("POSTHOG_LOCAL_EVENTS_BYTES_MAX", text)
}

fn at_least_one(name: &str, text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|number| *number > 0).ok_or_else(|| format!("{name} must be a whole number of at least 1"))
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "POSTHOG_LOCAL_ADDR must be an IP address and a port, like 127.0.0.1:8000".to_owned())
}

/// What a text shows in place of a secret.
pub const MASK: &str = "***";

/// The secrets. They have no flag, because everyone on a machine can read the arguments of its processes.
#[derive(Debug, Clone, Default)]
pub struct Secrets {
    /// `WEBHOOK_SECRET`: sent in the header that project.toml names.
    pub webhook_secret: Option<Secret>,
    /// `WEBHOOK_SIGNING_SECRET`: signs webhooks, `whsec_…`.
    pub webhook_signing_secret: Option<Secret>,
    /// `SMTP_URL`: `smtp://user:password@host:port` or `smtps://…`; e-mails are also sent to this server.
    pub smtp_url: Option<Secret>,
    /// `POSTHOG_PERSONAL_API_KEY`: callers of the REST API must send it, and `provision` sends it to PostHog.
    pub personal_api_key: Option<Secret>,
    /// `POSTHOG_SECRET_API_KEY`: the project's secret key (`phs_…`), with which an SDK may read the definitions of flags.
    pub secret_api_key: Option<Secret>,
}

impl Secrets {
    /// Reads each secret from its variable, or from the file that `<NAME>_FILE` names.
    ///
    /// # Errors
    /// Both are set, or the file cannot be read or is empty; see [`SecretError`].
    pub fn from_env() -> Result<Self, SecretError> {
        // While a secret is rotated there are two, separated by a comma. The API accepts both; the first one is sent.
        let first = |name| Secret::list_from_env(name).map(|values| values.into_iter().next());
        Ok(Self {
            webhook_secret: first("WEBHOOK_SECRET")?,
            webhook_signing_secret: first("WEBHOOK_SIGNING_SECRET")?,
            smtp_url: Secret::from_env("SMTP_URL")?,
            personal_api_key: Secret::from_env("POSTHOG_PERSONAL_API_KEY")?,
            secret_api_key: Secret::from_env("POSTHOG_SECRET_API_KEY")?,
        })
    }

    /// `text` with each secret in it masked, because a receiver may repeat what it was sent.
    pub fn masked(&self, text: String) -> String {
        let Self { webhook_secret, webhook_signing_secret, smtp_url, personal_api_key, secret_api_key } = self;
        [webhook_secret, webhook_signing_secret, smtp_url, personal_api_key, secret_api_key]
            .into_iter()
            .flatten()
            .map(Secret::expose)
            .filter(|secret| !secret.is_empty())
            .fold(text, |text, secret| if text.contains(secret) { text.replace(secret, MASK) } else { text })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_shows_nowhere() {
        let secrets = Secrets { webhook_secret: Some(Secret::new("hunter2")), ..Secrets::default() };
        assert!(!format!("{secrets:?}").contains("hunter2"));
        assert_eq!(secrets.masked("you sent hunter2".to_owned()), "you sent ***");
    }

    #[test]
    fn an_empty_secret_masks_nothing() {
        let secrets = Secrets { webhook_secret: Some(Secret::new("")), ..Secrets::default() };
        assert_eq!(secrets.masked("you sent nothing".to_owned()), "you sent nothing");
    }
}
