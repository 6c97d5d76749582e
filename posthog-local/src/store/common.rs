//! What kept events and kept e-mails have in common.

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use crate::event::iso_millis;

/// The memory that an entry takes besides its own values, in bytes (an estimate).
pub(super) const OVERHEAD_BYTES: usize = 1024;

pub(super) fn time<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&iso_millis(*time))
}

pub(super) fn maybe_time<S: Serializer>(time: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    time.map(iso_millis).serialize(serializer)
}
