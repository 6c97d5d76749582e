//! `hog_functions`: destinations (`products/cdp/backend/api/hog_function.py`).

use actix_web::http::{Method, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    call::{Answer, Call},
    error::ApiError,
    shape,
    state::{OBJECTS_MAX, Rest},
    templates,
};
use crate::{event::iso_millis, json::Object, masking::DESTINATION_TTL_S};

/// The fields that a caller may write.
pub const WRITABLE: [&str; 16] = [
    "type",
    "name",
    "description",
    "enabled",
    "deleted",
    "hog",
    "inputs_schema",
    "inputs",
    "filters",
    "masking",
    "mappings",
    "icon_url",
    "template_id",
    "execution_order",
    "base_updated_at",
    "_create_in_folder",
];
/// The fields that the list only contains with `full=true`.
const FULL_ONLY: [&str; 5] = ["hog", "inputs", "inputs_schema", "masking", "mappings"];

pub(super) fn list(rest: &Rest, call: &Call) -> Answer {
    match call.method {
        Method::GET => Ok((StatusCode::OK, call.page(matching(rest, call)))),
        Method::POST => create(rest, call.body.clone()),
        _ => Err(call.not_allowed()),
    }
}

fn matching(rest: &Rest, call: &Call) -> Vec<Value> {
    let is = |field: &str, wanted: Option<&str>, function: &Object| {
        wanted.is_none_or(|wanted| match &function[field] {
            Value::String(text) => wanted.split(',').any(|one| one == text),
            Value::Bool(flag) => wanted == if *flag { "true" } else { "false" },
            _ => false,
        })
    };
    let search = call.query("search").map(str::to_lowercase);
    let is_searched = |function: &Object| {
        let contains = |text: &str| {
            ["name", "description"]
                .iter()
                .any(|key| function[*key].as_str().is_some_and(|v| v.to_lowercase().contains(text)))
        };
        search.as_deref().is_none_or(contains)
    };
    let kept = rest.kept();
    let wanted = kept.functions.iter().filter(|function| {
        function["deleted"] == false
            && is("type", call.query("type"), function)
            && is("enabled", call.query("enabled"), function)
            && is("id", call.query("id"), function)
            && is_searched(function)
    });
    let mut wanted: Vec<_> = wanted.map(redacted).collect();
    if call.query("full") != Some("true") {
        for function in wanted.iter_mut().filter_map(Value::as_object_mut) {
            FULL_ONLY.iter().for_each(|key| _ = function.shift_remove(*key));
        }
    }
    wanted
}

pub(super) fn one(rest: &Rest, call: &Call) -> Answer {
    let mut kept = rest.kept();
    let found = kept.functions.iter_mut().find(|function| function["id"] == call.id.as_str());
    let function = found.ok_or(ApiError::NotFound)?;
    match call.method {
        Method::GET => {}
        Method::PATCH => {
            let mut changed = function.clone();
            change(&mut changed, call.body.clone())?;
            *function = changed;
        }
        // As in PostHog, callers set `deleted` instead of using DELETE.
        _ => return Err(call.not_allowed()),
    }
    Ok((StatusCode::OK, redacted(function)))
}

fn create(rest: &Rest, body: Object) -> Answer {
    let template = body.get("template_id").and_then(Value::as_str).ok_or_else(|| ApiError::required("template_id"))?;
    if template == "template-email" {
        return Err(ApiError::invalid("template_id", "This template can only be used inside of a workflow."));
    }
    if template != templates::WEBHOOK {
        return Err(ApiError::invalid("template_id", format!("No template found for id '{template}'")));
    }
    let template = templates::webhook();
    let now = iso_millis(Timestamp::now());
    let new = json!({
        "id": Uuid::now_v7(), "type": null, "name": template["name"], "description": template["description"],
        "created_at": now, "created_by": null, "updated_at": now, "enabled": false, "deleted": false,
        "hog": "", "inputs_schema": template["inputs_schema"], "inputs": {}, "filters": {}, "masking": null,
        "mappings": null, "icon_url": template["icon_url"], "template": template, "execution_order": null,
        "status": { "state": 1, "tokens": 10_000 },
    });
    let Value::Object(mut function) = new else { unreachable!("it is written as an object") };
    if !body.contains_key("inputs") {
        return Err(ApiError::required("inputs__url"));
    }
    change(&mut function, body)?;
    if function["type"].is_null() {
        return Err(ApiError::required("type"));
    }
    let functions = &mut rest.kept().functions;
    if functions.len() >= OBJECTS_MAX {
        return Err(ApiError::invalid("name", format!("posthog-local stores at most {OBJECTS_MAX}.")));
    }
    let answer = redacted(&function);
    functions.push(function);
    Ok((StatusCode::CREATED, answer))
}

/// Writes `body` into `function`, or refuses it as a whole.
fn change(function: &mut Object, mut body: Object) -> Result<(), ApiError> {
    shape::only(&body, &WRITABLE)?;
    shape::name(&body)?;
    if body.shift_remove("base_updated_at").is_some_and(|base| !base.is_null() && base != function["updated_at"]) {
        return Err(ApiError::Stale);
    }
    if let Some(kind) = body.get("type").filter(|kind| **kind != "destination") {
        return Err(ApiError::Invalid {
            code: "invalid_choice",
            detail: format!("{kind} is not a valid choice."),
            attr: "type".to_owned(),
        });
    }
    if let Some(filters) = body.get("filters") {
        shape::filters(filters, "filters")?;
    }
    if let Some(masking) = body.get("masking") {
        shape::masking(masking, "masking", DESTINATION_TTL_S)?;
    }
    if let Some(inputs) = body.get_mut("inputs") {
        let Value::Object(inputs) = inputs else { return Err(ApiError::invalid("inputs", "Expected an object.")) };
        templates::check_inputs(inputs, function["inputs"].as_object())?;
    }
    body.shift_remove("template_id");
    function.extend(body);
    function.insert("updated_at".to_owned(), iso_millis(Timestamp::now()).into());
    Ok(())
}

/// The function as callers see it, without its secrets.
fn redacted(function: &Object) -> Value {
    let mut function = function.clone();
    if let Some(Value::Object(inputs)) = function.get_mut("inputs") {
        for (_, input) in inputs.iter_mut().filter(|(name, _)| templates::is_secret(name)) {
            *input = json!({ "secret": true });
        }
    }
    function.into()
}
