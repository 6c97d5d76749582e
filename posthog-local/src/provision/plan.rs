//! Compares what should exist with what PostHog has, and decides the steps. It makes no calls.

use std::fmt;

use anyhow::{Result, bail};
use serde_json::Value;

use crate::json::{Object, excerpt};

/// How much of a value a line shows, in characters.
const SHOWN_CHARS_MAX: usize = 60;

/// The kind of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A hog function of type destination.
    Destination,
    /// A hog flow.
    Workflow,
}

impl Kind {
    /// Its path in the API.
    pub fn path(self) -> &'static str {
        match self {
            Self::Destination => "hog_functions/",
            Self::Workflow => "hog_flows/",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Destination => "destination",
            Self::Workflow => "workflow",
        })
    }
}

/// An object that should exist. It has no `Debug`, because its body holds secrets.
#[derive(Clone)]
pub struct Wanted {
    /// The kind of object.
    pub kind: Kind,
    /// The exact name.
    pub name: String,
    /// A workflow's key, by which newer revisions of PostHog find it.
    pub key: Option<String>,
    /// The body that creates it.
    pub body: Object,
    /// Whether a workflow is active. For a destination the body says so.
    pub active: bool,
}

/// What PostHog has.
#[derive(Debug, Default)]
pub struct Existing {
    /// Destinations, with their inputs.
    pub functions: Vec<Object>,
    /// Workflows.
    pub flows: Vec<Object>,
}

/// A step. It has no `Debug`, because it holds secrets; `Display` shows none of them.
pub enum Step {
    /// Nothing: the object is as it should be.
    Nothing {
        /// Says so, for people.
        note: String,
    },
    /// Create an object.
    Create {
        /// The object.
        wanted: Wanted,
    },
    /// Change an object.
    Change {
        /// The kind of object.
        kind: Kind,
        /// The name.
        name: String,
        /// PostHog's id.
        id: String,
        /// The fields that differ.
        body: Object,
        /// A workflow's new status, if that differs.
        status: Option<&'static str>,
        /// What differs, one line for each change.
        changes: Vec<String>,
    },
    /// Delete an object.
    Delete {
        /// The kind of object.
        kind: Kind,
        /// The name.
        name: String,
        /// PostHog's id.
        id: String,
    },
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing { note } => writeln!(f, "  = {note}"),
            Self::Create { wanted: Wanted { kind, name, active, .. } } => match (kind, active) {
                (Kind::Workflow, true) => {
                    writeln!(f, "  + {kind} {name:?}: to be created as a draft, then made active")
                }
                _ => writeln!(f, "  + {kind} {name:?}: to be created"),
            },
            Self::Change { kind, name, changes, .. } => {
                writeln!(f, "  ~ {kind} {name:?}: to be changed")?;
                changes.iter().try_for_each(|line| writeln!(f, "      {line}"))
            }
            Self::Delete { kind, name, .. } => writeln!(f, "  - {kind} {name:?}: to be deleted"),
        }
    }
}

/// The steps after which everything in `wanted` exists.
///
/// # Errors
/// PostHog has several objects with the same name, so it is not known which one is meant.
pub fn plan(wanted: &[Wanted], existing: &Existing, resend_secrets: bool) -> Result<Vec<Step>> {
    wanted.iter().map(|wanted| step(wanted, existing, resend_secrets)).collect()
}

/// The steps that delete everything in `wanted`.
///
/// # Errors
/// PostHog has several objects with the same name.
pub fn deletion(wanted: &[Wanted], existing: &Existing) -> Result<Vec<Step>> {
    let step = |wanted: &Wanted| {
        let Wanted { kind, name, .. } = wanted.clone();
        Ok(match found(wanted, existing)? {
            Some(there) => Step::Delete { kind, name, id: id(there) },
            None => Step::Nothing { note: format!("{kind} {name:?}: does not exist") },
        })
    };
    wanted.iter().map(step).collect()
}

fn found<'a>(wanted: &Wanted, existing: &'a Existing) -> Result<Option<&'a Object>> {
    let (list, key) = match wanted.kind {
        Kind::Destination => (&existing.functions, None),
        Kind::Workflow => (&existing.flows, wanted.key.as_deref()),
    };
    let has = |there: &Object, field: &str, text: &str| there.get(field).is_some_and(|value| value == text);
    let by_key = key.and_then(|key| list.iter().find(|there| has(there, "key", key)));
    if by_key.is_some() {
        return Ok(by_key);
    }
    // Older revisions of PostHog have no keys, so the name decides. A workflow with another key is another workflow.
    let is_it = |there: &&Object| {
        has(there, "name", &wanted.name)
            && there.get("deleted").is_none_or(|deleted| *deleted != true)
            && there.get("status").is_none_or(|status| *status != "archived")
            && there.get("key").is_none_or(Value::is_null)
    };
    let mut of_name = list.iter().filter(is_it);
    let first = of_name.next();
    if of_name.next().is_some() {
        bail!("there are several {}s named {:?}; delete all but one of them in PostHog", wanted.kind, wanted.name);
    }
    Ok(first)
}

