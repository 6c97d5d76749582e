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
/// How long a server counts as just tried.
const TRIED_FOR: Duration = Duration::from_secs(2);
/// How often it is looked whether both connections are on one server.
const PART_INTERVAL: Duration = Duration::from_secs(3);
/// How long a start waits for a server.
const START_PATIENCE: Duration = Duration::from_secs(10);

/// The connections.
#[derive(Clone)]
pub(super) struct Link {
    clients: [Client; CONNECTIONS],
}

/// The server that each connection chose last, and when it tried which.
#[derive(Default)]
struct Choices {
    last: [Option<ServerAddr>; CONNECTIONS],
    tried: [Vec<(ServerAddr, Instant)>; CONNECTIONS],
}

type Chosen = Arc<Mutex<Choices>>;

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
        let clients = [connect(0).await?, connect(1).await?];
        tokio::spawn(part(clients.clone(), chosen, servers.len()));
        Ok(Self { clients })
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

/// The server that a connection tries next: not the one that it comes from, none that it has just tried, and if possible not the one
/// where the other connection is.
fn choose(chosen: &Chosen, pool: &[Server], index: usize) -> Option<ReconnectToServer> {
    let mut chosen = chosen.lock().unwrap_or_else(PoisonError::into_inner);
    let servers: Vec<_> = pool.iter().map(|server| server.addr.clone()).collect();
    let (addr, delay) = chosen.next(&servers, index, Instant::now())?;
    Some(ReconnectToServer { addr, delay: Some(delay) })
}

impl Choices {
    fn next(&mut self, servers: &[ServerAddr], index: usize, now: Instant) -> Option<(ServerAddr, Duration)> {
        let [own, other] = [index, 1 - index].map(|connection| self.last[connection].clone());
        let is_tried = |server: &ServerAddr| {
            let at = self.tried[index].iter().find(|(tried, _)| tried == server).map(|(_, at)| *at);
            at.is_some_and(|at| now.saturating_duration_since(at) < TRIED_FOR)
        };
        let best = (0..servers.len()).min_by_key(|at| {
            let server = &servers[*at];
            let is = |one: &Option<ServerAddr>| one.as_ref() == Some(server);
            // The connections begin at different ends of the list.
            let turn = (at + servers.len() - index % servers.len()) % servers.len();
            (is(&own), is_tried(server), is(&other), turn)
        })?;
        let server = servers[best].clone();
        let delay = if is_tried(&server) { RETRY_DELAY } else { Duration::ZERO };
        self.tried[index].retain(|(tried, _)| *tried != server);
        self.tried[index].push((server.clone(), now));
        self.last[index] = Some(server.clone());
        Some((server, delay))
    }

    /// Whether both connections chose the same of several servers.
    fn are_together(&self, servers: usize) -> bool {
        servers > 1 && self.last[0].is_some() && self.last[0] == self.last[1]
    }
}

/// Parts the connections when they have met on one server, because no other could be reached for a while.
async fn part(clients: [Client; CONNECTIONS], chosen: Chosen, servers: usize) {
    loop {
        sleep(PART_INTERVAL).await;
        let are_connected = clients.iter().all(|client| client.connection_state() == State::Connected);
        let are_together = chosen.lock().unwrap_or_else(PoisonError::into_inner).are_together(servers);
        if are_connected && are_together && clients[1].force_reconnect().await.is_err() {
            return;
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_keep_apart_and_pass_over_servers_that_do_not_answer() {
        let servers: Vec<ServerAddr> =
            ["a", "b", "c"].map(|name| format!("nats://{name}:4222").parse().unwrap()).to_vec();
        let (mut choices, start) = (Choices::default(), Instant::now());
        let mut next = |connection: usize, after_ms: u64| {
            let now = start + Duration::from_millis(after_ms);
            let (server, delay) = choices.next(&servers, connection, now).unwrap();
            (server.host().to_owned(), delay)
        };
        assert_eq!((next(0, 0).0.as_str(), next(1, 0).0.as_str()), ("a", "b"));
        // a is lost: not b, where the other one is. Neither c nor a answer, so b it is at last.
        assert_eq!(next(0, 10_000).0, "c");
        assert_eq!(next(0, 10_100).0, "a");
        assert_eq!(next(0, 10_200).0, "b");
        // They are together; a reconnection parts them, though c was out of reach once.
        let (server, delay) = next(1, 30_000);
        assert_eq!((server.as_str(), delay), ("c", Duration::ZERO));
        let alone = [servers[0].clone()];
        let mut choices = Choices::default();
        assert!((0..3).all(|_| choices.next(&alone, 0, start).unwrap().0 == servers[0]));
        assert!(!choices.are_together(1));
    }
}
