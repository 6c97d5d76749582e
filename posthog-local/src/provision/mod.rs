//! `posthog-local provision`: creates in a real PostHog project what `project.toml` declares, by PostHog's REST API.
//!
//! It can be run repeatedly. What exists already is found by its exact name (destinations) or its key (workflows), and
//! is changed only where it differs. [`bodies`] makes what should exist, [`plan`] decides the steps, and [`api`]
//! executes them. The command prints the changes and asks before it makes them. Secrets are never printed, and PostHog
//! does not return them, so they count as unchanged.

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
    /// URL (https://...) of PostHog's app: us.posthog.com, eu.posthog.com or your own; not the ingestion host
    #[arg(long, env = "POSTHOG_APP_HOST", value_name = "URL")]
    pub host: String,
    /// Number of the project, as in its URL: .../project/12345/...
    #[arg(long, env = "POSTHOG_PROJECT", value_name = "NUMBER")]
    pub project: String,
    /// Make the changes without asking
    #[arg(long)]
    pub yes: bool,
    /// Print what would change, and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Delete what project.toml declares instead
    #[arg(long)]
    pub delete: bool,
    /// Send the signing secret again; PostHog does not return it, so a new one is not noticed otherwise
    #[arg(long)]
    pub resend_secrets: bool,
}

/// How provisioning ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Everything is as declared now, or would be without `--dry-run`.
    Done,
    /// The user did not confirm.
    Refused,
    /// A workflow was skipped, because its sender is not verified, which no script can do.
    SenderMissing,
}

/// Provisions a project. The output is written to `out`, and `confirm` is called before anything changes.
///
/// # Errors
/// The declaration or an option is wrong, PostHog cannot be reached, or it refuses a call.
pub async fn run(
    options: &Options,
    settings: &Settings,
    secrets: &Secrets,
    out: &mut impl Write,
    confirm: impl FnOnce() -> bool,
) -> Result<Outcome> {
    let (toml, place) = project::source(settings)?;
    let variables = Variables::of(settings, secrets);
    // A declaration that posthog-local refuses is not sent to PostHog.
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

/// What should exist. Workflows without a verified sender are skipped, and `out` explains why.
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
            "{}: PostHog cannot reach localhost on this machine; set WEBHOOK_URL to a public https:// address",
            declared.name
        );
        if !is_local(host) && url.starts_with("http://") {
            writeln!(out, "! {}: prompts and secrets are sent unencrypted to an http:// address", declared.name)?;
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

/// The id of the verified e-mail integration of an address.
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
        "! workflow {workflow:?} is skipped: {from} is not a verified sender of this project. No script can\n  \
         verify it, because that needs records in the domain's DNS. Do this once, by hand:\n  \
         1. open {host}/project/{project}/workflows/channels\n  \
         2. New channel > E-mail, and enter {from}\n  \
         3. copy the DNS records that PostHog shows to where the domain is managed, and press Verify\n  \
         4. run this command again\n  \
         To send from another address, change `from` in project.toml."
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
                // PostHog does not delete a destination but marks it, and only deletes archived workflows.
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

/// Makes a draft active. PostHog checks the workflow once more then.
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
