//! The operator's policy, one optional TOML file: kinds switched off, kinds of their own, values that may stay, and the
//! rule for `distinct_id`.

use regex::Regex;
use serde::Deserialize;

use super::find::{self, Kind, Span};

/// The longest text that an own pattern may be; its automaton is bounded, too, so that no policy eats the memory.
const PATTERN_BYTES_MAX: usize = 1_000;
const AUTOMATON_BYTES_MAX: usize = 1 << 20;
/// The longest label of an own kind.
const LABEL_BYTES_MAX: usize = 32;

/// What an operator asks for; by default nothing but what is built in.
#[derive(Debug, Default)]
pub struct Policy {
    off: Vec<Kind>,
    allow: Vec<String>,
    own: Vec<(Kind, Regex)>,
    pub(crate) distinct_id: DistinctIdRule,
}

/// What becomes of `distinct_id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DistinctIdRule {
    /// Kept when it is shaped like an id, else hashed.
    #[default]
    Auto,
    /// Kept as it is.
    Keep,
    /// Hashed always.
    Hash,
}

/// The file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    off: Vec<toml::Spanned<String>>,
    #[serde(default)]
    allow: Vec<String>,
    #[serde(default)]
    distinct_id: DistinctIdRule,
    #[serde(default)]
    own: Vec<Own>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Own {
    label: toml::Spanned<String>,
    pattern: toml::Spanned<String>,
}

/// Why a policy cannot be used. Each message but the parser's own begins with the line: `line 3: …`.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// The text is no TOML, or holds a key or a value that a policy does not have.
    #[error(transparent)]
    Toml(#[from] toml::de::Error),
    /// A kind is switched off that does not exist.
    #[error("line {line}: there is no type {label:?}; the types are {known}")]
    UnknownType {
        /// Where it stands, from 1.
        line: usize,
        /// What stands there.
        label: String,
        /// The labels that exist.
        known: String,
    },
    /// A label of an own kind cannot be one.
    #[error("line {line}: a label is up to 32 of A to Z, 0 to 9 and _, as EMPLOYEE_ID")]
    Label {
        /// Where it stands, from 1.
        line: usize,
    },
    /// A pattern is too long.
    #[error("line {line}: the pattern is longer than {PATTERN_BYTES_MAX} bytes")]
    PatternTooLong {
        /// Where it stands, from 1.
        line: usize,
    },
    /// A pattern is no regex, or needs too large an automaton.
    #[error("line {line}: the pattern cannot be used")]
    Pattern {
        /// Where it stands, from 1.
        line: usize,
        /// What is wrong with it.
        source: regex::Error,
    },
    /// A pattern matches the empty text, and so everywhere.
    #[error("line {line}: the pattern matches the empty text")]
    PatternMatchesNothing {
        /// Where it stands, from 1.
        line: usize,
    },
}

