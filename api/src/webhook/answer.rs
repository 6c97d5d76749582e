//! What a caller is told when all went well. PostHog reads any 2xx as done, so even an event that nobody wants gets one:
//! sending it again could not help.

use actix_web::HttpResponse;
use serde::Serialize;
use uuid::Uuid;

use crate::{ingest::Outcome, sanitize::TrainingRecord};

#[derive(Serialize)]
struct Answer<'a> {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    uuid: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<&'a TrainingRecord>,
}

pub(super) fn to(outcome: &Outcome, with_record: bool) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    let answer = match outcome {
        Outcome::Stored(record) => {
            if with_record {
                response.insert_header(("preference-applied", "return=representation"));
            }
            Answer { status: "stored", uuid: Some(record.uuid()), record: with_record.then_some(record) }
        }
        Outcome::Duplicate(uuid) => Answer { status: "duplicate", uuid: Some(*uuid), record: None },
        Outcome::Ignored => Answer { status: "ignored", uuid: None, record: None },
    };
    response.json(answer)
}
