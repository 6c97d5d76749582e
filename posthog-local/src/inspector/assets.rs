//! The files of the inspector's pages, which are part of the program, and the pages that are made of them.

use actix_web::{HttpResponse, http::header::CONTENT_SECURITY_POLICY, web::Path};

/// The pages load nothing but what posthog-local itself serves. (`img-src` is for the icon.)
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; \
                      frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Embeds files of `assets/`: each name with its content.
macro_rules! embedded {
    ($($name:literal)*) => { &[$(($name, include_str!(concat!("assets/", $name)))),*] };
}

/// Every file that a page may load.
const ASSETS: &[(&str, &str)] = embedded![
    "icon.svg" "tokens.css" "style.css" "list.css" "event.css"
    "dom.js" "shell.js" "keys.js" "rows.js" "unread.js" "faults.js" "chips.js" "pretty.js"
    "events.js" "filter.js" "mailbox.js" "mail.js" "faults_page.js" "flags.js"
    "event.js" "actions.js" "branch.js" "compare.js" "warnings.js" "chat.js" "generation.js"
];

/// A page: the header that all of them have, its own part, and the panel of the keys.
macro_rules! page {
    ($name:literal) => {
        concat!(
            include_str!("assets/frame_head.html"),
            include_str!(concat!("assets/", $name)),
            include_str!("assets/frame_end.html")
        )
    };
}

fn page(html: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .body(html)
}

/// `GET /`: the events.
pub async fn events() -> HttpResponse {
    page(page!("events.html"))
}

/// `GET /events/{uuid}`: one event. The page itself finds out whether it is stored.
pub async fn event() -> HttpResponse {
    page(page!("event.html"))
}

/// `GET /mailbox`: the e-mails.
pub async fn mailbox() -> HttpResponse {
    page(page!("mailbox.html"))
}

/// `GET /faults`: what fails on purpose.
pub async fn faults() -> HttpResponse {
    page(page!("faults.html"))
}

/// `GET /feature_flags`, as in PostHog: `/flags` is where SDKs ask.
pub async fn flags() -> HttpResponse {
    page(page!("flags.html"))
}

/// `GET /_local/assets/{name}`
pub async fn asset(name: Path<String>) -> HttpResponse {
    let Some((name, text)) = ASSETS.iter().find(|(known, _)| *known == *name) else {
        return HttpResponse::NotFound().finish();
    };
    let content_type = match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "text/javascript; charset=utf-8",
    };
    HttpResponse::Ok().content_type(content_type).body(*text)
}
