//! The writer's answers.

/// The writer's answer to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// Its line is on disk; in a cluster, on the disks of most servers of a stream.
    Stored,
    /// A line with its uuid is on disk already.
    Duplicate,
    /// It is of a person who was erased after it happened; nothing of it is kept.
    Forgotten,
}

/// Why a record was not appended. Nothing of it can appear in the file later, but for
/// [`Self::ClusterSilent`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// Too many records, or too many bytes of them, wait already.
    #[error("too much at once")]
    QueueFull,
    /// In a cluster: too many events, or too many bytes of them, wait for its servers already.
    #[error("too many events wait for the cluster")]
    ClusterBusy,
    /// In a cluster: most servers of a stream did not acknowledge it in time. It may still come to be stored.
    #[error("the cluster does not acknowledge the event")]
    ClusterSilent,
    /// In a cluster: the streams are full, since the writer does not empty them.
    #[error("the cluster's streams are full")]
    ClusterFull,
    /// The disk did not take it.
    #[error("the disk does not take the event")]
    Disk,
    /// The writer is stopping.
    #[error("the service is stopping")]
    Stopped,
}
