//! The REST API that sets up a project: who is let in, what is taken, and PostHog's refusals.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::support::{Local, Options, PERSONAL_KEY, secrets};

const FUNCTIONS: &str = "/api/projects/1/hog_functions/";
const FLOWS: &str = "/api/projects/1/hog_flows/";

async fn keyed() -> Local {
    Local::start(Options { secrets: secrets(), ..Options::default() }).await
}

async fn answer(request: RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap_or_default())
}

async fn call(local: &Local, method: Method, path: &str, body: Value) -> (u16, Value) {
    let request = local.client.request(method, format!("{}{path}", local.url)).bearer_auth(PERSONAL_KEY);
    answer(if body.is_null() { request } else { request.json(&body) }).await
}

/// The body of facts.md, section 5.1.
fn function() -> Value {
    json!({"type": "destination", "template_id": "template-webhook", "name": "generation_failed -> training data",
        "description": "managed-by: provision-script v1", "enabled": true,
        "inputs": {"url": {"value": "https://api.example.com/api/webhooks"}, "method": {"value": "POST"},
            "headers": {"value": {"Content-Type": "application/json", "X-Webhook-Secret": "..."}},
            "body": {"value": {"event": "{event}", "person": "{person}"}}, "debug": {"value": false},
            "signing_secret": {"value": "whsec_hunter6"}},
        "filters": {"source": "events", "events": [{"id": "generation_failed", "name": "generation_failed", "type": "events", "order": 0}],
            "actions": [], "filter_test_accounts": false},
        "masking": null})
}

/// The body of facts.md, section 5.2.
fn flow() -> Value {
    json!({"name": "feature_used 5x -> upgrade mail", "description": "managed-by: provision-script v1",
        "key": "feature-used-5", "status": "draft", "exit_condition": "exit_only_at_end",
        "actions": [
            {"id": "trigger_node", "name": "Trigger", "description": "", "type": "trigger", "config": {"type": "event",
                "filters": {"events": [{"id": "feature_used", "name": "feature_used", "type": "events", "order": 0,
                    "properties": [{"key": "total_usage_count", "value": ["5"], "operator": "exact", "type": "event"}]}],
                    "properties": []}}},
            {"id": "email_1", "name": "Send mail", "description": "", "type": "function_email", "on_error": "continue",
                "config": {"template_id": "template-email", "message_category_type": "transactional",
                    "inputs": {"email": {"templating": "liquid", "value": {
                        "to": {"email": "{{ person.properties.email }}", "name": "{{ person.properties.name }}"},
                        "from": {"integrationId": 1}, "replyTo": "", "cc": "", "bcc": "", "preheader": "",
                        "subject": "s", "text": "t", "html": "<p>h</p>"}}}}},
            {"id": "exit_node", "name": "Exit", "description": "", "type": "exit", "config": {"reason": "done"}}],
        "edges": [{"from": "trigger_node", "to": "email_1", "type": "continue"},
            {"from": "email_1", "to": "exit_node", "type": "continue"}]})
}

#[actix_web::test]
async fn only_the_personal_key_opens_the_api() {
    let local = keyed().await;
    let (status, body) = answer(local.get(FUNCTIONS)).await;
    assert_eq!(
        (status, body),
        (
            401,
            json!({"type": "authentication_error", "code": "not_authenticated",
            "detail": "Authentication credentials were not provided.", "attr": null})
        )
    );
    let (status, body) = answer(local.get(FUNCTIONS).bearer_auth("phx_other")).await;
    assert_eq!((status, &body["code"]), (401, &json!("authentication_failed")));
    let page = local.get(FUNCTIONS).bearer_auth(PERSONAL_KEY).header("origin", "http://localhost:4200");
    assert_eq!(page.send().await.unwrap().status(), 403, "no page of another origin");
    assert_eq!(call(&local, Method::GET, FUNCTIONS, Value::Null).await.0, 200);
    assert_eq!(call(&local, Method::GET, "/api/projects/7/hog_functions/", Value::Null).await.0, 404);
    assert_eq!(call(&local, Method::GET, "/api/projects/1/nothing/", Value::Null).await.0, 404);

    // Without a key set, nobody has it.
    let closed = Local::alone().await;
    assert_eq!(answer(closed.get(FUNCTIONS).bearer_auth("")).await.0, 401);
}

