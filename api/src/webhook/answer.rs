//! The answer when all went well. PostHog reads any 2xx as done, so even an event that nobody wants gets one: sending it again
//! could not help.

use actix_web::HttpResponse;
use journal::{GenerationRow, TrainingRecord};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::ingest::Outcome;

/// The body of a 200.
#[derive(Serialize, ToSchema)]
pub struct Answer<'a> {
    /// `stored` (on disk), `duplicate` (on disk since before) or `ignored` (nothing of it is kept).
    status: &'static str,
    /// The event's name through every hop.
    #[serde(skip_serializing_if = "Option::is_none")]
    uuid: Option<Uuid>,
    /// Why it is ignored: `not_kept`, `not_a_failure`, `no_content`, `privacy_mode` or `forgotten`.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// The same in a sentence that names the event and says what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    /// The stored line, for a caller that sent `Prefer: return=representation`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object)]
    record: Option<&'a TrainingRecord>,
    /// The stored row of generations.jsonl, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object)]
    generation: Option<&'a GenerationRow>,
}

pub(super) fn to(outcome: &Outcome, with_record: bool) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    let nothing = Answer { status: "ignored", uuid: None, reason: None, detail: None, record: None, generation: None };
    let answer = match outcome {
        Outcome::Stored(record) => {
            if with_record {
                response.insert_header(("preference-applied", "return=representation"));
            }
            let (line, row) = if with_record { (record.line(), record.row()) } else { (None, None) };
            Answer { status: "stored", uuid: Some(record.uuid()), record: line, generation: row, ..nothing }
        }
        Outcome::Duplicate(uuid) => Answer { status: "duplicate", uuid: Some(*uuid), ..nothing },
        Outcome::Ignored(ignored) => {
            Answer { reason: Some(ignored.reason.as_str()), detail: Some(&ignored.detail), ..nothing }
        }
    };
    response.json(answer)
}
