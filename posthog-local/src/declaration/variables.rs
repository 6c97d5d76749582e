//! The variables that a declaration may name, as `${VAR:-default}`.

use std::collections::BTreeMap;

use credentials::Secret;

use crate::settings::{Secrets, Settings};

/// The variables that a declaration may name, each with its value if it is set. It has no `Debug`, because two of them
/// are secrets.
#[derive(Default)]
pub struct Variables(BTreeMap<&'static str, Option<String>>);

impl Variables {
    /// The variables with these names and values.
    pub fn new(variables: impl IntoIterator<Item = (&'static str, Option<String>)>) -> Self {
        Self(variables.into_iter().collect())
    }

    /// The variables that Misfire's declaration names.
    pub fn of(settings: &Settings, secrets: &Secrets) -> Self {
        let exposed = |secret: &Option<Secret>| secret.as_ref().map(|secret| secret.expose().to_owned());
        Self::new([
            ("WEBHOOK_URL", settings.webhook_url.clone().filter(|url| !url.is_empty())),
            ("WEBHOOK_SECRET", exposed(&secrets.webhook_secret)),
            ("WEBHOOK_SIGNING_SECRET", exposed(&secrets.webhook_signing_secret)),
        ])
    }

    /// A problem with the value that `source` has, with the variables that it may come from.
    pub fn blamed(&self, source: &str, problem: &str) -> String {
        let set = self.0.iter().filter(|(_, value)| value.is_some()).map(|(name, _)| *name);
        let named = set.filter(|name| source.contains(&format!("${{{name}"))).collect::<Vec<_>>();
        match named.as_slice() {
            [] => problem.to_owned(),
            names => format!("{problem}; set {} to such a value, or leave it unset", names.join(" and ")),
        }
    }

    /// The value of `NAME:-default`. Without a value and without a default it is empty, as in a shell.
    ///
    /// # Errors
    /// A declaration may not name this variable.
    pub fn resolve(&self, reference: &str) -> Result<String, String> {
        let (name, default) = reference.split_once(":-").unwrap_or((reference, ""));
        match self.0.get(name) {
            Some(value) => Ok(value.clone().unwrap_or_else(|| default.to_owned())),
            None => {
                let known: Vec<_> = self.0.keys().copied().collect();
                Err(format!("unknown variable {name}; the known ones are {}", known.join(", ")))
            }
        }
    }
}
