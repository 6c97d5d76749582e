//! The two streams. Two, because electing a leader takes a Raft group 4 to 8 s, and PostHog waits for 3: while one stream has no
//! leader, the other one takes its events.

use std::{collections::BTreeMap, time::Duration};

use journal::pseudonym_key::PseudonymKeys;

use super::{api::StreamConfig, settings::QueueSettings};

/// How many streams there are.
pub(super) const STREAMS: usize = 2;
/// The name in a stream's metadata of the keys of the pseudonyms: their fingerprints, the one that writes first.
pub(super) const KEYS: &str = "misfire_pseudonym_keys";
/// How long JetStream knows the id of a message. PostHog tries a delivery again within seconds, and at most for some minutes.
const DUPLICATE_WINDOW: Duration = Duration::from_secs(600);

/// Which of the streams: 0 or 1.
pub(super) type StreamIndex = usize;

/// The name of a stream.
pub(super) fn name(prefix: &str, stream: StreamIndex) -> String {
    format!("{prefix}_{stream}")
}

/// The subject of a stream's messages of one kind, say `misfire.0.line`. The prefix is in it, so that two clusters may share servers.
pub(super) fn subject(prefix: &str, stream: StreamIndex, kind: &str) -> String {
    format!("{}.{stream}.{kind}", prefix.to_lowercase())
}

/// The settings that the writer creates a stream with.
pub(super) fn wanted(settings: &QueueSettings, stream: StreamIndex, keys: &PseudonymKeys) -> StreamConfig {
    let prefix = &settings.nats_stream;
    StreamConfig {
        name: name(prefix, stream),
        subjects: vec![subject(prefix, stream, "*")],
        retention: "limits".into(),
        storage: "file".into(),
        // A full stream refuses; it never drops what was acknowledged.
        discard: "new".into(),
        num_replicas: settings.nats_replicas_min,
        max_bytes: settings.nats_max_bytes.cast_signed(),
        max_msgs: -1,
        max_msgs_per_subject: -1,
        max_msg_size: -1,
        duplicate_window: u64::try_from(DUPLICATE_WINDOW.as_nanos()).unwrap_or(u64::MAX),
        // Any server that holds the stream may be read from.
        allow_direct: true,
        metadata: BTreeMap::from([(KEYS.to_owned(), key_ids(keys).join(","))]),
        ..StreamConfig::default()
    }
}

/// What names the keys, and says nothing else about them; the one that writes first.
pub(super) fn key_ids(keys: &PseudonymKeys) -> Vec<String> {
    keys.all().map(journal::pseudonym_key::key_id).collect()
}
