//! Finds numbers that belong to a person or to a person's things: cards, accounts, addresses of machines, ids, phones, positions.
//!
//! An id of a country with a checksum is one line of a table in `national_ids/` and a function for its check.

mod calling_codes;
mod card;
mod checksum;
mod coordinates;
mod iban;
mod ip_address;
mod labelled_id;
mod license_plate;
mod mac_address;
mod machine_readable_zone;
mod national_ids;
mod phone;
mod record_number;
mod ssn;

pub(crate) use self::calling_codes::code as calling_code;
use crate::{scan::Scanned, span::Span};

/// Runs the finders of numbers. None depends on what another finds. Where two find overlapping numbers, the kind that is
/// first in [`Kind`](crate::Kind) names both: a card's number is not a phone's.
pub(crate) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    mac_address::find(scanned, spans);
    machine_readable_zone::find(scanned, spans);
    // All others need a digit.
    if scanned.numbers.is_empty() {
        return;
    }
    card::find(scanned, spans);
    iban::find(scanned, spans);
    ip_address::find(scanned, spans);
    ssn::find(scanned, spans);
    national_ids::find(scanned, spans);
    license_plate::find(scanned, spans);
    record_number::find(scanned, spans);
    labelled_id::find(scanned, spans);
    coordinates::find(scanned, spans);
    phone::find(scanned, spans);
}
