//! The operator's wishes besides the built-in rules: kinds switched off, values that may stay, kinds of their own, and the
//! rule for `distinct_id`.

use regex::Regex;

use crate::span::{Kind, Span};

/// The operator's wishes. The default changes nothing: every built-in kind is found, and no other.
#[derive(Debug, Default)]
pub struct Policy {
    pub(crate) off: Vec<Kind>,
    /// In lower case.
    pub(crate) allow: Vec<String>,
    pub(crate) own: Vec<(Kind, Regex)>,
    pub(crate) distinct_id: DistinctIdRule,
}

/// How a `distinct_id` is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "policy", derive(serde::Deserialize), serde(rename_all = "lowercase"))]
pub(crate) enum DistinctIdRule {
    /// Kept when it is shaped like an id, else pseudonymised.
    #[default]
    Auto,
    /// Always kept.
    #[cfg_attr(not(feature = "policy"), expect(dead_code, reason = "only a policy file asks for it"))]
    Keep,
    /// Always pseudonymised.
    #[cfg_attr(not(feature = "policy"), expect(dead_code, reason = "only a policy file asks for it"))]
    Hash,
}

impl Policy {
    /// The labels of the kinds that the policy adds.
    pub fn own_labels(&self) -> impl Iterator<Item = &str> {
        self.own.iter().map(|(kind, _)| kind.label())
    }

    pub(crate) fn allows_some(&self) -> bool {
        !self.off.is_empty() || !self.allow.is_empty()
    }

    /// Whether a value may stay in the text: its kind is switched off, or the value itself or the domain of its address is allowed.
    pub(crate) fn allows(&self, kind: &Kind, value: &str) -> bool {
        self.off.contains(kind) || self.allows_value(value)
    }

    pub(crate) fn has_own_kinds(&self) -> bool {
        !self.own.is_empty()
    }

    /// The matches of the policy's own patterns in `text`.
    pub(crate) fn own_spans(&self, text: &str) -> impl Iterator<Item = Span> {
        self.own.iter().flat_map(move |(kind, pattern)| {
            let matches = pattern.find_iter(text).filter(|found| !self.allows_value(found.as_str()));
            matches.map(|found| Span {
                range: found.range(),
                kind: kind.clone(),
                why: "matches a pattern of the policy",
            })
        })
    }

    fn allows_value(&self, value: &str) -> bool {
        let value = value.to_lowercase();
        let domain = value.rsplit_once('@').map(|(_, domain)| domain);
        self.allow
            .iter()
            .any(|allowed| *allowed == value || domain.is_some_and(|domain| domain == allowed.trim_start_matches('@')))
    }
}
