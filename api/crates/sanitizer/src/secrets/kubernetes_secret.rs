//! Finds the values of a Secret of Kubernetes, which are written in base 64 under `data:` or as they are under `stringData:`.
//!
//! `kind: Secret` says that every value is one, whatever its key is named and however little it looks like one.

use std::ops::Range;

use crate::{
    scan::{Scanned, trigger_words as trigger},
    secrets::{example_value::is_example_value, not_secret::is_not_secret},
    span::{Kind, Span},
};

/// How much of a document is read before and after `kind: Secret`, in bytes.
const DOCUMENT_BYTES_MAX: usize = 16 << 10;
/// The shortest value, in bytes. `YXBw` is `app`, and no secret.
const VALUE_BYTES_MIN: usize = 8;

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    let bytes = scanned.bytes();
    let mut read_to = 0;
    for index in scanned.tokens_with(trigger::SECRET) {
        let token = &scanned.tokens[index];
        let before = &bytes[token.start().saturating_sub(9)..token.start()];
        let is_kind = scanned.token_text(index) == "Secret"
            && (before.ends_with(b"kind: ") || before.ends_with(b"\"kind\": \"") || before.ends_with(b"kind\":\""));
        if !is_kind || token.start() < read_to {
            continue;
        }
        let document = document_around(bytes, token.start(), read_to);
        read_to = document.end;
        for name in [&b"data"[..], b"stringData"] {
            values_of(scanned, document.clone(), name, spans);
        }
    }
}

/// The document of a file with several, which `---` separates.
fn document_around(bytes: &[u8], at: usize, floor: usize) -> Range<usize> {
    let floor = floor.max(at.saturating_sub(DOCUMENT_BYTES_MAX));
    let ceiling = bytes.len().min(at + DOCUMENT_BYTES_MAX);
    let start = memchr::memmem::rfind(&bytes[floor..at], b"\n---").map_or(floor, |found| floor + found);
    let end = memchr::memmem::find(&bytes[at..ceiling], b"\n---").map_or(ceiling, |found| at + found);
    start..end
}

/// The values of the block with the name, up to the first line that is indented no further, or to the brace that closes it.
fn values_of(scanned: &Scanned, document: Range<usize>, name: &[u8], spans: &mut Vec<Span>) {
    let bytes = &scanned.bytes()[..document.end];
    let is_key = |at: usize| {
        let before = bytes[..at].last().copied().unwrap_or(b'\n');
        let rest = bytes[at + name.len()..].strip_prefix(b"\"").unwrap_or(&bytes[at + name.len()..]);
        matches!(before, b'\n' | b' ' | b'"' | b'{' | b',') && rest.starts_with(b":")
    };
    let keys = memchr::memmem::find_iter(&bytes[document.start..], name).map(|at| document.start + at);
    let Some(key) = keys.into_iter().find(|at| is_key(*at)) else { return };
    let line = memchr::memrchr(b'\n', &bytes[..key]).map_or(0, |newline| newline + 1);
    let indent = key - line;
    let mut at = key + name.len();
    // In JSON, the block ends with its brace.
    let is_json = bytes[at..].starts_with(b"\"");
    let end =
        if is_json { memchr::memchr(b'}', &bytes[at..]).map_or(bytes.len(), |brace| at + brace) } else { bytes.len() };
    at += memchr::memchr(b':', &bytes[at..end]).map_or(0, |colon| colon + 1);
    for entry in bytes[at..end].split(|byte| *byte == b'\n' || is_json && *byte == b',') {
        let spaces = entry.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'{')).count();
        let is_first = entry.len() == spaces;
        if !is_json && !is_first && spaces <= indent {
            return;
        }
        if let Some(colon) = memchr::memchr(b':', entry) {
            let is_around = |byte: &u8| matches!(byte, b' ' | b'"' | b'\'' | b'\r' | b'\t');
            let value = &entry[colon + 1..];
            let skipped = value.iter().take_while(|byte| is_around(byte)).count();
            let length =
                value.iter().rposition(|byte| !is_around(byte)).map_or(0, |last| last + 1 - skipped.min(last + 1));
            let start = at + colon + 1 + skipped;
            let value = &bytes[start..start + length];
            if length >= VALUE_BYTES_MIN && !value.contains(&b' ') && !is_not_secret(value) && !is_example_value(value)
            {
                spans.push(Span {
                    range: start..start + length,
                    kind: Kind::Secret,
                    why: "a value of a Secret of Kubernetes",
                });
            }
        }
        at += entry.len() + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{scan::found_by, secrets::vendor_keys::key_prefixes::KEY_PREFIXES};

    fn found(text: &str) -> Vec<&str> {
        found_by(find, &KEY_PREFIXES, text).into_iter().map(|span| &text[span.range]).collect()
    }

    #[test]
    fn the_values_of_a_secret_are_found_and_its_metadata_are_not() {
        let yaml = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: shop-gateway\n  uid: 0b0f6a3e-53c1\ndata:\n  user: YXBw\n  pass: aHVudGVyMg==\n  conn: \"cG9zdGdyZXM6Ly8=\"\ntype: Opaque-or-so\n";
        assert_eq!(found(yaml), ["aHVudGVyMg==", "cG9zdGdyZXM6Ly8="]);
        let last = "data:\n  pass: aHVudGVyMg==\nkind: Secret\nmetadata:\n  name: shop-gateway\n";
        assert_eq!(found(last), ["aHVudGVyMg=="]);
        let json = "{\"kind\": \"Secret\", \"data\": {\"a\": \"aHVudGVyMg==\", \"b\": \"aHVudGVyMw==\"}, \"type\": \"Opaque-or-so\"}";
        assert_eq!(found(json), ["aHVudGVyMg==", "aHVudGVyMw=="]);
        let plain = "kind: Secret\nstringData:\n  pass: hunter2-and-more\n";
        assert_eq!(found(plain), ["hunter2-and-more"]);
    }

    #[test]
    fn the_values_of_other_kinds_stay() {
        for text in [
            "kind: ConfigMap\ndata:\n  model: aHVudGVyMg==\n",
            "kind: Secret\n---\nkind: ConfigMap\ndata:\n  model: aHVudGVyMg==\n",
            "kind: SecretProviderClass\ndata:\n  model: aHVudGVyMg==\n",
            "kind: Secret\ndata: {}\nmetadata:\n  name: shop-gateway-two\n",
        ] {
            assert_eq!(found(text), [""; 0], "in {text:?}");
        }
    }
}
