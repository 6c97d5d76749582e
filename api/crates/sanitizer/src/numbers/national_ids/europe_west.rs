//! The ids of Western and Southern Europe.

use crate::{
    numbers::{
        checksum::{digits, is_month_and_day, luhn, mod_11_10, mod_97, verhoeff, weighted},
        national_ids::{
            europe_east::pl_nip,
            form::{
                Id,
                When::{Always, Announced, AnnouncedOrAlone},
                id, luhn_text,
            },
        },
    },
    scan::trigger_words::{self as trigger, HEALTH, NATIONAL, TAX},
    span::Kind,
};

pub(super) const IDS: &[Id] = &[
    id(Kind::NationalId, "a British National Insurance number", Always, NATIONAL, "AA999999A", nino),
    id(Kind::HealthId, "a British NHS number", AnnouncedOrAlone, HEALTH, "9999999999", nhs),
    id(
        Kind::LicensePlate,
        "a British plate",
        AnnouncedOrAlone,
        trigger::PLATE,
        "AA99AAA|A999AAA|A99AAA|A9AAA",
        gb_plate,
    ),
    id(Kind::NationalId, "an Irish PPS number", AnnouncedOrAlone, NATIONAL, "9999999A|9999999AA", ie_pps),
    id(Kind::HealthId, "a German health insurance number", AnnouncedOrAlone, HEALTH, "A999999999", de_kvnr),
    id(Kind::HealthId, "a German doctor number (LANR)", AnnouncedOrAlone, HEALTH, "999999999", de_lanr),
    id(Kind::TaxId, "a German tax number", AnnouncedOrAlone, TAX | NATIONAL, "99999999999", de_tax),
    id(
        Kind::NationalId,
        "a German pension insurance number",
        AnnouncedOrAlone,
        NATIONAL | TAX | trigger::SSN,
        "99999999A999",
        de_pension,
    ),
    id(
        Kind::NationalId,
        "a German identity card",
        AnnouncedOrAlone,
        NATIONAL | trigger::PASSPORT,
        "AXXXXXXXX9",
        icao_10,
    ),
    id(Kind::Passport, "a German passport", AnnouncedOrAlone, trigger::PASSPORT, "=AXXXXXXX99|=AXXXXXXXX", de_passport),
    id(Kind::NationalId, "an Austrian social insurance number", AnnouncedOrAlone, NATIONAL, "9999999999", at_svnr),
    id(Kind::NationalId, "a Swiss social insurance number", Always, NATIONAL, "9999999999999", ch_ahv),
    id(
        Kind::NationalId,
        "a French social security number",
        Always,
        NATIONAL | trigger::SSN,
        "=999999999999999|9999999999999 99|9 99 99 99 999 999 99|9 99 99 99 999 999-99|9 99 99 9A 999 999 99",
        fr_nir,
    ),
    id(
        Kind::NationalId,
        "a French social security number",
        AnnouncedOrAlone,
        NATIONAL | trigger::SSN,
        "999999999999999|999999A99999999",
        fr_nir,
    ),
    id(Kind::DriverLicense, "a British driving licence", Always, trigger::DRIVER, "AXXXX999999XX9XX", gb_driver),
    id(Kind::NationalId, "a Luxembourg identification number", Always, NATIONAL, "=9999999999999", lu_id),
    id(Kind::TaxId, "a French company number", Announced, TAX, "999999999|99999999999999", luhn_text),
    id(Kind::NationalId, "a Belgian national number", Always, NATIONAL, "99.99.99-999.99", be_nn),
    id(Kind::NationalId, "a Belgian national number", AnnouncedOrAlone, NATIONAL, "99999999999", be_nn),
    id(Kind::NationalId, "a Dutch citizen number", Announced, NATIONAL, "999999999", nl_bsn),
    id(Kind::NationalId, "a Spanish identity number", Always, NATIONAL, "99999999A|A9999999A", es_dni),
    id(Kind::TaxId, "a Spanish company tax number", AnnouncedOrAlone, TAX, "A9999999X", es_cif),
    id(Kind::TaxId, "a Portuguese NIF", Announced, TAX, "=999999999|999 999 999", pt_nif),
    id(Kind::TaxId, "an Italian fiscal code", Always, NATIONAL | TAX, "AAAAAAXXAXXAXXXA", it_cf),
    id(Kind::TaxId, "an Italian VAT number", AnnouncedOrAlone, TAX, "99999999999", it_vat),
    id(Kind::NationalId, "a Greek AMKA", AnnouncedOrAlone, NATIONAL, "99999999999", gr_amka),
    id(Kind::TaxId, "a Greek AFM", Announced, TAX, "999999999", gr_afm),
    id(
        Kind::TaxId,
        "an EU VAT number",
        AnnouncedOrAlone,
        TAX,
        "AA999999999|AA99999999|AA9999999999|AA99999999999|AAA99999999|AA9999999A|AA999999999A99",
        eu_vat,
    ),
];

