//! The answer when all went well. PostHog reads any 2xx as done, so even an event that nobody wants gets one: sending it again
//! could not help.

use actix_web::HttpResponse;
use journal::TrainingRecord;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::ingest::Outcome;

/// The body of a 200.
#[derive(Serialize, ToSchema)]
pub struct Answer<'a> {
    /// `stored` (on disk), `duplicate` (on disk since before) or `ignored` (another event, or one of a person who was erased since).
    status: &'static str,
    /// The event's name through every hop.
    #[serde(skip_serializing_if = "Option::is_none")]
    uuid: Option<Uuid>,
    /// Why it is ignored, when the event is one that would be stored: `forgotten`.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// The stored line, for a caller that sent `Prefer: return=representation`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object)]
    record: Option<&'a TrainingRecord>,
}

pub(super) fn to(outcome: &Outcome, with_record: bool) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    let answer = match outcome {
        Outcome::Stored(record) => {
            if with_record {
                response.insert_header(("preference-applied", "return=representation"));
            }
            let record_shown = with_record.then_some(record);
            Answer { status: "stored", uuid: Some(record.uuid()), reason: None, record: record_shown }
        }
        Outcome::Duplicate(uuid) => Answer { status: "duplicate", uuid: Some(*uuid), reason: None, record: None },
        Outcome::Ignored => Answer { status: "ignored", uuid: None, reason: None, record: None },
        Outcome::Forgotten => Answer { status: "ignored", uuid: None, reason: Some("forgotten"), record: None },
    };
    response.json(answer)
}
