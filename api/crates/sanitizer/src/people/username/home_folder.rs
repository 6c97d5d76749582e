//! Finds the owners of home folders: `/home/jane`, `C:\\Users\\jane`.

use super::spelling::{is_nobody, name_length};
use crate::{
    scan::{Scanned, trigger_words as trigger},
    span::{Kind, Span},
};

/// The folders that contain the home folders: on Linux, and on macOS and Windows.
const HOMES: [&str; 2] = ["home", "Users"];

/// The owners of home folders.
pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    let text = scanned.text;
    for folder in scanned.tokens_with(trigger::HOMES).map(|index| scanned.tokens[index].range()) {
        let (before, after) = (&text[..folder.start], &text[folder.end..]);
        let Some(home) = HOMES.iter().find(|home| **home == &text[folder.clone()]) else { continue };
        let separators = after.len() - after.trim_start_matches(['/', '\\']).len();
        let is_folder = before.ends_with(['/', '\\']) && (1..=2).contains(&separators);
        let start = folder.end + separators;
        let length = name_length(&text.as_bytes()[start..]);
        let name = &text[start..start + length];
        // In a URL, `home` is a page: `https://example.com/home/page`.
        let host = before.strip_suffix('/').unwrap_or_default();
        let is_page = *home == "home"
            && host.ends_with(|c: char| c.is_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '/'));
        let is_somebody = length >= 2 && !is_nobody(name);
        if is_folder && !is_page && is_somebody && name.bytes().any(|byte| byte.is_ascii_alphabetic()) {
            spans.push(Span { range: start..start + length, kind: Kind::Username, why: "the owner of a home folder" });
        }
    }
}
