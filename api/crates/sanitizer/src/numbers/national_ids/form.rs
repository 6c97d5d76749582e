//! How an id of a country is described in the tables.

use crate::{
    numbers::checksum::{digits, luhn, mod_11_10},
    scan::trigger_words::Triggers,
    span::Kind,
};

/// Where a value that passes its check counts as an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// Everywhere.
    Always,
    /// Beside a word that announces it, or as the whole text.
    AnnouncedOrAlone,
    /// Beside a word that announces it.
    Announced,
    /// Beside a word that announces it and is not just `id`, beside which stand the numbers of everything.
    Named,
}

/// An id of a country: how it is written and checked.
pub(super) struct Id {
    pub(super) kind: Kind,
    pub(super) why: &'static str,
    pub(super) when: When,
    /// The words that announce it.
    pub(super) triggers: Triggers,
    /// How it is written: `A` is a letter, `9` a digit, `X` either, and `|` separates several forms.
    ///
    /// Spaces, hyphens, dots and slashes may stand anywhere in a value. But if a form contains some itself, or begins with `=`, the
    /// value must be written exactly so.
    pub(super) shapes: &'static str,
    /// Gets the letters and digits of the value, the letters as capitals. The value has one of the forms.
    pub(super) check: fn(&str) -> bool,
}

pub(super) const fn id(
    kind: Kind,
    why: &'static str,
    when: When,
    triggers: Triggers,
    shapes: &'static str,
    check: fn(&str) -> bool,
) -> Id {
    Id { kind, why, when, triggers, shapes, check }
}

/// The check of an id without a checksum.
pub(super) fn unchecked(_: &str) -> bool {
    true
}

pub(super) fn luhn_text(value: &str) -> bool {
    luhn(&digits(value)) && !value.starts_with("000")
}

pub(super) fn mod_11_10_text(value: &str) -> bool {
    mod_11_10(&digits(value))
}
