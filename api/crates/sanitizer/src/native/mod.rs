//! Finds what words of other scripts than Latin announce: `手机号 138…`, `お名前：佐々木 美穂`, `СНИЛС: 280-113-947 46`.
//!
//! The finders of the other modules look words up whole, one token at a time. This does not work here: Chinese, Japanese and Thai write
//! no spaces, Korean attaches particles, and Slavic languages, Arabic and Hebrew inflect. So the words of all these scripts are looked for at
//! each character, in texts that have letters of them; other texts never get here. A value counts only close behind its word, so it
//! needs no checksum.
//!
//! Names by surname and form of address are in `people::names::east_asian`, addresses that nothing announces in `people::address`.

mod address;
mod date;
mod gap;
mod name;
mod number;
mod secret;
mod words;

use std::ops::Range;

use self::words::{Announcement, Announces};
use crate::{
    scan::Scanned,
    span::{Kind, Span},
};

/// How far behind its word a value may reach, in bytes: an address in Chinese has up to 60 characters.
const REACH_BYTES_MAX: usize = 256;

pub(crate) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    if !scanned.has_other_script {
        return;
    }
    let text = scanned.text;
    let announcements = words::announcements(scanned);
    for (index, announcement) in announcements.iter().enumerate() {
        if let Some((range, kind, why)) = value_of(text, &announcements, index, announcement) {
            spans.push(Span { range, kind, why });
        }
    }
    address::unannounced(text, &announcements, spans);
}

/// The words of a text that announce a value, each with its place and the kinds that it announces, in order.
pub(crate) fn announcing_words(scanned: &Scanned) -> Vec<(Range<usize>, &'static [Kind])> {
    words::announcements(scanned).iter().map(|word| (word.start..word.end, kinds(word.what))).collect()
}

/// As [`announcing_words`], of a cell of a table.
pub(crate) fn announcing_words_of_cell(cell: &str) -> Vec<(Range<usize>, &'static [Kind])> {
    words::announcements_in(cell).iter().map(|word| (word.start..word.end, kinds(word.what))).collect()
}

/// The kinds of values that a word announces.
fn kinds(what: Announces) -> &'static [Kind] {
    match what {
        Announces::Phone => &[Kind::Phone],
        Announces::Name | Announces::Person => &[Kind::Person],
        Announces::Address | Announces::Zip | Announces::Street | Announces::Part => &[Kind::Address],
        Announces::Birth => &[Kind::DateOfBirth],
        Announces::Id => &[Kind::NationalId, Kind::Ssn],
        Announces::Tax => &[Kind::TaxId],
        Announces::Health => &[Kind::HealthId],
        Announces::Passport => &[Kind::Passport],
        Announces::Driver => &[Kind::DriverLicense],
        Announces::Plate => &[Kind::LicensePlate],
        Announces::Account => &[Kind::BankAccount, Kind::Iban],
        Announces::Card => &[Kind::CreditCard],
        Announces::Password => &[Kind::Password, Kind::Secret],
        Announces::User => &[Kind::Username],
        Announces::Else => &[],
    }
}

/// The value that the announcement at `index` announces.
fn value_of(
    text: &str,
    announcements: &[Announcement],
    index: usize,
    announcement: &Announcement,
) -> Option<(Range<usize>, Kind, &'static str)> {
    let what = announcement.what;
    let reach = || reach(text, announcements, index, |next| !next.is_within_address());
    let number = |kind, why| number::id(text, reach()).map(|range| (range, kind, why));
    match what {
        Announces::Phone => {
            number::phone(text, reach()).map(|range| (range, Kind::Phone, "a number after a word for phone"))
        }
        Announces::Id => number(Kind::NationalId, "a number after a word for an identity number"),
        Announces::Tax => number(Kind::TaxId, "a number after a word for a tax number"),
        Announces::Health => number(Kind::HealthId, "a number after a word for a health record"),
        Announces::Passport => number(Kind::Passport, "a number after a word for passport"),
        Announces::Driver => number(Kind::DriverLicense, "a number after a word for a driving licence"),
        Announces::Account => number(Kind::BankAccount, "a number after a word for a bank account"),
        Announces::Card => number(Kind::CreditCard, "a number after a word for a payment card"),
        Announces::Plate => number::plate(text, reach())
            .map(|range| (range, Kind::LicensePlate, "what follows a word for a number plate")),
        Announces::Birth => date::before(text, announcement.start)
            .or_else(|| date::birth(text, reach()))
            .map(|range| (range, Kind::DateOfBirth, "a date beside a word for birth")),
        Announces::Zip => number::postal_code(text, reach()).map(|range| (range, Kind::Address, "a postal code")),
        Announces::Password => {
            secret::password(text, reach()).map(|range| (range, Kind::Password, "a value after a word for password"))
        }
        Announces::User => {
            secret::user_name(text, reach()).map(|range| (range, Kind::Username, "a value after a word for user"))
        }
        Announces::Name | Announces::Person => {
            let bound =
                self::reach(text, announcements, index, |next| !matches!(next, Announces::Part | Announces::Street));
            name::announced(text, announcement, bound)
                .map(|range| (range, Kind::Person, "a name after the word for it"))
        }
        Announces::Address => {
            let bound = self::reach(text, announcements, index, |next| {
                !next.is_within_address() && !matches!(next, Announces::Zip | Announces::Person)
            });
            address::announced(text, announcements, bound)
                .map(|range| (range, Kind::Address, "what follows a word for address"))
        }
        Announces::Street | Announces::Part | Announces::Else => None,
    }
}

/// The part of the text in which the value of an announcement may stand: up to the next announcement that ends it.
fn reach(text: &str, announcements: &[Announcement], index: usize, ends: impl Fn(Announces) -> bool) -> Range<usize> {
    let start = announcements[index].end;
    let next = announcements[index + 1..]
        .iter()
        .take_while(|next| next.start <= start + REACH_BYTES_MAX)
        .find(|next| ends(next.what) && next.start >= start);
    let farthest = text.floor_char_boundary(text.len().min(start + REACH_BYTES_MAX));
    start..next.map_or(farthest, |next| next.start.min(farthest))
}
