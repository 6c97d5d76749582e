//! The writer's side of the streams: created where they are missing, checked, and read.

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use anyhow::{Context, ensure};
use credentials::Secret;
use journal::{
    Sanitizer,
    catalog::Catalog,
    file_names::closed_files,
    metadata_at,
    quarantine::{QUARANTINE, quarantine_file},
    recent_uuids::RecentUuids,
};
use log::{info, warn};
use tokio::task::JoinHandle;

use super::{
    api::{self, StreamConfig, StreamInfo},
    checks::{check_created, check_keys_of_writer, check_stream},
    consume::{Reader, Rejections},
    link::Link,
    peers::Peers,
    progress::Progress,
    settings::QueueSettings,
    start::{connect, find},
    streams::{self, KEYS, STREAMS, StreamIndex, key_ids},
    tend::{self, Tended},
};
use crate::{metrics::QueueMetrics, writer::file_writer::FileHandle};

/// How many rejections are known again. About a second of them is read again after a kill.
const REJECTIONS_KNOWN: usize = 20_000;
/// How many messages may wait before the writer counts as behind: what it takes in some seconds.
const LAG_MAX: u64 = 50_000;

/// The tasks that read the streams.
pub struct Reading {
    streams: Vec<Tended>,
    misfire_folder: std::path::PathBuf,
    tasks: Vec<JoinHandle<()>>,
}

/// How the reading is doing, for supervisors.
#[derive(Clone)]
pub struct ReadingStatus(Vec<Tended>);

/// What the writer reads with.
pub struct Files<'a> {
    /// The handle that appends.
    pub handle: FileHandle,
    /// `.misfire/` beside them.
    pub misfire_folder: &'a Path,
    /// For what an older sanitizer redacted.
    pub sanitizer: Sanitizer,
}

impl Reading {
    /// Connects, creates the streams where there are none, and reads on from the noted positions. `new_streams` says that the streams
    /// were made anew on purpose.
    ///
    /// # Errors
    /// When a setting cannot be used, no server answers, or something is refused; the message says what to change.
    pub async fn start(
        settings: &QueueSettings,
        credentials: Option<&Secret>,
        body_bytes_max: u32,
        new_streams: bool,
        files: Files<'_>,
        metrics: QueueMetrics,
    ) -> anyhow::Result<Self> {
        let Files { handle, misfire_folder, sanitizer } = files;
        let link = connect(settings, credentials, "misfire write", body_bytes_max, &metrics).await?;
        let catalog = Catalog::read(misfire_folder)?;
        let rejections = known_rejections(misfire_folder)?;
        let (mut tended, mut tasks) = (Vec::new(), Vec::new());
        for index in 0..STREAMS {
            let stream = streams::name(&settings.nats_stream, index);
            let info = open(settings, &link, index, &sanitizer)
                .await
                .with_context(|| format!("the stream {stream} cannot be used"))?;
            let noted = catalog.position_in(&stream).filter(|noted| !new_streams || noted.created == info.created);
            check_created(&info.created, noted.map(|noted| noted.created.as_str()))
                .with_context(|| format!("the stream {stream} cannot be used"))?;
            // Without a note everything that is there is read. What was purged was noted before.
            let sequence = noted.map_or(info.state.first_seq.saturating_sub(1), |noted| noted.sequence);
            ensure!(
                sequence <= info.state.last_seq,
                "the stream {stream} ends with message {}, and message {sequence} was read: it was set back, from a backup say. \
                 Start `misfire write --new-streams` once after deleting the stream",
                info.state.last_seq
            );
            if info.state.first_seq > sequence + 1 {
                warn!(
                    "{stream}: messages {} to {} were removed before this writer read them",
                    sequence + 1,
                    info.state.first_seq - 1
                );
            }
            info!("{stream} is read from message {}; {} wait", sequence + 1, info.state.last_seq - sequence);
            let progress = Arc::new(Progress::at(sequence, info.state.last_seq));
            tended.push(Tended { name: stream.clone(), created: info.created, progress: Arc::clone(&progress) });
            let reader = Reader {
                link: link.clone(),
                connection: index,
                stream,
                progress,
                files: handle.clone(),
                sanitizer: sanitizer.clone(),
                rejections: rejections.clone(),
            };
            tasks.push(tokio::spawn(reader.run()));
        }
        let peers = Peers::join(link.clone(), &settings.nats_stream, misfire_folder, settings.nats_writers).await?;
        let noting = tend::note(link.clone(), misfire_folder.to_owned(), tended.clone(), peers, metrics);
        tasks.push(tokio::spawn(noting));
        tasks.push(tokio::spawn(tend::lead(link, tended.clone())));
        Ok(Self { streams: tended, misfire_folder: misfire_folder.to_owned(), tasks })
    }

    /// How it is doing.
    pub fn status(&self) -> ReadingStatus {
        ReadingStatus(self.streams.clone())
    }

    /// Ends the reading and notes the positions. What was read and is not on disk yet is read again at the next start.
    pub async fn stop(self) {
        for task in &self.tasks {
            task.abort();
        }
        if let Err(error) = tend::note_now(&self.misfire_folder, &self.streams).await {
            warn!("the positions cannot be noted, so some messages will be read again: {error:#}");
        }
    }
}

impl ReadingStatus {
    /// How many messages wait.
    pub fn lag(&self) -> u64 {
        self.0.iter().map(|stream| stream.progress.lag()).sum()
    }

    /// Whether the writer has fallen behind.
    pub fn is_behind(&self) -> bool {
        self.lag() > LAG_MAX
    }

    /// Why a stream is not read on, if there is one that is not.
    pub fn problem(&self) -> Option<String> {
        self.0.iter().find_map(|stream| Some(format!("{}: {}", stream.name, stream.progress.problem()?)))
    }
}

/// The stream, created where there is none, and with the writer's keys of the pseudonyms.
async fn open(
    settings: &QueueSettings,
    link: &Link,
    index: StreamIndex,
    sanitizer: &Sanitizer,
) -> anyhow::Result<StreamInfo> {
    let wanted = streams::wanted(settings, index, &sanitizer.keys);
    let info = match find(link, &wanted.name).await? {
        Some(info) => info,
        None => {
            let created = api::create_stream(link.client(index), &wanted).await;
            let info = created
                .context("it cannot be created; are there NATS_REPLICAS_MIN servers with NATS_MAX_BYTES free?")?;
            info!("created the stream {}, for up to {} bytes", wanted.name, wanted.max_bytes);
            info
        }
    };
    check_stream(&info.config, &settings.nats_stream, index, settings.nats_replicas_min)?;
    let own = key_ids(&sanitizer.keys);
    check_keys_of_writer(&info.config, &own)?;
    let keys = own.join(",");
    if info.config.metadata.get(KEYS) == Some(&keys) {
        return Ok(info);
    }
    // A key was added or dropped. What misfire does not know of the stream's settings stays as it is.
    let mut metadata = info.config.metadata.clone();
    metadata.insert(KEYS.to_owned(), keys);
    let config = StreamConfig { metadata, ..info.config };
    api::update_stream(link.client(index), &config).await.context("its keys cannot be updated")
}

fn known_rejections(misfire_folder: &Path) -> anyhow::Result<Rejections> {
    let live = quarantine_file(misfire_folder);
    let mut newest_first = closed_files(&live)?;
    newest_first.reverse();
    if metadata_at(&live)?.is_some() {
        newest_first.insert(0, live);
    }
    let known = RecentUuids::read(&newest_first, &QUARANTINE, REJECTIONS_KNOWN)?;
    Ok(Rejections(Arc::new(Mutex::new(known))))
}
