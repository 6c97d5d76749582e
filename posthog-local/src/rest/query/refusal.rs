//! Why a query is refused.

/// Why a query is refused, for people.
pub(super) type Refusal = String;
