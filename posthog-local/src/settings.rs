//! Where to listen, what to read, and the secrets.

use std::{env, fmt, fs, net::SocketAddr, path::PathBuf};

use anyhow::{Context, Result};

/// What can be set by flag or by environment variable.
#[derive(Debug, Clone, clap::Args)]
pub struct Settings {
    /// Where to listen, as IP:PORT; port 0 takes a free one
    #[arg(long, global = true, env = "POSTHOG_LOCAL_ADDR", default_value = "127.0.0.1:8000", value_parser = address)]
    pub addr: SocketAddr,

    /// Where failed generations are posted to [default: http://localhost:3000/api/webhooks, by project.toml]
    #[arg(long, global = true, env = "WEBHOOK_URL", value_name = "URL", hide_env_values = true)]
    pub webhook_url: Option<String>,

    /// The file that declares destinations and workflows [default: the project.toml that is compiled in]
    #[arg(long, global = true, env = "POSTHOG_LOCAL_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Factor on every wait between two attempts of a delivery. PostHog's own waits are 1; tests do not want to sit
    /// through them.
    #[arg(skip = 1.0)]
    pub retry_time_scale: f64,
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "POSTHOG_LOCAL_ADDR must be an IP address and a port, like 127.0.0.1:8000".to_owned())
}

/// A value that no log, help text or answer ever shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret; an empty one counts as none.
    pub fn new(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self(text.to_owned()))
    }

    /// The value itself, for the one place that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

/// What stands in place of a secret.
pub const MASK: &str = "***";

/// The secrets. They have no flag, because a process's arguments can be seen by everyone on the machine.
#[derive(Debug, Clone, Default)]
pub struct Secrets {
    /// `WEBHOOK_SECRET`: sent in the header that project.toml names.
    pub webhook_secret: Option<Secret>,
    /// `WEBHOOK_SIGNING_SECRET`: signs webhooks, `whsec_…`.
    pub webhook_signing_secret: Option<Secret>,
    /// `SMTP_URL`: `smtp://user:password@host:port` or `smtps://…`; e-mails also go there.
    pub smtp_url: Option<Secret>,
    /// `POSTHOG_PERSONAL_API_KEY`: who has it may use the REST API; and what `provision` shows to PostHog.
    pub personal_api_key: Option<Secret>,
}

impl Secrets {
    /// Reads each secret from its variable, or from the file that `<NAME>_FILE` names.
    ///
    /// # Errors
    /// A file that is named and cannot be read.
    pub fn from_env() -> Result<Self> {
        // The API takes two values, comma-separated, while a secret is being changed; the first is the one to send.
        let first = |secret: Secret| Secret::new(secret.0.split(',').next().unwrap_or_default().trim());
        Ok(Self {
            webhook_secret: read("WEBHOOK_SECRET", variable)?.and_then(first),
            webhook_signing_secret: read("WEBHOOK_SIGNING_SECRET", variable)?.and_then(first),
            smtp_url: read("SMTP_URL", variable)?,
            personal_api_key: read("POSTHOG_PERSONAL_API_KEY", variable)?,
        })
    }

    /// `text` with each secret in it masked: a receiver may echo what it was sent.
    pub fn masked(&self, text: String) -> String {
        [&self.webhook_secret, &self.webhook_signing_secret, &self.smtp_url, &self.personal_api_key]
            .into_iter()
            .flatten()
            .fold(text, |text, secret| if text.contains(&secret.0) { text.replace(&secret.0, MASK) } else { text })
    }
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

fn read(name: &str, variable: impl Fn(&str) -> Option<String>) -> Result<Option<Secret>> {
    if let Some(value) = variable(name) {
        return Ok(Secret::new(value.trim()));
    }
    let file_name = format!("{name}_FILE");
    let Some(path) = variable(&file_name) else { return Ok(None) };
    let text = fs::read_to_string(&path).with_context(|| format!("{file_name}: cannot read {path}"))?;
    Ok(Secret::new(text.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_comes_from_its_variable_or_its_file_and_an_empty_one_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        fs::write(&path, "from-file\n").unwrap();
        let path = path.to_str().unwrap().to_owned();

        let both = |name: &str| Some(if name == "S" { "from-variable".to_owned() } else { path.clone() });
        assert_eq!(read("S", both).unwrap().unwrap().expose(), "from-variable");
        let file = |name: &str| (name == "S_FILE").then(|| path.clone());
        assert_eq!(read("S", file).unwrap().unwrap().expose(), "from-file");
        assert_eq!(read("S", |_| None).unwrap(), None);
        assert_eq!(read("S", |name| (name == "S").then(|| " ".to_owned())).unwrap(), None);

        let missing = read("S", |name| (name == "S_FILE").then(|| "/nowhere".to_owned())).unwrap_err();
        assert_eq!(missing.to_string(), "S_FILE: cannot read /nowhere");
    }

    #[test]
    fn a_secret_shows_nowhere() {
        let secrets = Secrets { webhook_secret: Secret::new("hunter2"), ..Secrets::default() };
        assert!(!format!("{secrets:?}").contains("hunter2"));
        assert_eq!(secrets.masked("you sent hunter2".to_owned()), "you sent ***");
    }
}
