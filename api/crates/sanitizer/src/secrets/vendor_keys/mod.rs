//! API keys of vendors: those known by their prefix, and those known by a mark in their middle or at their end.

mod alphabet;
mod by_mark;
mod by_prefix;
pub(super) mod key_prefixes;
mod table;

pub(crate) use self::by_prefix::vendor_of;
use crate::{scan::Scanned, span::Span};

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    by_prefix::find(scanned, spans);
    by_mark::find(scanned, spans);
}
