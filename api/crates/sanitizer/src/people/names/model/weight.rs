//! The scale of the weights.

/// A weight of 1 is stored as this.
pub(crate) const WEIGHT_ONE: i32 = 32;
