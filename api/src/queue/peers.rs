//! Several writers: each keeps a full copy on a disk of its own, with its own positions. They tell each other what they have noted, and
//! a message is removed from the streams when each of `NATS_WRITERS` writers has it. A writer that is away stops the removal, not the
//! others' reading.

use std::{
    collections::{BTreeMap, HashMap},
    fs, io,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::Context;
use futures_util::StreamExt;
use journal::replace_file;
use serde::{Deserialize, Serialize};
use tokio::{task::JoinHandle, time::Instant};
use uuid::Uuid;

use super::link::Link;

/// How long a writer counts as there after it was heard. They speak every second.
const HEARD_FOR: Duration = Duration::from_secs(10);
/// The file in `.misfire/` that holds the writer's name.
const NAME_FILE: &str = "writer.id";

/// By a writer's name: when it was heard last, and what it has noted of each stream.
type Heard = HashMap<Uuid, (Instant, BTreeMap<String, u64>)>;

/// The other writers.
pub(super) struct Peers {
    link: Link,
    subject: String,
    own: Uuid,
    writers: usize,
    heard: Arc<Mutex<Heard>>,
    listening: Option<JoinHandle<()>>,
}

/// What a writer says.
#[derive(Serialize, Deserialize)]
struct Noted {
    writer: Uuid,
    positions: BTreeMap<String, u64>,
}

impl Peers {
    /// Begins to listen, where there is more than one writer.
    ///
    /// # Errors
    /// When the writer's name cannot be kept, or nothing can be subscribed to.
    pub(super) async fn join(link: Link, prefix: &str, misfire_folder: &Path, writers: u8) -> anyhow::Result<Self> {
        let subject = format!("{}.position", prefix.to_lowercase());
        let (own, heard) = (own_name(misfire_folder)?, Arc::new(Mutex::new(Heard::new())));
        let mut listening = None;
        if writers > 1 {
            let mut messages =
                link.client(0).subscribe(subject.clone()).await.context("other writers cannot be heard")?;
            let heard = Arc::clone(&heard);
            listening = Some(tokio::spawn(async move {
                while let Some(message) = messages.next().await {
                    if let Ok(Noted { writer, positions }) = serde_json::from_slice(&message.payload) {
                        let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
                        heard.insert(writer, (Instant::now(), positions));
                    }
                }
            }));
        }
        Ok(Self { link, subject, own, writers: writers.into(), heard, listening })
    }

    /// Tells the others what is noted here, and gives for each stream what all have; `None` while one of them is away.
    pub(super) async fn exchange(&self, positions: BTreeMap<String, u64>) -> Option<BTreeMap<String, u64>> {
        if self.writers == 1 {
            return Some(positions);
        }
        let noted = Noted { writer: self.own, positions: positions.clone() };
        let payload = serde_json::to_vec(&noted).unwrap_or_default();
        // One that is lost is said again after a second.
        for connection in [0, 1] {
            if self.link.is_connected(connection) {
                let _ = self.link.client(connection).publish(self.subject.clone(), payload.clone().into()).await;
                break;
            }
        }
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        heard.insert(self.own, (now, positions));
        lowest(&heard, now, self.writers)
    }
}

impl Drop for Peers {
    fn drop(&mut self) {
        self.listening.iter().for_each(JoinHandle::abort);
    }
}

/// What all writers have; `None` unless so many were heard lately.
fn lowest(heard: &Heard, now: Instant, writers: usize) -> Option<BTreeMap<String, u64>> {
    let mut present =
        heard.values().filter(|(at, _)| now.saturating_duration_since(*at) < HEARD_FOR).map(|(_, noted)| noted);
    let count = present.clone().count();
    let first = present.next()?.clone();
    let lowest = present.fold(first, |lowest, noted| {
        // A stream that one of them does not read yet is nobody's to empty.
        lowest
            .into_iter()
            .filter_map(|(stream, at)| Some((at.min(*noted.get(&stream)?), stream)))
            .map(|(at, stream)| (stream, at))
            .collect()
    });
    (count >= writers).then_some(lowest)
}

/// The writer's name: it stays the same over restarts, so that a restart is not taken for another writer.
fn own_name(misfire_folder: &Path) -> anyhow::Result<Uuid> {
    let path = misfire_folder.join(NAME_FILE);
    match fs::read_to_string(&path) {
        Ok(text) => text.trim().parse().with_context(|| format!("{} holds no uuid; delete it", path.display())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let name = Uuid::new_v4();
            replace_file(&path, name.to_string().as_bytes())?;
            Ok(name)
        }
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_every_writer_has_is_removed_and_nothing_while_one_is_away() {
        let now = Instant::now();
        let noted = |positions: &[(&str, u64)]| positions.iter().map(|(name, at)| ((*name).to_owned(), *at)).collect();
        let mut heard: Heard = HashMap::from([(Uuid::from_u128(1), (now, noted(&[("A_0", 7), ("A_1", 3)])))]);
        assert_eq!(lowest(&heard, now, 2), None);
        assert_eq!(lowest(&heard, now, 1), Some(noted(&[("A_0", 7), ("A_1", 3)])));
        heard.insert(Uuid::from_u128(2), (now, noted(&[("A_0", 5), ("A_1", 9)])));
        assert_eq!(lowest(&heard, now, 2), Some(noted(&[("A_0", 5), ("A_1", 3)])));
        heard.insert(Uuid::from_u128(2), (now, noted(&[("A_0", 9)])));
        assert_eq!(lowest(&heard, now, 2), Some(noted(&[("A_0", 7)])));
        heard.insert(Uuid::from_u128(1), (now + HEARD_FOR, noted(&[("A_0", 8), ("A_1", 3)])));
        assert_eq!(lowest(&heard, now + HEARD_FOR, 2), None, "the second was not heard lately");
    }

    #[test]
    fn a_writer_keeps_its_name() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(own_name(folder.path()).unwrap(), own_name(folder.path()).unwrap());
    }
}
