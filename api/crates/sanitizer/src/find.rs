//! The way of a text through the finders: look-alikes replaced, scanned, searched, merged.

use crate::{
    merge::merge,
    native, numbers, people,
    policy::Policy,
    scan::{Scanned, lookalikes, scan},
    secrets::{self, KEY_PREFIXES},
    span::{Scope, Span},
    tables,
};

/// Finds what is personal or secret in `text`: the spans in order, none overlapping another.
///
/// ```
/// use misfire_sanitizer::{Kind, Scope, find};
///
/// let text = "write to jane@example.com";
/// let spans = find(text, Scope::Text);
/// assert_eq!(spans[0].kind, Kind::Email);
/// assert_eq!(&text[spans[0].range.clone()], "jane@example.com");
/// ```
pub fn find(text: &str, scope: Scope) -> Vec<Span> {
    Policy::default().spans(text, scope)
}

impl Policy {
    /// Finds what must not be kept of `text` under this policy: the spans in order, none overlapping another.
    pub fn spans(&self, text: &str, scope: Scope) -> Vec<Span> {
        let spans = match lookalikes::replaced(text) {
            None => scan(text, scope, &KEY_PREFIXES, search),
            Some(plain) => scan(&plain.text, scope, &KEY_PREFIXES, search)
                .into_iter()
                .map(|span| Span { range: plain.range_in_original(span.range), ..span })
                .collect(),
        };
        merge(text, spans, self)
    }
}

/// Runs the finders.
///
/// The order matters for people, and only there. They come last, because a first name alone is taken for a person's only in a
/// text in which other personal data was found. And they may take back what was found before: a date of birth stays in the
/// text if the text is about a public figure (`people::names`). All other finders work without regard to each other; where
/// two find the same place, [`merge`] decides.
fn search(scanned: &Scanned) -> Vec<Span> {
    let mut spans = Vec::new();
    secrets::find(scanned, &mut spans);
    numbers::find(scanned, &mut spans);
    native::find(scanned, &mut spans);
    tables::find(scanned, &mut spans);
    people::find(scanned, &mut spans);
    spans
}
