//! The ids of Asia.

use crate::{
    numbers::{
        checksum::{digits, is_month_and_day, luhn, verhoeff, weighted},
        national_ids::form::{
            Id,
            When::{Always, Announced, AnnouncedOrAlone, Named},
            id, luhn_text, unchecked,
        },
    },
    scan::trigger_words::{self as trigger, NATIONAL, TAX},
    span::Kind,
};

pub(super) const IDS: &[Id] = &[
    id(Kind::NationalId, "an Israeli identity number", Announced, NATIONAL, "999999999", luhn_text),
    id(
        Kind::NationalId,
        "an Indian Aadhaar number",
        AnnouncedOrAlone,
        NATIONAL,
        "999999999999|9999:9999:9999",
        in_aadhaar,
    ),
    // The fourth letter says what kind of holder it is. It is not checked, so that made-up numbers are found, too.
    id(Kind::TaxId, "an Indian PAN", AnnouncedOrAlone, TAX | trigger::CARD, "AAAAA9999A", unchecked),
    id(Kind::TaxId, "an Indian GSTIN", Always, TAX, "99AAAAA9999AXAX", in_gstin),
    id(Kind::NationalId, "an Indian voter id", AnnouncedOrAlone, NATIONAL, "AAA9999999", in_voter),
    id(
        Kind::LicensePlate,
        "an Indian plate",
        AnnouncedOrAlone,
        trigger::PLATE,
        "AA99A9999|AA99AA9999|AA9A9999|AA9AA9999|AA9AAA9999",
        in_plate,
    ),
    id(Kind::Passport, "an Indian passport", AnnouncedOrAlone, trigger::PASSPORT, "=A9999999", in_passport),
    id(Kind::NationalId, "a Chinese resident id", Always, NATIONAL, "99999999999999999X", cn_ric),
    id(Kind::NationalId, "a Hong Kong identity card", AnnouncedOrAlone, NATIONAL, "A999999X|AA999999X", hk_id),
    id(Kind::NationalId, "a Taiwanese identity number", AnnouncedOrAlone, NATIONAL, "A999999999", tw_id),
    id(Kind::NationalId, "a Korean resident number", Always, NATIONAL, "999999-9999999", kr_rrn),
    id(
        Kind::NationalId,
        "a Korean resident number",
        AnnouncedOrAlone,
        NATIONAL,
        "=9999999999999|999999-9999999",
        kr_rrn,
    ),
    id(
        Kind::NationalId,
        "a Korean resident number without a check",
        AnnouncedOrAlone,
        NATIONAL,
        "999999-9999999",
        kr_rrn_2020,
    ),
    id(
        Kind::NationalId,
        "a Korean foreigner's number without a check",
        Announced,
        NATIONAL,
        "999999-9999999",
        kr_frn_2020,
    ),
    id(Kind::TaxId, "a Korean business number", AnnouncedOrAlone, TAX, "9999999999", kr_brn),
    id(
        Kind::DriverLicense,
        "a Korean driving licence",
        AnnouncedOrAlone,
        trigger::DRIVER,
        "99-99-999999-99|99 99 999999 99",
        kr_driver,
    ),
    id(Kind::Passport, "a Korean passport", AnnouncedOrAlone, trigger::PASSPORT, "=A99999999|=A999A9999", kr_passport),
    id(Kind::NationalId, "a Japanese My Number", Named, NATIONAL, "999999999999", jp_my_number),
    id(Kind::NationalId, "a Singaporean NRIC or FIN", Always, NATIONAL, "A9999999A", sg_nric),
    id(Kind::TaxId, "a Singaporean UEN", AnnouncedOrAlone, TAX, "99999999A|999999999A|A99AA9999A", sg_uen),
    id(Kind::NationalId, "a Malaysian NRIC", Always, NATIONAL, "999999-99-9999", my_nric_of_place),
    id(Kind::NationalId, "a Malaysian NRIC", Announced, NATIONAL, "999999999999", my_nric),
    id(
        Kind::NationalId,
        "a Thai identity number",
        AnnouncedOrAlone,
        NATIONAL,
        "=9999999999999|9-9999-99999-99-9|9 9999 99999 99 9",
        th_id,
    ),
    id(Kind::NationalId, "a Thai identity number", Always, NATIONAL, "9-9999-99999-99-9|9 9999 99999 99 9", th_id),
    id(Kind::TaxId, "an Indonesian NPWP", Always, TAX, "99.999.999.9-999.999", unchecked),
    id(
        Kind::NationalId,
        "an Emirates identity number",
        Always,
        NATIONAL,
        "=999999999999999|999-9999-9999999-9|999 9999 9999999 9",
        ae_id,
    ),
    id(Kind::NationalId, "a Pakistani CNIC", Always, NATIONAL, "99999-9999999-9", pk_cnic),
    id(Kind::NationalId, "a Saudi identity number", Named, NATIONAL, "9999999999", sa_id),
    id(Kind::NationalId, "a Kuwaiti civil id", Named, NATIONAL, "999999999999", kw_id),
    id(Kind::NationalId, "an Iranian national code", Named, NATIONAL, "9999999999", ir_code),
    id(Kind::NationalId, "a Sri Lankan identity number", Announced, NATIONAL, "999999999A", lk_nic),
    id(Kind::NationalId, "an Indonesian NIK", Announced, NATIONAL, "9999999999999999", id_nik),
];

