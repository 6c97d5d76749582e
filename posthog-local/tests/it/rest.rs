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

fn query(limit: usize) -> Value {
    json!({"query": {"kind": "HogQLQuery",
        "query": format!("SELECT uuid, distinct_id, timestamp, properties FROM events WHERE event = {{event}}
            AND timestamp >= toDateTime({{since}}) AND timestamp < toDateTime({{until}}) ORDER BY timestamp LIMIT {limit}"),
        "values": {"event": "generation_failed", "since": "2026-01-02T00:00:00Z", "until": "2026-01-03T01:00:00+01:00"}}})
}

#[actix_web::test]
async fn the_events_of_a_time_are_asked_for_in_pages() {
    let local = keyed().await;
    let event = |number: u32, name: &str, time: &str| {
        json!({"uuid": format!("0193b2c8-77aa-7000-8000-{number:012}"), "event": name, "distinct_id": "jane",
            "timestamp": time, "properties": {"input_prompt": [number]}})
    };
    local
        .capture(json!([
            event(3, "generation_failed", "2026-01-02T12:00:00Z"),
            event(1, "generation_failed", "2026-01-01T23:59:59.999Z"),
            event(2, "generation_failed", "2026-01-02T00:00:00Z"),
            event(2, "generation_failed", "2026-01-02T00:00:00Z"),
            event(4, "feature_used", "2026-01-02T12:00:00Z"),
            event(5, "generation_failed", "2026-01-03T00:00:00Z"),
        ]))
        .await;
    let path = "/api/projects/1/query/";
    let (status, all) = call(&local, Method::POST, path, query(100)).await;
    assert_eq!((status, &all["hasMore"]), (200, &json!(false)), "{all}");
    let rows = all["results"].as_array().unwrap();
    let row = |n: usize| (rows[n][0].as_str().unwrap(), rows[n][2].as_str().unwrap());
    assert_eq!(rows.len(), 2);
    assert_eq!(row(0), ("0193b2c8-77aa-7000-8000-000000000002", "2026-01-02T00:00:00.000Z"));
    assert_eq!(row(1), ("0193b2c8-77aa-7000-8000-000000000003", "2026-01-02T12:00:00.000Z"));
    let properties: Value = serde_json::from_str(rows[1][3].as_str().expect("text, as in PostHog's table")).unwrap();
    assert_eq!((&properties["input_prompt"], &rows[1][1]), (&json!([3]), &json!("jane")));

    let (_, page) = call(&local, Method::POST, path, query(1)).await;
    assert_eq!((page["results"].as_array().unwrap().len(), &page["hasMore"]), (1, &json!(true)));
    let mut other = query(1);
    other["query"]["query"] = json!("SELECT 1");
    let (status, refused) = call(&local, Method::POST, path, other).await;
    assert_eq!((status, &refused["attr"]), (400, &json!("query")));
}

#[actix_web::test]
async fn a_person_is_found_by_address_with_all_their_distinct_ids() {
    let local = keyed().await;
    let mut events = vec![json!({"event": "$identify", "distinct_id": "jane", "$set": {"email": "jane@example.test"}})];
    events.extend((0..12).map(
        |n| json!({"event": "$create_alias", "distinct_id": "jane", "properties": {"alias": format!("device_{n}")}}),
    ));
    local.capture(events.into()).await;
    let (status, listed) =
        call(&local, Method::GET, "/api/projects/1/persons/?email=jane@example.test", Value::Null).await;
    assert_eq!((status, &listed["count"]), (200, &json!(1)), "{listed}");
    assert_eq!(listed["results"][0]["distinct_ids"].as_array().unwrap().len(), 10);
    let path = format!("/api/projects/1/persons/{}/", listed["results"][0]["id"].as_str().unwrap());
    let (_, person) = call(&local, Method::GET, &path, Value::Null).await;
    assert_eq!(person["distinct_ids"].as_array().unwrap().len(), 13);
    let (_, nobody) = call(&local, Method::GET, "/api/projects/1/persons/?email=joan@example.test", Value::Null).await;
    assert_eq!(nobody["count"], 0);
}
