//! `hog_flows`: workflows (`products/workflows/backend/api/hog_flow.py`).

use std::collections::HashSet;

use actix_web::http::{Method, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    call::{Answer, Call},
    error::ApiError,
    shape,
    state::{OBJECTS_MAX, Rest},
};
use crate::{event::iso_millis, json::Object, masking::WORKFLOW_TTL_S};

/// The fields that a caller may write.
pub const WRITABLE: [&str; 11] = [
    "name",
    "description",
    "key",
    "status",
    "exit_condition",
    "trigger_masking",
    "conversion",
    "actions",
    "edges",
    "variables",
    "base_updated_at",
];
const STATUSES: [&str; 3] = ["draft", "active", "archived"];
const EXIT_CONDITIONS: [&str; 4] = [
    "exit_only_at_end",
    "exit_on_conversion",
    "exit_on_trigger_not_matched",
    "exit_on_trigger_not_matched_or_conversion",
];

pub(super) fn list(rest: &Rest, call: &Call) -> Answer {
    match call.method {
        Method::GET => {
            let kept = rest.kept();
            let is = |field: &str, flow: &Object| call.query(field).is_none_or(|wanted| flow[field] == wanted);
            let search = call.query("search").map(str::to_lowercase);
            let is_searched = |flow: &Object| {
                let contains = |text: &str| {
                    ["name", "description"]
                        .iter()
                        .any(|key| flow[*key].as_str().is_some_and(|v| v.to_lowercase().contains(text)))
                };
                search.as_deref().is_none_or(contains)
            };
            let wanted = kept.flows.iter().filter(|flow| is("key", flow) && is("status", flow) && is_searched(flow));
            Ok((StatusCode::OK, call.page(wanted.cloned().map(Value::Object).collect())))
        }
        Method::POST => create(rest, call.body.clone()),
        _ => Err(call.not_allowed()),
    }
}

pub(super) fn one(rest: &Rest, call: &Call) -> Answer {
    let mut kept = rest.kept();
    let at = kept.flows.iter().position(|flow| flow["id"] == call.id.as_str()).ok_or(ApiError::NotFound)?;
    match call.method {
        Method::GET => {}
        Method::PATCH | Method::PUT => {
            let mut changed = kept.flows[at].clone();
            if call.body.get("key").is_some_and(|key| *key != changed["key"]) {
                return Err(ApiError::invalid("key", "The key of a workflow cannot be changed."));
            }
            change(rest, &mut changed, call.body.clone())?;
            let version = changed["version"].as_u64().unwrap_or_default() + 1;
            changed.insert("version".to_owned(), version.into());
            kept.flows[at] = changed;
        }
        Method::DELETE if kept.flows[at]["status"] != "archived" => {
            return Err(ApiError::invalid("status", "Only archived workflows can be deleted."));
        }
        Method::DELETE => {
            kept.flows.remove(at);
            return Ok((StatusCode::NO_CONTENT, Value::Null));
        }
        _ => return Err(call.not_allowed()),
    }
    Ok((StatusCode::OK, kept.flows[at].clone().into()))
}

fn create(rest: &Rest, body: Object) -> Answer {
    if let Some(key) = body.get("key").filter(|key| !key.is_null()) {
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if !key.as_str().is_some_and(|key| !key.is_empty() && key.chars().all(is_word)) {
            return Err(ApiError::invalid("key", "A key is made of letters, digits, _ and -."));
        }
        if rest.kept().flows.iter().any(|flow| flow["key"] == *key) {
            let detail = "A workflow with this key already exists.".to_owned();
            return Err(ApiError::Invalid { code: "unique", detail, attr: "key".to_owned() });
        }
    }
    if !body.contains_key("actions") {
        return Err(ApiError::required("actions"));
    }
    let now = iso_millis(Timestamp::now());
    let new = json!({
        "id": Uuid::now_v7(), "name": null, "description": "", "key": null, "version": 1, "status": "draft",
        "created_at": now, "created_by": null, "updated_at": now, "trigger": null, "trigger_masking": null,
        "conversion": null, "exit_condition": "exit_only_at_end", "edges": [], "actions": [], "abort_action": null,
        "variables": null,
    });
    let Value::Object(mut flow) = new else { unreachable!("it is written as an object") };
    change(rest, &mut flow, body)?;
    let flows = &mut rest.kept().flows;
    if flows.len() >= OBJECTS_MAX {
        return Err(ApiError::invalid("name", format!("posthog-local stores at most {OBJECTS_MAX}.")));
    }
    flows.push(flow.clone());
    Ok((StatusCode::CREATED, flow.into()))
}

