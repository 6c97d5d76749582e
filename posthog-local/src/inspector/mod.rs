//! The inspector: pages that show everything that happens to each event, live, and the JSON behind them.
//!
//! The pages are plain HTML, CSS and JavaScript from `assets/`, with no build step. They get everything from the JSON
//! routes under `/_local` and insert it as text. [`same_origin`] refuses requests of other pages.

pub mod assertions;
pub mod assets;
pub mod flags;
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

use crate::{flags::Flags, pipeline::Pipeline, rest::Rest};

/// `GET /project/1/events/{uuid}/{timestamp}`: the path of `event.url` in a webhook.
pub async fn event_link(path: Path<(Uuid, String)>) -> HttpResponse {
    HttpResponse::Found().insert_header((LOCATION, format!("/events/{}", path.0))).finish()
}

/// The query of `GET /_local/emails`.
#[derive(Debug, Deserialize)]
pub struct View {
    view: Option<String>,
}

/// The most earlier captures of one uuid that its page shows.
const EARLIER_MAX: usize = 20;

/// `GET /_local/events/{uuid}`: the newest event with this uuid. If it was captured before, as by a replay, `earlier` holds
/// those events too, oldest first, so that their deliveries and what they stored stay in sight.
pub async fn event(uuid: Path<String>, pipeline: Data<Pipeline>) -> HttpResponse {
    let captures = |uuid: Uuid| pipeline.store.captures(uuid, EARLIER_MAX, |entry| json!(entry.told()));
    let known = uuid.parse().ok().and_then(captures);
    match known {
        Some((mut event, earlier)) => {
            if !earlier.is_empty() {
                event["earlier"] = earlier.into();
            }
            HttpResponse::Ok().json(event)
        }
        None => HttpResponse::NotFound().json(json!({ "error": "there is no such event" })),
    }
}

/// `GET /_local/emails`: the mailbox, newest first; with `?view=summary` without the bodies.
pub async fn emails(view: Query<View>, pipeline: Data<Pipeline>) -> HttpResponse {
    let mut emails = pipeline.store.emails();
    if view.view.as_deref() == Some("summary") {
        emails.iter_mut().for_each(|email| (email.text, email.html) = (String::new(), String::new()));
    }
    HttpResponse::Ok().json(json!({ "emails": emails }))
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
