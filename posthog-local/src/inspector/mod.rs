//! The inspector: a page that shows each event's whole way, live, and the JSON behind it.
//!
//! The page is plain HTML, CSS and JavaScript from `assets/`, with no build step. It gets everything from the JSON routes
//! under `/_local` and inserts it as text. [`same_origin`] keeps other pages out.

pub mod same_origin;
pub mod state;
pub mod stream;

use actix_web::{
    HttpResponse,
    http::header::{CONTENT_SECURITY_POLICY, LOCATION},
    web::{Data, Path, Query},
};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{pipeline::Pipeline, rest::Rest};

/// Nothing but what posthog-local itself serves. (`img-src` is for the icon.)
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; \
                      frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The files of the page, with their types.
const ASSETS: [(&str, &str, &str); 9] = [
    ("style.css", "text/css; charset=utf-8", include_str!("assets/style.css")),
    ("icon.svg", "image/svg+xml", include_str!("assets/icon.svg")),
    ("dom.js", "text/javascript; charset=utf-8", include_str!("assets/dom.js")),
    ("parts.js", "text/javascript; charset=utf-8", include_str!("assets/parts.js")),
    ("list.js", "text/javascript; charset=utf-8", include_str!("assets/list.js")),
    ("filter.js", "text/javascript; charset=utf-8", include_str!("assets/filter.js")),
    ("faults.js", "text/javascript; charset=utf-8", include_str!("assets/faults.js")),
    ("actions.js", "text/javascript; charset=utf-8", include_str!("assets/actions.js")),
    ("event.js", "text/javascript; charset=utf-8", include_str!("assets/event.js")),
];

fn page(html: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .body(html)
}

/// `GET /`
pub async fn list_page() -> HttpResponse {
    page(include_str!("assets/list.html"))
}

/// `GET /events/{uuid}`: the page finds out by itself whether the event is there.
pub async fn event_page() -> HttpResponse {
    page(include_str!("assets/event.html"))
}

/// `GET /project/1/events/{uuid}/{timestamp}`: where `event.url` of a webhook points to.
pub async fn event_link(path: Path<(Uuid, String)>) -> HttpResponse {
    HttpResponse::Found().insert_header((LOCATION, format!("/events/{}", path.0))).finish()
}

/// `GET /_local/assets/{name}`
pub async fn asset(name: Path<String>) -> HttpResponse {
    match ASSETS.iter().find(|(known, ..)| *known == *name) {
        Some((_, content_type, text)) => HttpResponse::Ok().content_type(*content_type).body(*text),
        None => HttpResponse::NotFound().finish(),
    }
}

/// The query of `GET /_local/events`.
#[derive(Debug, Deserialize)]
pub struct View {
    view: Option<String>,
}

/// `GET /_local/events`: all kept events, the newest first; with `?view=summary` what the list shows of them.
pub async fn events(view: Query<View>, pipeline: Data<Pipeline>) -> HttpResponse {
    let is_summary = view.view.as_deref() == Some("summary");
    let events = pipeline.store.events(|entry| if is_summary { json!(entry.summary()) } else { json!(entry) });
    HttpResponse::Ok().json(json!({ "events": events }))
}

/// `GET /_local/events/{uuid}`: all that is known of the newest event of this uuid, its e-mails included.
pub async fn event(uuid: Path<String>, pipeline: Data<Pipeline>) -> HttpResponse {
    let known = uuid.parse().ok().and_then(|uuid: Uuid| pipeline.store.event(uuid, |entry| json!(entry)));
    match known {
        Some(event) => HttpResponse::Ok().json(event),
        None => HttpResponse::NotFound().json(json!({ "error": "no such event is kept" })),
    }
}

/// `GET /_local/emails`: the mailbox, the newest first.
pub async fn emails(pipeline: Data<Pipeline>) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "emails": pipeline.store.emails() }))
}

/// What an e-mail may do in its frame: look as it was made to, and nothing else. Images come along or not at all, so that
/// nobody learns that it was opened.
const EMAIL_POLICY: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; \
                            base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// `GET /_local/emails/{id}/html`: the e-mail as a document of its own. (`srcdoc` would be bound by the page's policy too,
/// and most e-mails are styled inline.)
pub async fn email_html(id: Path<String>, pipeline: Data<Pipeline>) -> HttpResponse {
    let emails = pipeline.store.emails();
    match emails.into_iter().find(|email| email.id == *id) {
        Some(email) => HttpResponse::Ok()
            .content_type("text/html; charset=utf-8")
            .insert_header((CONTENT_SECURITY_POLICY, EMAIL_POLICY))
            .body(email.html),
        None => HttpResponse::NotFound().finish(),
    }
}

/// `POST /_local/reset`: forgets all events, e-mails and persons, and what was created by REST.
pub async fn reset(pipeline: Data<Pipeline>, rest: Data<Rest>) -> HttpResponse {
    rest.reset();
    pipeline.reset();
    HttpResponse::Ok().json(Value::Object(serde_json::Map::new()))
}
