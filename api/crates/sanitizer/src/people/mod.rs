//! Finds what names a person or tells where and when one lives: e-mail addresses, dates of birth, user names, street addresses,
//! names.

mod address;
mod date_of_birth;
mod email;
mod names;
mod username;

#[cfg(feature = "training")]
pub(crate) use self::names::training;
pub(crate) use self::names::{east_asian as east_asian_name, model as model_of_names};

use crate::{scan::Scanned, span::Span};

/// Runs the finders of people. The finder of names must be the last of all: it reads the spans found so far to judge whether the
/// text is the record of a person, and it takes dates of birth of public figures back.
pub(crate) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    email::find(scanned, spans);
    date_of_birth::find(scanned, spans);
    username::find(scanned, spans);
    address::find(scanned, spans);
    names::find(scanned, spans);
}
