//! Turns what the finders found into spans that do not overlap, and applies the policy.

use crate::{placeholder::is_within_placeholder, policy::Policy, span::Span};

/// Joins overlapping spans, drops those that the policy allows, and adds those that it asks for.
///
/// The built-in spans are joined before the policy looks at them, so that it allows a value only as a whole: the address of an
/// allowed domain stays, but not as a part of a URL with a password.
pub(crate) fn merge(text: &str, spans: Vec<Span>, policy: &Policy) -> Vec<Span> {
    let mut spans = if spans.is_empty() { spans } else { without_overlaps(text, spans) };
    if policy.allows_some() {
        spans.retain(|span| !policy.allows(&span.kind, &text[span.range.clone()]));
    }
    if policy.has_own_kinds() {
        spans.extend(policy.own_spans(text));
        spans = without_overlaps(text, spans);
    }
    spans
}

/// Orders spans and replaces those that overlap by one that covers both, because the rest of either would leak. Placeholders
/// that stand in the text already are left alone.
fn without_overlaps(text: &str, mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_by(|one, other| {
        let place = |span: &Span| (span.range.start, usize::MAX - span.range.end);
        place(one).cmp(&place(other)).then_with(|| one.kind.cmp(&other.kind))
    });
    let mut kept: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match kept.last_mut() {
            Some(last) if span.range.start < last.range.end => {
                last.range.end = last.range.end.max(span.range.end);
                if span.kind < last.kind {
                    (last.kind, last.why) = (span.kind, span.why);
                }
            }
            _ => kept.push(span),
        }
    }
    kept.retain(|span| !is_within_placeholder(text, &span.range));
    kept
}