fn id(there: &Object) -> String {
    there.get("id").and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn step(wanted: &Wanted, existing: &Existing, resend_secrets: bool) -> Result<Step> {
    let Wanted { kind, name, active, .. } = wanted.clone();
    let Some(there) = found(wanted, existing)? else { return Ok(Step::Create { wanted: wanted.clone() }) };

    let (mut body, mut changes, mut unknown) = (Object::new(), Vec::new(), false);
    for (field, value) in &wanted.body {
        // These are only set at creation; `status` is changed by a call of its own.
        if ["type", "template_id", "key", "status"].contains(&field.as_str()) {
            continue;
        }
        let before = there.get(field).unwrap_or(&Value::Null);
        let mut lines = Vec::new();
        if field == "inputs" {
            unknown |= inputs(before, value, resend_secrets, &mut lines);
        } else {
            difference(field, before, value, &mut lines);
        }
        if !lines.is_empty() {
            body.insert(field.clone(), value.clone());
            changes.append(&mut lines);
        }
    }
    if !body.is_empty()
        && kind == Kind::Destination
        && let Some(updated_at) = there.get("updated_at")
    {
        // With it PostHog refuses the change if somebody else has changed the object meanwhile.
        body.insert("base_updated_at".to_owned(), updated_at.clone());
    }
    let status = match (kind, active, there.get("status").and_then(Value::as_str)) {
        (Kind::Workflow, true, Some(status)) if status != "active" => Some("active"),
        (Kind::Workflow, false, Some("active")) => Some("draft"),
        _ => None,
    };
    if let Some(status) = status {
        changes.push(format!("status: {} -> {status}", there["status"].as_str().unwrap_or_default()));
    }
    if changes.is_empty() {
        let note = if unknown { " (PostHog does not return its secret, which counts as unchanged)" } else { "" };
        return Ok(Step::Nothing { note: format!("{kind} {name:?}: as declared{note}") });
    }
    Ok(Step::Change { kind, name, id: id(there), body, status, changes })
}

/// Compares a destination's inputs. The lines show no values, because headers may hold secrets. Returns whether there
/// is a secret, which PostHog does not return.
fn inputs(before: &Value, wanted: &Value, resend_secrets: bool, lines: &mut Vec<String>) -> bool {
    let empty = Object::new();
    let (before, wanted) = (before.as_object().unwrap_or(&empty), wanted.as_object().unwrap_or(&empty));
    let mut unknown = false;
    for (name, input) in wanted {
        match before.get(name) {
            Some(there) if there["secret"] == true => {
                unknown = true;
                if resend_secrets {
                    lines.push(format!("inputs.{name}: sent again"));
                }
            }
            there if there.map_or(&Value::Null, |there| &there["value"]) != &input["value"] => {
                lines.push(format!("inputs.{name}: changed"));
            }
            _ => {}
        }
    }
    for (name, _) in before.iter().filter(|(name, there)| {
        !wanted.contains_key(*name) && (there["secret"] == true || !is_nothing(&there["value"]))
    }) {
        lines.push(format!("inputs.{name}: removed"));
    }
    unknown
}

/// Compares two values. Only the fields of `wanted` count, because PostHog adds fields of its own.
fn difference(path: &str, before: &Value, wanted: &Value, lines: &mut Vec<String>) {
    match (before, wanted) {
        (Value::Object(before), Value::Object(wanted)) => {
            for (key, value) in wanted {
                difference(&format!("{path}.{key}"), before.get(key).unwrap_or(&Value::Null), value, lines);
            }
        }
        (Value::Array(before), Value::Array(wanted)) if before.len() == wanted.len() => {
            for (n, (before, wanted)) in before.iter().zip(wanted).enumerate() {
                difference(&format!("{path}[{n}]"), before, wanted, lines);
            }
        }
        _ if before == wanted || is_nothing(before) && is_nothing(wanted) => {}
        _ => {
            lines.push(format!("{path}: {} -> {}", excerpt(before, SHOWN_CHARS_MAX), excerpt(wanted, SHOWN_CHARS_MAX)))
        }
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(values) => values.is_empty(),
        Value::Object(object) => object.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}
