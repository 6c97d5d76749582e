//! Names in vCards (RFC 6350): the properties `N` and `FN`.

use crate::{
    scan::Scanned,
    span::{Kind, Span},
};

/// Finds the names of all vCards of a text.
pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    // A card's properties have parameters or components, so there is a semicolon.
    let may_hold = scanned.has_sign(b':') && scanned.has_sign(b';');
    if !may_hold || memchr::memmem::find(scanned.bytes(), b"BEGIN:VCARD").is_none() {
        return;
    }
    let mut start = 0;
    // The lines of a card in a JSON string are separated by a written `\\n`.
    for line in scanned.text.split(['\n', '\\']) {
        let content = line.trim_start_matches(['n', 'r', ' ']);
        let at = start + line.len() - content.len();
        start += line.len() + 1;
        let Some((property, value)) = content.split_once(':') else { continue };
        if !matches!(property.split(';').next(), Some("N" | "FN")) {
            continue;
        }
        // `N` has five components: family name, given name, additional names, prefixes, suffixes.
        let value = value.trim_end_matches([';', '\r', ' ', '"']);
        if value.chars().any(char::is_alphabetic) {
            let from = at + property.len() + 1;
            spans.push(Span { range: from..from + value.len(), kind: Kind::Person, why: "the name of a vCard" });
        }
    }
}
