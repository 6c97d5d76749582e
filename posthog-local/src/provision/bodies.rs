//! Translates a declaration into the bodies of PostHog's REST API (facts.md, sections 5.1 and 5.2).

use serde_json::{Value, json};

use super::plan::{Kind, Wanted};
use crate::{
    declaration::{
        Declaration, DestinationDeclaration, EventDeclaration, FiltersDeclaration, PropertyDeclaration, Variables,
        WorkflowDeclaration,
    },
    destinations::template,
    json::Object,
};

/// The names alone, which is all that deleting needs.
pub fn names(declaration: &Declaration) -> Vec<Wanted> {
    let wanted =
        |kind, name: &str, key| Wanted { kind, name: name.to_owned(), key, body: Object::new(), active: false };
    let destinations = declaration.destinations.iter().map(|d| wanted(Kind::Destination, &d.name, None));
    let workflows = declaration.workflows.iter().map(|w| wanted(Kind::Workflow, &w.name, Some(w.key.clone())));
    destinations.chain(workflows).collect()
}

/// The body of a destination. `template` is this PostHog's own, because its inputs differ between revisions.
///
/// # Errors
/// A variable is wrong, or this PostHog cannot sign webhooks.
pub fn function(declared: &DestinationDeclaration, variables: &Variables, template: &Value) -> Result<Object, String> {
    let inputs = &declared.inputs;
    let fill = |source: &str| template::fill_variables(source, variables);
    let mut headers = Object::new();
    for (name, value) in &inputs.headers {
        let value = fill(value)?;
        if !value.is_empty() {
            headers.insert(name.clone(), value.into());
        }
    }
    let default_body = json!({ "event": "{event}", "person": "{person}" });
    let mut values = json!({
        "url": { "value": fill(&inputs.url)? },
        "method": { "value": inputs.method.name() },
        "headers": { "value": headers },
        "body": { "value": fill_json(inputs.body.as_ref().unwrap_or(&default_body), variables)? },
        "debug": { "value": false },
    });
    for name in ["url", "headers", "body"].into_iter().filter(|name| inputs.is_liquid(name)) {
        values[name]["templating"] = "liquid".into();
    }
    let signing_secret = fill(&inputs.signing_secret)?;
    if !signing_secret.is_empty() {
        let mut schema = template["inputs_schema"].as_array().into_iter().flatten();
        if !schema.any(|input| input["key"] == "signing_secret") {
            return Err(format!(
                "{}: this PostHog cannot sign webhooks; set WEBHOOK_SECRET instead of WEBHOOK_SIGNING_SECRET",
                declared.name
            ));
        }
        values["signing_secret"] = json!({ "value": signing_secret });
    }
    let body = json!({
        "type": "destination",
        "template_id": "template-webhook",
        "name": declared.name,
        "description": declared.description.clone().unwrap_or_default(),
        "enabled": declared.enabled,
        "inputs": values,
        "filters": filters(&declared.filters),
        "masking": declared.masking,
    });
    Ok(object(body))
}

/// The body of a workflow, as a draft: the trigger, the e-mails one after the other, and the exit. `senders` are the
/// ids of the e-mail integrations, one for each action.
///
/// # Errors
/// An e-mail has no HTML, which PostHog requires.
pub fn flow(declared: &WorkflowDeclaration, senders: &[u64]) -> Result<Object, String> {
    let trigger = json!({
        "id": "trigger_node", "name": "Trigger", "description": "", "type": "trigger",
        "config": { "type": "event", "filters": filters(&declared.trigger.filters) },
    });
    let exit =
        json!({ "id": "exit_node", "name": "Exit", "description": "", "type": "exit", "config": { "reason": "done" } });
    let mut actions = vec![trigger];
    for (action, sender) in declared.actions.iter().zip(senders) {
        let email = &action.inputs.email;
        if email.html.is_empty() {
            return Err(format!("{}: PostHog requires an e-mail to have html; add it to project.toml", declared.name));
        }
        actions.push(json!({
            "id": action.id,
            "name": action.name.as_ref().unwrap_or(&action.id),
            "description": "",
            "type": "function_email",
            "on_error": "continue",
            "config": {
                "template_id": "template-email",
                "message_category_type": "transactional",
                "inputs": { "email": { "templating": "liquid", "value": {
                    "to": { "email": email.to.email, "name": email.to.name },
                    "from": { "integrationId": sender },
                    "replyTo": email.reply_to, "cc": email.cc, "bcc": email.bcc, "preheader": email.preheader,
                    "subject": email.subject, "text": email.text, "html": email.html,
                } } },
            },
        }));
    }
    actions.push(exit);
    let edges: Vec<_> = actions
        .windows(2)
        .map(|pair| json!({ "from": pair[0]["id"], "to": pair[1]["id"], "type": "continue" }))
        .collect();
    let body = json!({
        "name": declared.name,
        "description": declared.description.clone().unwrap_or_default(),
        "key": declared.key,
        "status": "draft",
        "exit_condition": "exit_only_at_end",
        "trigger_masking": declared.trigger_masking,
        "actions": actions,
        "edges": edges,
    });
    Ok(object(body))
}

fn filters(declared: &FiltersDeclaration) -> Value {
    let event = |(order, declared): (usize, &EventDeclaration)| {
        json!({
            "id": declared.id, "name": declared.id, "type": "events", "order": order,
            "properties": properties(&declared.properties),
        })
    };
    json!({
        "source": "events",
        "events": declared.events.iter().enumerate().map(event).collect::<Vec<_>>(),
        "actions": [],
        "properties": properties(&declared.properties),
        "filter_test_accounts": false,
    })
}

fn properties(declared: &[PropertyDeclaration]) -> Vec<Value> {
    let property = |declared: &PropertyDeclaration| {
        let operator = declared.operator.name();
        // PostHog's own page sends the operator's name where there is no value.
        let value = declared.value.clone().unwrap_or_else(|| operator.into());
        json!({ "key": declared.key, "value": value, "operator": operator, "type": declared.r#type.root() })
    };
    declared.iter().map(property).collect()
}

fn fill_json(value: &Value, variables: &Variables) -> Result<Value, String> {
    Ok(match value {
        Value::String(source) => template::fill_variables(source, variables)?.into(),
        Value::Array(values) => values.iter().map(|value| fill_json(value, variables)).collect::<Result<_, _>>()?,
        Value::Object(object) => {
            let filled = object.iter().map(|(key, value)| Ok((key.clone(), fill_json(value, variables)?)));
            Value::Object(filled.collect::<Result<_, String>>()?)
        }
        literal => literal.clone(),
    })
}

fn object(json: Value) -> Object {
    match json {
        Value::Object(object) => object,
        _ => Object::new(),
    }
}
