//! The ids of Northern and Eastern Europe and of Turkey.

use crate::{
    numbers::{
        checksum::{digits, is_month_and_day, luhn, weighted},
        national_ids::form::{
            Id,
            When::{Always, Announced, AnnouncedOrAlone, Named},
            id, mod_11_10_text,
        },
    },
    scan::trigger_words::{self as trigger, NATIONAL, TAX},
    span::Kind,
};

pub(super) const IDS: &[Id] = &[
    id(Kind::NationalId, "a Swedish personal number", Always, NATIONAL, "999999-9999|99999999-9999", se_pn),
    id(Kind::NationalId, "an Icelandic kennitala", Always, NATIONAL, "999999-9999", is_kt),
    id(Kind::NationalId, "a Latvian personal code", Always, NATIONAL, "999999-99999", lv_pk),
    id(
        Kind::NationalId,
        "a Swedish personal number",
        AnnouncedOrAlone,
        NATIONAL,
        "9999999999|999999999999|999999+9999|99999999+9999",
        se_pn,
    ),
    id(Kind::TaxId, "a Swedish organisation number", AnnouncedOrAlone, TAX, "999999-9999", se_org),
    id(Kind::TaxId, "a Swedish organisation number", AnnouncedOrAlone, TAX, "=9999999999", se_org_bare),
    id(Kind::NationalId, "a Norwegian birth number", Always, NATIONAL, "=99999999999|999999 99999", no_fnr),
    id(Kind::NationalId, "a Norwegian birth number", AnnouncedOrAlone, NATIONAL, "99999999999", no_fnr),
    id(Kind::NationalId, "a Danish CPR number", Announced, NATIONAL, "9999999999", dk_cpr),
    id(Kind::NationalId, "a Finnish identity code", Always, NATIONAL, "=999999A999X|999999-999X|999999+999X", fi_hetu),
    id(Kind::NationalId, "an Icelandic kennitala", AnnouncedOrAlone, NATIONAL, "9999999999", is_kt),
    id(Kind::NationalId, "an Estonian or Lithuanian personal code", AnnouncedOrAlone, NATIONAL, "99999999999", ee_ik),
    id(Kind::NationalId, "a Polish PESEL", AnnouncedOrAlone, NATIONAL, "99999999999", pl_pesel),
    id(
        Kind::NationalId,
        "a Polish identity card",
        AnnouncedOrAlone,
        NATIONAL | trigger::PASSPORT,
        "AAA999999",
        pl_card,
    ),
    id(Kind::TaxId, "a Polish REGON", Announced, TAX, "999999999|99999999999999", pl_regon),
    id(Kind::TaxId, "a Polish NIP", AnnouncedOrAlone, TAX, "9999999999", pl_nip),
    id(Kind::NationalId, "a Czech or Slovak birth number", Announced, NATIONAL, "9999999999", cz_rc),
    id(Kind::NationalId, "a Romanian CNP", AnnouncedOrAlone, NATIONAL, "9999999999999", ro_cnp),
    id(Kind::NationalId, "a Bulgarian EGN", AnnouncedOrAlone, NATIONAL, "9999999999", bg_egn),
    id(Kind::TaxId, "a Croatian OIB", Announced, TAX | NATIONAL, "99999999999", mod_11_10_text),
    id(Kind::NationalId, "an ex-Yugoslav JMBG", AnnouncedOrAlone, NATIONAL, "9999999999999", jmbg),
    id(Kind::NationalId, "a Turkish identity number", AnnouncedOrAlone, NATIONAL, "99999999999", tr_tckn),
    id(Kind::TaxId, "a Turkish tax number", Announced, TAX, "9999999999", tr_vkn),
    id(
        Kind::LicensePlate,
        "a Turkish plate",
        AnnouncedOrAlone,
        trigger::PLATE,
        "99A9999|99A99999|99AA999|99AA9999|99AAA99|99AAA999|99AAA9999|99A999",
        tr_plate,
    ),
    id(Kind::TaxId, "a Russian INN", Announced, TAX, "9999999999|999999999999", ru_inn),
    id(Kind::NationalId, "a Russian SNILS", Always, NATIONAL, "999-999-999 99|999-999-999-99", ru_snils),
    id(Kind::NationalId, "a Russian SNILS", Announced, NATIONAL, "99999999999", ru_snils),
    id(Kind::NationalId, "a Belarusian identification number", Always, NATIONAL, "9999999A999AA9", by_id),
    id(Kind::TaxId, "a Ukrainian tax number", Named, TAX, "9999999999", ua_rnokpp),
    id(Kind::NationalId, "a Moldovan IDNP", Named, NATIONAL, "9999999999999", md_idnp),
    id(Kind::NationalId, "a Kazakh IIN", Named, NATIONAL | TAX, "999999999999", kz_iin),
    id(Kind::HealthId, "a Hungarian TAJ number", Named, NATIONAL | trigger::HEALTH, "999999999", hu_taj),
    id(Kind::TaxId, "a Hungarian tax number", Named, TAX, "9999999999", hu_tax),
    id(Kind::NationalId, "an Albanian identity number", Announced, NATIONAL | TAX, "A99999999A", al_nid),
];

