//! Finds the names in URLs of profiles.

use super::spelling::name_length;
use crate::{
    scan::{Scanned, trigger_words as trigger},
    span::{Kind, Span},
};

/// Services on which persons have profiles, with what stands in the path before the name of the person.
const PROFILES: [(&str, &str); 12] = [
    ("linkedin.com", "/in/"),
    ("facebook.com", "/"),
    ("instagram.com", "/"),
    ("twitter.com", "/"),
    ("x.com", "/"),
    ("tiktok.com", "/@"),
    ("t.me", "/"),
    ("threads.net", "/@"),
    ("snapchat.com", "/add/"),
    ("keybase.io", "/"),
    ("youtube.com", "/@"),
    ("medium.com", "/@"),
];
/// Paths that are pages of a service and no profiles.
const PAGES: [&str; 24] = [
    "share",
    "sharer",
    "sharer.php",
    "home",
    "intent",
    "hashtag",
    "search",
    "explore",
    "watch",
    "groups",
    "events",
    "pages",
    "login",
    "signup",
    "about",
    "help",
    "privacy",
    "i",
    "p",
    "reel",
    "tr",
    "legal",
    "policies",
    "dialog",
];
/// The names in URLs of profiles.
pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    let text = scanned.text;
    let slashes = scanned
        .tokens_with(trigger::PROFILES)
        .map(|index| scanned.tokens[index].end())
        .filter(|end| scanned.byte_at(*end) == b'/');
    for slash in slashes {
        for (host, path) in PROFILES {
            let host_start = slash.checked_sub(host.len());
            let is_host = host_start.is_some_and(|start| {
                text.as_bytes()[start..slash].eq_ignore_ascii_case(host.as_bytes())
                    && (start == 0 || matches!(text.as_bytes()[start - 1], b'.' | b'/' | b' ' | b'(' | b'"' | b'\n'))
            });
            if !is_host || !text[slash..].starts_with(path) {
                continue;
            }
            let start = slash + path.len();
            let length = name_length(&text.as_bytes()[start..]);
            let name = &text[start..start + length];
            if length >= 3 && !PAGES.contains(&name) && !name.ends_with(".js") && !name.ends_with(".css") {
                spans.push(Span {
                    range: start..start + length,
                    kind: Kind::Username,
                    why: "the name in the URL of a profile",
                });
            }
        }
    }
}
