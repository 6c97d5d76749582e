//! The outcome of a filter.

/// Whether an event matches, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the event matches.
    pub matched: bool,
    /// The rule and the value that decided, in words for the inspector.
    pub why: String,
}
