//! `/_local/flags`: the flags as they are, and the switch for each of them.

use actix_web::{
    HttpResponse,
    web::{Bytes, Data, Path},
};
use serde_json::json;

use crate::{
    flags::{FlagChange, FlagChangeError, Flags},
    pipeline::Pipeline,
};

/// `GET /_local/flags`
pub async fn flags(flags: Data<Flags>) -> HttpResponse {
    HttpResponse::Ok().json(flags.json())
}

/// `POST /_local/flags/{key}`: sets `value`, `payload` or both, or goes back with `"reset": true`. Answers the flag. SDKs
/// that ask for flags get the new value at once; those that evaluate by themselves with their next poll.
pub async fn change(key: Path<String>, body: Bytes, flags: Data<Flags>, pipeline: Data<Pipeline>) -> HttpResponse {
    let refused =
        |status: fn() -> actix_web::HttpResponseBuilder, problem: String| status().json(json!({ "error": problem }));
    let change: FlagChange = match serde_json::from_slice(&body) {
        Ok(change) => change,
        Err(error) => return refused(HttpResponse::BadRequest, error.to_string()),
    };
    match flags.change(&key, change) {
        Ok(flag) => {
            pipeline.store.flags_changed(&flags.json());
            HttpResponse::Ok().json(flag.json())
        }
        Err(error @ FlagChangeError::Unknown(_)) => refused(HttpResponse::NotFound, error.to_string()),
        Err(error @ FlagChangeError::Invalid(_)) => refused(HttpResponse::BadRequest, error.to_string()),
    }
}
