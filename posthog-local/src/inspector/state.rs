//! The routes that set the faults, and that export and import all events and persons as one file. Destinations are
//! never in the file.

use std::sync::PoisonError;

use actix_web::{
    HttpResponse,
    http::header::CONTENT_DISPOSITION,
    web::{Bytes, Data},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{
    event::{CapturedEvent, iso_millis},
    faults::Faults,
    persons::{PersonState, Persons},
    pipeline::Pipeline,
    store::{Entry, PersonView},
};

/// The longest file, in bytes. It is larger than the store's limit, because the file is escaped and may be indented.
pub const FILE_BYTES_MAX: usize = 64 * 1024 * 1024;

/// `GET /_local/faults`
pub async fn faults(pipeline: Data<Pipeline>) -> HttpResponse {
    HttpResponse::Ok().json(pipeline.faults_json())
}

/// `PUT /_local/faults`: replaces all faults. A missing one is off.
pub async fn set_faults(body: Bytes, pipeline: Data<Pipeline>) -> HttpResponse {
    let faults = serde_json::from_slice::<Faults>(&body).map_err(|error| error.to_string());
    match faults.and_then(|faults| pipeline.set_faults(faults)) {
        Ok(()) => HttpResponse::Ok().json(pipeline.faults_json()),
        Err(problem) => refused(problem),
    }
}

/// The file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// The version of the format.
    posthog_local: u32,
    #[serde(default)]
    persons: Vec<PersonState>,
    #[serde(default)]
    events: Vec<EventState>,
}

/// The version of the format that is written and read.
const VERSION: u32 = 1;

/// An event in the file, with its person as the event sees them.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EventState {
    uuid: Uuid,
    event: String,
    distinct_id: String,
    timestamp: Timestamp,
    captured_at: Timestamp,
    properties: Map<String, Value>,
    /// The content that was split off. Missing where none was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    heavy: Option<Map<String, Value>>,
    person: PersonView,
}

/// `GET /_local/state`: exports the file, oldest event first.
pub async fn export(pipeline: Data<Pipeline>) -> HttpResponse {
    let persons = pipeline.persons.lock().unwrap_or_else(PoisonError::into_inner).states();
    let mut events = pipeline.store.events(|entry| EventState {
        uuid: entry.uuid,
        event: entry.event.clone(),
        distinct_id: entry.distinct_id.clone(),
        timestamp: entry.timestamp,
        captured_at: entry.captured_at,
        properties: entry.properties.clone(),
        heavy: entry.heavy.clone(),
        person: entry.person.clone(),
    });
    events.reverse();
    let name = iso_millis(Timestamp::now()).replace(':', "");
    let file = File { posthog_local: VERSION, persons, events };
    HttpResponse::Ok()
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"posthog-local-{name}.json\"")))
        .json(file)
}

/// `PUT /_local/state`: replaces all events and persons by those of the file. Nothing is sent.
pub async fn import(body: Bytes, pipeline: Data<Pipeline>) -> HttpResponse {
    let file: File = match serde_json::from_slice(&body) {
        Ok(file) => file,
        Err(error) => return refused(error.to_string()),
    };
    if file.posthog_local != VERSION {
        return refused(format!("posthog_local must be {VERSION}"));
    }
    let (events, persons) = (file.events.len(), file.persons.len());
    let entries = file.events.into_iter().map(|event| {
        let EventState { uuid, event, distinct_id, timestamp, captured_at, properties, heavy, person } = event;
        let captured =
            CapturedEvent { uuid, event, distinct_id, properties, timestamp, captured_at, ..CapturedEvent::default() };
        Entry::imported(captured, heavy, person)
    });
    pipeline.replace(Persons::seeded(&file.persons), entries.collect());
    HttpResponse::Ok().json(json!({ "events": events, "persons": persons }))
}

fn refused(problem: String) -> HttpResponse {
    HttpResponse::BadRequest().json(json!({ "error": problem }))
}
