//! Assembles the server: project, pipeline, and one table of all URLs.

use std::{
    future::Future,
    net::{SocketAddr, TcpListener},
    sync::Mutex,
    time::Duration,
};

use actix_web::{App as ActixApp, HttpResponse, HttpServer, dev::Server, middleware::from_fn, web};
use anyhow::{Context, Result};

use crate::{
    capture::{
        self, TrustsForwarded,
        body::{AI_BODY_BYTES_MAX, BATCH_BODY_BYTES_MAX, EVENT_BODY_BYTES_MAX},
        cors, sdk,
    },
    declaration::Variables,
    destinations::{
        delivery::{Deliveries, Waits},
        retry::OnTooMany,
    },
    faults::SharedFaults,
    flags::{self, Flags},
    http,
    inspector::{
        self, assertions, assets,
        same_origin::{self, SameOrigin},
        state,
    },
    persons::Persons,
    pipeline::Pipeline,
    project::{self, Project},
    rest::{self, Rest},
    settings::{Secrets, Settings},
    store::Store,
    surveys,
    workflows::smtp::Mailer,
};

/// How long an idle connection is kept. A sender that reuses one just as it is closed loses what it sends, so this is longer than the
/// pauses of the SDKs between two batches.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// Two are enough, because no handler blocks for long.
const WORKERS: usize = 2;
/// How long open requests may take to finish at shutdown, in seconds.
const SHUTDOWN_S: u64 = 2;
/// How long deliveries in flight may take after that.
const DRAIN_MAX: Duration = Duration::from_secs(3);

/// The server, which listens but does not answer yet.
pub struct App {
    server: Server,
    address: SocketAddr,
    store: Store,
    deliveries: Deliveries,
}

impl App {
    /// Reads the project, binds the address, and starts the background tasks. Call it within a Tokio runtime.
    ///
    /// # Errors
    /// The declaration is wrong (the error names its key), the address cannot be bound, or `SMTP_URL` is not a URL.
    pub fn build(settings: Settings, secrets: Secrets) -> Result<Self> {
        let project = read_project(&settings, &secrets)?;
        let listener = TcpListener::bind(settings.addr).with_context(|| {
            format!("cannot listen on {}; set POSTHOG_LOCAL_ADDR to another address", settings.addr)
        })?;
        let address = listener.local_addr()?;

        let store = Store::new(settings.store_limits());
        let rest = web::Data::new(Rest::new(
            secrets.personal_api_key.clone(),
            secrets.secret_api_key.clone(),
            project.senders,
        ));
        let flags = web::Data::new(Flags::new(project.flags, project.api_token));
        let destinations = project.destinations.into();
        let faults = SharedFaults::default();
        let deliveries = Deliveries::start(
            std::sync::Arc::clone(&destinations),
            store.clone(),
            secrets.clone(),
            faults.clone(),
            Waits {
                time_scale: settings.retry_time_scale,
                on_too_many: if settings.retry_after { OnTooMany::Patient } else { OnTooMany::Strict },
            },
        );
        let pipeline = web::Data::new(Pipeline {
            site: http::url_of(address),
            ai_events: project.ai_events,
            cookieless: project.cookieless,
            deliveries: deliveries.clone(),
            faults,
            destinations,
            workflows: project.workflows,
            mailer: Mailer::start(secrets.smtp_url.as_ref(), store.clone())?,
            store: store.clone(),
            secrets,
            persons: Mutex::new(Persons::seeded(&project.seed)),
            seed: project.seed,
        });
        let same_origin = web::Data::new(SameOrigin::new(address, settings.hosts.clone()));
        let trusts = settings.trust_forwarded.unwrap_or_else(|| address.ip().is_loopback());
        let trusts_forwarded = web::Data::new(TrustsForwarded(trusts));
        let server = HttpServer::new(move || {
            ActixApp::new()
                .app_data(pipeline.clone())
                .app_data(same_origin.clone())
                .app_data(trusts_forwarded.clone())
                .app_data(rest.clone())
                .app_data(flags.clone())
                .configure(urls)
        })
        .keep_alive(KEEP_ALIVE)
        .workers(WORKERS)
        .disable_signals()
        .shutdown_timeout(SHUTDOWN_S)
        .listen(listener)?
        .run();
        Ok(Self { server, address, store, deliveries })
    }

    /// The URL of the address that it listens on: `http://IP:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Serves until `stop` completes, and then waits for open requests and deliveries, up to a limit.
    ///
    /// # Errors
    /// The server fails.
    pub async fn run_until(self, stop: impl Future<Output = ()> + 'static) -> Result<()> {
        let (handle, store) = (self.server.handle(), self.store);
        actix_web::rt::spawn(async move {
            stop.await;
            // The inspector's streams never end by themselves, so they would delay the shutdown.
            store.stop();
            handle.stop(true).await;
        });
        self.server.await?;
        match self.deliveries.drain(DRAIN_MAX).await {
            0 => {}
            dropped => {
                log::warn!("{dropped} deliveries were dropped: they did not finish within {} s", DRAIN_MAX.as_secs())
            }
        }
        Ok(())
    }
}

