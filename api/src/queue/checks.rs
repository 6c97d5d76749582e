//! What is refused at the start, each with what to change. A cluster that is set up wrongly loses events only on the day when a
//! machine fails, so it is looked at before the first event.

use super::{
    api::StreamConfig,
    streams::{KEYS, STREAMS, StreamIndex, subject},
};

/// The shortest duplicate window, in nanoseconds. PostHog's attempts take some seconds.
const DUPLICATE_WINDOW_MIN: u64 = 120 * 1_000_000_000;
/// A message has an event's line and its row: what came in, up to three times.
const PAYLOAD_PER_BODY: usize = 3;
/// The first version of nats-server that syncs once for a batch of a replicated stream.
const SERVER_MIN: [u64; 2] = [2, 15];

/// What is wrong, and what to change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    #[error(
        "it has {found} replicas, and NATS_REPLICAS_MIN is {wanted}: `nats stream edit {stream} --replicas {wanted}`"
    )]
    Replicas { stream: String, found: u8, wanted: u8 },
    #[error("it is kept in memory: delete the stream `{stream}` and let `misfire write` create it, in files")]
    Memory { stream: String },
    #[error(
        "its retention is {found:?}: other policies remove messages that the writer has not read. Delete the stream `{stream}` and \
         let `misfire write` create it, with limits"
    )]
    Retention { stream: String, found: String },
    #[error(
        "when it is full it discards the {found:?} messages, which were acknowledged: `nats stream edit {stream} --discard new`"
    )]
    Discard { stream: String, found: String },
    #[error("its messages expire (max_age): `nats stream edit {stream} --max-age 0`")]
    MaxAge { stream: String },
    #[error("its duplicate window is under two minutes: `nats stream edit {stream} --dupe-window 10m`")]
    DuplicateWindow { stream: String },
    #[error(
        "it acknowledges before it stores (persist_mode async): delete the stream `{stream}` and let `misfire write` create it"
    )]
    PersistMode { stream: String },
    #[error(
        "it may not be purged, so that it would only grow: delete the stream `{stream}` and let `misfire write` create it"
    )]
    DenyPurge { stream: String },
    #[error("it does not acknowledge messages (no_ack): `nats stream edit {stream} --ack`")]
    NoAck { stream: String },
    #[error("it is sealed: delete the stream `{stream}` and let `misfire write` create it")]
    Sealed { stream: String },
    #[error("it cannot be read directly: `nats stream edit {stream} --allow-direct`")]
    NoDirectGet { stream: String },
    #[error("it does not take the subject {subject}: set that as its only subject, or choose another NATS_STREAM")]
    Subjects { stream: String, subject: String },
    #[error(
        "it belongs to nodes with another PSEUDONYM_KEY ({found}; this process writes under {own}). Give every node and the writer \
         the same keys; to change the key, give the writer the new one and the old one with a comma between them first"
    )]
    Keys { found: String, own: String },
    #[error(
        "it was created at {found}, and .misfire/files.json knows a position in the one of {noted}. If it was made anew on \
         purpose, start `misfire write --new-streams` once, and it is read from its beginning"
    )]
    MadeAnew { found: String, noted: String },
    #[error("server {server} is nats-server {found}: upgrade it to {}.{} or newer", SERVER_MIN[0], SERVER_MIN[1])]
    ServerVersion { server: String, found: String },
    #[error(
        "server {server} takes messages of {found} bytes: set its max_payload to {wanted} or more (three times BODY_BYTES_MAX)"
    )]
    MaxPayload { server: String, found: usize, wanted: usize },
    #[error(
        "server {server} acknowledges before its disk has the message: set `sync_interval: always` in its `jetstream` block, or \
         NATS_ALLOW_LAZY_SYNC=true to risk acknowledged events in a power cut"
    )]
    LazySync { server: String },
}

/// What a server says about itself when it is connected to.
#[derive(Debug, Clone)]
pub(super) struct ServerFacts<'a> {
    pub(super) name: &'a str,
    pub(super) version: &'a str,
    pub(super) max_payload: usize,
}

