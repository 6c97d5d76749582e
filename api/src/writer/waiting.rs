//! Counts the bytes that wait to become durable, and bounds them.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// Records and bytes that wait. This count decides who is admitted; metrics only show it.
#[derive(Debug, Clone)]
pub(crate) struct Waiting {
    counts: Arc<Counts>,
    bytes_max: u64,
}

#[derive(Debug, Default)]
struct Counts {
    records: AtomicU64,
    bytes: AtomicU64,
}

impl Waiting {
    pub(crate) fn new(bytes_max: u64) -> Self {
        Self { counts: Arc::default(), bytes_max }
    }

    /// Counts a record in, if its bytes still have room; whether they had.
    pub(crate) fn admit(&self, bytes: u64) -> bool {
        if self.counts.bytes.fetch_add(bytes, Ordering::Relaxed) + bytes > self.bytes_max {
            self.counts.bytes.fetch_sub(bytes, Ordering::Relaxed);
            return false;
        }
        self.counts.records.fetch_add(1, Ordering::Relaxed);
        true
    }

    /// Counts a record out.
    pub(crate) fn release(&self, bytes: u64) {
        self.counts.bytes.fetch_sub(bytes, Ordering::Relaxed);
        self.counts.records.fetch_sub(1, Ordering::Relaxed);
    }

    pub(crate) fn records(&self) -> u64 {
        self.counts.records.load(Ordering::Relaxed)
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.counts.bytes.load(Ordering::Relaxed)
    }

    /// Whether more than nine tenths of the room for bytes are taken.
    pub(crate) fn is_nearly_full(&self) -> bool {
        self.bytes() > self.bytes_max / 10 * 9
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_admitted_up_to_the_last_byte_and_not_past_it() {
        let waiting = Waiting::new(100);
        assert!(waiting.admit(60) && waiting.admit(40));
        assert!(waiting.is_nearly_full() && !waiting.admit(1));
        assert_eq!((waiting.records(), waiting.bytes()), (2, 100));
        waiting.release(60);
        assert!(!waiting.is_nearly_full() && waiting.admit(60));
    }
}
