//! Connecting and checking, for a node and for the writer.

use anyhow::{Context, ensure};
use credentials::Secret;
use journal::pseudonym_key::PseudonymKeys;
use log::{info, warn};
use tokio::task::spawn_blocking;

use super::{
    api::{self, ApiError, StreamInfo},
    checks::{ServerFacts, check_key_of_node, check_server, check_stream},
    link::{CONNECTIONS, Link},
    monitor,
    publish::QueueHandle,
    settings::QueueSettings,
    streams::{self, STREAMS, key_ids},
};
use crate::{metrics::QueueMetrics, settings::WriterSettings, writer::waiting::Waiting};

/// How often a stream is asked for at the start, at most: it may be electing a leader.
const ATTEMPTS_MAX: u32 = 15;

/// Connects a node to streams that are set up as they must be.
///
/// # Errors
/// When a setting cannot be used, no server answers, or something is refused; the message says what to change.
pub async fn open_for_publishing(
    settings: &QueueSettings,
    limits: &WriterSettings,
    body_bytes_max: u32,
    credentials: Option<&Secret>,
    keys: &PseudonymKeys,
    metrics: QueueMetrics,
) -> anyhow::Result<QueueHandle> {
    let link = connect(settings, credentials, "misfire serve", body_bytes_max, &metrics).await?;
    for index in 0..STREAMS {
        let stream = streams::name(&settings.nats_stream, index);
        let info = find(&link, &stream)
            .await?
            .with_context(|| format!("there is no stream {stream}: start `misfire write` first, which creates it"))?;
        let checked = check_stream(&info.config, &settings.nats_stream, index, settings.nats_replicas_min)
            .and_then(|()| check_key_of_node(&info.config, &key_ids(keys)));
        checked.with_context(|| format!("the stream {stream} cannot be used"))?;
    }
    info!("events are published to {0}_0 and {0}_1", settings.nats_stream);
    let waiting = Waiting::new(limits.queue_bytes_max.into());
    Ok(QueueHandle::new(link, &settings.nats_stream, waiting, limits.queue_records_max.into(), metrics))
}

/// Connects, and checks the servers.
pub(super) async fn connect(
    settings: &QueueSettings,
    credentials: Option<&Secret>,
    name: &str,
    body_bytes_max: u32,
    metrics: &QueueMetrics,
) -> anyhow::Result<Link> {
    let prefix = &settings.nats_stream;
    let is_name = !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    ensure!(is_name, "NATS_STREAM: {prefix:?} must consist of letters, digits and underscores");
    let link = Link::connect(settings, credentials, name).await?;
    for connection in 0..CONNECTIONS {
        let server = link.client(connection).server_info();
        let facts =
            ServerFacts { name: &server.server_name, version: &server.version, max_payload: server.max_payload };
        check_server(&facts, body_bytes_max as usize)?;
    }
    let (monitored, body_bytes_max) = (settings.clone(), body_bytes_max as usize);
    let checked = spawn_blocking(move || monitor::check_servers(&monitored, body_bytes_max)).await??;
    let is_sync_seen = checked >= usize::from(settings.nats_replicas_min);
    metrics.sync_unseen.set(u64::from(!is_sync_seen));
    if settings.nats_allow_lazy_sync {
        warn!(
            "NATS_ALLOW_LAZY_SYNC: a power cut may lose events that were acknowledged, where servers do not sync each message"
        );
    } else if !is_sync_seen {
        warn!(
            "NATS_MONITOR names {checked} servers, of {} that hold each event: whether the others sync each message before they \
             acknowledge it cannot be seen. Make sure that each has `sync_interval: always`",
            settings.nats_replicas_min
        );
    }
    Ok(link)
}

/// What is known of a stream; `None` when there is none.
pub(super) async fn find(link: &Link, stream: &str) -> anyhow::Result<Option<StreamInfo>> {
    let mut attempt = 0;
    loop {
        attempt += 1;
        match api::stream_info(link.client(attempt as usize), stream).await {
            Ok(info) => return Ok(Some(info)),
            Err(ApiError::Refused { err_code: api::STREAM_NOT_FOUND, .. }) => return Ok(None),
            Err(error) if attempt == ATTEMPTS_MAX => {
                return Err(error).with_context(|| {
                    format!("the stream {stream} cannot be looked at; are most servers there, and is JetStream on?")
                });
            }
            Err(error) => {
                log::debug!("{stream}: {error}");
                tokio::time::sleep(std::time::Duration::from_secs(1)).await;
            }
        }
    }
}