fn read_project(settings: &Settings, secrets: &Secrets) -> Result<Project> {
    let (toml, place) = project::source(settings)?;
    Project::read(&toml, &Variables::of(settings, secrets)).context(place)
}

/// All URLs.
fn urls(config: &mut web::ServiceConfig) {
    let capture_at = |paths: &[&str]| {
        web::resource(paths.to_vec())
            .wrap(from_fn(cors::permissive))
            .route(web::get().to(capture::capture))
            .route(web::post().to(capture::capture))
    };
    let sdk_at = |paths: &[&str]| web::resource(paths.to_vec()).wrap(from_fn(cors::permissive));
    config
        .service(
            sdk_at(&sdk::DISCARDED_PATHS)
                .app_data(sdk::DISCARDED_BODY_BYTES_MAX)
                .route(web::get().to(sdk::discard))
                .route(web::post().to(sdk::discard)),
        )
        .service(
            sdk_at(&sdk::RECORDING_PATHS)
                .app_data(sdk::DISCARDED_BODY_BYTES_MAX)
                .route(web::get().to(sdk::record))
                .route(web::post().to(sdk::record)),
        )
        .service(
            sdk_at(&flags::routes::FLAGS_PATHS)
                .route(web::get().to(flags::routes::minimal))
                .route(web::post().to(flags::routes::flags)),
        )
        .service(sdk_at(&flags::routes::DEFINITIONS_PATHS).route(web::get().to(flags::routes::definitions)))
        .service(sdk_at(&flags::routes::REMOTE_CONFIG_PATHS).route(web::get().to(flags::routes::remote_config)))
        .service(sdk_at(&surveys::PATHS).route(web::get().to(surveys::surveys)))
        .service(sdk_at(&["/array/{token}/config"]).route(web::get().to(sdk::config)))
        .service(sdk_at(&["/array/{token}/config.js"]).route(web::get().to(sdk::config_js)))
        .service(sdk_at(&["/static/{file:.*}"]).route(web::get().to(sdk::missing_script)))
        .service(capture_at(&capture::EVENT_PATHS).app_data(EVENT_BODY_BYTES_MAX))
        .service(capture_at(&capture::BATCH_PATHS).app_data(BATCH_BODY_BYTES_MAX))
        .service(
            sdk_at(&capture::AI_BATCH_PATHS).app_data(BATCH_BODY_BYTES_MAX).route(web::post().to(capture::capture)),
        )
        .service(sdk_at(&capture::AI_PATHS).app_data(AI_BODY_BYTES_MAX).route(web::post().to(capture::ai::ai)))
        .route("/_readiness", web::get().to(HttpResponse::Ok))
        .route("/_liveness", web::get().to(HttpResponse::Ok))
        .service(web::scope("/api").wrap(from_fn(same_origin::check)).configure(rest::urls))
        .service(
            web::scope("")
                .wrap(from_fn(same_origin::check))
                .route("/", web::get().to(assets::events))
                .route("/events/{uuid}", web::get().to(assets::event))
                .route("/mailbox", web::get().to(assets::mailbox))
                .route("/faults", web::get().to(assets::faults))
                .route("/feature_flags", web::get().to(assets::flags))
                .route("/project/1/events/{uuid}/{timestamp}", web::get().to(inspector::event_link))
                .route("/_local/assets/{name}", web::get().to(assets::asset))
                .route("/_local/events", web::get().to(assertions::events))
                .route("/_local/wait", web::get().to(assertions::wait))
                .route("/_local/events/{uuid}", web::get().to(inspector::event))
                .route("/_local/emails", web::get().to(inspector::emails))
                .route("/_local/stream", web::get().to(inspector::stream::stream))
                .route("/_local/flags", web::get().to(inspector::flags::flags))
                .route("/_local/flags/{key}", web::post().to(inspector::flags::change))
                .route("/_local/faults", web::get().to(state::faults))
                .route("/_local/faults", web::put().to(state::set_faults))
                .service(
                    web::resource("/_local/state")
                        .app_data(web::PayloadConfig::new(state::FILE_BYTES_MAX))
                        .route(web::get().to(state::export))
                        .route(web::put().to(state::import)),
                )
                .route("/_local/emails/{id}/html", web::get().to(inspector::email_html))
                .route("/_local/reset", web::post().to(inspector::reset)),
        );
}