fn se_pn(value: &str) -> bool {
    let short = &value[value.len() - 10..];
    let d = digits(short);
    let day = d[4] * 10 + d[5];
    is_month_and_day(d[2] * 10 + d[3], if day > 60 { day - 60 } else { day })
        && luhn(&d)
        // A date of this decade before a number is more often that of a log: `20260414-0007`.
        && (value.len() == 10 || matches!(&value[..2], "18" | "19") || matches!(&value[..3], "200" | "201"))
}

/// The third digit is 2 or more, which distinguishes organisations from persons.
fn se_org(value: &str) -> bool {
    let d = digits(value);
    d[2] >= 2 && matches!(d[0], 1 | 2 | 3 | 5 | 6 | 7 | 8 | 9) && luhn(&d)
}

/// Without its hyphen it looks like any number. So only the groups count that nearly all belong to: companies begin with 556 to 559, public
/// bodies with 2x2.
fn se_org_bare(value: &str) -> bool {
    matches!(&value[..3], "556" | "557" | "558" | "559" | "202" | "212" | "222" | "232") && se_org(value)
}

fn no_fnr(value: &str) -> bool {
    let d = digits(value);
    let day = d[0] * 10 + d[1];
    is_month_and_day((d[2] * 10 + d[3]) % 40, if day > 40 { day - 40 } else { day })
        && (weighted(&d[..9], &[3, 7, 6, 1, 8, 9, 4, 5, 2]) + d[9]).is_multiple_of(11)
        && (weighted(&d[..10], &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) + d[10]).is_multiple_of(11)
}

fn dk_cpr(value: &str) -> bool {
    let d = digits(value);
    is_month_and_day(d[2] * 10 + d[3], d[0] * 10 + d[1])
}

/// The last character is the number modulo 31.
fn fi_hetu(value: &str) -> bool {
    let (date, rest) = value.split_at(6);
    let rest = if rest.len() == 5 { &rest[1..] } else { rest };
    let sign = value.as_bytes()[6];
    let d = digits(date);
    let number = format!("{date}{}", &rest[..3]).parse::<usize>();
    let is_sign = value.len() == 10 || b"ABCDEFYXWVU".contains(&sign);
    is_sign
        && is_month_and_day(d[2] * 10 + d[3], d[0] * 10 + d[1])
        && number.is_ok_and(|number| b"0123456789ABCDEFHJKLMNPRSTUVWXY"[number % 31] == rest.as_bytes()[3])
}

fn is_kt(value: &str) -> bool {
    let d = digits(value);
    is_month_and_day(d[2] * 10 + d[3], d[0] * 10 + d[1])
        && (weighted(&d[..8], &[3, 2, 7, 6, 5, 4, 3, 2]) + d[8]).is_multiple_of(11)
        && matches!(d[9], 0 | 8 | 9)
}

