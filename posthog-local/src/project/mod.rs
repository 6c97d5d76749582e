//! What is done with which event: `project.toml`, read and made ready.
//!
//! [`declaration`] is the file's shape; here it is checked as a whole and made into the [`Destination`]s and [`Workflow`]s
//! that run. Whatever is wrong with it stops the start, and is named by its key.

pub mod declaration;

use std::{
    collections::{BTreeMap, HashSet},
    fs,
};

use anyhow::Context;
use serde::Deserialize;

use self::declaration::{Declaration, FiltersDeclaration, PropertyDeclaration};
use crate::{
    destinations::Destination,
    filters::{EventFilter, Filters, PropertyFilter},
    persons::PersonState,
    settings::{Secret, Secrets, Settings},
    workflows::Workflow,
};

/// The declaration that is used when no other is named.
pub const SHIPPED: &str = include_str!("../../project.toml");

/// A key of the declaration, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {problem}")]
pub struct ProjectError {
    /// Like `destinations[0].inputs.url`.
    pub key: String,
    /// What is wrong. Never a variable's value.
    pub problem: String,
}

impl ProjectError {
    pub(crate) fn new(key: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { key: key.into(), problem: problem.into() }
    }
}

/// The variables that a declaration may name, with their values where they have one. (No `Debug`: two are secrets.)
#[derive(Default)]
pub struct Variables(BTreeMap<&'static str, Option<String>>);

impl Variables {
    /// The variables of these names.
    pub fn new(variables: impl IntoIterator<Item = (&'static str, Option<String>)>) -> Self {
        Self(variables.into_iter().collect())
    }

    /// The ones that Misfire's declaration uses.
    pub fn of(settings: &Settings, secrets: &Secrets) -> Self {
        let exposed = |secret: &Option<Secret>| secret.as_ref().map(|secret| secret.expose().to_owned());
        Self::new([
            ("WEBHOOK_URL", settings.webhook_url.clone().filter(|url| !url.is_empty())),
            ("WEBHOOK_SECRET", exposed(&secrets.webhook_secret)),
            ("WEBHOOK_SIGNING_SECRET", exposed(&secrets.webhook_signing_secret)),
        ])
    }

    /// The value of `NAME:-default`; without a value and a default it is empty, as in a shell.
    pub(crate) fn resolve(&self, reference: &str) -> Result<String, String> {
        let (name, default) = reference.split_once(":-").unwrap_or((reference, ""));
        match self.0.get(name) {
            Some(value) => Ok(value.clone().unwrap_or_else(|| default.to_owned())),
            None => {
                let known: Vec<_> = self.0.keys().copied().collect();
                Err(format!("unknown variable {name}; there is {}", known.join(", ")))
            }
        }
    }
}

/// What runs.
pub struct Project {
    /// In the order of the file.
    pub destinations: Vec<Destination>,
    /// In the order of the file.
    pub workflows: Vec<Workflow>,
    /// Names and addresses of those who send e-mails, each once.
    pub senders: Vec<(String, String)>,
    /// The persons that there are from the start.
    pub seed: Vec<PersonState>,
}

impl Project {
    /// Reads a declaration.
    ///
    /// # Errors
    /// The first key that is wrong.
    pub fn read(toml: &str, variables: &Variables) -> Result<Self, ProjectError> {
        let declaration = parse(toml)?;
        unique("destinations", "name", declaration.destinations.iter().map(|destination| destination.name.as_str()))?;
        unique("workflows", "key", declaration.workflows.iter().map(|workflow| workflow.key.as_str()))?;

        let destinations = declaration.destinations.iter().enumerate().filter(|(_, declared)| declared.enabled);
        let workflows = declaration.workflows.iter().enumerate().filter(|(_, declared)| declared.enabled);
        let mut senders = Vec::new();
        for from in declaration.workflows.iter().flat_map(|workflow| &workflow.actions).map(|a| &a.inputs.email.from) {
            let sender = (from.name.clone(), from.email.clone());
            if !senders.contains(&sender) {
                senders.push(sender);
            }
        }
        Ok(Self {
            senders,
            seed: declaration.seed.persons.clone(),
            destinations: destinations
                .map(|(n, declared)| Destination::new(declared, &format!("destinations[{n}]"), variables))
                .collect::<Result<_, _>>()?,
            workflows: workflows
                .map(|(n, declared)| Workflow::new(declared, &format!("workflows[{n}]"), variables))
                .collect::<Result<_, _>>()?,
        })
    }
}

/// The declaration's text, and where it is from.
///
/// # Errors
/// The file cannot be read.
pub fn source(settings: &Settings) -> anyhow::Result<(String, String)> {
    match &settings.config {
        None => Ok((SHIPPED.to_owned(), "project.toml, as compiled in".to_owned())),
        Some(path) => {
            let toml = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
            Ok((toml, path.display().to_string()))
        }
    }
}

/// Reads the file's shape.
///
/// # Errors
/// The first key that is wrong.
pub fn parse(toml: &str) -> Result<Declaration, ProjectError> {
    let syntax = |error: toml::de::Error| ProjectError::new("the file is not TOML", error.to_string());
    let deserializer = toml::Deserializer::parse(toml).map_err(syntax)?;
    serde_path_to_error::deserialize(deserializer)
        .map_err(|error| ProjectError::new(error.path().to_string(), error.inner().message()))
}

fn unique<'a>(list: &str, field: &str, names: impl Iterator<Item = &'a str>) -> Result<(), ProjectError> {
    let mut seen = HashSet::new();
    for (n, name) in names.enumerate() {
        let key = format!("{list}[{n}].{field}");
        if name.trim().is_empty() {
            return Err(ProjectError::new(key, "is empty"));
        }
        if !seen.insert(name) {
            return Err(ProjectError::new(key, format!("{name:?} is there twice")));
        }
    }
    Ok(())
}

impl Filters {
    pub(crate) fn new(declared: &FiltersDeclaration, key: &str) -> Result<Self, ProjectError> {
        let properties = |declared: &[PropertyDeclaration], key: &str| {
            let ready = |(n, declared): (usize, &PropertyDeclaration)| {
                let PropertyDeclaration { key: property, operator, value, r#type } = declared.clone();
                PropertyFilter::new(r#type.root(), property, operator, value)
                    .map_err(|problem| ProjectError::new(format!("{key}.properties[{n}].value"), problem))
            };
            declared.iter().enumerate().map(ready).collect::<Result<Vec<_>, _>>()
        };
        let events = declared.events.iter().enumerate().map(|(n, entry)| {
            let properties = properties(&entry.properties, &format!("{key}.events[{n}]"))?;
            Ok(EventFilter { name: entry.id.clone(), properties })
        });
        Ok(Self { events: events.collect::<Result<_, _>>()?, properties: properties(&declared.properties, key)? })
    }
}

/// A helper of the declaration: what is left out is on.
pub(crate) fn on() -> bool {
    true
}

/// A helper of the declaration: TOML's values are read as JSON's, for that is what filters and bodies are made of.
pub(crate) fn json_value<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<serde_json::Value>, D::Error> {
    serde_json::Value::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables() -> Variables {
        Variables::new([("WEBHOOK_URL", None), ("WEBHOOK_SECRET", None), ("WEBHOOK_SIGNING_SECRET", None)])
    }

    fn problem(from: &str, to: &str) -> String {
        assert!(SHIPPED.contains(from), "{from}");
        let read = Project::read(&SHIPPED.replacen(from, to, 1), &variables());
        read.err().expect("it is refused").to_string()
    }

    #[test]
    fn the_shipped_declaration_is_read() {
        let project = Project::read(SHIPPED, &variables()).map_err(|error| error.to_string()).unwrap();
        assert_eq!((project.destinations.len(), project.workflows.len()), (1, 1));
    }

    #[test]
    fn what_is_wrong_is_named_by_its_key() {
        for (from, to, expected) in [
            (
                r#"id = "generation_failed""#,
                "id = \"generation_failed\"\nproperties = [{ key = \"x\", operator = \"exakt\", value = 1 }]",
                r#"destinations[0].filters.events[0].properties[0].operator: unknown operator "exakt""#,
            ),
            (
                r#"operator = "exact""#,
                r#"operator = "semver_gt""#,
                r#"workflows[0].trigger.filters.events[0].properties[0].operator: posthog-local does not have PostHog's operator "semver_gt""#,
            ),
            (
                r#"operator = "exact", value = "5""#,
                r#"operator = "gt""#,
                "workflows[0].trigger.filters.events[0].properties[0].value: gt needs a value",
            ),
            (
                "\"{event}\"",
                "\"{evnt}\"",
                "destinations[0].inputs.body.event: {evnt}: there is no evnt; there is event, person, project",
            ),
            (
                "{{ event.properties.total_usage_count }} times already",
                "{{ event.",
                "workflows[0].actions[0].inputs.email.subject: ",
            ),
            (
                "http://localhost:3000/api/webhooks",
                "localhost:3000",
                "destinations[0].inputs.url: must be an http:// or https:// URL",
            ),
            ("WEBHOOK_SECRET:-", "HOME:-", "destinations[0].inputs.headers.X-Webhook-Secret: unknown variable HOME"),
            (
                "WEBHOOK_SIGNING_SECRET:-",
                "WEBHOOK_SIGNING_SECRET:-short",
                "destinations[0].inputs.signing_secret: the signing secret must",
            ),
            ("X-Webhook-Secret", "\"X Y\"", "destinations[0].inputs.headers.X Y: is no header name"),
            ("method = \"POST\"", "method = \"TRACE\"", "destinations[0].inputs.method: unknown variant `TRACE`"),
            ("name = \"generation_failed\"", "name = \" \"", "destinations[0].name: is empty"),
        ] {
            let problem = problem(from, to);
            assert!(problem.starts_with(expected), "{problem}\n{expected}");
        }
        let unknown = problem("method = \"POST\"", "methud = \"POST\"");
        assert!(unknown.starts_with("destinations[0].inputs.methud: unknown field `methud`"), "{unknown}");
        assert!(problem("[[destinations]]", "[[destinations").contains("line"));
    }

    #[test]
    fn a_name_is_there_once() {
        let twice = format!("{SHIPPED}\n{SHIPPED}");
        let error = Project::read(&twice, &variables()).err().map(|error| error.to_string());
        assert_eq!(error.unwrap(), r#"destinations[1].name: "generation_failed" is there twice"#);
    }
}
