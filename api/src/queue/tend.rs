//! What the writer does beside reading: it notes its positions in the files, removes from the streams what is noted, and keeps the
//! streams' leaders apart.

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::Context;
use journal::{
    catalog::{Catalog, StreamPosition},
    time::format_time,
};
use log::{info, warn};
use tokio::{
    task::spawn_blocking,
    time::{MissedTickBehavior, interval},
};

use super::{
    api::{self, StreamInfo},
    link::Link,
    peers::Peers,
    progress::Progress,
    streams::STREAMS,
};
use crate::metrics::QueueMetrics;

/// How often positions are noted. So much is read again after a kill.
const NOTE_INTERVAL: Duration = Duration::from_secs(1);
/// How often the leaders are looked at.
const LEADERS_INTERVAL: Duration = Duration::from_secs(2);

/// A stream that is read.
#[derive(Clone)]
pub(super) struct Tended {
    pub(super) name: String,
    pub(super) created: String,
    pub(super) progress: Arc<Progress>,
}

/// Notes the positions and purges, until it is aborted.
pub(super) async fn note(
    link: Link,
    misfire_folder: PathBuf,
    streams: Vec<Tended>,
    peers: Peers,
    metrics: QueueMetrics,
) {
    let mut ticks = interval(NOTE_INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut noted: Vec<Option<(u64, u64)>> = vec![None; streams.len()];
    let mut purged: Vec<u64> = vec![0; streams.len()];
    loop {
        ticks.tick().await;
        metrics.lag_records.set(streams.iter().map(|stream| stream.progress.lag()).sum());
        for (stream, noted) in streams.iter().zip(&mut noted) {
            let position = (stream.progress.sequence(), stream.progress.last());
            if *noted != Some(position) {
                match write(&misfire_folder, stream, position).await {
                    Ok(true) => *noted = Some(position),
                    // A command holds the file's lock. The next second is soon enough.
                    Ok(false) => {}
                    Err(error) => warn!("the position in {} cannot be noted: {error:#}", stream.name),
                }
            }
        }
        let positions =
            streams.iter().zip(&noted).filter_map(|(stream, noted)| Some((stream.name.clone(), noted.as_ref()?.0)));
        let everybodys = peers.exchange(positions.collect()).await.unwrap_or_default();
        for (index, stream) in streams.iter().enumerate() {
            let sequence = everybodys.get(&stream.name).copied().unwrap_or(0);
            if sequence > purged[index] {
                match api::purge_before(link.client(index), &stream.name, sequence + 1).await {
                    Ok(()) => purged[index] = sequence,
                    Err(error) => log::debug!("{} cannot be purged now: {error}", stream.name),
                }
            }
        }
    }
}

/// Notes the positions once.
///
/// # Errors
/// When the catalog cannot be written.
pub(super) async fn note_now(misfire_folder: &std::path::Path, streams: &[Tended]) -> anyhow::Result<()> {
    for stream in streams {
        write(misfire_folder, stream, (stream.progress.sequence(), stream.progress.last())).await?;
    }
    Ok(())
}

async fn write(
    misfire_folder: &std::path::Path,
    stream: &Tended,
    (sequence, last): (u64, u64),
) -> anyhow::Result<bool> {
    let (folder, name) = (misfire_folder.to_owned(), stream.name.clone());
    let noted_at = format_time(jiff::Timestamp::now());
    let position = StreamPosition { created: stream.created.clone(), sequence, last, noted_at };
    spawn_blocking(move || Catalog::note_position(&folder, &name, position)).await.context("the task panicked")?
}

/// Has the leaders on different servers, and notices a stream that was made anew, until it is aborted.
pub(super) async fn lead(link: Link, streams: Vec<Tended>) {
    let mut ticks = interval(LEADERS_INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut shared_before = None;
    loop {
        ticks.tick().await;
        let mut infos = Vec::new();
        for (index, stream) in streams.iter().enumerate() {
            let Ok(info) = api::stream_info(link.client(index), &stream.name).await else { continue };
            stream.progress.set_last(info.state.last_seq);
            if info.created != stream.created {
                warn!(
                    "{} was deleted and made anew while it was read: stop the writer, and start it with --new-streams once",
                    stream.name
                );
            }
            infos.push(info);
        }
        let [first, second] = &infos[..] else { continue };
        let shared = shared_leader(first, second);
        // Twice in a row: an election may be under way.
        if let Some(leader) = shared.clone().filter(|leader| shared_before.as_ref() == Some(leader))
            && let Some(to) = next_leader(second, &leader)
        {
            info!(
                "{} and {} are both led by {leader}; {to} is asked to lead the second",
                first.config.name, second.config.name
            );
            if let Err(error) = api::move_leader(link.client(STREAMS - 1), &second.config.name, &to).await {
                warn!("the leader of {} cannot be moved: {error}", second.config.name);
            }
        }
        shared_before = shared;
    }
}

/// The server that leads both streams.
fn shared_leader(first: &StreamInfo, second: &StreamInfo) -> Option<String> {
    leader_of(first).filter(|leader| !leader.is_empty() && Some(leader) == leader_of(second).as_ref())
}

fn leader_of(info: &StreamInfo) -> Option<String> {
    info.cluster.as_ref().map(|cluster| cluster.leader.clone())
}

/// Another server that has everything and is there.
fn next_leader(info: &StreamInfo, leader: &str) -> Option<String> {
    let replicas = &info.cluster.as_ref()?.replicas;
    let next = replicas.iter().find(|replica| replica.current && !replica.offline && replica.name != leader)?;
    Some(next.name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(leader: &str, replicas: &[(&str, bool, bool)]) -> StreamInfo {
        let replicas: Vec<_> = replicas
            .iter()
            .map(|(name, current, offline)| serde_json::json!({"name": name, "current": current, "offline": offline}))
            .collect();
        let cluster = serde_json::json!({"leader": leader, "replicas": replicas});
        serde_json::from_value(serde_json::json!({"config": {}, "created": "", "state": {}, "cluster": cluster}))
            .unwrap()
    }

    #[test]
    fn a_leader_moves_to_a_server_that_is_there_and_has_everything() {
        let shared = |a, b| shared_leader(&info(a, &[]), &info(b, &[]));
        assert_eq!(shared("n1", "n1").as_deref(), Some("n1"));
        assert_eq!((shared("n1", "n2"), shared("", "")), (None, None));
        let next = |replicas: &[_]| next_leader(&info("n1", replicas), "n1");
        assert_eq!(next(&[("n2", false, false), ("n3", true, false)]).as_deref(), Some("n3"));
        assert_eq!(next(&[("n2", true, true), ("n3", false, false)]), None);
    }
}
