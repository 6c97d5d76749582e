//! The API put together: settings in, a bound server out.

use std::{
    net::{SocketAddr, TcpListener},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::available_parallelism,
    time::Duration,
};

use actix_web::{
    App, HttpServer,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header::ORIGIN,
    middleware::{Next, from_fn},
    web,
};
use anyhow::{Context, bail};
use log::{info, warn};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::{
    health,
    ingest::Ingest,
    metrics::{self, Metrics},
    openapi,
    problem::Problem,
    request_log,
    sanitize::{Policy, Sanitizer},
    settings::{DRAIN_TIMEOUT_S, HEAD_TIMEOUT, KEEP_ALIVE, ServeSettings},
    webhook::{self, BodyLimits, Proofs},
    writer::{Writer, WriterHandle},
};

/// What the handlers share.
#[derive(Clone)]
pub struct State {
    /// Who may call.
    pub proofs: Proofs,
    /// How much is read.
    pub limits: BodyLimits,
    /// The service.
    pub ingest: Ingest,
    /// Asked for its health alone; events go through the service.
    pub writer: WriterHandle,
    /// What is counted.
    pub metrics: Metrics,
    /// Set when the process was told to stop.
    is_stopping: Arc<AtomicBool>,
}

impl State {
    /// Requests on connections that are still open get an answer that makes PostHog come back.
    ///
    /// # Errors
    /// [`Problem::Unavailable`] once the process was told to stop.
    pub fn refuse_when_stopping(&self) -> Result<(), Problem> {
        match self.is_stopping.load(Ordering::Relaxed) {
            true => Err(Problem::Unavailable("the service is stopping")),
            false => Ok(()),
        }
    }
}

/// The API, bound and ready to run.
pub struct Application {
    listener: TcpListener,
    state: State,
    writer: Writer,
    connections_max: usize,
    hangup: Signal,
}

impl Application {
    /// Checks the settings, opens the file and binds.
    ///
    /// # Errors
    /// When a setting cannot be used, the file is owned by another process, or the address is taken.
    pub fn build(settings: &ServeSettings) -> anyhow::Result<Self> {
        let proofs = Proofs::new(&settings.secrets)?;
        let addr = settings.receive.addr;
        if !addr.ip().is_loopback() && !proofs.are_asked() && !settings.receive.allow_unauthenticated {
            bail!(
                "API_ADDR: {addr} is open to others and no secret is set. Set WEBHOOK_SECRET or WEBHOOK_SIGNING_SECRET \
                 (or ALLOW_UNAUTHENTICATED=true if something else keeps strangers out)"
            );
        }
        let listener = TcpListener::bind(addr).with_context(|| format!("API_ADDR: cannot listen on {addr}"))?;
        // Before the lock is taken: from then on a command may ask by this signal, which ends a process that does not hear it.
        let hangup = signal(SignalKind::hangup())?;
        let metrics = Metrics::default();
        let policy = settings.policy.as_deref().map(Policy::read).transpose()?.unwrap_or_default();
        let writer = Writer::start(&settings.writer, settings.secrets.pseudonym_key.as_ref(), metrics.clone())?;
        let state = State {
            proofs,
            limits: BodyLimits {
                bytes_max: settings.receive.body_bytes_max as usize,
                timeout: Duration::from_millis(settings.receive.body_timeout_ms),
            },
            ingest: Ingest::new(Sanitizer::new(writer.pseudonym_key(), policy), writer.handle(), metrics.clone()),
            writer: writer.handle(),
            metrics,
            is_stopping: Arc::default(),
        };
        Ok(Self { listener, state, writer, connections_max: settings.receive.connections_max as usize, hangup })
    }

    /// Where it listens: the port that the system chose when 0 was asked for.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until SIGTERM or Ctrl-C; then lets requests finish, syncs and returns. SIGHUP closes the file.
    ///
    /// # Errors
    /// When the server cannot run, or the writer had failed.
    pub async fn run(self) -> anyhow::Result<()> {
        let Self { listener, state, writer, connections_max, mut hangup } = self;
        let is_stopping = Arc::clone(&state.is_stopping);
        let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        // Unheard, it would end the process at the limit on a file's size; heard, the write fails and is answered 503.
        let _file_size_limit = signal(SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw()))?;
        let workers = available_parallelism().map_or(1, usize::from);
        info!("listening on http://{}", listener.local_addr()?);
        let server = HttpServer::new(move || {
            App::new()
                .app_data(web::Data::new(state.clone()))
                .wrap(from_fn(refuse_pages))
                .wrap(from_fn(count))
                .wrap(from_fn(request_log::log_request))
                .configure(routes)
        })
        .workers(workers)
        .max_connections((connections_max / workers).max(1))
        .keep_alive(KEEP_ALIVE)
        .client_request_timeout(HEAD_TIMEOUT)
        .shutdown_timeout(DRAIN_TIMEOUT_S)
        .disable_signals()
        .listen(listener)?
        .run();

        let handle = server.handle();
        let rotating = writer.handle();
        let signals = tokio::spawn(async move {
            loop {
                tokio::select! {
                    _ = terminate.recv() => break,
                    _ = interrupt.recv() => break,
                    _ = hangup.recv() => rotating.rotate(),
                }
            }
            info!("stopping: requests under way may finish");
            is_stopping.store(true, Ordering::Relaxed);
            handle.stop(true).await;
        });
        let served = server.await;
        signals.abort();
        // Whatever was accepted is on disk before the process ends.
        writer.stop()?;
        info!("stopped");
        Ok(served?)
    }
}

/// The URL table.
fn routes(config: &mut web::ServiceConfig) {
    let only = |allowed| web::to(move || async move { Err::<&str, _>(Problem::Method { allowed }) });
    config
        .service(web::resource("/api/webhooks").route(web::post().to(webhook::receive)).default_service(only("POST")))
        .service(
            web::resource("/api/openapi.json").route(web::get().to(openapi::document)).default_service(only("GET")),
        )
        .service(web::resource("/health").route(web::get().to(health::health)).default_service(only("GET")))
        .service(web::resource("/ready").route(web::get().to(health::ready)).default_service(only("GET")))
        .service(web::resource("/metrics").route(web::get().to(metrics::metrics)).default_service(only("GET")))
        .default_service(web::to(async || Err::<&str, _>(Problem::NotFound)));
}

/// Counts what comes to the webhook's address, and what is refused there.
async fn count(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let is_webhook = request.path() == "/api/webhooks";
    let state = request.app_data::<web::Data<State>>().filter(|_| is_webhook).cloned();
    let response = next.call(request).await?;
    if let Some(state) = state {
        state.metrics.received.inc();
        if let Some(problem) = response.response().error().and_then(|error| error.as_error::<Problem>()) {
            state.metrics.refused(problem.code());
            if matches!(problem, Problem::Unproven | Problem::Origin) {
                // Somebody tries; what they tried with is nobody's business.
                warn!("refused: {}", problem.code());
            }
        }
    }
    Ok(response)
}

/// No page ever calls the API, and a browser cannot leave `Origin` out of a request that a foreign page makes.
async fn refuse_pages<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    if request.headers().contains_key(ORIGIN) {
        return Ok(request.error_response(Problem::Origin).map_into_right_body());
    }
    next.call(request).await.map(ServiceResponse::map_into_left_body)
}
