//! The weights, and their scale.

use super::features;

/// A weight of 1 is stored as this.
pub(crate) const WEIGHT_ONE: i32 = 32;

/// One byte, signed, for each place of the table.
pub(super) static WEIGHTS: &[u8; 1 << features::TABLE_BITS] = include_bytes!("weights.bin");
