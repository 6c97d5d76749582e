//! `/api/surveys/`: which surveys there are, which is none. It is public, as in PostHog (`posthog/api/survey.py`).

use actix_web::{HttpRequest, HttpResponse, ResponseError, web::Data};
use serde_json::json;

use crate::{capture::request::check_token, flags::Flags, rest::ApiError};

/// Both forms of its path.
pub const PATHS: [&str; 2] = ["/api/surveys", "/api/surveys/"];

/// `GET` on [`PATHS`].
pub async fn surveys(request: HttpRequest, flags: Data<Flags>) -> HttpResponse {
    let mut query = form_urlencoded::parse(request.query_string().as_bytes());
    let token = query.find(|(key, _)| ["token", "api_key"].contains(&&**key)).map(|(_, token)| token);
    match token.filter(|token| !token.is_empty()) {
        None => ApiError::NoProjectKey.error_response(),
        Some(token) if check_token(&token).is_err() || !flags.admits(&token) => {
            ApiError::BadProjectKey.error_response()
        }
        Some(_) => HttpResponse::Ok().json(json!({ "surveys": [], "survey_config": null })),
    }
}
