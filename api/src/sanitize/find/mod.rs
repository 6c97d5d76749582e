//! What is personal or secret in a text, and where: one file for each family of kinds.

mod card;
mod email;
mod ip;
mod phone;
mod secret;

use std::ops::Range;

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Email,
    Phone,
    CreditCard,
    Ip,
    Secret,
    Jwt,
    PrivateKey,
    UrlCredentials,
}

impl Kind {
    pub(super) const ALL: [Self; 8] = [
        Self::Email,
        Self::Phone,
        Self::CreditCard,
        Self::Ip,
        Self::Secret,
        Self::Jwt,
        Self::PrivateKey,
        Self::UrlCredentials,
    ];

    /// The word in the placeholder.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Email => "EMAIL",
            Self::Phone => "PHONE",
            Self::CreditCard => "CREDIT_CARD",
            Self::Ip => "IP",
            Self::Secret => "SECRET",
            Self::Jwt => "JWT",
            Self::PrivateKey => "PRIVATE_KEY",
            Self::UrlCredentials => "URL_CRED",
        }
    }

    /// One spelling of values that are the same.
    pub(super) fn normalise(self, value: &str) -> String {
        match self {
            Self::Email | Self::Ip => value.to_lowercase(),
            Self::Phone | Self::CreditCard => value.chars().filter(char::is_ascii_digit).collect(),
            Self::Secret | Self::Jwt | Self::PrivateKey | Self::UrlCredentials => value.to_owned(),
        }
    }
}

/// A part of a text, in bytes, that must not be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) range: Range<usize>,
    pub(super) kind: Kind,
}

/// The spans of `text`, in order, none over another: of two that overlap, the one that begins first is kept, and of two
/// that begin together the longer one, widened to the end of what it overlaps, for a rest would leak.
pub(super) fn find(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    email::find(text, &mut spans);
    phone::find(text, &mut spans);
    card::find(text, &mut spans);
    ip::find(text, &mut spans);
    secret::find(text, &mut spans);
    spans.sort_by_key(|span| (span.range.start, usize::MAX - span.range.end));
    let mut kept: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match kept.last_mut() {
            Some(last) if span.range.start < last.range.end => last.range.end = last.range.end.max(span.range.end),
            _ => kept.push(span),
        }
    }
    kept
}

/// The characters beside a range: what a match stands in tells whether it is one.
fn neighbours(text: &str, range: &Range<usize>) -> (Option<char>, Option<char>) {
    (text[..range.start].chars().next_back(), text[range.end..].chars().next())
}

/// Whether the character would carry a word or a number on.
fn continues_word(c: Option<char>) -> bool {
    c.is_some_and(|c| c.is_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found in `text`, as label and value.
    pub(super) fn found(text: &str) -> Vec<(&'static str, &str)> {
        find(text).into_iter().map(|span| (span.kind.label(), &text[span.range])).collect()
    }

    #[test]
    fn spans_that_overlap_become_one_that_covers_both() {
        assert_eq!(found("https://jane:pw@mail.example.com/x"), [("URL_CRED", "jane:pw@mail.example.com")]);
    }

    #[test]
    fn ordinary_text_is_left_alone() {
        for text in [
            "a wooden chair with three legs",
            "uuid 01a1f0c2-7d10-7b3e-9a55-0c6f1be2d301 at 1772446530123",
            "version 1.2.3.4, v10.0.0.1, port 8080, 3.14159265358979, 2026-03-02 10:15:30",
            "sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "git@github.com:org/repo.git and logo@2x.png and @media print and npm i @scope/pkg",
            "std::fmt::Display and a::b and 12:30:45",
            "127.0.0.1 and ::1 and 192.0.2.1 and 2001:db8::1",
            "export OPENAI_API_KEY=sk-xxxxxxxxxxxxxxxxxxxxxxxx and YOUR_API_KEY",
        ] {
            assert_eq!(found(text), [], "in {text:?}");
        }
    }
}
