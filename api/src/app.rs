//! The API put together: settings in, a bound server out.

use std::{
    cmp,
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    sync::Arc,
    thread::available_parallelism,
    time::{Duration, Instant},
};

use actix_http::{HttpService, Protocol, error::DispatchError};
use actix_server::Server;
use actix_service::{ServiceFactoryExt, fn_service, map_config};
use actix_web::{
    App,
    body::MessageBody,
    dev::{AppConfig, ServiceRequest, ServiceResponse},
    middleware::{Next, from_fn},
    web::{self, Data},
};
use anyhow::Context;
use journal::{
    Sanitizer,
    file_names::misfire_folder,
    pseudonym_key::{self, PseudonymKeys},
};
use log::{info, warn};
use tokio::{
    net::TcpStream,
    signal::unix::{Signal, SignalKind, signal},
};

use crate::{
    admin,
    connections::{CallerStream, KeepAlivePermits, close_unless_taken, connections_max},
    ingest::Ingest,
    metrics::Metrics,
    monitoring::{self, asked, only},
    openapi,
    origin::refuse_pages,
    plan::{NEEDS_KEY, Plan},
    problem::Problem,
    pull::{BackgroundPull, PullStatus},
    queue, request_log,
    sampled_log::Sampler,
    settings::{Secrets, ServeSettings},
    shutdown::Shutdown,
    webhook::{self, Authentication, BodyLimits, UnverifiedBodies},
    writer::{
        Writer, WriterHandle,
        file_writer::{FileHandle, OpenFiles},
    },
};

/// PostHog's client keeps idle sockets for 10 s (`EXTERNAL_REQUEST_KEEP_ALIVE_TIMEOUT_MS`); a server that closes
/// first would reset requests that are on their way, and each reset is a duplicate.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long the head of a request may take.
const HEAD_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a caller may go on sending a body after it was refused. actix-web's own server takes the same.
const DISCONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// How long requests may finish once the process is told to stop.
const DRAIN_TIMEOUT_S: u64 = 3;

/// The parts that handlers are given; each takes those that it needs.
#[derive(Clone)]
struct Parts {
    shutdown: Shutdown,
    authentication: Authentication,
    limits: BodyLimits,
    unverified: UnverifiedBodies,
    ingest: Ingest,
    writer: WriterHandle,
    metrics: Metrics,
    refusals: Arc<Sampler>,
    pull: Option<PullStatus>,
}

/// The API, bound and ready to run.
pub struct Application {
    listener: TcpListener,
    admin_listener: Option<TcpListener>,
    parts: Parts,
    /// The owner of the files; none in a cluster, where that is `misfire write`.
    writer: Option<Writer>,
    pull: Option<BackgroundPull>,
    connections_max: usize,
    hangup: Signal,
}

/// Where events go.
struct Opened {
    handle: WriterHandle,
    keys: PseudonymKeys,
    /// The owner of the files and the live file, where this process has them.
    files: Option<(Writer, PathBuf)>,
    metrics: Metrics,
}

/// Opens the files of this machine, or connects to a cluster.
async fn open(settings: &ServeSettings, secrets: &Secrets) -> anyhow::Result<Opened> {
    let given_keys = secrets.pseudonym_keys();
    if !settings.queue.is_set() {
        let metrics = Metrics::default();
        let OpenFiles { writer, keys, live } = OpenFiles::open(&settings.writer, &given_keys, metrics.clone())?;
        return Ok(Opened { handle: WriterHandle::File(writer.handle()), keys, files: Some((writer, live)), metrics });
    }
    let metrics = Metrics::of_cluster();
    let keys = pseudonym_key::given(&given_keys).context(NEEDS_KEY)?;
    let queue = queue::open_for_publishing(
        &settings.queue,
        &settings.writer,
        settings.receive.body_bytes_max,
        secrets.nats_creds.as_ref(),
        &keys,
        metrics.queue.clone(),
    );
    Ok(Opened { handle: WriterHandle::Queue(queue.await?), keys, files: None, metrics })
}