fn in_aadhaar(value: &str) -> bool {
    let d = digits(value);
    d[0] >= 2 && verhoeff(&d) && !value.bytes().eq(value.bytes().rev())
}

fn in_gstin(value: &str) -> bool {
    let state: u32 = value[..2].parse().unwrap_or(0);
    (1..=37).contains(&state) && value.as_bytes()[13] == b'Z'
}

fn in_voter(value: &str) -> bool {
    value.as_bytes()[0] != b'O'
}

fn in_plate(value: &str) -> bool {
    const STATES: &str = "AN AP AR AS BR CH CG DD DL DN GA GJ HP HR JH JK KA KL LA LD MH ML MN MP MZ NL OD OR PB PY RJ SK TN TR TS UK UP WB";
    STATES.split(' ').any(|state| value.starts_with(state))
}

fn in_passport(value: &str) -> bool {
    // The form is weak, and digits in a row are what people make up. Announced, they are found in spite of it.
    let digits = &value.as_bytes()[1..];
    let is_row =
        digits.windows(2).all(|pair| pair[1] == pair[0] + 1) || digits.windows(2).all(|pair| pair[0] == pair[1] + 1);
    !matches!(value.as_bytes()[0], b'Q' | b'X' | b'Z') && digits[0] != b'0' && !is_row
}

