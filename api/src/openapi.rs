//! `GET /api/openapi.json`: what the API answers, described from the code that answers it.

use actix_web::HttpResponse;
use utoipa::OpenApi;

use crate::{monitoring, webhook};

/// The document.
#[derive(Debug, OpenApi)]
#[openapi(
    info(
        title = "Misfire",
        description = "Takes the failed generations that PostHog reports and keeps them as training data."
    ),
    paths(webhook::receive, monitoring::health, monitoring::ready, monitoring::metrics, document)
)]
pub struct Document;

/// `GET /api/openapi.json`.
#[utoipa::path(get, path = "/api/openapi.json", responses((status = 200, description = "This document")))]
pub async fn document() -> HttpResponse {
    HttpResponse::Ok().json(Document::openapi())
}
