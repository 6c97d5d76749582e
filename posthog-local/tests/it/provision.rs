//! `provision`, run against posthog-local's own REST API, which refuses every field that facts.md does not list.

use credentials::Secret;
use posthog_local::{
    provision::{self, Outcome},
    rest::{FLOW_FIELDS, FUNCTION_FIELDS},
    settings::{Secrets, Settings},
};
use serde_json::{Value, json};

use crate::support::{Local, Options, PERSONAL_KEY, SECRET, SIGNING_SECRET, secrets, settings};

const SHIPPED: &str = include_str!("../../project.toml");

/// Somebody who provisions.
struct Operator {
    options: provision::Options,
    settings: Settings,
    secrets: Secrets,
    folder: tempfile::TempDir,
}

impl Operator {
    fn of(local: &Local) -> Self {
        let options = provision::Options {
            host: local.url.clone(),
            project: "1".to_owned(),
            yes: true,
            dry_run: false,
            delete: false,
            resend_secrets: false,
        };
        let settings = settings(Some("http://localhost:3000/api/webhooks".to_owned()), None);
        Self { options, settings, secrets: secrets(), folder: tempfile::tempdir().unwrap() }
    }

    fn declares(&mut self, from: &str, to: &str) {
        assert!(SHIPPED.contains(from), "{from}");
        let path = self.folder.path().join("project.toml");
        std::fs::write(&path, SHIPPED.replace(from, to)).unwrap();
        self.settings.config = Some(path);
    }

    async fn try_run(&self) -> Result<(Outcome, String), String> {
        let mut out = Vec::new();
        let outcome = provision::run(&self.options, &self.settings, &self.secrets, &mut out, || false).await;
        let out = String::from_utf8(out).unwrap();
        let told = format!("{out}{outcome:?}");
        for secret in [SECRET, SIGNING_SECRET, PERSONAL_KEY, "hunter"] {
            assert!(!told.contains(secret), "{told}");
        }
        outcome.map(|outcome| (outcome, out)).map_err(|error| format!("{error:#}"))
    }

    async fn run(&self) -> (Outcome, String) {
        self.try_run().await.unwrap()
    }
}

async fn there(local: &Local, path: &str) -> Vec<Value> {
    let answer = local.get(&format!("/api/projects/1/{path}")).bearer_auth(PERSONAL_KEY).send().await.unwrap();
    answer.json::<Value>().await.unwrap()["results"].as_array().unwrap().clone()
}

async fn posthog() -> Local {
    Local::start(Options { secrets: secrets(), ..Options::default() }).await
}

#[actix_web::test]
async fn a_second_run_changes_nothing() {
    let local = posthog().await;
    let operator = Operator::of(&local);
    let (outcome, told) = operator.run().await;
    assert_eq!(outcome, Outcome::Done);
    for line in [
        "  + destination \"Store line\": to be created\n",
        "  + workflow \"Upgrade e-mail\": to be created as a draft, then made active\n",
        "created destination \"Store line\"\n",
        "created workflow \"Upgrade e-mail\"\n",
    ] {
        assert!(told.contains(line), "{told}");
    }
    let before = (there(&local, "hog_functions/?full=true").await, there(&local, "hog_flows/").await);
    assert_eq!((before.0.len(), before.1.len()), (1, 1));

    let (outcome, told) = operator.run().await;
    assert_eq!(outcome, Outcome::Done);
    assert!(told.ends_with("Nothing to do.\n"), "{told}");
    assert!(told.contains("which counts as unchanged"), "{told}");
    assert_eq!((there(&local, "hog_functions/?full=true").await, there(&local, "hog_flows/").await), before);
}

#[actix_web::test]
async fn what_is_put_there_is_what_the_facts_list() {
    let local = posthog().await;
    Operator::of(&local).run().await;
    let function = &there(&local, "hog_functions/?full=true").await[0];
    assert_eq!(function["enabled"], true);
    let is_error = json!({"key": "$ai_is_error", "value": "true", "operator": "exact", "type": "event"});
    let event = |order: u32, name: &str, properties: Value| json!({"id": name, "name": name, "type": "events", "order": order, "properties": properties});
    assert_eq!(
        function["filters"],
        json!({"source": "events", "events": [event(0, "generation_failed", json!([])),
            event(1, "$ai_generation", json!([is_error])), event(2, "$ai_evaluation", json!([]))],
            "actions": [], "properties": [], "filter_test_accounts": false})
    );
    let inputs = &function["inputs"];
    assert_eq!(inputs["url"], json!({"value": "http://localhost:3000/api/webhooks"}));
    assert_eq!(inputs["body"], json!({"value": {"event": "{event}", "person": "{person}"}}));
    assert_eq!(
        inputs["headers"]["value"],
        json!({"Content-Type": "application/json", "Accept": "application/json", "X-Webhook-Secret": SECRET})
    );
    assert_eq!(inputs["signing_secret"], json!({"secret": true}));

    let flow = &there(&local, "hog_flows/").await[0];
    assert_eq!(
        (&flow["status"], &flow["key"], &flow["exit_condition"]),
        (&json!("active"), &json!("feature-used-5"), &json!("exit_only_at_end"))
    );
    let condition = &flow["actions"][0]["config"]["filters"]["events"][0]["properties"][0];
    assert_eq!(*condition, json!({"key": "total_usage_count", "value": "5", "operator": "exact", "type": "event"}));
    assert_eq!(flow["actions"][1]["config"]["inputs"]["email"]["value"]["from"], json!({"integrationId": 1}));
    assert_eq!(flow["edges"].as_array().unwrap().len(), 2);

    // posthog-local refuses other fields than these, which are those of facts.md, sections 5.1 and 5.2.
    for field in
        ["type", "name", "description", "enabled", "inputs", "filters", "masking", "template_id", "base_updated_at"]
    {
        assert!(FUNCTION_FIELDS.contains(&field), "{field}");
    }
    for field in ["name", "description", "key", "status", "exit_condition", "trigger_masking", "actions", "edges"] {
        assert!(FLOW_FIELDS.contains(&field), "{field}");
    }
}