#[actix_web::test]
async fn a_destination_is_created_read_changed_and_deleted() {
    let local = keyed().await;
    let (status, created) = call(&local, Method::POST, "/api/environments/1/hog_functions", function()).await;
    assert_eq!(status, 201, "{created}");
    let path = format!("{FUNCTIONS}{}/", created["id"].as_str().unwrap());
    assert_eq!(created["inputs"]["signing_secret"], json!({"secret": true}));
    assert_eq!(created["status"]["state"], 1);
    for field in ["created_at", "updated_at", "template", "inputs_schema", "icon_url"] {
        assert!(!created[field].is_null(), "{field}");
    }

    let (_, short) =
        call(&local, Method::GET, &format!("{FUNCTIONS}?type=destination&search=TRAINING"), Value::Null).await;
    assert_eq!((&short["count"], &short["results"][0]["inputs"]), (&json!(1), &json!(null)));
    let (_, full) = call(&local, Method::GET, &format!("{FUNCTIONS}?full=true"), Value::Null).await;
    assert_eq!(full["results"][0]["inputs"]["url"]["value"], "https://api.example.com/api/webhooks");
    assert_eq!(call(&local, Method::GET, &format!("{FUNCTIONS}?search=nothing"), Value::Null).await.1["count"], 0);

    // The marker keeps the secret; a stale change is refused.
    let mut inputs = created["inputs"].clone();
    inputs["url"]["value"] = "https://new.example.com/".into();
    let changed =
        call(&local, Method::PATCH, &path, json!({"inputs": inputs, "base_updated_at": created["updated_at"]})).await;
    assert_eq!((changed.0, &changed.1["inputs"]["signing_secret"]), (200, &json!({"secret": true})));
    let stale =
        call(&local, Method::PATCH, &path, json!({"name": "x", "base_updated_at": "2020-01-01T00:00:00.000Z"})).await;
    assert_eq!((stale.0, &stale.1["code"]), (409, &json!("stale_update")));

    assert_eq!(call(&local, Method::DELETE, &path, Value::Null).await.0, 405);
    assert_eq!(call(&local, Method::PATCH, &path, json!({"deleted": true})).await.0, 200);
    assert_eq!(call(&local, Method::GET, FUNCTIONS, Value::Null).await.1["count"], 0);
    assert_eq!(call(&local, Method::PATCH, &path, json!({"deleted": false})).await.1["deleted"], false);
    local.post("/_local/reset").send().await.unwrap();
    assert_eq!(call(&local, Method::GET, &path, Value::Null).await.0, 404, "a reset forgets it");
}

#[actix_web::test]
async fn a_wrong_destination_is_refused_in_posthogs_form() {
    let local = keyed().await;
    let with = |pointer: &str, value: Value| {
        let mut body = function();
        *body.pointer_mut(pointer).unwrap() = value;
        body
    };
    for (body, code, attr) in [
        (with("/template_id", json!("template-email")), "invalid_input", "template_id"),
        (with("/template_id", json!("template-none")), "invalid_input", "template_id"),
        (with("/type", json!("rocket")), "invalid_choice", "type"),
        (with("/inputs/url/value", json!("")), "required", "inputs__url"),
        (with("/inputs/url/value", json!(5)), "invalid_input", "inputs__url"),
        (with("/inputs/method/value", json!("TRACE")), "invalid_input", "inputs__method"),
        (with("/inputs/headers/value", json!("x")), "invalid_input", "inputs__headers"),
        (with("/masking", json!({"hash": "x", "ttl": 59})), "invalid_input", "masking__ttl"),
        (
            with("/filters/events/0", json!({"id": "e", "properties": [{"key": "k", "operator": "exakt"}]})),
            "invalid_input",
            "filters",
        ),
        (with("/name", json!("x".repeat(401))), "max_length", "name"),
        (json!({"type": "destination", "template_id": "template-webhook"}), "required", "inputs__url"),
        (
            json!({"bytecode": [], "type": "destination", "template_id": "template-webhook", "inputs": {"url": {"value": "u"}}}),
            "invalid_input",
            "bytecode",
        ),
    ] {
        let (status, answer) = call(&local, Method::POST, FUNCTIONS, body).await;
        assert_eq!((status, &answer["type"]), (400, &json!("validation_error")), "{answer}");
        assert_eq!((answer["code"].as_str(), answer["attr"].as_str()), (Some(code), Some(attr)), "{answer}");
    }
    let broken = local.post(FUNCTIONS).bearer_auth(PERSONAL_KEY).body("{");
    assert_eq!(answer(broken).await.1["code"], "parse_error");
}

