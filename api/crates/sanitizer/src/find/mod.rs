//! What is personal or secret in a text, and where: one file for each family of kinds.
//!
//! `lex` reads the text once and notes where a family may look: words that announce something, numbers, names, the
//! beginnings of vendors' keys, what assigns. Each family then looks around its own notes only, and never further than
//! a fixed distance, so that no text makes it slow. Disguises are taken off before (`view`).

mod address;
mod assigned;
mod birth;
mod card;
mod checksum;
mod coord;
mod crypt_hash;
mod crypto;
mod cue;
mod dummy;
mod email;
mod header;
mod iban;
mod ids;
mod ip;
mod jwt;
mod kind;
mod lex;
mod mac;
mod makeup;
mod marked_key;
mod names;
mod no_secret;
mod person;
mod phone;
mod phone_codes;
mod private_key;
mod public;
mod random;
mod record_number;
mod said;
mod secret_name;
mod secret_value;
mod seed_phrase;
mod services;
mod ssn;
mod url;
mod user;
mod vendor;
mod vendor_keys;
mod view;
mod word_map;

use std::ops::Range;

pub use self::kind::Kind;
use self::lex::Lexed;

/// A part of a text, in bytes, that must not be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Where it stands.
    pub range: Range<usize>,
    /// What it is.
    pub kind: Kind,
    /// What made it be taken, in words.
    pub why: &'static str,
}

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All there is: when it is nothing but an id, then it is one.
    Text,
    /// One value of many, or a part of an id: digits alone are more likely a number.
    Field,
}

/// The spans of `text`, in order, none over another. Spans that overlap become one that covers both, for a rest would leak.
pub fn find(text: &str, scope: Scope) -> Vec<Span> {
    let spans = match view::plain(text) {
        None => lex::with_lexed(text, |lexed| find_in_lexed(lexed, scope)),
        Some(view) => {
            let spans = lex::with_lexed(&view.text, |lexed| find_in_lexed(lexed, scope)).into_iter();
            spans.map(|span| Span { range: view.range_in_original(span.range), ..span }).collect()
        }
    };
    merge(text, spans)
}

/// A placeholder that `text` begins with: its label, its number, its length.
pub fn placeholder(text: &str) -> Option<(&str, u32, usize)> {
    const BYTES_MAX: usize = 48;
    let end = memchr::memchr(b']', &text.as_bytes()[..text.len().min(BYTES_MAX)])?;
    let (label, number) = text[..end].strip_prefix('[')?.rsplit_once('_')?;
    let is_label = !label.is_empty()
        && label.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    let is_number = (1..=5).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    (is_label && is_number).then(|| number.parse().ok()).flatten().map(|number| (label, number, end + 1))
}

fn find_in_lexed(lexed: &Lexed, scope: Scope) -> Vec<Span> {
    let mut spans = Vec::new();
    private_key::find(lexed, &mut spans);
    jwt::find(lexed, &mut spans);
    url::find(lexed, &mut spans);
    header::find(lexed, &mut spans);
    vendor::find(lexed, &mut spans);
    marked_key::find(lexed, &mut spans);
    assigned::find(lexed, &mut spans);
    said::find(lexed, &mut spans);
    crypt_hash::find(lexed, &mut spans);
    random::find(lexed, &mut spans);
    crypto::find(lexed, &mut spans);
    seed_phrase::find(lexed, &mut spans);
    email::find(lexed, &mut spans);
    card::find(lexed, &mut spans);
    iban::find(lexed, &mut spans);
    ip::find(lexed, &mut spans);
    mac::find(lexed, &mut spans);
    ssn::find(lexed, &mut spans);
    ids::find(lexed, scope, &mut spans);
    record_number::find(lexed, &mut spans);
    birth::find(lexed, &mut spans);
    coord::find(lexed, &mut spans);
    user::find(lexed, &mut spans);
    phone::find(lexed, &mut spans);
    address::find(lexed, &mut spans);
    person::find(lexed, &mut spans);
    spans
}

/// Orders spans, joins those that overlap, and leaves placeholders of an earlier reading alone.
pub(super) fn merge(text: &str, mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_by_key(|span| (span.range.start, usize::MAX - span.range.end, span.kind));
    let mut kept: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match kept.last_mut() {
            Some(last) if span.range.start < last.range.end => {
                if span.kind < last.kind {
                    (last.kind, last.why) = (span.kind, span.why);
                }
                last.range.end = last.range.end.max(span.range.end);
            }
            _ => kept.push(span),
        }
    }
    kept.retain(|span| !is_within_placeholder(text, &span.range));
    kept
}

fn is_within_placeholder(text: &str, range: &Range<usize>) -> bool {
    const BACK_BYTES_MAX: usize = 48;
    let floor = range.start.saturating_sub(BACK_BYTES_MAX);
    let Some(open) = memchr::memrchr(b'[', &text.as_bytes()[floor..(range.start + 1).min(text.len())]) else {
        return false;
    };
    placeholder(&text[floor + open..]).is_some_and(|(_, _, length)| range.end <= floor + open + length)
}
