//! The writer's answers.

/// The writer's answer to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// Its line is on disk.
    Stored,
    /// A line with its uuid is on disk already.
    Duplicate,
    /// It is of a person who was erased after it happened; nothing of it is kept.
    Forgotten,
}

/// Why a record was not appended. In each case nothing of it can appear in the file later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// Too many records, or too many bytes of them, wait already.
    #[error("too much at once")]
    QueueFull,
    /// The disk did not take it.
    #[error("the disk does not take the event")]
    Disk,
    /// The writer is stopping.
    #[error("the service is stopping")]
    Stopped,
}
