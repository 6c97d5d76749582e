//! Reads a part of a stream by a direct get (ADR-31): any server that holds the stream answers, and no server keeps a state for the
//! reader, whose position is in the files.

use std::time::Duration;

use anyhow::{Context, bail};
use async_nats::{Client, HeaderMap};
use bytes::Bytes;
use futures_util::StreamExt;
use serde_json::json;
use tokio::time::timeout;

/// The most messages, and the most bytes, that are asked for at once. One message may be larger. Both fit the writer's queue.
const MESSAGES_MAX: u32 = 512;
const BYTES_MAX: u32 = 2 * 1024 * 1024;
/// How long the next message may take.
const TIMEOUT: Duration = Duration::from_secs(2);

/// The statuses of an answer (ADR-31): the end of a batch, no such message, nobody answers.
const END_OF_BATCH: u16 = 204;
const NOT_FOUND: u16 = 404;
const NO_RESPONDERS: u16 = 503;

/// A stored message.
pub(super) struct Stored {
    pub(super) sequence: u64,
    pub(super) headers: HeaderMap,
    pub(super) payload: Bytes,
}

/// A part of a stream, in order.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) messages: Vec<Stored>,
    /// How many messages follow, as far as the server that answered knows.
    pub(super) pending: u64,
}

/// The messages from a sequence on; none where the stream ends before it.
///
/// # Errors
/// When nobody answers, or not to the end.
pub(super) async fn read(client: &Client, stream: &str, from: u64) -> anyhow::Result<Batch> {
    let inbox = client.new_inbox();
    let mut answers = client.subscribe(inbox.clone()).await?;
    let question = json!({ "seq": from, "batch": MESSAGES_MAX, "max_bytes": BYTES_MAX });
    let subject = format!("$JS.API.DIRECT.GET.{stream}");
    client.publish_with_reply(subject, inbox, serde_json::to_vec(&question)?.into()).await?;
    let mut batch = Batch::default();
    loop {
        let answer =
            timeout(TIMEOUT, answers.next()).await.context("no server answers")?.context("the connection ended")?;
        let headers = answer.headers.unwrap_or_default();
        let number = |name| headers.get(name).and_then(|value| value.as_str().parse::<u64>().ok());
        if let Some(pending) = number("Nats-Num-Pending") {
            batch.pending = pending;
        }
        match answer.status.map(|status| status.as_u16()) {
            None | Some(200) => {
                let sequence = number("Nats-Sequence").context("a message without its sequence")?;
                batch.messages.push(Stored { sequence, headers, payload: answer.payload });
            }
            Some(END_OF_BATCH | NOT_FOUND) => return Ok(batch),
            Some(NO_RESPONDERS) => bail!("no server holds the stream just now"),
            Some(status) => bail!("a server answers {status}: {}", answer.description.unwrap_or_default()),
        }
    }
}
