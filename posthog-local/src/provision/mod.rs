//! `posthog-local provision`: puts what `project.toml` declares into a real PostHog project, by PostHog's REST API.
//!
//! It can be run again and again: what is there already is found by its exact name (destinations) or its key (workflows),
//! compared, and changed only where it differs. [`bodies`] says what shall be there, [`plan`] what has to be done for it,
//! [`api`] does it. What will change is printed and asked for first; secrets are never printed, and since PostHog does not
//! give them out they count as unchanged.

pub mod api;
pub mod bodies;
mod host;
pub mod plan;

use std::io::Write;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use self::{
    api::Api,
    host::{app_host, is_local, key},
    plan::{Existing, Kind, Step, Wanted},
};
use crate::{
    declaration::{self, Declaration, Variables},
    destinations::template,
    json::Object,
    project::{self, Project},
    settings::{Secrets, Settings},
};

/// What to provision, and how.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// PostHog's app (us.posthog.com, eu.posthog.com or your own) as a https:// URL, not its ingestion host
    #[arg(long, env = "POSTHOG_APP_HOST", value_name = "URL")]
    pub host: String,
    /// The project's number, as in its URL: .../project/12345/...
    #[arg(long, env = "POSTHOG_PROJECT", value_name = "NUMBER")]
    pub project: String,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// Say what would change, and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Delete what project.toml declares instead
    #[arg(long)]
    pub delete: bool,
    /// Send the signing secret again: PostHog does not show it, so a new one goes unnoticed otherwise
    #[arg(long)]
    pub resend_secrets: bool,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All is as declared now (or would be).
    Done,
    /// Somebody said no.
    Refused,
    /// A workflow is left to do, because its sender cannot be made by a script.
    SenderMissing,
}

/// Provisions. What it does goes to `out`; `confirm` is asked before anything changes.
///
/// # Errors
/// A wrong declaration or option, a PostHog that cannot be reached, or its refusal in its own words.
pub async fn run(
    options: &Options,
    settings: &Settings,
    secrets: &Secrets,
    out: &mut impl Write,
    confirm: impl FnOnce() -> bool,
) -> Result<Outcome> {
    let (toml, place) = project::source(settings)?;
    let variables = Variables::of(settings, secrets);
    // What does not run here is not put there.
    Project::read(&toml, &variables).with_context(|| place.clone())?;
    let declaration = declaration::parse(&toml).context(place)?;

    let host = app_host(&options.host)?;
    let key = key(secrets, &host)?;
    let api = Api::new(&host, &options.project, key, secrets)?;
    writeln!(out, "PostHog project {} at {host}", options.project)?;

    let functions = api.list("hog_functions/?type=destination&full=true").await?;
    let flows = api.list("hog_flows/").await?;
    let (wanted, outcome) = if options.delete {
        (bodies::names(&declaration), Outcome::Done)
    } else {
        wanted(&declaration, &variables, &api, &host, out).await?
    };
    let existing = Existing { functions, flows };
    let plan = if options.delete {
        plan::deletion(&wanted, &existing)?
    } else {
        plan::plan(&wanted, &existing, options.resend_secrets)?
    };
    for step in &plan {
        write!(out, "{}", secrets.masked(step.to_string()))?;
    }
    if plan.iter().all(|step| matches!(step, Step::Nothing { .. })) {
        writeln!(out, "Nothing to do.")?;
        return Ok(outcome);
    }
    if options.dry_run {
        writeln!(out, "Nothing was changed (--dry-run).")?;
        return Ok(outcome);
    }
    if !options.yes && !confirm() {
        writeln!(out, "Nothing was changed.")?;
        return Ok(Outcome::Refused);
    }
    for step in plan {
        if let Some(done) = apply(&api, step).await? {
            writeln!(out, "{done}")?;
        }
    }
    Ok(outcome)
}

