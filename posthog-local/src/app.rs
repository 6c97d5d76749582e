//! Puts everything together: project, pipeline, and one table of all URLs.

use std::{
    fs,
    future::Future,
    net::{SocketAddr, TcpListener},
    sync::Mutex,
};

use actix_web::{App as ActixApp, HttpResponse, HttpServer, dev::Server, middleware::from_fn, web};
use anyhow::{Context, Result};

use crate::{
    capture::{self, cors},
    destinations::delivery::Deliveries,
    http,
    inspector::{self, doors, doors::Doors},
    persons::Persons,
    pipeline::Pipeline,
    project::{self, Project, Variables},
    settings::{Secrets, Settings},
    store::Store,
    workflows::smtp::Postman,
};

/// Two can parse while others wait; nothing here blocks for long.
const WORKERS: usize = 2;
/// How long open requests may take to end, in seconds.
const SHUTDOWN_S: u64 = 2;

/// posthog-local, listening but not yet answering.
pub struct App {
    server: Server,
    address: SocketAddr,
    store: Store,
}

impl App {
    /// Reads the project, takes the port, and starts what runs behind. Call it within a Tokio runtime.
    ///
    /// # Errors
    /// A wrong declaration, named by its key; an address that cannot be had; a wrong `SMTP_URL`.
    pub fn build(settings: Settings, secrets: Secrets) -> Result<Self> {
        let project = read_project(&settings, &secrets)?;
        let listener = TcpListener::bind(settings.addr)
            .with_context(|| format!("cannot listen on {}; POSTHOG_LOCAL_ADDR moves it", settings.addr))?;
        let address = listener.local_addr()?;

        let store = Store::default();
        let destinations = project.destinations.into();
        let pipeline = web::Data::new(Pipeline {
            site: http::url_of(address),
            deliveries: Deliveries::start(
                std::sync::Arc::clone(&destinations),
                store.clone(),
                secrets.clone(),
                settings.retry_time_scale,
            ),
            destinations,
            workflows: project.workflows,
            postman: Postman::start(secrets.smtp_url.as_ref(), store.clone())?,
            store: store.clone(),
            secrets,
            persons: Mutex::new(Persons::default()),
        });
        let doors = web::Data::new(Doors::new(address));
        let server =
            HttpServer::new(move || ActixApp::new().app_data(pipeline.clone()).app_data(doors.clone()).configure(urls))
                .workers(WORKERS)
                .disable_signals()
                .shutdown_timeout(SHUTDOWN_S)
                .listen(listener)?
                .run();
        Ok(Self { server, address, store })
    }

    /// Where it listens: `http://IP:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Answers until `stop` is ready, and then lets open requests end.
    ///
    /// # Errors
    /// The server failed.
    pub async fn run_until(self, stop: impl Future<Output = ()> + 'static) -> Result<()> {
        let (handle, store) = (self.server.handle(), self.store);
        actix_web::rt::spawn(async move {
            stop.await;
            // Or the inspector's streams would hold up the end.
            store.stop();
            handle.stop(true).await;
        });
        Ok(self.server.await?)
    }
}

fn read_project(settings: &Settings, secrets: &Secrets) -> Result<Project> {
    let variables = Variables::of(settings, secrets);
    let Some(path) = &settings.config else {
        return Project::read(project::SHIPPED, &variables).context("project.toml, as compiled in");
    };
    let toml = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Project::read(&toml, &variables).with_context(|| path.display().to_string())
}

/// All URLs.
fn urls(config: &mut web::ServiceConfig) {
    let capture_at = |paths: &[&str]| {
        web::resource(paths.to_vec())
            .wrap(from_fn(cors::permissive))
            .route(web::get().to(capture::capture))
            .route(web::post().to(capture::capture))
    };
    config
        .service(capture_at(&capture::EVENT_PATHS).app_data(capture::EVENT_BODY_BYTES_MAX))
        .service(capture_at(&capture::BATCH_PATHS).app_data(capture::BATCH_BODY_BYTES_MAX))
        .route("/_readiness", web::get().to(HttpResponse::Ok))
        .route("/_liveness", web::get().to(HttpResponse::Ok))
        .service(
            web::scope("")
                .wrap(from_fn(doors::check))
                .route("/", web::get().to(inspector::list_page))
                .route("/events/{uuid}", web::get().to(inspector::event_page))
                .route("/project/1/events/{uuid}/{timestamp}", web::get().to(inspector::event_link))
                .route("/_local/assets/{name}", web::get().to(inspector::asset))
                .route("/_local/events", web::get().to(inspector::events))
                .route("/_local/events/{uuid}", web::get().to(inspector::event))
                .route("/_local/emails", web::get().to(inspector::emails))
                .route("/_local/stream", web::get().to(inspector::stream::stream))
                .route("/_local/reset", web::post().to(inspector::reset)),
        );
}