/// Checks a server.
///
/// # Errors
/// The first [`Refusal`].
pub(super) fn check_server(server: &ServerFacts<'_>, body_bytes_max: usize) -> Result<(), Refusal> {
    let name = || server.name.to_owned();
    let mut parts = server.version.split(['.', '-']).map(|part| part.parse::<u64>().unwrap_or(0));
    let version = [parts.next().unwrap_or(0), parts.next().unwrap_or(0)];
    if version < SERVER_MIN {
        return Err(Refusal::ServerVersion { server: name(), found: server.version.to_owned() });
    }
    let wanted = PAYLOAD_PER_BODY * body_bytes_max;
    if server.max_payload < wanted {
        return Err(Refusal::MaxPayload { server: name(), found: server.max_payload, wanted });
    }
    Ok(())
}

/// Checks the settings of a stream.
///
/// # Errors
/// The first [`Refusal`].
pub(super) fn check_stream(
    config: &StreamConfig,
    prefix: &str,
    index: StreamIndex,
    replicas_min: u8,
) -> Result<(), Refusal> {
    debug_assert!(index < STREAMS);
    let stream = config.name.clone();
    if config.num_replicas < replicas_min {
        return Err(Refusal::Replicas { stream, found: config.num_replicas, wanted: replicas_min });
    }
    if config.storage != "file" {
        return Err(Refusal::Memory { stream });
    }
    if config.retention != "limits" {
        return Err(Refusal::Retention { stream, found: config.retention.clone() });
    }
    if config.discard != "new" {
        return Err(Refusal::Discard { stream, found: config.discard.clone() });
    }
    if config.max_age > 0 {
        return Err(Refusal::MaxAge { stream });
    }
    if config.duplicate_window < DUPLICATE_WINDOW_MIN {
        return Err(Refusal::DuplicateWindow { stream });
    }
    if config.persist_mode.as_deref() == Some("async") {
        return Err(Refusal::PersistMode { stream });
    }
    if config.deny_purge {
        return Err(Refusal::DenyPurge { stream });
    }
    if config.no_ack {
        return Err(Refusal::NoAck { stream });
    }
    if config.sealed {
        return Err(Refusal::Sealed { stream });
    }
    if !config.allow_direct {
        return Err(Refusal::NoDirectGet { stream });
    }
    let subject = subject(prefix, index, "*");
    if config.subjects != [subject.as_str()] {
        return Err(Refusal::Subjects { stream, subject });
    }
    Ok(())
}

/// Checks, for a node, that the writer has the key that the node writes under. `own` are the ids of the node's keys, the current one first.
///
/// # Errors
/// [`Refusal::Keys`].
pub(super) fn check_key_of_node(config: &StreamConfig, own: &[String]) -> Result<(), Refusal> {
    let found = config.metadata.get(KEYS).cloned().unwrap_or_default();
    match own.first().is_some_and(|current| found.split(',').any(|key| key == current)) {
        true => Ok(()),
        false => Err(Refusal::Keys { found, own: own.first().cloned().unwrap_or_default() }),
    }
}

/// Checks, for the writer, that it has every key that nodes may write under: with another one, people who were erased would come back.
///
/// # Errors
/// [`Refusal::Keys`].
pub(super) fn check_keys_of_writer(config: &StreamConfig, own: &[String]) -> Result<(), Refusal> {
    let found = config.metadata.get(KEYS).cloned().unwrap_or_default();
    match found.split(',').all(|key| own.iter().any(|own| own == key)) {
        true => Ok(()),
        false => Err(Refusal::Keys { found, own: own.first().cloned().unwrap_or_default() }),
    }
}

