//! The project: `project.toml`, read, checked, and made ready to run.
//!
//! [`declaration`] is the file's shape. Here it becomes the [`Destination`]s and [`Workflow`]s that run. An error in it
//! stops the start, and names the key.

use std::{collections::HashSet, fs};

use anyhow::Context;

use crate::{
    ai_events::AiEvents,
    declaration::{self, DeclarationError, FlagDeclaration, Variables},
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
    /// The project's key, if only it may ask for flags.
    pub api_token: Option<String>,
    /// The feature flags, in the order of the file.
    pub flags: Vec<FlagDeclaration>,
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
        unique("flags", "key", declaration.flags.iter().map(|flag| flag.key.as_str()))?;
        for (n, flag) in declaration.flags.iter().enumerate() {
            flag.check(&format!("flags[{n}]"))?;
        }
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
            api_token: declaration.api_token,
            flags: declaration.flags,
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

    /// The project of the stand-alone image, and the one of the examples.
    #[test]
    fn the_other_declarations_are_read_and_send_nothing_to_misfire() {
        for (toml, flags, workflows) in
            [(include_str!("../standalone.toml"), 0, 0), (include_str!("../examples/project.toml"), 1, 1)]
        {
            let project = Project::read(toml, &Variables::default()).map_err(|error| error.to_string()).unwrap();
            assert_eq!(
                (project.destinations.len(), project.flags.len(), project.workflows.len()),
                (0, flags, workflows)
            );
        }
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
    fn a_flag_is_one_fixed_value_and_what_it_cannot_be_is_named() {
        let read = |flag: &str| Project::read(&format!("# a project\n[[flags]]\nkey = \"a\"\n{flag}"), &variables());
        let instead = "everybody gets the same value; write value =";
        for (flag, told) in [
            ("rollout_percentage = 50", "flags[0].rollout_percentage: posthog-local does not support a rollout: "),
            ("rollout = 50", "flags[0].rollout: posthog-local does not support a rollout: "),
            ("conditions = []", "flags[0].conditions: posthog-local does not support conditions of a flag: "),
            ("[flags.filters]\ngroups = []", "flags[0].filters: posthog-local does not support conditions of a flag: "),
            ("groups = []", "flags[0].groups: posthog-local does not support flags of groups: "),
            ("variants = [{ key = \"x\" }]", "flags[0].variants: posthog-local does not support shares of variants: "),
            ("active = true", "flags[0].active: posthog-local does not support a flag that is not active: "),
        ] {
            let problem = read(flag).err().expect("it is refused").to_string();
            assert!(problem.starts_with(told) && problem.contains(instead), "{problem}");
            assert!(problem.ends_with("with POST /_local/flags/<key> (line 4)"), "{problem}");
        }
        for (flag, told) in [
            ("", "flags[0]: missing field `value`"),
            ("value = 1", "flags[0].value: invalid type: integer `1`, expected true, false or the name of a variant"),
            ("value = \"\"", "flags[0].value: is empty; expected true, false or the name of a variant"),
            ("valeu = true", "flags[0].valeu: unknown field `valeu`"),
            (
                "value = true\nremote_config = true",
                "flags[0].payload: is missing; a remote config is read for its payload",
            ),
            ("value = \"a\"\nremote_config = true\npayload = 1", "flags[0].value: must be true or false"),
            ("value = true\n[[flags]]\nkey = \"a\"\nvalue = true", "flags[1].key: \"a\" is used twice"),
            ("value = true\n[[flags]]\nkey = \"a b\"\nvalue = true", "flags[1].key: may hold letters, digits, - and _"),
        ] {
            let problem = read(flag).err().expect("it is refused").to_string();
            assert!(problem.starts_with(told), "{problem}");
        }
        let project = read("value = \"blue\"\npayload = { n = 1 }").map_err(|error| error.to_string()).unwrap();
        assert_eq!((project.flags.len(), project.flags[0].value.variant()), (1, Some("blue")));
    }

    #[test]
    fn a_name_is_there_once() {
        let again = SHIPPED.replacen("ai_events = \"split\"", "", 1);
        let twice = format!("{SHIPPED}\n{again}");
        let error = Project::read(&twice, &variables()).err().map(|error| error.to_string());
        assert_eq!(error.unwrap(), r#"destinations[1].name: "Store line" is used twice"#);
    }
}
