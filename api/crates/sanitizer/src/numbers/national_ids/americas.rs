//! The ids of the Americas.

use crate::{
    numbers::{
        checksum::{digits, is_month_and_day, luhn, weighted},
        national_ids::form::{
            Id,
            When::{Always, Announced, AnnouncedOrAlone, Named},
            id, luhn_text, unchecked,
        },
    },
    scan::trigger_words::{self as trigger, HEALTH, NATIONAL, TAX},
    span::Kind,
};

pub(super) const IDS: &[Id] = &[
    id(Kind::HealthId, "a US health care provider number (NPI)", AnnouncedOrAlone, HEALTH, "9999999999", npi),
    id(Kind::HealthId, "a US prescriber number (DEA)", AnnouncedOrAlone, HEALTH, "AA9999999|A99999999", dea),
    id(Kind::HealthId, "a US Medicare number (MBI)", Always, HEALTH, "9AX9AX9AA99", mbi),
    id(Kind::BankAccount, "a US routing number", AnnouncedOrAlone, trigger::BANK, "999999999", aba),
    id(Kind::TaxId, "a US taxpayer number (EIN)", Announced, TAX, "99-9999999", unchecked),
    id(
        Kind::NationalId,
        "a Canadian social insurance number",
        AnnouncedOrAlone,
        NATIONAL | trigger::SSN,
        "=999999999|999-999-999|999 999 999|999.999.999",
        ca_sin,
    ),
    id(Kind::TaxId, "a Brazilian CPF", Always, NATIONAL | TAX, "999.999.999-99", br_cpf),
    id(Kind::TaxId, "a Brazilian CNPJ", Always, TAX, "99.999.999/9999-99", br_cnpj),
    id(Kind::TaxId, "an Argentine CUIT", Always, TAX, "99-99999999-9", ar_cuit),
    id(Kind::NationalId, "a Chilean RUT", Always, NATIONAL | TAX, "99.999.999-X", cl_rut),
    id(Kind::NationalId, "a Uruguayan identity card", AnnouncedOrAlone, NATIONAL, "9.999.999-9", uy_ci),
    id(Kind::TaxId, "a Colombian NIT", Always, TAX, "999.999.999-9", co_nit),
    id(Kind::TaxId, "a Venezuelan RIF", Always, TAX, "A-99999999-9", ve_rif),
    id(Kind::NationalId, "a Dominican identity card", Always, NATIONAL, "999-9999999-9", luhn_text),
    id(Kind::TaxId, "a Peruvian RUC", Named, TAX, "99999999999", pe_ruc),
    id(Kind::TaxId, "a Brazilian CPF", AnnouncedOrAlone, NATIONAL | TAX, "99999999999", br_cpf),
    id(Kind::TaxId, "a Brazilian CNPJ", AnnouncedOrAlone, TAX, "99999999999999", br_cnpj),
    id(Kind::TaxId, "an Argentine CUIT", AnnouncedOrAlone, TAX, "99999999999", ar_cuit),
    id(Kind::NationalId, "a Chilean RUT", Announced, NATIONAL | TAX, "99999999X|9999999X", cl_rut),
    id(Kind::NationalId, "a Mexican CURP", Always, NATIONAL, "AAAA999999AAAAAAX9", mx_curp),
    id(Kind::TaxId, "a Mexican RFC", AnnouncedOrAlone, TAX, "AAAA999999XXX|AAA999999XXX", mx_rfc),
    id(Kind::NationalId, "an Ecuadorian cédula", Announced, NATIONAL, "9999999999", ec_cedula),
];

/// Luhn over the number with the prefix 80840 (CMS). Numbers that begin with 2 are not assigned yet.
fn npi(value: &str) -> bool {
    let d = digits(value);
    let repeated = (0..10).map(|digit| d.iter().filter(|found| **found == digit).count()).max().unwrap_or(0);
    d[0] == 1 && repeated < 7 && luhn(&[&[8, 0, 8, 4, 0], &d[..]].concat())
}

fn dea(value: &str) -> bool {
    let d = digits(&value[value.len() - 7..]);
    b"ABCDEFGHJKLMPRSTUX".contains(&value.as_bytes()[0]) && (d[0] + d[2] + d[4] + 2 * (d[1] + d[3] + d[5])) % 10 == d[6]
}

