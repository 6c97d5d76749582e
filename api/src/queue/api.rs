//! JetStream's JSON API (`$JS.API.…`, `server/jetstream_api.go` of nats-server): the part that is needed here.

use std::{collections::BTreeMap, time::Duration};

use async_nats::{Client, Request, RequestErrorKind};
use bytes::Bytes;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

/// How long a server may take to answer a question about a stream.
const TIMEOUT: Duration = Duration::from_secs(2);
/// The room that a stream must have to take the next message: the largest of them.
const ROOM_BYTES: u64 = 8 * 1024 * 1024;
/// "stream not found".
pub(super) const STREAM_NOT_FOUND: u32 = 10_059;
/// "no message found".
pub(super) const NO_MESSAGE_FOUND: u32 = 10_037;

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum ApiError {
    /// The stream has no leader, or the servers no JetStream.
    #[error("nobody leads the stream just now")]
    NoResponders,
    /// The question was sent, and nothing came back.
    #[error("no answer: {0}")]
    Silent(String),
    /// The server says no.
    #[error("{description} ({err_code})")]
    Refused {
        /// What kind of refusal it is.
        err_code: u32,
        /// The same in words.
        description: String,
    },
    /// It is no answer to this question.
    #[error("an answer that cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
}

/// The answer about a stream.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct StreamInfo {
    pub(super) config: StreamConfig,
    /// When it was created, as the server writes it. A stream that was made anew has another time.
    pub(super) created: String,
    pub(super) state: StreamState,
    #[serde(default)]
    pub(super) cluster: Option<Cluster>,
}

impl StreamInfo {
    /// Whether a message of any size has room.
    pub(super) fn has_room(&self) -> bool {
        u64::try_from(self.config.max_bytes).is_ok_and(|max| self.state.bytes + ROOM_BYTES < max)
            || self.config.max_bytes < 0
    }
}

/// What a stream holds.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct StreamState {
    pub(super) bytes: u64,
    pub(super) first_seq: u64,
    pub(super) last_seq: u64,
}

/// The servers that hold a stream.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Cluster {
    pub(super) leader: String,
    /// The others.
    pub(super) replicas: Vec<Replica>,
}

/// A server that holds a copy.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Replica {
    pub(super) name: String,
    /// Whether it has everything.
    pub(super) current: bool,
    pub(super) offline: bool,
}

/// The settings of a stream. What is not named here is kept as it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct StreamConfig {
    pub(super) name: String,
    pub(super) subjects: Vec<String>,
    pub(super) retention: String,
    pub(super) storage: String,
    pub(super) discard: String,
    pub(super) num_replicas: u8,
    /// Of a message, in nanoseconds; 0 for none.
    pub(super) max_age: u64,
    /// -1 for no limit.
    pub(super) max_bytes: i64,
    pub(super) max_msgs: i64,
    pub(super) max_msgs_per_subject: i64,
    pub(super) max_msg_size: i64,
    /// In nanoseconds.
    pub(super) duplicate_window: u64,
    pub(super) no_ack: bool,
    pub(super) sealed: bool,
    pub(super) deny_purge: bool,
    pub(super) allow_direct: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) persist_mode: Option<String>,
    pub(super) metadata: BTreeMap<String, String>,
    #[serde(flatten)]
    pub(super) other: Map<String, Value>,
}

/// The acknowledgement of a message.
#[derive(Debug, Deserialize)]
pub(super) struct PublishAck {
    /// Whether the stream had a message with its id.
    #[serde(default)]
    pub(super) duplicate: bool,
}

#[derive(Deserialize)]
struct Refusal {
    #[serde(default)]
    err_code: u32,
    #[serde(default)]
    description: String,
}

/// Sends a message or a question, and reads the JSON that comes back.
///
/// # Errors
/// [`ApiError`].
pub(super) async fn ask<T: DeserializeOwned>(
    client: &Client,
    subject: String,
    request: Request,
) -> Result<T, ApiError> {
    let answer = client.send_request(subject, request).await.map_err(|error| match error.kind() {
        RequestErrorKind::NoResponders => ApiError::NoResponders,
        _ => ApiError::Silent(error.to_string()),
    })?;
    #[derive(Deserialize)]
    struct Envelope {
        error: Option<Refusal>,
    }
    if let Envelope { error: Some(Refusal { err_code, description }) } = serde_json::from_slice(&answer.payload)? {
        return Err(ApiError::Refused { err_code, description });
    }
    Ok(serde_json::from_slice(&answer.payload)?)
}

/// Asks JetStream's API.
async fn ask_api<T: DeserializeOwned>(client: &Client, subject: String, body: &impl Serialize) -> Result<T, ApiError> {
    let request = Request::new().payload(Bytes::from(serde_json::to_vec(body)?)).timeout(Some(TIMEOUT));
    ask(client, subject, request).await
}

/// What the stream's leader says about it.
pub(super) async fn stream_info(client: &Client, stream: &str) -> Result<StreamInfo, ApiError> {
    ask_api(client, format!("$JS.API.STREAM.INFO.{stream}"), &json!({})).await
}

/// Creates a stream.
pub(super) async fn create_stream(client: &Client, config: &StreamConfig) -> Result<StreamInfo, ApiError> {
    ask_api(client, format!("$JS.API.STREAM.CREATE.{}", config.name), config).await
}

/// Changes the settings of a stream.
pub(super) async fn update_stream(client: &Client, config: &StreamConfig) -> Result<StreamInfo, ApiError> {
    ask_api(client, format!("$JS.API.STREAM.UPDATE.{}", config.name), config).await
}

/// Removes the messages before a sequence.
pub(super) async fn purge_before(client: &Client, stream: &str, sequence: u64) -> Result<(), ApiError> {
    let subject = format!("$JS.API.STREAM.PURGE.{stream}");
    ask_api::<Value>(client, subject, &json!({ "seq": sequence })).await.map(drop)
}

/// Whether the leader, which knows for certain, has a message.
pub(super) async fn has_message(client: &Client, stream: &str, sequence: u64) -> Result<bool, ApiError> {
    let subject = format!("$JS.API.STREAM.MSG.GET.{stream}");
    match ask_api::<Value>(client, subject, &json!({ "seq": sequence })).await {
        Ok(_) => Ok(true),
        Err(ApiError::Refused { err_code: NO_MESSAGE_FOUND, .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Asks the leader of a stream to hand over to another server.
pub(super) async fn move_leader(client: &Client, stream: &str, to: &str) -> Result<(), ApiError> {
    let subject = format!("$JS.API.STREAM.LEADER.STEPDOWN.{stream}");
    ask_api::<Value>(client, subject, &json!({ "placement": { "preferred": to } })).await.map(drop)
}
