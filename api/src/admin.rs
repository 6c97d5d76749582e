//! Health, readiness and metrics on an address of their own (`ADMIN_ADDR`), so that a tunnel to the API exposes the webhook alone.

use std::{io, net::TcpListener};

use actix_web::{
    App, HttpServer,
    dev::Server,
    middleware::from_fn,
    web::{self, ServiceConfig},
};

use crate::{monitoring, origin::refuse_pages, problem::Problem, request_log};

/// A supervisor and a scraper; the descriptors of others are the webhook's.
const CONNECTIONS_MAX: usize = 16;

/// The server. `provide` gives the handlers what they need.
///
/// # Errors
/// When the listener cannot be used.
pub fn server(
    listener: TcpListener,
    provide: impl Fn(&mut ServiceConfig) + Clone + Send + 'static,
) -> io::Result<Server> {
    let server = HttpServer::new(move || {
        App::new()
            .configure(provide.clone())
            .wrap(from_fn(refuse_pages))
            .wrap(from_fn(request_log::log_request))
            .configure(monitoring::routes)
            .default_service(web::to(async || Err::<&str, _>(Problem::NotFound)))
    });
    Ok(server.workers(1).max_connections(CONNECTIONS_MAX).shutdown_timeout(1).disable_signals().listen(listener)?.run())
}
