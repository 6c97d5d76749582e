//! `hog_function_templates` and `integrations`: the templates of destinations, and the senders of e-mails.

use actix_web::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{
    call::{Answer, Call},
    error::ApiError,
    state::Rest,
};
use crate::json::Object;

/// The only template that posthog-local has.
pub(super) const WEBHOOK: &str = "template-webhook";

/// PostHog's "HTTP Webhook" with the inputs of its newer revisions (`webhook.template.ts`).
pub(super) fn webhook() -> Value {
    let input = |key: &str, kind: &str, label: &str, required: bool, secret: bool, default: Value| json!({ "key": key, "type": kind, "label": label, "required": required, "secret": secret, "default": default });
    let mut method = input("method", "choice", "Method", false, false, json!("POST"));
    method["choices"] =
        ["POST", "PUT", "PATCH", "GET", "DELETE"].map(|name| json!({ "label": name, "value": name })).into();
    json!({
        "id": WEBHOOK,
        "type": "destination",
        "status": "stable",
        "free": false,
        "name": "HTTP Webhook",
        "description": "Sends a webhook templated by the incoming event data",
        "icon_url": "/_local/assets/icon.svg",
        "inputs_schema": [
            input("url", "string", "Webhook URL", true, false, Value::Null),
            method,
            input("body", "json", "JSON Body", false, false, json!({ "event": "{event}", "person": "{person}" })),
            input("headers", "dictionary", "Headers", false, false, json!({ "Content-Type": "application/json" })),
            input("debug", "boolean", "Log responses", false, false, json!(false)),
            input("signing_secret", "string", "Signing secret", false, true, Value::Null),
        ],
    })
}

pub(super) fn is_secret(input: &str) -> bool {
    input == "signing_secret"
}

/// Checks all inputs of a webhook against its template. A secret that is sent as `{"secret": true}` keeps its former
/// value.
pub(super) fn check_inputs(inputs: &mut Object, before: Option<&Object>) -> Result<(), ApiError> {
    let template = webhook();
    let schema = template["inputs_schema"].as_array().into_iter().flatten();
    let schema: Vec<_> = schema.filter_map(|input| Some((input["key"].as_str()?, input))).collect();
    for (key, given) in inputs.iter_mut() {
        let attr = format!("inputs__{key}");
        let Some((_, input)) = schema.iter().find(|(known, _)| known == key) else {
            return Err(ApiError::invalid(attr, "posthog-local: the template has no such input."));
        };
        if is_secret(key) && given["secret"] == true {
            *given = before.and_then(|before| before.get(key)).cloned().unwrap_or_else(|| json!({ "value": null }));
        }
        let value = &given["value"];
        let (fits, detail) = match input["type"].as_str().unwrap_or_default() {
            "string" => (value.is_string(), "Value must be a string."),
            "boolean" => (value.is_boolean(), "Value must be a boolean."),
            "dictionary" => (value.is_object(), "Value must be a dictionary."),
            "choice" => {
                let choices = input["choices"].as_array().into_iter().flatten();
                (choices.into_iter().any(|choice| choice["value"] == *value), "Value must be one of the choices.")
            }
            _ => (true, ""),
        };
        if !fits && !value.is_null() {
            return Err(ApiError::invalid(attr, detail));
        }
    }
    let missing = schema.iter().find(|(key, input)| {
        let value = inputs.get(*key).map_or(&Value::Null, |input| &input["value"]);
        input["required"] == true && (value.is_null() || *value == "")
    });
    match missing {
        Some((key, _)) => Err(ApiError::required(format!("inputs__{key}"))),
        None => Ok(()),
    }
}

pub(super) fn list(_: &Rest, call: &Call) -> Answer {
    match call.method {
        Method::GET => Ok((StatusCode::OK, call.page(vec![webhook()]))),
        _ => Err(call.not_allowed()),
    }
}

pub(super) fn one(_: &Rest, call: &Call) -> Answer {
    match call.method {
        Method::GET if call.id == WEBHOOK => Ok((StatusCode::OK, webhook())),
        Method::GET => Err(ApiError::NotFound),
        _ => Err(call.not_allowed()),
    }
}

/// The senders that `project.toml` names, which all count as verified.
pub(super) fn integrations(rest: &Rest, call: &Call) -> Answer {
    if call.method != Method::GET {
        return Err(call.not_allowed());
    }
    let senders = rest.senders.iter().enumerate().map(|(n, (name, email))| {
        let domain = email.rsplit('@').next();
        json!({
            "id": n + 1, "kind": "email", "display_name": email, "created_at": null, "created_by": null, "errors": "",
            "config": { "email": email, "name": name, "domain": domain, "provider": "posthog-local", "verified": true },
        })
    });
    Ok((StatusCode::OK, call.page(senders.collect())))
}
