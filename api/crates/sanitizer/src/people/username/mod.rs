//! Finds user names: assigned to a name, in logs, in prose, in home folders, in URLs of profiles, in handles.
//!
//! A user name is a word like any other, so each finder needs something beside it that says so. What says it for certain (a log of
//! `sshd`, a key of JSON) also holds for the rest of the text: the name is then found wherever it stands.

mod assigned;
mod handle;
mod home_folder;
mod in_log;
mod in_prose;
mod profile;
mod spelling;

use std::collections::BTreeSet;

use memchr::memmem;

use crate::{
    scan::Scanned,
    span::{Kind, Span},
};

/// The most names that are looked for in the rest of the text, and the shortest. The bounds keep the time linear and common words
/// in the text.
const REPEATED_MAX: usize = 8;
const REPEATED_BYTES_MIN: usize = 5;

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    home_folder::find(scanned, spans);
    profile::find(scanned, spans);
    let before = spans.len();
    assigned::find(scanned, spans);
    in_log::find(scanned, spans);
    repeated(scanned, before, spans);
    in_prose::find(scanned, spans);
    handle::find(scanned, spans);
}

/// The other places of the names that were found from `first` on.
fn repeated(scanned: &Scanned, first: usize, spans: &mut Vec<Span>) {
    let names: BTreeSet<&str> = spans[first..]
        .iter()
        .map(|span| &scanned.text[span.range.clone()])
        .filter(|name| name.len() >= REPEATED_BYTES_MIN)
        .take(REPEATED_MAX)
        .collect();
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || !byte.is_ascii();
    for name in names {
        for at in memmem::find_iter(scanned.bytes(), name.as_bytes()) {
            let range = at..at + name.len();
            if !is_part(scanned.byte_before(at)) && !is_part(scanned.byte_at(range.end)) {
                spans.push(Span { range, kind: Kind::Username, why: "a user name that the text gives elsewhere" });
            }
        }
    }
}
