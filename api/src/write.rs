//! `misfire write`: the owner of the files in a cluster. It takes the streams' messages to the files, and pulls from PostHog. Its HTTP
//! server is for supervisors alone.

use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
};

use actix_web::{
    App, HttpServer,
    web::{self, Data},
};
use anyhow::{Context, ensure};
use clap::Args;
use dataset::read_policy;
use journal::{Sanitizer, file_names::misfire_folder};
use log::info;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::{
    events_table::EventsTable,
    ingest::Ingest,
    metrics::Metrics,
    monitoring,
    problem::Problem,
    pull::{self, BackgroundPull},
    queue::{Reading, reading::Files, settings::QueueSettings},
    settings::{IngestSettings, Secrets, WriterSettings},
    shutdown::Shutdown,
    writer::{
        Writer, WriterHandle,
        file_writer::{FileHandle, OpenFiles},
    },
};

/// How long requests may finish once the process is told to stop.
const DRAIN_TIMEOUT_S: u64 = 1;

/// Settings of `misfire write`.
#[derive(Debug, Clone, Args)]
#[group(skip)]
pub struct Settings {
    /// Where /health, /ready and /metrics are answered.
    #[arg(long = "addr", env = "WRITER_ADDR", value_name = "WRITER_ADDR", default_value = "127.0.0.1:3001")]
    pub addr: SocketAddr,

    /// Which cluster is read.
    #[command(flatten)]
    pub queue: QueueSettings,

    /// Read the streams from their beginning, because they were created anew on purpose. Use it for one start only.
    #[arg(long)]
    pub new_streams: bool,

    /// The largest body that the nodes read, in bytes. The servers must take messages of three times that size.
    #[arg(long, env = "BODY_BYTES_MAX", default_value_t = 2 * 1024 * 1024,
          value_parser = clap::value_parser!(u32).range(1024..=16 * 1024 * 1024))]
    pub body_bytes_max: u32,

    /// How the files are written.
    #[command(flatten)]
    pub writer: WriterSettings,

    /// What becomes of an event; the pull needs it.
    #[command(flatten)]
    pub ingest: IngestSettings,
}

/// The writer, reading and ready to run.
pub struct WriteApplication {
    listener: TcpListener,
    writer: Writer,
    reading: Reading,
    pull: Option<BackgroundPull>,
    metrics: Metrics,
    hangup: Signal,
}

impl WriteApplication {
    /// Opens the files, connects to the cluster and begins to read.
    ///
    /// # Errors
    /// When a setting cannot be used, the files are owned by another process, or something of the cluster is refused.
    pub async fn build(settings: &Settings, secrets: &Secrets) -> anyhow::Result<Self> {
        ensure!(
            settings.queue.is_set(),
            "NATS_URL is not set: `misfire write` is for a cluster; on one machine `misfire serve` writes"
        );
        ensure!(
            !secrets.pseudonym_key.is_empty(),
            "PSEUDONYM_KEY is not set: in a cluster every node and the writer need the same one"
        );
        let project = pull::project_of(&settings.ingest.pull, secrets)?;
        let listener = TcpListener::bind(settings.addr)
            .with_context(|| format!("WRITER_ADDR: cannot listen on {}", settings.addr))?;
        // Before the lock is taken: from then on a command may send this signal, which ends a process that does not handle it.
        let hangup = signal(SignalKind::hangup())?;
        let metrics = Metrics::of_cluster();
        let policy = Arc::new(read_policy(settings.ingest.policy.as_deref())?);
        let events = EventsTable::read(settings.ingest.events.as_deref())?;
        let OpenFiles { writer, keys, live } =
            OpenFiles::open(&settings.writer, &secrets.pseudonym_keys(), metrics.clone())?;
        let sanitizer = Sanitizer::new(keys, policy);
        let misfire_folder = misfire_folder(&live);
        let reading = Reading::start(
            &settings.queue,
            secrets.nats_creds.as_ref(),
            settings.body_bytes_max,
            settings.new_streams,
            Files { handle: writer.handle(), misfire_folder: &misfire_folder, sanitizer: sanitizer.clone() },
            metrics.queue.clone(),
        );
        let reading = reading.await?;
        let handle = WriterHandle::File(writer.handle());
        let ingest = Ingest::new(events.clone(), sanitizer, handle, metrics.clone())
            .keeping_successes(settings.ingest.pull.pull_successes);
        let pull = project.map(|project| {
            BackgroundPull::start(&settings.ingest.pull, project, events, ingest, metrics.pull.clone(), misfire_folder)
        });
        let pull = pull.transpose()?;
        Ok(Self { listener, writer, reading, pull, metrics, hangup })
    }

    /// Reads until SIGTERM or Ctrl-C; then syncs, notes its positions and returns. SIGHUP closes the file.
    ///
    /// # Errors
    /// When the server cannot run, or the writer had failed.
    pub async fn run(self) -> anyhow::Result<()> {
        let Self { listener, writer, reading, pull, metrics, mut hangup } = self;
        let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        // Without a handler it ends the process at the limit on a file's size; with one, the write fails.
        let _file_size_limit = signal(SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw()))?;
        let shutdown = Shutdown::default();
        info!("listening on http://{}", listener.local_addr()?);
        let (handle, status) = (WriterHandle::File(writer.handle()), reading.status());
        let (pull_status, stopping) = (pull.as_ref().map(BackgroundPull::status), shutdown.clone());
        let server = HttpServer::new(move || {
            let pull = pull_status.clone();
            App::new()
                .app_data(Data::new(stopping.clone()))
                .app_data(Data::new(handle.clone()))
                .app_data(Data::new(status.clone()))
                .app_data(Data::new(metrics.clone()))
                .configure(move |config| {
                    if let Some(pull) = pull {
                        config.app_data(Data::new(pull));
                    }
                })
                .configure(routes)
        })
        .workers(1)
        .shutdown_timeout(DRAIN_TIMEOUT_S)
        .disable_signals()
        .listen(listener)?
        .run();
        let server_handle = server.handle();
        let rotating: FileHandle = writer.handle();
        let signals = tokio::spawn(async move {
            loop {
                tokio::select! {
                    _ = terminate.recv() => break,
                    _ = interrupt.recv() => break,
                    _ = hangup.recv() => rotating.rotate(),
                }
            }
            info!("stopping");
            shutdown.begin();
            server_handle.stop(true).await;
        });
        let served = server.await;
        signals.abort();
        pull.into_iter().for_each(BackgroundPull::stop);
        reading.stop().await;
        writer.stop()?;
        info!("stopped");
        Ok(served?)
    }
}

fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/health", web::get().to(monitoring::health))
        .route("/ready", web::get().to(monitoring::ready_to_read))
        .route("/metrics", web::get().to(monitoring::metrics))
        .default_service(web::to(async || Err::<&str, _>(Problem::NotFound)));
}
