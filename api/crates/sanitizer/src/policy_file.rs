//! Reads a policy from TOML.
//!
//! ```toml
//! off = ["IP"]                            # kinds that are not searched for
//! allow = ["help@example.com", "acme.test"] # values, and domains of e-mail addresses, that may stay
//! distinct_id = "auto"                    # or "keep" or "hash"
//!
//! [[own]]                                 # a kind of your own
//! label = "EMPLOYEE_ID"
//! pattern = 'EMP-\d{5}'
//! ```

use serde::Deserialize;

use crate::{
    policy::{DistinctIdRule, Policy},
    span::Kind,
};

/// The longest pattern of an own kind.
const PATTERN_BYTES_MAX: usize = 1_000;
/// The largest compiled pattern, so that no policy uses up the memory.
const AUTOMATON_BYTES_MAX: usize = 1 << 20;
/// The longest label of an own kind.
const LABEL_BYTES_MAX: usize = 32;

/// The file as its author writes it.
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

/// Why a policy cannot be used. Every message names the line; those other than the parser's begin with it: `line 3: …`.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// The text is not TOML, or it has a key or a value that a policy does not know.
    #[error(transparent)]
    Toml(#[from] toml::de::Error),
    /// The policy switches off a kind that does not exist.
    #[error("line {line}: there is no type {label:?}; the types are {known}")]
    UnknownType {
        /// The number of the line, from 1.
        line: usize,
        /// The unknown label.
        label: String,
        /// The labels that exist, separated by commas.
        known: String,
    },
    /// The label of an own kind is not one: 1 to 32 of `A` to `Z`, `0` to `9` and `_`, the first a letter.
    #[error("line {line}: a label is up to 32 of A to Z, 0 to 9 and _, as EMPLOYEE_ID")]
    Label {
        /// The number of the line, from 1.
        line: usize,
    },
    /// A pattern is longer than 1,000 bytes.
    #[error("line {line}: the pattern is longer than {PATTERN_BYTES_MAX} bytes")]
    PatternTooLong {
        /// The number of the line, from 1.
        line: usize,
    },
    /// A pattern is not a regular expression, or compiles to more than 1 MiB.
    #[error("line {line}: the pattern cannot be used")]
    Pattern {
        /// The number of the line, from 1.
        line: usize,
        /// Why it cannot be compiled.
        source: regex::Error,
    },
    /// A pattern matches the empty text, and so at every place of every text.
    #[error("line {line}: the pattern matches the empty text")]
    PatternMatchesNothing {
        /// The number of the line, from 1.
        line: usize,
    },
}

impl Policy {
    /// Reads a policy from its TOML text.
    ///
    /// # Errors
    /// [`PolicyError`], whose message names the line.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        let file: File = toml::from_str(text)?;
        let line_of = |span: std::ops::Range<usize>| text[..span.start].matches('\n').count() + 1;
        let known = |label: &toml::Spanned<String>| {
            Kind::ALL.iter().find(|kind| kind.label() == label.get_ref()).cloned().ok_or_else(|| {
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
            Ok((Kind::Own(label.as_str().into()), regex))
        };
        Ok(Self {
            off: file.off.iter().map(known).collect::<Result<_, _>>()?,
            allow: file.allow.iter().map(|value| value.to_lowercase()).collect(),
            own: file.own.iter().map(own).collect::<Result<_, _>>()?,
            distinct_id: file.distinct_id,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Scope;

    fn labels(policy: &str, text: &str) -> Vec<String> {
        let spans = Policy::parse(policy).unwrap().spans(text, Scope::Text);
        spans.into_iter().map(|span| span.kind.label().to_owned()).collect()
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