impl Policy {
    /// Reads a policy from its TOML text.
    ///
    /// # Errors
    /// [`PolicyError`], which names the line.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        let file: File = toml::from_str(text)?;
        let line_of = |span: std::ops::Range<usize>| text[..span.start].matches('\n').count() + 1;
        let known = |label: &toml::Spanned<String>| {
            Kind::ALL.iter().copied().find(|kind| kind.label() == label.get_ref()).ok_or_else(|| {
                PolicyError::UnknownType {
                    line: line_of(label.span()),
                    label: label.get_ref().clone(),
                    known: Kind::ALL.iter().map(|kind| kind.label()).collect::<Vec<_>>().join(", "),
                }
            })
        };
        let own = |own: &Own| {
            let (label, pattern) = (own.label.get_ref(), own.pattern.get_ref());
            let is_label = label.starts_with(|c: char| c.is_ascii_uppercase())
                && label.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
            if !is_label || label.len() > LABEL_BYTES_MAX {
                return Err(PolicyError::Label { line: line_of(own.label.span()) });
            }
            let line = line_of(own.pattern.span());
            if pattern.len() > PATTERN_BYTES_MAX {
                return Err(PolicyError::PatternTooLong { line });
            }
            let regex = regex::RegexBuilder::new(pattern)
                .size_limit(AUTOMATON_BYTES_MAX)
                .build()
                .map_err(|source| PolicyError::Pattern { line, source })?;
            if regex.is_match("") {
                return Err(PolicyError::PatternMatchesNothing { line });
            }
            // A policy is read once and lives as long as the process; a kind is copied with each span.
            Ok((Kind::Own(label.clone().leak()), regex))
        };
        Ok(Self {
            off: file.off.iter().map(known).collect::<Result<_, _>>()?,
            allow: file.allow.iter().map(|value| value.to_lowercase()).collect(),
            own: file.own.iter().map(own).collect::<Result<_, _>>()?,
            distinct_id: file.distinct_id,
        })
    }

    /// The labels of the kinds that are the policy's own.
    pub fn own_labels(&self) -> impl Iterator<Item = &'static str> {
        self.own.iter().map(|(kind, _)| kind.label())
    }

    /// What must not be kept of `text`.
    pub fn spans(&self, text: &str, scope: find::Scope) -> Vec<Span> {
        let mut spans = find::find(text, scope);
        if !self.off.is_empty() || !self.allow.is_empty() {
            spans.retain(|span| !self.off.contains(&span.kind) && !self.allows(&text[span.range.clone()]));
        }
        if !self.own.is_empty() {
            for (kind, pattern) in &self.own {
                let matches = pattern.find_iter(text).filter(|found| !self.allows(found.as_str()));
                spans.extend(matches.map(|found| Span {
                    range: found.range(),
                    kind: *kind,
                    why: "the policy's own pattern",
                }));
            }
            spans = find::merge(text, spans);
        }
        spans
    }

    /// A value that may stay: itself, or an address at a domain that may stay.
    fn allows(&self, value: &str) -> bool {
        let value = value.to_lowercase();
        let domain = value.rsplit_once('@').map(|(_, domain)| domain);
        self.allow
            .iter()
            .any(|allowed| *allowed == value || domain.is_some_and(|domain| domain == allowed.trim_start_matches('@')))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(policy: &str, text: &str) -> Vec<&'static str> {
        let spans = Policy::parse(policy).unwrap().spans(text, find::Scope::Text);
        spans.into_iter().map(|span| span.kind.label()).collect()
    }

    #[test]
    fn kinds_can_be_switched_off_and_values_allowed() {
        let text = "write to jane@example.com or help@acme.test from 8.8.8.8";
        assert_eq!(labels("", text), ["EMAIL", "EMAIL", "IP"]);
        assert_eq!(labels("off = [\"IP\"]\nallow = [\"acme.test\"]", text), ["EMAIL"]);
        assert_eq!(labels("allow = [\"Jane@Example.com\"]", text), ["EMAIL", "IP"]);
    }

    #[test]
    fn own_kinds_are_found_and_named() {
        let policy = "[[own]]\nlabel = \"EMPLOYEE_ID\"\npattern = 'EMP-\\d{5}'";
        assert_eq!(labels(policy, "ask EMP-12345 (jane@example.com)"), ["EMPLOYEE_ID", "EMAIL"]);
    }

    #[test]
    fn a_bad_file_is_refused_with_its_line() {
        for (policy, line) in [
            ("off = [\n  \"EMIAL\",\n]", "line 2"),
            ("[[own]]\nlabel = \"A\"\npattern = '('", "line 3"),
            ("[[own]]\nlabel = \"a b\"\npattern = 'x'", "line 2"),
            ("[[own]]\nlabel = \"A\"\npattern = 'x*'", "line 3"),
            ("\n\ndistinct_id = \"maybe\"", "line 3"),
            ("of = []", "line 1"),
        ] {
            let error = Policy::parse(policy).unwrap_err().to_string();
            assert!(error.contains(line), "{error}");
        }
    }
}