impl Application {
    /// Checks the settings, opens the file and binds.
    ///
    /// # Errors
    /// When a setting cannot be used, the file is owned by another process, or the address is taken.
    pub async fn build(settings: &ServeSettings, secrets: &Secrets) -> anyhow::Result<Self> {
        let plan = Plan::new(settings, secrets)?;
        let connections_max = connections_max(settings.receive.connections_max)?;
        let bind = |variable: &str, addr: SocketAddr| {
            TcpListener::bind(addr).with_context(|| format!("{variable}: cannot listen on {addr}"))
        };
        let listener = bind("API_ADDR", settings.receive.addr)?;
        let admin_listener = settings.receive.admin_addr.map(|addr| bind("ADMIN_ADDR", addr)).transpose()?;
        // Before the lock is taken: from then on a command may send this signal, which ends a process that does not handle it.
        let hangup = signal(SignalKind::hangup())?;
        plan.lines().iter().for_each(|line| info!("{line}"));
        let Opened { handle, keys, files, metrics } = open(settings, secrets).await?;
        let Plan { authentication, policy, events, project, .. } = plan;
        let sanitizer = Sanitizer::new(keys, Arc::new(policy));
        let ingest = Ingest::new(events.clone(), sanitizer, handle.clone(), metrics.clone());
        let ingest = ingest.keeping_successes(settings.ingest.pull.pull_successes);
        // In a cluster the writer pulls: it has the position.
        let pull = project.zip(files.as_ref()).map(|(project, (_, live))| {
            let (ingest, metrics) = (ingest.clone(), metrics.pull.clone());
            BackgroundPull::start(&settings.ingest.pull, project, events, ingest, metrics, misfire_folder(live))
        });
        let pull = pull.transpose()?;
        let parts = Parts {
            shutdown: Shutdown::default(),
            authentication,
            limits: BodyLimits {
                bytes_max: settings.receive.body_bytes_max as usize,
                timeout: Duration::from_millis(settings.receive.body_timeout_ms),
            },
            unverified: UnverifiedBodies::default(),
            ingest,
            writer: handle,
            metrics,
            refusals: Arc::default(),
            pull: pull.as_ref().map(BackgroundPull::status),
        };
        let writer = files.map(|(writer, _)| writer);
        Ok(Self { listener, admin_listener, parts, writer, pull, connections_max, hangup })
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
        let Self { listener, admin_listener, parts, writer, pull, connections_max, mut hangup } = self;
        let shutdown = parts.shutdown.clone();
        let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        // Without a handler it ends the process at the limit on a file's size; with one, the write fails and is answered 503.
        let _file_size_limit = signal(SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw()))?;
        let workers = cmp::min(available_parallelism().map_or(1, usize::from), connections_max);
        let connections_of_worker = connections_max / workers;
        let keep_alive = KeepAlivePermits::new(connections_of_worker * workers);
        let has_admin = admin_listener.is_some();
        let admin = match admin_listener {
            None => None,
            Some(listener) => {
                info!("health and metrics on http://{}", listener.local_addr()?);
                let parts = parts.clone();
                Some(admin::server(listener, move |config| parts.provide(config))?)
            }
        };
        info!("listening on http://{}", listener.local_addr()?);
        let mut server = Server::build()
            .workers(workers)
            .max_concurrent_connections(connections_of_worker)
            .shutdown_timeout(DRAIN_TIMEOUT_S)
            .disable_signals();
        let stopping = server.graceful_shutdown_signal();
        let addr = listener.local_addr()?;
        server = server.listen("api", listener, move || {
            let (parts, authentication, stopping) = (parts.clone(), parts.authentication.clone(), stopping.clone());
            let keep_alive = keep_alive.clone();
            let app = App::new()
                .configure(|config| parts.provide(config))
                .wrap(from_fn(count))
                .wrap(from_fn(close_unless_taken))
                .wrap(from_fn(request_log::log_request))
                .configure(routes)
                .configure(|config| {
                    if !has_admin {
                        monitoring::routes(config)
                    }
                })
                .default_service(web::to(async || Err::<&str, _>(Problem::NotFound)));
            let http = HttpService::build()
                .graceful_shutdown_signal(move || {
                    let stopping = stopping.clone();
                    async move { stopping.notified().await }
                })
                .on_connect_ext(move |stream: &CallerStream, connection| {
                    connection.insert(keep_alive.for_connection(stream));
                })
                .keep_alive(KEEP_ALIVE)
                .client_request_timeout(HEAD_TIMEOUT)
                .client_disconnect_timeout(DISCONNECT_TIMEOUT)
                .local_addr(addr)
                .expect(fn_service(move |request| {
                    let expected = webhook::expect_body(&authentication, request);
                    async move { expected }
                }))
                .finish(map_config(app, |()| AppConfig::default()));
            fn_service(|stream: TcpStream| async move {
                let peer = stream.peer_addr().ok();
                Ok::<_, DispatchError>((CallerStream::new(stream), Protocol::Http1, peer))
            })
            .and_then(http)
        })?;
        let server = server.run();
        let admin_handle = admin.as_ref().map(actix_web::dev::Server::handle);
        let admin = admin.map(actix_web::rt::spawn);

