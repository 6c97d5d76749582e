//! The project: `project.toml`, read, checked, and made ready to run.
//!
//! [`declaration`] is the file's shape. Here it becomes the [`Destination`]s and [`Workflow`]s that run. An error in it
//! stops the start, and names the key.

use std::{collections::HashSet, fs};

use anyhow::Context;

use crate::{
    ai_events::AiEvents,
    declaration::{self, DeclarationError, Variables},
    destinations::Destination,
    persons::PersonState,
    settings::Settings,
    workflows::Workflow,
};

/// The declaration that is used unless `POSTHOG_LOCAL_CONFIG` names another file.
pub const SHIPPED: &str = include_str!("../project.toml");

/// The project that runs.
pub struct Project {
    /// What happens to the content of `$ai_` events.
    pub ai_events: AiEvents,
    /// Whether events without cookies are kept.
    pub cookieless: bool,
    /// The enabled destinations, in the order of the file.
    pub destinations: Vec<Destination>,
    /// The enabled workflows, in the order of the file.
    pub workflows: Vec<Workflow>,
    /// The name and address of each e-mail sender, without duplicates.
    pub senders: Vec<(String, String)>,
    /// The persons to start with.
    pub seed: Vec<PersonState>,
}

impl Project {
    /// Reads a declaration and makes it ready.
    ///
    /// # Errors
    /// The first key that is wrong.
    pub fn read(toml: &str, variables: &Variables) -> Result<Self, DeclarationError> {
        let declaration = declaration::parse(toml)?;
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
            ai_events: declaration.ai_events,
            cookieless: declaration.cookieless,
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

/// The text of the declaration, and where it comes from, for messages.
///
/// # Errors
/// The file cannot be read.
pub fn source(settings: &Settings) -> anyhow::Result<(String, String)> {
    match &settings.config {
        None => Ok((SHIPPED.to_owned(), "the built-in project.toml".to_owned())),
        Some(path) => {
            let toml = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
            Ok((toml, path.display().to_string()))
        }
    }
}

fn unique<'a>(list: &str, field: &str, names: impl Iterator<Item = &'a str>) -> Result<(), DeclarationError> {
    let mut seen = HashSet::new();
    for (n, name) in names.enumerate() {
        let key = format!("{list}[{n}].{field}");
        if name.trim().is_empty() {
            return Err(DeclarationError::new(key, "is empty"));
        }
        if !seen.insert(name) {
            return Err(DeclarationError::new(key, format!("{name:?} is used twice")));
        }
    }
    Ok(())
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
                r#"workflows[0].trigger.filters.events[0].properties[0].operator: posthog-local does not support PostHog's operator "semver_gt""#,
            ),
            (
                r#"operator = "exact", value = "5""#,
                r#"operator = "gt""#,
                "workflows[0].trigger.filters.events[0].properties[0].value: gt needs a value",
            ),
            (
                "\"{event}\"",
                "\"{evnt}\"",
                "destinations[0].inputs.body.event: {evnt}: unknown global evnt; the known ones are event, groups, person, project, source, variables",
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
                "destinations[0].inputs.signing_secret: must be base64",
            ),
            ("X-Webhook-Secret", "\"X Y\"", "destinations[0].inputs.headers.X Y: is not a header name"),
            ("method = \"POST\"", "method = \"TRACE\"", "destinations[0].inputs.method: unknown variant `TRACE`"),
            (
                "ai_events = \"split\"",
                "ai_events = \"halved\"",
                "ai_events: unknown variant `halved`, expected `split` or `whole`",
            ),
            ("name = \"Store line\"", "name = \" \"", "destinations[0].name: is empty"),
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
        let again = SHIPPED.replacen("ai_events = \"split\"", "", 1);
        let twice = format!("{SHIPPED}\n{again}");
        let error = Project::read(&twice, &variables()).err().map(|error| error.to_string());
        assert_eq!(error.unwrap(), r#"destinations[1].name: "Store line" is used twice"#);
    }
}