/// Writes `body` into `flow`, or refuses it as a whole. PostHog checks drafts less strictly, but only for its own page.
fn change(rest: &Rest, flow: &mut Object, mut body: Object) -> Result<(), ApiError> {
    shape::only(&body, &WRITABLE)?;
    shape::name(&body)?;
    if body.shift_remove("base_updated_at").is_some_and(|base| !base.is_null() && base != flow["updated_at"]) {
        return Err(ApiError::Stale);
    }
    for (field, choices) in [("status", &STATUSES[..]), ("exit_condition", &EXIT_CONDITIONS[..])] {
        if let Some(value) = body.get(field).filter(|value| !choices.iter().any(|choice| *value == choice)) {
            let detail = format!("{value} is not a valid choice.");
            return Err(ApiError::Invalid { code: "invalid_choice", detail, attr: field.to_owned() });
        }
    }
    if let Some(masking) = body.get("trigger_masking") {
        shape::masking(masking, "trigger_masking", WORKFLOW_TTL_S)?;
    }
    flow.extend(body);
    let trigger = check_graph(rest, &flow["actions"], &flow["edges"])?;
    flow.insert("trigger".to_owned(), trigger);
    flow.insert("updated_at".to_owned(), iso_millis(Timestamp::now()).into());
    Ok(())
}

/// Checks that there is exactly one trigger and that every step but an exit has a next one. Returns the trigger's
/// configuration.
fn check_graph(rest: &Rest, actions: &Value, edges: &Value) -> Result<Value, ApiError> {
    let actions = actions.as_array().ok_or_else(|| ApiError::required("actions"))?;
    let edges = edges.as_array().ok_or_else(|| ApiError::required("edges"))?;
    let triggers: Vec<_> = actions.iter().filter(|action| action["type"] == "trigger").collect();
    let [trigger] = triggers.as_slice() else {
        return Err(ApiError::invalid("actions", "Exactly one trigger action is required"));
    };
    if trigger["config"]["type"] == "event" {
        shape::filters(&trigger["config"]["filters"], "actions__0__config__filters")?;
    }
    let mut ids = HashSet::new();
    for (n, action) in actions.iter().enumerate() {
        let id = action["id"].as_str().ok_or_else(|| ApiError::required(format!("actions__{n}__id")))?;
        if !ids.insert(id) {
            return Err(ApiError::invalid(format!("actions__{n}__id"), "Two actions have this id."));
        }
        if action["type"] == "function_email" {
            check_email(rest, &action["config"], &format!("actions__{n}"))?;
        }
    }
    let end = |edge: &Value, side: &str| edge[side].as_str().map(str::to_owned);
    if let Some(n) = edges
        .iter()
        .position(|edge| ["from", "to"].iter().any(|side| end(edge, side).is_none_or(|id| !ids.contains(id.as_str()))))
    {
        return Err(ApiError::invalid(format!("edges__{n}"), "An edge leads from and to an action."));
    }
    for action in actions.iter().filter(|action| action["type"] != "exit") {
        if !edges.iter().any(|edge| edge["from"] == action["id"]) {
            return Err(ApiError::invalid("edges", format!("Action {} has no next action", action["id"])));
        }
    }
    Ok(trigger["config"].clone())
}

fn check_email(rest: &Rest, config: &Value, attr: &str) -> Result<(), ApiError> {
    let at = |field: &str| format!("{attr}__config__{field}");
    if config["template_id"] != "template-email" {
        return Err(ApiError::invalid(at("template_id"), "Template not found"));
    }
    let email = &config["inputs"]["email"]["value"];
    for field in ["subject", "html"] {
        if email[field].as_str().is_none_or(str::is_empty) {
            return Err(ApiError::required(at(&format!("inputs__email__{field}"))));
        }
    }
    if email["to"]["email"].as_str().is_none_or(str::is_empty) {
        return Err(ApiError::required(at("inputs__email__to")));
    }
    let sender = email["from"]["integrationId"].as_u64();
    if !sender.is_some_and(|id| (1..=rest.senders.len() as u64).contains(&id)) {
        return Err(ApiError::invalid(at("inputs__email__from"), "There is no such e-mail integration."));
    }
    Ok(())
}