        let handle = server.handle();
        let rotating = writer.as_ref().map(Writer::handle);
        let signals = tokio::spawn(async move {
            loop {
                tokio::select! {
                    _ = terminate.recv() => break,
                    _ = interrupt.recv() => break,
                    _ = hangup.recv() => rotating.iter().for_each(FileHandle::rotate),
                }
            }
            info!("stopping: requests under way may finish");
            shutdown.begin();
            handle.stop(true).await;
        });
        let served = server.await;
        signals.abort();
        if let (Some(handle), Some(admin)) = (admin_handle, admin) {
            // Until here it has said that the process is stopping.
            handle.stop(false).await;
            admin.await??;
        }
        pull.into_iter().for_each(BackgroundPull::stop);
        // Whatever was accepted is on disk before the process ends.
        writer.map(Writer::stop).transpose()?;
        info!("stopped");
        Ok(served?)
    }
}

impl Parts {
    fn provide(&self, config: &mut web::ServiceConfig) {
        let Self { shutdown, authentication, limits, unverified, ingest, writer, metrics, refusals, pull } =
            self.clone();
        if let Some(pull) = pull {
            config.app_data(Data::new(pull));
        }
        config
            .app_data(Data::new(shutdown))
            .app_data(Data::new(authentication))
            .app_data(Data::new(limits))
            .app_data(Data::new(unverified))
            .app_data(Data::new(ingest))
            .app_data(Data::new(writer))
            .app_data(Data::new(metrics))
            .app_data(Data::from(refusals));
    }
}

/// The URL table, but for [`monitoring::routes`], which may be at another address.
fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource(webhook::PATH).route(web::post().to(webhook::receive)).default_service(only("POST")))
        .service(
            web::resource("/api/openapi.json").route(asked().to(openapi::document)).default_service(only("GET, HEAD")),
        );
}

/// Refuses pages, and counts what comes to the webhook's address and what is refused there. One middleware does both, for each takes
/// room of its own in memory.
async fn count(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let is_webhook = request.path() == webhook::PATH;
    let metrics = request.app_data::<Data<Metrics>>().filter(|_| is_webhook).cloned();
    let refusals = request.app_data::<Data<Sampler>>().cloned();
    let response = refuse_pages(request, next).await?;
    if let Some(metrics) = metrics {
        metrics.received.inc();
        if let Some(problem) = response.response().error().and_then(|error| error.as_error::<Problem>()) {
            metrics.refused(problem.code());
            // The attempt is worth a line. Its text is not logged: it may be a secret.
            if matches!(problem, Problem::Unauthenticated | Problem::Origin)
                && let Some(left_out) = refusals.and_then(|refusals| refusals.admit(Instant::now()))
            {
                warn!("refused: {} ({left_out} refusals were not logged since the last one)", problem.code());
            }
        }
    }
    Ok(response)
}