#[actix_web::test]
async fn a_workflow_is_a_draft_then_active_then_archived_then_gone() {
    let local = keyed().await;
    let (status, created) = call(&local, Method::POST, FLOWS, flow()).await;
    assert_eq!((status, &created["status"]), (201, &json!("draft")), "{created}");
    assert_eq!(created["trigger"]["filters"]["events"][0]["id"], "feature_used");
    let twice = call(&local, Method::POST, FLOWS, flow()).await;
    assert_eq!((twice.0, &twice.1["code"], &twice.1["attr"]), (400, &json!("unique"), &json!("key")));
    for (query, count) in [("key=feature-used-5", 1), ("key=other", 0), ("search=upgrade", 1), ("status=active", 0)] {
        assert_eq!(
            call(&local, Method::GET, &format!("{FLOWS}?{query}"), Value::Null).await.1["count"],
            count,
            "{query}"
        );
    }
    let path = format!("{FLOWS}{}/", created["id"].as_str().unwrap());
    assert_eq!(call(&local, Method::PATCH, &path, json!({"status": "active"})).await.1["status"], "active");
    assert_eq!(call(&local, Method::PATCH, &path, json!({"key": "other"})).await.0, 400);
    assert_eq!(call(&local, Method::DELETE, &path, Value::Null).await.0, 400);
    assert_eq!(call(&local, Method::PATCH, &path, json!({"status": "archived"})).await.0, 200);
    assert_eq!(call(&local, Method::DELETE, &path, Value::Null).await.0, 204);
    assert_eq!(call(&local, Method::GET, &path, Value::Null).await.0, 404);
}

#[actix_web::test]
async fn a_wrong_workflow_is_refused_in_posthogs_form() {
    let local = keyed().await;
    let with = |pointer: &str, value: Value| {
        let mut body = flow();
        *body.pointer_mut(pointer).unwrap() = value;
        body
    };
    for (body, attr) in [
        (with("/actions/0/type", json!("function")), "actions"),
        (with("/actions/2/type", json!("trigger")), "actions"),
        (with("/edges", json!([])), "edges"),
        (with("/edges/0/to", json!("nowhere")), "edges__0"),
        (with("/key", json!("a key")), "key"),
        (with("/status", json!("running")), "status"),
        (with("/exit_condition", json!("never")), "exit_condition"),
        (with("/actions/1/id", json!("trigger_node")), "actions__1__id"),
        (
            with("/actions/1/config/inputs/email/value/from", json!({"integrationId": 9})),
            "actions__1__config__inputs__email__from",
        ),
        (with("/actions/1/config/inputs/email/value/html", json!("")), "actions__1__config__inputs__email__html"),
        (json!({"name": "x"}), "actions"),
        (json!({"name": "x", "actions": [], "version": 3}), "version"),
    ] {
        let (status, answer) = call(&local, Method::POST, FLOWS, body).await;
        assert_eq!((status, answer["attr"].as_str()), (400, Some(attr)), "{answer}");
    }
}

#[actix_web::test]
async fn templates_and_senders_are_listed() {
    let local = keyed().await;
    let path = "/api/projects/@current/hog_function_templates/";
    let (_, list) = call(&local, Method::GET, path, Value::Null).await;
    assert_eq!(list["results"][0]["id"], "template-webhook");
    let (_, one) = call(&local, Method::GET, &format!("{path}template-webhook"), Value::Null).await;
    let inputs: Vec<_> =
        one["inputs_schema"].as_array().unwrap().iter().map(|input| input["key"].as_str().unwrap()).collect();
    assert_eq!(inputs, ["url", "method", "body", "headers", "debug", "signing_secret"]);
    let (_, senders) = call(&local, Method::GET, "/api/projects/1/integrations/", Value::Null).await;
    assert_eq!(
        (&senders["results"][0]["kind"], &senders["results"][0]["config"]["email"]),
        (&json!("email"), &json!("hello@misfire.example"))
    );
}
