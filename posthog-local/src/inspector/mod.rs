//! The inspector: a page that shows everything that happens to each event, live, and the JSON behind the page.
//!
//! The page is plain HTML, CSS and JavaScript from `assets/`, with no build step. It gets everything from the JSON
//! routes under `/_local` and inserts it as text. [`same_origin`] refuses requests of other pages.

pub mod assertions;
pub mod flags;
pub mod same_origin;
pub mod state;
pub mod stream;

use actix_web::{
    HttpResponse,
    http::header::{CONTENT_SECURITY_POLICY, LOCATION},
    web::{Data, Path},
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{flags::Flags, pipeline::Pipeline, rest::Rest};

/// The page loads nothing but what posthog-local itself serves. (`img-src` is for the icon.)
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; \
                      frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The files of the page: name, content type, content.
const ASSETS: [(&str, &str, &str); 11] = [
    ("style.css", "text/css; charset=utf-8", include_str!("assets/style.css")),
    ("icon.svg", "image/svg+xml", include_str!("assets/icon.svg")),
    ("dom.js", "text/javascript; charset=utf-8", include_str!("assets/dom.js")),
    ("parts.js", "text/javascript; charset=utf-8", include_str!("assets/parts.js")),
    ("list.js", "text/javascript; charset=utf-8", include_str!("assets/list.js")),
    ("filter.js", "text/javascript; charset=utf-8", include_str!("assets/filter.js")),
    ("faults.js", "text/javascript; charset=utf-8", include_str!("assets/faults.js")),
    ("actions.js", "text/javascript; charset=utf-8", include_str!("assets/actions.js")),
    ("chat.js", "text/javascript; charset=utf-8", include_str!("assets/chat.js")),
    ("generation.js", "text/javascript; charset=utf-8", include_str!("assets/generation.js")),
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

/// `GET /events/{uuid}`: the page itself finds out whether the event is stored.
pub async fn event_page() -> HttpResponse {
    page(include_str!("assets/event.html"))
}

/// `GET /project/1/events/{uuid}/{timestamp}`: the path of `event.url` in a webhook.
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

/// `GET /_local/events/{uuid}`: the newest event with this uuid.
pub async fn event(uuid: Path<String>, pipeline: Data<Pipeline>) -> HttpResponse {
    let known = uuid.parse().ok().and_then(|uuid: Uuid| pipeline.store.event(uuid, |entry| json!(entry.told())));
    match known {
        Some(event) => HttpResponse::Ok().json(event),
        None => HttpResponse::NotFound().json(json!({ "error": "there is no such event" })),
    }
}

/// `GET /_local/emails`: the mailbox, newest first.
pub async fn emails(pipeline: Data<Pipeline>) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "emails": pipeline.store.emails() }))
}

/// An e-mail in its frame may only be displayed. Images must be part of it, because loading one would tell its server
/// that the e-mail was opened.
const EMAIL_POLICY: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; \
                            base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// `GET /_local/emails/{id}/html`: the e-mail as a document of its own. `srcdoc` is not used, because the page's policy
/// would apply to it and forbid the inline styles of most e-mails.
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

/// `POST /_local/reset`: goes back to the seed and to the declared flags, and removes what was created by REST.
pub async fn reset(pipeline: Data<Pipeline>, rest: Data<Rest>, flags: Data<Flags>) -> HttpResponse {
    rest.reset();
    pipeline.reset();
    flags.reset();
    pipeline.store.flags_changed(&flags.json());
    HttpResponse::Ok().json(Value::Object(serde_json::Map::new()))
}
