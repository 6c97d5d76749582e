//! The ids of Africa and Oceania.

use crate::{
    numbers::{
        checksum::{digits, is_month_and_day, luhn, weighted},
        national_ids::form::{
            Id,
            When::{Always, Announced, AnnouncedOrAlone, Named},
            id, unchecked,
        },
    },
    scan::trigger_words::{self as trigger, HEALTH, NATIONAL, TAX},
    span::Kind,
};

pub(super) const IDS: &[Id] = &[
    id(
        Kind::HealthId,
        "an Australian Medicare number",
        AnnouncedOrAlone,
        HEALTH,
        "9999999999|99999999999",
        au_medicare,
    ),
    id(Kind::TaxId, "an Australian tax file number", AnnouncedOrAlone, TAX, "=999999999|999 999 999", au_tfn),
    id(Kind::TaxId, "an Australian business number", AnnouncedOrAlone, TAX, "99999999999", au_abn),
    id(Kind::TaxId, "an Australian company number", AnnouncedOrAlone, TAX, "=999999999|999 999 999", au_acn),
    id(Kind::TaxId, "a New Zealand IRD number", Announced, TAX, "999999999|99999999", nz_ird),
    id(
        Kind::NationalId,
        "a South African identity number",
        AnnouncedOrAlone,
        NATIONAL,
        "=9999999999999|999999 9999 999|999999 9999 99 9",
        za_id,
    ),
    id(Kind::NationalId, "a Ghana card", Always, NATIONAL, "AAA-999999999-9", gh_card),
    id(Kind::NationalId, "an Egyptian national number", Named, NATIONAL, "99999999999999", eg_id),
    id(
        Kind::LicensePlate,
        "a Nigerian plate",
        AnnouncedOrAlone,
        trigger::PLATE,
        "=AAA999AA|AAA-999AA|AAA 999AA",
        unchecked,
    ),
];

fn au_medicare(value: &str) -> bool {
    let d = digits(value);
    (2..=6).contains(&d[0]) && weighted(&d[..8], &[1, 3, 7, 9, 1, 3, 7, 9]) % 10 == d[8]
}

fn au_tfn(value: &str) -> bool {
    weighted(&digits(value), &[1, 4, 3, 7, 5, 8, 6, 9, 10]).is_multiple_of(11)
}

fn au_abn(value: &str) -> bool {
    let mut d = digits(value);
    if d[0] == 0 {
        return false;
    }
    d[0] -= 1;
    weighted(&d, &[10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]).is_multiple_of(89)
}

fn au_acn(value: &str) -> bool {
    let d = digits(value);
    (10 - weighted(&d[..8], &[8, 7, 6, 5, 4, 3, 2, 1]) % 10) % 10 == d[8]
}

fn nz_ird(value: &str) -> bool {
    let padded = format!("{value:0>9}");
    let d = digits(&padded);
    let check = |weights: &[u32]| (11 - weighted(&d[..8], weights) % 11) % 11;
    match check(&[3, 2, 7, 6, 5, 4, 3, 2]) {
        10 => check(&[7, 4, 3, 2, 5, 2, 7, 6]) == d[8],
        first => first == d[8],
    }
}

fn za_id(value: &str) -> bool {
    let d = digits(value);
    is_month_and_day(d[2] * 10 + d[3], d[4] * 10 + d[5]) && d[10] <= 2 && luhn(&d)
}

fn gh_card(value: &str) -> bool {
    value.starts_with("GHA")
}

/// The century (2 or 3), the date of birth, the governorate.
fn eg_id(value: &str) -> bool {
    let d = digits(value);
    matches!(d[0], 2 | 3)
        && is_month_and_day(d[3] * 10 + d[4], d[5] * 10 + d[6])
        && (d[7] <= 3 || d[7] * 10 + d[8] == 88)
}
