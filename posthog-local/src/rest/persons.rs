//! `persons`: finds persons by e-mail address or distinct_id, with all their distinct_ids (`posthog/api/person.py`).

use std::sync::PoisonError;

use actix_web::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{
    call::{Answer, Call},
    error::ApiError,
};
use crate::{globals, persons::Person, pipeline::Pipeline};

/// How many distinct_ids of a person a list contains, as in newer revisions of PostHog. A single person contains all.
const LISTED_IDS_MAX: usize = 10;

pub(super) fn list(pipeline: &Pipeline, call: &Call) -> Answer {
    if call.method != Method::GET {
        return Err(call.not_allowed());
    }
    let persons = pipeline.persons.lock().unwrap_or_else(PoisonError::into_inner);
    let is = |wanted: Option<&str>, value: Option<&str>| wanted.is_none_or(|wanted| value == Some(wanted));
    let found = persons.all().filter(|(person, distinct_ids)| {
        is(call.query("email"), person.properties.get("email").and_then(Value::as_str))
            && call.query("distinct_id").is_none_or(|id| distinct_ids.iter().any(|known| known == id))
    });
    let results = found.map(|(person, ids)| person_json(&person, &ids[..ids.len().min(LISTED_IDS_MAX)])).collect();
    Ok((StatusCode::OK, call.page(results)))
}

pub(super) fn one(pipeline: &Pipeline, call: &Call) -> Answer {
    if call.method != Method::GET {
        return Err(call.not_allowed());
    }
    let persons = pipeline.persons.lock().unwrap_or_else(PoisonError::into_inner);
    let found = persons.all().find(|(person, _)| person.id.to_string() == call.id);
    let (person, distinct_ids) = found.ok_or(ApiError::NotFound)?;
    Ok((StatusCode::OK, person_json(&person, distinct_ids)))
}

fn person_json(person: &Person, distinct_ids: &[String]) -> Value {
    let first = distinct_ids.first().map(String::as_str).unwrap_or_default();
    json!({
        "id": person.id, "uuid": person.id, "name": globals::person_name(person, first), "distinct_ids": distinct_ids,
        "properties": *person.properties,
    })
}