/// What shall be there. Workflows whose sender is missing are left out, and explained.
async fn wanted(
    declaration: &Declaration,
    variables: &Variables,
    api: &Api,
    host: &str,
    out: &mut impl Write,
) -> Result<(Vec<Wanted>, Outcome)> {
    let template = api.get("hog_function_templates/template-webhook").await?;
    let mut wanted = Vec::new();
    for declared in &declaration.destinations {
        let url = template::fill_variables(&declared.inputs.url, variables).map_err(anyhow::Error::msg)?;
        ensure!(
            is_local(host) || !is_local(&url),
            "{}: PostHog cannot reach this machine by localhost; set WEBHOOK_URL to a public https:// address",
            declared.name
        );
        if !is_local(host) && url.starts_with("http://") {
            writeln!(out, "! {}: prompts and secrets go to an http:// address, readable on the way", declared.name)?;
        }
        let body = bodies::function(declared, variables, &template).map_err(anyhow::Error::msg)?;
        wanted.push(Wanted {
            kind: Kind::Destination,
            name: declared.name.clone(),
            key: None,
            body,
            active: declared.enabled,
        });
    }

    let senders = api.list("integrations/").await?;
    let mut outcome = Outcome::Done;
    for declared in &declaration.workflows {
        let froms: Vec<_> = declared.actions.iter().map(|action| &action.inputs.email.from.email).collect();
        let ids: Vec<_> = froms.iter().map(|from| sender(&senders, from)).collect();
        if let Some((from, _)) = froms.iter().zip(&ids).find(|(_, id)| id.is_none()) {
            writeln!(out, "{}", sender_missing(&declared.name, from, host, api.project()))?;
            outcome = Outcome::SenderMissing;
            continue;
        }
        let ids: Vec<u64> = ids.into_iter().flatten().collect();
        let body = bodies::flow(declared, &ids).map_err(anyhow::Error::msg)?;
        let (name, key) = (declared.name.clone(), Some(declared.key.clone()));
        wanted.push(Wanted { kind: Kind::Workflow, name, key, body, active: declared.enabled });
    }
    Ok((wanted, outcome))
}

/// The number of the e-mail integration of an address.
fn sender(integrations: &[Object], from: &str) -> Option<u64> {
    let of_address = integrations.iter().filter(|integration| {
        integration.get("kind").is_some_and(|kind| kind == "email")
            && integration.get("config").is_some_and(|config| config["email"] == from)
    });
    of_address
        .filter(|integration| integration["config"]["verified"] != false)
        .find_map(|found| found.get("id")?.as_u64())
}

fn sender_missing(workflow: &str, from: &str, host: &str, project: &str) -> String {
    format!(
        "! workflow {workflow:?} is left out: {from} is no verified sender of this project, and no script can make it one,\n  \
         because the domain's DNS has to say so. Once, by hand:\n  \
         1. open {host}/project/{project}/workflows/channels\n  \
         2. New channel > E-mail, and enter {from}\n  \
         3. copy the DNS records that PostHog shows to where the domain is managed, and press Verify\n  \
         4. run this command again\n  \
         Another address? It is `from` in project.toml."
    )
}

async fn apply(api: &Api, step: Step) -> Result<Option<String>> {
    Ok(match step {
        Step::Nothing { .. } => None,
        Step::Create { wanted } => {
            let path = wanted.kind.path();
            let created = api.send(hyper::Method::POST, path, Some(&Value::Object(wanted.body))).await?;
            if wanted.kind == Kind::Workflow && wanted.active {
                let id = created["id"].as_str().context("PostHog created a workflow without an id")?;
                activate(api, id).await?;
            }
            Some(format!("created {} {:?}", wanted.kind, wanted.name))
        }
        Step::Change { kind, name, id, body, status, .. } => {
            if !body.is_empty() {
                api.send(hyper::Method::PATCH, &format!("{}{id}/", kind.path()), Some(&Value::Object(body))).await?;
            }
            if let Some(status) = status {
                let body = serde_json::json!({ "status": status });
                api.send(hyper::Method::PATCH, &format!("{}{id}/", kind.path()), Some(&body)).await?;
            }
            Some(format!("changed {kind} {name:?}"))
        }
        Step::Delete { kind, name, id } => {
            let path = format!("{}{id}/", kind.path());
            match kind {
                // PostHog forbids the hard delete of one, and wants the other archived first.
                Kind::Destination => {
                    _ = api.send(hyper::Method::PATCH, &path, Some(&serde_json::json!({ "deleted": true }))).await?
                }
                Kind::Workflow => {
                    api.send(hyper::Method::PATCH, &path, Some(&serde_json::json!({ "status": "archived" }))).await?;
                    api.send(hyper::Method::DELETE, &path, None).await?;
                }
            }
            Some(format!("deleted {kind} {name:?}"))
        }
    })
}

/// Created as a draft, a workflow is checked once more when it becomes active.
async fn activate(api: &Api, id: &str) -> Result<()> {
    let body = serde_json::json!({ "status": "active" });
    api.send(hyper::Method::PATCH, &format!("hog_flows/{id}/"), Some(&body)).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_counts_when_it_is_verified_and_of_the_same_address() {
        let integrations: Vec<Object> = serde_json::from_value(serde_json::json!([
            {"id": 1, "kind": "slack", "config": {"email": "a@x.test"}},
            {"id": 2, "kind": "email", "config": {"email": "a@x.test", "verified": false}},
            {"id": 3, "kind": "email", "config": {"email": "a@x.test", "verified": true}},
        ]))
        .unwrap();
        assert_eq!((sender(&integrations, "a@x.test"), sender(&integrations, "b@x.test")), (Some(3), None));
    }
}