/// Checks that the stream is the one in which a position was noted.
///
/// # Errors
/// [`Refusal::MadeAnew`].
pub(super) fn check_created(created: &str, noted: Option<&str>) -> Result<(), Refusal> {
    match noted {
        Some(noted) if noted != created => {
            Err(Refusal::MadeAnew { found: created.to_owned(), noted: noted.to_owned() })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fine() -> StreamConfig {
        StreamConfig {
            name: "MISFIRE_1".into(),
            subjects: vec!["misfire.1.*".into()],
            retention: "limits".into(),
            storage: "file".into(),
            discard: "new".into(),
            num_replicas: 3,
            max_bytes: 1 << 30,
            duplicate_window: 600_000_000_000,
            allow_direct: true,
            metadata: [(KEYS.to_owned(), "aa,bb".to_owned())].into(),
            ..StreamConfig::default()
        }
    }

    #[test]
    fn each_setting_that_loses_events_is_refused_with_the_stream_and_the_remedy() {
        let check = |config: &StreamConfig| check_stream(config, "MISFIRE", 1, 3);
        assert_eq!(check(&fine()), Ok(()));
        assert_eq!(check(&StreamConfig { num_replicas: 5, max_msgs: 7, ..fine() }), Ok(()));
        let wrong: [(StreamConfig, &str); 12] = [
            (StreamConfig { num_replicas: 2, ..fine() }, "--replicas 3"),
            (StreamConfig { storage: "memory".into(), ..fine() }, "in memory"),
            (StreamConfig { retention: "interest".into(), ..fine() }, "\"interest\""),
            (StreamConfig { discard: "old".into(), ..fine() }, "--discard new"),
            (StreamConfig { max_age: 1, ..fine() }, "--max-age 0"),
            (StreamConfig { duplicate_window: DUPLICATE_WINDOW_MIN - 1, ..fine() }, "--dupe-window 10m"),
            (StreamConfig { persist_mode: Some("async".into()), ..fine() }, "persist_mode async"),
            (StreamConfig { deny_purge: true, ..fine() }, "may not be purged"),
            (StreamConfig { no_ack: true, ..fine() }, "--ack"),
            (StreamConfig { sealed: true, ..fine() }, "sealed"),
            (StreamConfig { allow_direct: false, ..fine() }, "--allow-direct"),
            (StreamConfig { subjects: vec!["misfire.1.line".into()], ..fine() }, "misfire.1.*"),
        ];
        for (config, said) in wrong {
            let refused = check(&config).unwrap_err().to_string();
            assert!(refused.contains(said), "{refused}");
        }
        assert_eq!(check(&StreamConfig { persist_mode: Some("default".into()), ..fine() }), Ok(()));
        assert_eq!(check(&StreamConfig { duplicate_window: DUPLICATE_WINDOW_MIN, ..fine() }), Ok(()));
        assert_eq!(check_stream(&StreamConfig { num_replicas: 1, ..fine() }, "MISFIRE", 1, 1), Ok(()));
    }

    #[test]
    fn a_node_needs_one_of_the_writers_keys_and_the_writer_all_of_the_streams() {
        let own = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
        for keys in [&["aa"][..], &["bb"], &["bb", "cc"]] {
            assert_eq!(check_key_of_node(&fine(), &own(keys)), Ok(()), "{keys:?}");
        }
        for keys in [&["cc"][..], &["cc", "aa"], &[]] {
            assert!(check_key_of_node(&fine(), &own(keys)).is_err(), "{keys:?}");
        }
        for (keys, is_fine) in
            [(&["aa", "bb"][..], true), (&["cc", "bb", "aa"], true), (&["aa"], false), (&["cc", "bb"], false)]
        {
            assert_eq!(check_keys_of_writer(&fine(), &own(keys)).is_ok(), is_fine, "{keys:?}");
        }
    }

    #[test]
    fn a_stream_that_was_made_anew_is_refused() {
        assert_eq!(check_created("2026-11-25T10:00:00Z", None), Ok(()));
        assert_eq!(check_created("2026-11-25T10:00:00Z", Some("2026-11-25T10:00:00Z")), Ok(()));
        let refused = check_created("2026-11-25T11:00:00Z", Some("2026-11-25T10:00:00Z")).unwrap_err().to_string();
        assert!(refused.contains("--new-streams"), "{refused}");
    }

    #[test]
    fn old_servers_and_small_messages_are_refused() {
        let server = |version, max_payload| ServerFacts { name: "n1", version, max_payload };
        let body = 2 * 1024 * 1024;
        for version in ["2.15.0", "2.15.1", "2.16.0-RC.1", "3.0.0"] {
            assert_eq!(check_server(&server(version, 3 * body), body), Ok(()), "{version}");
        }
        for version in ["2.14.6", "2.9.25", "1.15.0", "odd"] {
            let refused = check_server(&server(version, 3 * body), body).unwrap_err().to_string();
            assert!(refused.contains("upgrade it to 2.15"), "{refused}");
        }
        let refused = check_server(&server("2.15.1", 3 * body - 1), body).unwrap_err().to_string();
        assert!(refused.contains("max_payload to 6291456"), "{refused}");
    }
}