/// By CMS, the first digit is not 0, and S, L, O, I, B and Z are not used.
fn mbi(value: &str) -> bool {
    let has_letter_at = |at: usize| !b"SLOIBZ".contains(&value.as_bytes()[at]);
    !value.starts_with('0')
        && [1, 2, 4, 5, 7, 8].into_iter().all(has_letter_at)
        && (value.as_bytes()[1].is_ascii_alphabetic())
}

fn aba(value: &str) -> bool {
    let d = digits(value);
    let area = d[0] * 10 + d[1];
    let is_district = matches!(area, 1..=12 | 21..=32 | 61..=72 | 80);
    is_district && weighted(&d, &[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10)
}

fn ca_sin(value: &str) -> bool {
    luhn_text(value) && !matches!(value.as_bytes()[0], b'0' | b'8')
}

fn br_cpf(value: &str) -> bool {
    let d = digits(value);
    let check = |count: usize| {
        let sum: u32 = d[..count].iter().enumerate().map(|(at, digit)| digit * (count as u32 + 1 - at as u32)).sum();
        sum * 10 % 11 % 10
    };
    d.iter().any(|digit| *digit != d[0]) && check(9) == d[9] && check(10) == d[10]
}

fn br_cnpj(value: &str) -> bool {
    let d = digits(value);
    let check = |weights: &[u32]| match weighted(&d, weights) % 11 {
        0 | 1 => 0,
        rest => 11 - rest,
    };
    check(&[5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) == d[12]
        && check(&[6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) == d[13]
        && d.iter().any(|digit| *digit != d[0])
}

fn ar_cuit(value: &str) -> bool {
    let d = digits(value);
    let check = (11 - weighted(&d[..10], &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11;
    matches!(&value[..2], "20" | "23" | "24" | "27" | "30" | "33" | "34") && check == d[10]
}

fn cl_rut(value: &str) -> bool {
    let (body, check) = value.split_at(value.len() - 1);
    let sum: u32 = digits(body)
        .iter()
        .rev()
        .zip([2, 3, 4, 5, 6, 7].into_iter().cycle())
        .map(|(digit, weight)| digit * weight)
        .sum();
    let expected = match 11 - sum % 11 {
        11 => "0".to_owned(),
        10 => "K".to_owned(),
        rest => rest.to_string(),
    };
    body.bytes().all(|byte| byte.is_ascii_digit()) && check == expected
}

fn mx_curp(value: &str) -> bool {
    let d = digits(&value[4..10]);
    is_month_and_day(d[2] * 10 + d[3], d[4] * 10 + d[5]) && matches!(value.as_bytes()[10], b'H' | b'M' | b'X')
}

fn mx_rfc(value: &str) -> bool {
    let date = value.len() - 9;
    let d = digits(&value[date..date + 6]);
    d.len() == 6 && is_month_and_day(d[2] * 10 + d[3], d[4] * 10 + d[5])
}

fn ec_cedula(value: &str) -> bool {
    let d = digits(value);
    d[0] * 10 + d[1] <= 24 && d[2] < 6 && luhn(&d)
}

fn uy_ci(value: &str) -> bool {
    let d = digits(value);
    (10 - weighted(&d[..7], &[2, 9, 8, 7, 6, 3, 4]) % 10) % 10 == d[7]
}

fn co_nit(value: &str) -> bool {
    let d = digits(value);
    let rest = weighted(&d[..9], &[41, 37, 29, 23, 19, 17, 13, 7, 3]) % 11;
    (if rest < 2 { rest } else { 11 - rest }) == d[9]
}

/// The letter says what kind of holder it is, and counts in the sum.
fn ve_rif(value: &str) -> bool {
    let Some(letter) = b"VEJPG".iter().position(|known| *known == value.as_bytes()[0]) else { return false };
    let d = digits(&value[1..]);
    let sum = (letter as u32 + 1) * 4 + weighted(&d[..8], &[3, 2, 7, 6, 5, 4, 3, 2]);
    let check = 11 - sum % 11;
    (if check > 9 { 0 } else { check }) == d[8]
}

fn pe_ruc(value: &str) -> bool {
    let d = digits(value);
    matches!(&value[..2], "10" | "15" | "17" | "20")
        && (11 - weighted(&d[..10], &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 10 == d[10]
}