fn ee_ik(value: &str) -> bool {
    let d = digits(value);
    let first = weighted(&d[..10], &[1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
    let check = if first < 10 { first } else { weighted(&d[..10], &[3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11 % 10 };
    (1..=6).contains(&d[0]) && is_month_and_day(d[3] * 10 + d[4], d[5] * 10 + d[6]) && check == d[10]
}

fn pl_pesel(value: &str) -> bool {
    let d = digits(value);
    let sum = weighted(&d[..10], &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3]);
    is_month_and_day((d[2] * 10 + d[3]) % 20, d[4] * 10 + d[5]) && (10 - sum % 10) % 10 == d[10]
}

pub(super) fn pl_nip(value: &str) -> bool {
    let d = digits(value);
    weighted(&d[..9], &[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == d[9] && d[0] != 0
}

fn cz_rc(value: &str) -> bool {
    let d = digits(value);
    let month = (d[2] * 10 + d[3]) % 50 % 20;
    is_month_and_day(month, d[4] * 10 + d[5]) && value.parse::<u64>().is_ok_and(|number| number.is_multiple_of(11))
}

fn ro_cnp(value: &str) -> bool {
    let d = digits(value);
    let check = weighted(&d[..12], &[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
    (1..=8).contains(&d[0])
        && is_month_and_day(d[3] * 10 + d[4], d[5] * 10 + d[6])
        && check.min(10) % 10 + u32::from(check == 10) == d[12]
}

fn bg_egn(value: &str) -> bool {
    let d = digits(value);
    let check = weighted(&d[..9], &[2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10;
    is_month_and_day((d[2] * 10 + d[3]) % 20, d[4] * 10 + d[5]) && check == d[9]
}

fn jmbg(value: &str) -> bool {
    let d = digits(value);
    let check = 11 - weighted(&d[..12], &[7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
    is_month_and_day(d[2] * 10 + d[3], d[0] * 10 + d[1]) && (if check > 9 { 0 } else { check }) == d[12]
}

fn tr_tckn(value: &str) -> bool {
    let d = digits(value);
    let odd: u32 = d[..9].iter().step_by(2).sum();
    let even: u32 = d[1..8].iter().step_by(2).sum();
    d[0] != 0 && (odd * 7 + 90 - even) % 10 == d[9] && d[..10].iter().sum::<u32>() % 10 == d[10]
}

fn tr_vkn(value: &str) -> bool {
    let d = digits(value);
    let sum: u32 = (0..9)
        .map(|at| {
            let shifted = (d[at] + 9 - at as u32) % 10;
            let product = shifted * 2_u32.pow(9 - at as u32) % 9;
            if shifted != 0 && product == 0 { 9 } else { product }
        })
        .sum();
    (10 - sum % 10) % 10 == d[9]
}

/// The first two digits are a province, 1 to 81.
fn tr_plate(value: &str) -> bool {
    value[..2].parse::<u32>().is_ok_and(|province| (1..=81).contains(&province))
        && !value.bytes().any(|byte| b"QWX".contains(&byte))
}

fn ru_inn(value: &str) -> bool {
    let d = digits(value);
    match d.len() {
        10 => weighted(&d[..9], &[2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10 == d[9] && d[0] + d[1] > 0,
        _ => {
            weighted(&d[..10], &[7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10 == d[10]
                && weighted(&d[..11], &[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10 == d[11]
        }
    }
}

fn ru_snils(value: &str) -> bool {
    let d = digits(value);
    weighted(&d[..9], &[9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101 % 100 == d[9] * 10 + d[10]
}

/// The values of digits and of letters (A is 10), each multiplied by the next of the weights 7, 3 and 1.
fn sum_731(value: &str) -> u32 {
    let values =
        value.bytes().map(|byte| u32::from(if byte.is_ascii_digit() { byte - b'0' } else { byte - b'A' + 10 }));
    values.zip([7, 3, 1].into_iter().cycle()).map(|(value, weight)| value * weight).sum()
}

/// Three letters and six digits, of which the first is the check digit.
fn pl_card(value: &str) -> bool {
    (sum_731(&value[..3]) + weighted(&digits(&value[4..]), &[7, 3, 1, 7, 3])) % 10 == digits(&value[3..4])[0]
}

fn pl_regon(value: &str) -> bool {
    let d = digits(value);
    let is_9 = weighted(&d[..8], &[8, 9, 2, 3, 4, 5, 6, 7]) % 11 % 10 == d[8];
    let is_14 = d.len() == 9 || weighted(&d[..13], &[2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8]) % 11 % 10 == d[13];
    is_9 && is_14
}

/// The sum of the weighted digits is taken from 1101.
fn lv_pk(value: &str) -> bool {
    let d = digits(value);
    let check = (1101 - weighted(&d[..10], &[1, 6, 3, 7, 9, 10, 5, 8, 4, 2])) % 11;
    is_month_and_day(d[2] * 10 + d[3], d[0] * 10 + d[1]) && d[6] <= 2 && check % 10 == d[10]
}

/// The century and the sex, the date of birth, the region, a number, the country (or PB, PP for its citizens), the check digit.
fn by_id(value: &str) -> bool {
    let d = digits(&value[..7]);
    (1..=6).contains(&d[0])
        && is_month_and_day(d[3] * 10 + d[4], d[1] * 10 + d[2])
        && b"ABCEHKM".contains(&value.as_bytes()[7])
        && sum_731(&value[..13]) % 10 == digits(&value[13..])[0]
}

fn ua_rnokpp(value: &str) -> bool {
    let d = digits(value);
    // The first weight is -1, which is 10 modulo 11.
    weighted(&d[..9], &[10, 5, 7, 9, 4, 6, 10, 5, 7]) % 11 % 10 == d[9] && d[0] != 0
}

fn md_idnp(value: &str) -> bool {
    matches!(value.as_bytes()[0], b'0' | b'2') && sum_731(&value[..12]) % 10 == digits(&value[12..])[0]
}

/// Where the first weights give 10, others are taken.
fn kz_iin(value: &str) -> bool {
    let d = digits(value);
    let first = weighted(&d[..11], &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) % 11;
    let check = if first < 10 { first } else { weighted(&d[..11], &[3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) % 11 };
    is_month_and_day(d[2] * 10 + d[3], d[4] * 10 + d[5]) && check == d[11]
}

fn hu_taj(value: &str) -> bool {
    let d = digits(value);
    weighted(&d[..8], &[3, 7, 3, 7, 3, 7, 3, 7]) % 10 == d[8] && d.iter().any(|digit| *digit != d[0])
}

fn hu_tax(value: &str) -> bool {
    let d = digits(value);
    d[0] == 8 && weighted(&d[..9], &[1, 2, 3, 4, 5, 6, 7, 8, 9]) % 11 == d[9]
}

/// The decade as a letter, the year, the month (more by 50 for women), the day.
fn al_nid(value: &str) -> bool {
    let d = digits(&value[1..9]);
    value.as_bytes()[0] <= b'T' && is_month_and_day((d[1] * 10 + d[2]) % 50, d[3] * 10 + d[4])
}