#[actix_web::test]
async fn what_differs_is_told_and_changed_and_the_rest_is_left_alone() {
    let local = posthog().await;
    let mut operator = Operator::of(&local);
    operator.run().await;
    operator.declares("value = \"5\"", "value = \"10\"");
    operator.settings.webhook_url = Some("http://localhost:3000/elsewhere".to_owned());

    operator.options.dry_run = true;
    let (_, told) = operator.run().await;
    assert!(told.contains("inputs.url: changed"), "{told}");
    assert!(told.contains(r#"actions[0].config.filters.events[0].properties[0].value: "5" -> "10""#), "{told}");
    assert!(told.ends_with("Nothing was changed (--dry-run).\n"), "{told}");
    assert_eq!(
        there(&local, "hog_functions/?full=true").await[0]["inputs"]["url"]["value"],
        "http://localhost:3000/api/webhooks"
    );

    operator.options.dry_run = false;
    operator.options.yes = false;
    assert_eq!(operator.run().await.0, Outcome::Refused, "nobody said yes");
    operator.options.yes = true;
    operator.run().await;
    let function = &there(&local, "hog_functions/?full=true").await[0];
    assert_eq!(function["inputs"]["url"]["value"], "http://localhost:3000/elsewhere");
    assert_eq!(function["inputs"]["signing_secret"], json!({"secret": true}));
    assert!(operator.run().await.1.ends_with("Nothing to do.\n"));

    operator.options.resend_secrets = true;
    assert!(operator.run().await.1.contains("inputs.signing_secret: sent again"));
    operator.options.resend_secrets = false;
    operator.secrets.webhook_signing_secret = None;
    assert!(operator.run().await.1.contains("inputs.signing_secret: removed"));
    assert!(operator.run().await.1.ends_with("Nothing to do.\n"));
}

#[actix_web::test]
async fn a_workflow_that_was_stopped_by_hand_runs_again() {
    let local = posthog().await;
    let operator = Operator::of(&local);
    operator.run().await;
    let id = there(&local, "hog_flows/").await[0]["id"].as_str().unwrap().to_owned();
    let url = format!("{}/api/projects/1/hog_flows/{id}/", local.url);
    local.client.patch(url).bearer_auth(PERSONAL_KEY).json(&json!({"status": "draft"})).send().await.unwrap();
    assert!(operator.run().await.1.contains("status: draft -> active"));
    assert_eq!(there(&local, "hog_flows/").await[0]["status"], "active");
}

#[actix_web::test]
async fn delete_removes_what_is_declared_and_nothing_else() {
    let local = posthog().await;
    let mut operator = Operator::of(&local);
    operator.run().await;
    operator.declares("name = \"Store line\"", "name = \"another\"");
    operator.run().await;
    assert_eq!(there(&local, "hog_functions/").await.len(), 2);

    operator.options.delete = true;
    operator.run().await;
    assert!(operator.run().await.1.ends_with("Nothing to do.\n"));
    let left = there(&local, "hog_functions/").await;
    assert_eq!((left.len(), &left[0]["name"]), (1, &json!("Store line")));
    assert_eq!(there(&local, "hog_flows/").await.len(), 0);
}

#[actix_web::test]
async fn without_its_sender_a_workflow_is_left_out_with_the_clicks_that_help() {
    let local = posthog().await;
    let mut operator = Operator::of(&local);
    operator.declares("hello@misfire.example", "other@misfire.example");
    let (outcome, told) = operator.run().await;
    assert_eq!(outcome, Outcome::SenderMissing);
    assert!(told.contains("other@misfire.example is not a verified sender") && told.contains("press Verify"), "{told}");
    assert_eq!((there(&local, "hog_functions/").await.len(), there(&local, "hog_flows/").await.len()), (1, 0));
}

#[actix_web::test]
async fn posthogs_refusal_is_told_in_its_own_words() {
    let local = posthog().await;
    let mut operator = Operator::of(&local);
    operator.options.project = "7".to_owned();
    let error = operator.try_run().await.unwrap_err();
    assert!(
        error.contains("PostHog answered 404: Not found. (not_found)") && error.contains("Is --project right"),
        "{error}"
    );
    operator.options.project = "1".to_owned();
    operator.secrets.personal_api_key = Some(Secret::new("phx_wrong"));
    let error = operator.try_run().await.unwrap_err();
    assert!(error.contains("401: Personal API key found in request Authorization header is invalid."), "{error}");
    operator.secrets.personal_api_key = Some(Secret::new("phc_local"));
    assert!(operator.try_run().await.unwrap_err().contains("set it to a personal key, which begins with phx_"));
    operator.secrets.personal_api_key = None;
    assert!(operator.try_run().await.unwrap_err().contains("Make one at http://"));
}

#[actix_web::test]
async fn two_destinations_of_one_name_are_not_guessed_at() {
    let local = posthog().await;
    let operator = Operator::of(&local);
    operator.run().await;
    let body = json!({"type": "destination", "template_id": "template-webhook", "name": "Store line",
        "inputs": {"url": {"value": "http://localhost/"}}});
    local.post("/api/projects/1/hog_functions/").bearer_auth(PERSONAL_KEY).json(&body).send().await.unwrap();
    assert!(operator.try_run().await.unwrap_err().contains("several destinations named \"Store line\""));
}