/// A place, a date of birth and a check digit by ISO 7064, MOD 11-2.
fn cn_ric(value: &str) -> bool {
    let d = digits(&value[..17]);
    let sum = weighted(&d, &[7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
    matches!(&value[6..8], "18" | "19" | "20")
        && is_month_and_day(d[10] * 10 + d[11], d[12] * 10 + d[13])
        && b"10X98765432"[(sum % 11) as usize] == value.as_bytes()[17]
}

fn hk_id(value: &str) -> bool {
    let body = &value[..value.len() - 1];
    let values = body
        .bytes()
        .map(|byte| if byte.is_ascii_digit() { u32::from(byte - b'0') } else { u32::from(byte - b'A') + 10 });
    let padded: Vec<u32> = if body.len() == 7 { std::iter::once(36).chain(values).collect() } else { values.collect() };
    let check = match weighted(&padded, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11 {
        0 => b'0',
        1 => b'A',
        rest => b'0' + (11 - rest) as u8,
    };
    check == value.as_bytes()[value.len() - 1]
}

fn tw_id(value: &str) -> bool {
    const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVXYWZIO";
    let Some(letter) = LETTERS.iter().position(|known| *known == value.as_bytes()[0]) else { return false };
    let letter = letter as u32 + 10;
    let d = [&[letter / 10, letter % 10], &digits(&value[1..])[..]].concat();
    matches!(d[2], 1 | 2 | 8 | 9) && weighted(&d, &[1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1]).is_multiple_of(10)
}

fn kr_rrn(value: &str) -> bool {
    let d = digits(value);
    let sum = weighted(&d[..12], &[2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]);
    let foreigner = (5..=8).contains(&d[6]);
    is_month_and_day(d[2] * 10 + d[3], d[4] * 10 + d[5])
        && (d[6] <= 8 && d[6] > 0 && value.len() == 13 && (11 - sum % 11) % 10 == d[12]
            || foreigner && (13 - sum % 11) % 10 == d[12])
}

/// Numbers assigned since October 2020 have no check digit.
fn kr_rrn_2020(value: &str) -> bool {
    let d = digits(value);
    is_month_and_day(d[2] * 10 + d[3], d[4] * 10 + d[5]) && matches!(d[6], 1..=4 | 7 | 8)
}

/// The same for foreigners born before 2000. Few of them were registered that late, so a word must announce it.
fn kr_frn_2020(value: &str) -> bool {
    let d = digits(value);
    is_month_and_day(d[2] * 10 + d[3], d[4] * 10 + d[5]) && matches!(d[6], 5 | 6)
}

fn kr_brn(value: &str) -> bool {
    let d = digits(value);
    let sum = weighted(&d[..9], &[1, 3, 7, 1, 3, 7, 1, 3, 5]) + d[8] * 5 / 10;
    (10 - sum % 10) % 10 == d[9] && d[0] != 0
}

fn kr_driver(value: &str) -> bool {
    let region: u32 = value[..2].parse().unwrap_or(0);
    (11..=28).contains(&region)
}

fn kr_passport(value: &str) -> bool {
    b"MSRGD".contains(&value.as_bytes()[0])
}

fn jp_my_number(value: &str) -> bool {
    let d = digits(value);
    let rest = weighted(&d[..11], &[6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
    (if rest <= 1 { 0 } else { 11 - rest }) == d[11]
}

fn sg_nric(value: &str) -> bool {
    let d = digits(&value[1..8]);
    let sum = weighted(&d, &[2, 7, 6, 5, 4, 3, 2]);
    let (letters, offset): (&[u8], u32) = match value.as_bytes()[0] {
        b'S' => (b"JZIHGFEDCBA", 0),
        b'T' => (b"JZIHGFEDCBA", 4),
        b'F' => (b"XWUTRQPNMLK", 0),
        b'G' => (b"XWUTRQPNMLK", 4),
        b'M' => (b"XWUTRQPNJLK", 3),
        _ => return false,
    };
    letters[((sum + offset) % 11) as usize] == value.as_bytes()[8]
}

fn sg_uen(value: &str) -> bool {
    let bytes = value.as_bytes();
    match bytes.len() {
        9 => {
            let sum = weighted(&digits(&value[..8]), &[10, 4, 9, 3, 8, 2, 7, 1]);
            b"XMKECAWLJDB"[(sum % 11) as usize] == bytes[8]
        }
        10 if bytes[0].is_ascii_digit() => {
            let sum = weighted(&digits(&value[..9]), &[10, 8, 6, 4, 9, 7, 5, 3, 1]);
            matches!(&value[..2], "19" | "20") && b"ZKCMDNERGWH"[(sum % 11) as usize] == bytes[9]
        }
        _ => {
            const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWX0123456789";
            let values =
                bytes[..9].iter().map(|byte| LETTERS.iter().position(|known| known == byte).unwrap_or(0) as i64);
            let sum: i64 = values.zip([4, 3, 5, 3, 10, 2, 2, 5, 7]).map(|(value, weight)| value * weight).sum();
            b"RST".contains(&bytes[0]) && LETTERS[(sum - 5).rem_euclid(11) as usize] == bytes[9]
        }
    }
}

fn my_nric(value: &str) -> bool {
    let d = digits(value);
    is_month_and_day(d[2] * 10 + d[3], d[4] * 10 + d[5])
}

fn th_id(value: &str) -> bool {
    let d = digits(value);
    let sum = weighted(&d[..12], &[13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
    (1..=8).contains(&d[0]) && (11 - sum % 11) % 10 == d[12]
}

fn id_nik(value: &str) -> bool {
    let d = digits(value);
    let day = d[6] * 10 + d[7];
    is_month_and_day(d[8] * 10 + d[9], if day > 40 { day - 40 } else { day })
}

/// The digits after the date are a state of Malaysia or a country of birth.
fn my_nric_of_place(value: &str) -> bool {
    let place = value[6..8].parse::<u32>().unwrap_or(0);
    my_nric(value) && matches!(place, 1..=16 | 21..=68 | 71 | 72 | 74..=79 | 82..=93 | 98 | 99)
}

/// The country's number, the year of birth, a check digit by Luhn.
fn ae_id(value: &str) -> bool {
    value.starts_with("784") && matches!(&value[3..5], "19" | "20") && luhn(&digits(value))
}

/// The first digit is a province.
fn pk_cnic(value: &str) -> bool {
    matches!(value.as_bytes()[0], b'1'..=b'7')
}

fn sa_id(value: &str) -> bool {
    matches!(value.as_bytes()[0], b'1' | b'2') && luhn(&digits(value))
}

fn kw_id(value: &str) -> bool {
    let d = digits(value);
    let check = 11 - weighted(&d[..11], &[2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11;
    matches!(d[0], 1..=3) && is_month_and_day(d[3] * 10 + d[4], d[5] * 10 + d[6]) && check == d[11]
}

fn ir_code(value: &str) -> bool {
    let d = digits(value);
    let rest = weighted(&d[..9], &[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    (if rest < 2 { rest } else { 11 - rest }) == d[9] && d.iter().any(|digit| *digit != d[0])
}

/// The day of the year, more by 500 for women, follows the year.
fn lk_nic(value: &str) -> bool {
    let day = value[2..5].parse::<u32>().unwrap_or(0) % 500;
    matches!(value.as_bytes()[9], b'V' | b'X') && (1..=366).contains(&day)
}
