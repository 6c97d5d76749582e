//! Two connections to the cluster, kept on different servers where there are several: a server that is paused is silent, and takes a
//! connection more than a second to notice. The other connection goes on.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::{Context, bail};
use async_nats::{Client, ConnectOptions, Event, ReconnectToServer, Server, ServerAddr, connection::State};
use credentials::Secret;
use log::{info, warn};
use tokio::time::{Instant, sleep};

use super::settings::QueueSettings;

/// How many connections there are.
pub(super) const CONNECTIONS: usize = 2;
/// How often a server is asked whether it is there. It is given up after two questions without an answer.
const PING_INTERVAL: Duration = Duration::from_millis(400);
/// How long a server may take to accept a connection, TLS included.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(800);
/// How long to wait before a server is tried again that could not be reached.
const RETRY_DELAY: Duration = Duration::from_millis(100);
/// How long a start waits for a server.
const START_PATIENCE: Duration = Duration::from_secs(10);

/// The connections.
#[derive(Clone)]
pub(super) struct Link {
    clients: [Client; CONNECTIONS],
}

/// The server that each connection chose last.
type Chosen = Arc<Mutex<[Option<ServerAddr>; CONNECTIONS]>>;

impl Link {
    /// Connects. `credentials` is the content of a .creds file; `name` is shown by the servers.
    ///
    /// # Errors
    /// When a setting cannot be used, or no server answers.
    pub(super) async fn connect(
        settings: &QueueSettings,
        credentials: Option<&Secret>,
        name: &str,
    ) -> anyhow::Result<Self> {
        let mut servers = Vec::new();
        for url in settings.urls() {
            // A URL may hold a password, so neither it nor what is wrong with it is shown.
            let server: ServerAddr =
                url.parse().ok().context("NATS_URL: one of the values is no nats:// or tls:// URL")?;
            servers.push(server);
        }
        let chosen = Chosen::default();
        let connect = |index| connect(settings, credentials, name, &servers, &chosen, index);
        Ok(Self { clients: [connect(0).await?, connect(1).await?] })
    }

    /// One of the connections.
    pub(super) fn client(&self, connection: usize) -> &Client {
        &self.clients[connection % CONNECTIONS]
    }

    /// Whether a connection stands, as far as it knows.
    pub(super) fn is_connected(&self, connection: usize) -> bool {
        self.client(connection).connection_state() == State::Connected
    }

    /// Whether any of them stands.
    pub(super) fn is_any_connected(&self) -> bool {
        (0..CONNECTIONS).any(|connection| self.is_connected(connection))
    }
}

async fn connect(
    settings: &QueueSettings,
    credentials: Option<&Secret>,
    name: &str,
    servers: &[ServerAddr],
    chosen: &Chosen,
    index: usize,
) -> anyhow::Result<Client> {
    let started = Instant::now();
    loop {
        let choosing = Arc::clone(chosen);
        let mut options = ConnectOptions::new()
            .name(name)
            .ping_interval(PING_INTERVAL)
            .connection_timeout(CONNECT_TIMEOUT)
            // Those that the servers tell each other of may be addresses that only they can reach.
            .ignore_discovered_servers()
            .event_callback(move |event| async move { log_event(index, &event) })
            .reconnect_to_server_callback(move |pool, _| {
                let next = choose(&choosing, &pool, index);
                async move { next }
            });
        if let Some(credentials) = credentials {
            // The error could repeat a part of the key.
            options =
                options.credentials(credentials.expose()).ok().context("NATS_CREDS: it is no .creds file of NATS")?;
        }
        if let Some(authority) = &settings.nats_ca {
            options = options.add_root_certificates(authority.clone());
        }
        match options.connect(servers).await {
            Ok(client) => return Ok(client),
            Err(error) if started.elapsed() > START_PATIENCE => {
                bail!("NATS_URL: none of the {} servers can be used: {error}", servers.len())
            }
            Err(_) => sleep(RETRY_DELAY).await,
        }
    }
}

/// The server that a connection tries next: one that answered last time, is not where it comes from, and not where the other
/// connection is.
fn choose(chosen: &Chosen, pool: &[Server], index: usize) -> Option<ReconnectToServer> {
    let mut chosen = chosen.lock().unwrap_or_else(PoisonError::into_inner);
    let (own, other) = (chosen[index].clone(), chosen[1 - index].clone());
    let best = (0..pool.len()).min_by_key(|at| {
        let server = &pool[*at];
        let is = |address: &Option<ServerAddr>| address.as_ref() == Some(&server.addr);
        (server.failed_attempts, is(&own), is(&other), (at + pool.len() - index % pool.len()) % pool.len())
    })?;
    chosen[index] = Some(pool[best].addr.clone());
    let delay = if pool[best].failed_attempts == 0 { Duration::ZERO } else { RETRY_DELAY };
    Some(ReconnectToServer { addr: pool[best].addr.clone(), delay: Some(delay) })
}

fn log_event(connection: usize, event: &Event) {
    match event {
        Event::Connected => info!("connection {connection} to NATS stands"),
        Event::Disconnected => warn!("connection {connection} to NATS is lost; another server is tried"),
        Event::LameDuckMode => info!("connection {connection} to NATS: its server is about to stop"),
        Event::ServerError(error) => warn!("connection {connection} to NATS: {error}"),
        other => log::debug!("connection {connection} to NATS: {other}"),
    }
}