fn nino(value: &str) -> bool {
    let (a, b) = (value.as_bytes()[0], value.as_bytes()[1]);
    !b"DFIQUV".contains(&a)
        && !b"DFIOQUV".contains(&b)
        && !matches!(&value[..2], "BG" | "GB" | "KN" | "NK" | "NT" | "TN" | "ZZ")
        && matches!(value.as_bytes()[8], b'A'..=b'D')
}

fn nhs(value: &str) -> bool {
    let d = digits(value);
    let check = (11 - weighted(&d, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 11;
    check == d[9] && d.iter().any(|digit| *digit != d[0])
}

fn gb_plate(value: &str) -> bool {
    let bytes = value.as_bytes();
    if value.len() != 7 || !bytes[1].is_ascii_alphabetic() {
        return !b"IOQUZ".contains(&bytes[0]) && !bytes.contains(&b'Q');
    }
    // Two letters, the age (02 to 29, 51 to 79), three letters; no I, Q or Z among the first.
    let age: u32 = value[2..4].parse().unwrap_or(0);
    !b"IQZ".contains(&bytes[0])
        && !b"IQZ".contains(&bytes[1])
        && matches!(age, 2..=29 | 51..=79)
        && !value[4..].contains(['I', 'Q'])
}

fn ie_pps(value: &str) -> bool {
    let d = digits(&value[..7]);
    let second = value.as_bytes().get(8).map_or(0, |byte| u32::from(byte - b'@'));
    let sum = weighted(&d, &[8, 7, 6, 5, 4, 3, 2]) + if second == 23 { 0 } else { 9 * second };
    b"WABCDEFGHIJKLMNOPQRSTUV"[(sum % 23) as usize] == value.as_bytes()[7]
}

/// The letter counts as two digits. Of a product with two digits, their sum counts.
fn de_kvnr(value: &str) -> bool {
    let letter = u32::from(value.as_bytes()[0] - b'A') + 1;
    let d = [&[letter / 10, letter % 10], &digits(&value[1..])[..]].concat();
    let sum: u32 = d[..10]
        .iter()
        .enumerate()
        .map(|(at, digit)| digit * (1 + at as u32 % 2))
        .map(|product| product / 10 + product % 10)
        .sum();
    sum % 10 == d[10]
}

fn de_lanr(value: &str) -> bool {
    let d = digits(value);
    let sum = weighted(&d[..6], &[4, 9, 4, 9, 4, 9]);
    (10 - sum % 10) % 10 == d[6]
}

/// Exactly one digit occurs twice or three times among the first ten. The last is a check digit by ISO 7064.
fn de_tax(value: &str) -> bool {
    let d = digits(value);
    let mut counts = [0; 10];
    d[..10].iter().for_each(|digit| counts[*digit as usize] += 1);
    let repeated = counts.iter().filter(|count| **count > 1).count();
    d[0] != 0 && repeated == 1 && counts.iter().max().is_some_and(|most| *most <= 3) && mod_11_10(&d)
}

fn de_pension(value: &str) -> bool {
    let letter = u32::from(value.as_bytes()[8] - b'A') + 1;
    let d = [&digits(&value[..8])[..], &[letter / 10, letter % 10], &digits(&value[9..])[..]].concat();
    let sum: u32 = d[..12]
        .iter()
        .zip([2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1])
        .map(|(digit, weight)| digit * weight)
        .map(|product| product / 10 + product % 10)
        .sum();
    let day = d[2] * 10 + d[3];
    is_month_and_day(d[4] * 10 + d[5], if day > 50 { day - 50 } else { day }) && sum % 10 == d[12]
}

/// The check digit of ICAO 9303, with the weights 7, 3 and 1.
fn icao(value: &str) -> u32 {
    let values = value
        .bytes()
        .map(|byte| if byte.is_ascii_digit() { u32::from(byte - b'0') } else { u32::from(byte - b'A') + 10 });
    values.zip([7, 3, 1].into_iter().cycle()).map(|(value, weight)| value * weight).sum::<u32>() % 10
}

fn icao_10(value: &str) -> bool {
    icao(&value[..9]) == digits(&value[9..])[0] && value.bytes().filter(u8::is_ascii_digit).count() >= 3
}

/// Passports begin with C, F, G, H, J or K, identity cards with one of the other letters. Neither contains vowels. With one letter only it
/// would look like the number of many other countries.
fn de_passport(value: &str) -> bool {
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    let is_letter = letters >= 2 && b"CFGHJKLMNPRTVWXY".contains(&value.as_bytes()[0]);
    let has_no_vowel = !value.bytes().any(|byte| b"ABDEIOQSU".contains(&byte));
    is_letter
        && has_no_vowel
        && value.bytes().filter(u8::is_ascii_digit).count() >= 4
        && (value.len() == 9 || icao(&value[..9]) == digits(&value[9..])[0])
}

fn at_svnr(value: &str) -> bool {
    let d = digits(value);
    let check = (weighted(&d[..3], &[3, 7, 9]) + weighted(&d[4..], &[5, 8, 4, 2, 1, 6])) % 11;
    d[0] != 0 && check == d[3] && is_month_and_day(d[6] * 10 + d[7], d[4] * 10 + d[5])
}

/// Begins with 756 for Switzerland and ends with a check digit of EAN-13.
fn ch_ahv(value: &str) -> bool {
    let d = digits(value);
    let sum = weighted(&d[..12], &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]);
    value.starts_with("756") && (10 - sum % 10) % 10 == d[12]
}

/// The key is what the number lacks to a multiple of 97. Births in Corsica have a letter, 2A or 2B, which counts as 19 or 18.
fn fr_nir(value: &str) -> bool {
    let body = value[..13].replace("2A", "19").replace("2B", "18");
    let (number, key) = (body.parse::<u64>().unwrap_or(0), value[13..].parse::<u64>().unwrap_or(0));
    fr_nir_body(&value[..13]) && 97 - number % 97 == key
}

/// The sex, the year and the month of birth (above 12 where it is unknown), the department.
fn fr_nir_body(value: &str) -> bool {
    let month = value[3..5].parse::<u32>().unwrap_or(0);
    matches!(value.as_bytes()[0], b'1' | b'2' | b'3' | b'4' | b'7' | b'8')
        && matches!(month, 1..=12 | 20..=42 | 50..=99)
        && (value.as_bytes()[6].is_ascii_digit() && &value[5..7] != "00" || matches!(&value[5..7], "2A" | "2B"))
}

/// The surname, filled up with 9, the date of birth (51 to 62 for the months of women), the initials.
fn gb_driver(value: &str) -> bool {
    let bytes = value.as_bytes();
    let letters = bytes[..5].iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let d = digits(&value[5..11]);
    let initials = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'9';
    bytes[letters..5].iter().all(|byte| *byte == b'9')
        && is_month_and_day((d[1] * 10 + d[2]) % 50, d[3] * 10 + d[4])
        && d[1] != 3
        && bytes[11..13].iter().all(initials)
}

/// A date of birth, and two check digits over it and a number: by Luhn and by Verhoeff.
fn lu_id(value: &str) -> bool {
    let d = digits(value);
    let by_verhoeff = [&d[..11], &d[12..]].concat();
    matches!(&value[..2], "19" | "20")
        && is_month_and_day(d[4] * 10 + d[5], d[6] * 10 + d[7])
        && luhn(&d[..12])
        && verhoeff(&by_verhoeff)
}

fn be_nn(value: &str) -> bool {
    let d = digits(value);
    let number: u64 = value[..9].parse().unwrap_or(0);
    let check: u64 = value[9..].parse().unwrap_or(0);
    d[2] * 10 + d[3] <= 12
        && d[4] * 10 + d[5] <= 31
        && (97 - number % 97 == check || 97 - (2_000_000_000 + number) % 97 == check)
}

fn nl_bsn(value: &str) -> bool {
    let d = digits(value);
    let sum = weighted(&d[..8], &[9, 8, 7, 6, 5, 4, 3, 2]);
    sum % 11 == d[8] && d.iter().any(|digit| *digit != d[0])
}

/// The letter is the number modulo 23. X, Y and Z before the number count as 0, 1 and 2.
fn es_dni(value: &str) -> bool {
    let number = match value.as_bytes()[0] {
        b'X' => format!("0{}", &value[1..8]),
        b'Y' => format!("1{}", &value[1..8]),
        b'Z' => format!("2{}", &value[1..8]),
        b'0'..=b'9' => value[..8].to_owned(),
        _ => return false,
    };
    number.parse::<usize>().is_ok_and(|number| b"TRWAGMYFPDXBNJZSQVHLCKE"[number % 23] == value.as_bytes()[8])
}

fn es_cif(value: &str) -> bool {
    let d = digits(&value[1..8]);
    let odd: u32 = [d[0], d[2], d[4], d[6]].iter().map(|digit| digit * 2 / 10 + digit * 2 % 10).sum();
    let check = (10 - (odd + d[1] + d[3] + d[5]) % 10) % 10;
    let last = value.as_bytes()[8];
    b"ABCDEFGHJNPQRSUVW".contains(&value.as_bytes()[0])
        && (last == b'0' + check as u8 || last == b"JABCDEFGHI"[check as usize])
}

fn pt_nif(value: &str) -> bool {
    let d = digits(value);
    let check = 11 - weighted(&d[..8], &[9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    matches!(d[0], 1 | 2 | 3 | 5 | 6 | 8 | 9) && (if check > 9 { 0 } else { check }) == d[8]
}

/// The check letter of the decree D.M. 23/12/1976: the values at odd and at even places, modulo 26.
fn it_cf(value: &str) -> bool {
    const ODD: [u32; 26] =
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    let bytes = value.as_bytes();
    let ordinal = |byte: u8| if byte.is_ascii_digit() { byte - b'0' } else { byte - b'A' };
    let sum: u32 = bytes[..15]
        .iter()
        .enumerate()
        .map(|(at, byte)| if at % 2 == 0 { ODD[usize::from(ordinal(*byte))] } else { u32::from(ordinal(*byte)) })
        .sum();
    b"ABCDEHLMPRST".contains(&bytes[8]) && sum % 26 == u32::from(bytes[15] - b'A')
}

/// Luhn, with the number of a tax office (of a province, or one of the later special ones) before the check digit.
fn it_vat(value: &str) -> bool {
    let office: u32 = value[7..10].parse().unwrap_or(0);
    matches!(office, 1..=100 | 120 | 121 | 888 | 999) && luhn_text(value)
}

fn gr_amka(value: &str) -> bool {
    let d = digits(value);
    is_month_and_day(d[2] * 10 + d[3], d[0] * 10 + d[1]) && luhn(&d)
}

fn gr_afm(value: &str) -> bool {
    let d = digits(value);
    weighted(&d[..8], &[256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10 == d[8] && d.iter().any(|digit| *digit != 0)
}

fn eu_vat(value: &str) -> bool {
    let body = &value[2..];
    let d = digits(body);
    match &value[..2] {
        "DE" => body.len() == 9 && d.len() == 9 && mod_11_10(&d),
        "IT" => body.len() == 11 && luhn(&d),
        "FR" => {
            body.len() == 11
                && d.len() == 11
                && body[2..]
                    .parse::<u64>()
                    .is_ok_and(|siren| (12 + 3 * (siren % 97)) % 97 == body[..2].parse().unwrap_or(100))
        }
        "BE" => {
            body.len() == 10
                && body[..8].parse::<u32>().is_ok_and(|number| 97 - number % 97 == body[8..].parse().unwrap_or(0))
        }
        "NL" => {
            body.len() == 12 && body.as_bytes()[9] == b'B' && (nl_bsn(&body[..9]) || mod_97(value.bytes()) == Some(1))
        }
        "AT" => body.starts_with('U') && body.len() == 9,
        "PL" => body.len() == 10 && pl_nip(body),
        "ES" => body.len() == 9,
        "PT" => body.len() == 9 && pt_nif(body),
        "DK" | "FI" | "LU" | "MT" | "HU" | "SI" => body.len() == 8 && d.len() == 8,
        "SE" => body.len() == 12,
        "GB" => body.len() == 9 && d.len() == 9,
        _ => false,
    }
}
