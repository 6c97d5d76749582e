//! National, tax and health ids by their checksums.
//!
//! A form that nothing else has (letters and a check) counts wherever it stands; digits alone count beside a word that
//! announces them, or when the text is nothing but the id, as the value of a form's field.

use std::sync::LazyLock;

use super::{
    Kind, Scope, Span,
    checksum::{digits, is_month_and_day, luhn, mod_11_10, mod_97, verhoeff, weighted},
    cue::{self, Cues},
    lex::Lexed,
};

/// When a value that passes its check is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    /// Wherever it stands.
    Always,
    /// Beside a word that announces it, or alone.
    CuedOrAlone,
    /// Beside a word that announces it.
    Cued,
}
use When::{Always, Cued, CuedOrAlone};

struct Id {
    kind: Kind,
    why: &'static str,
    when: When,
    cues: Cues,
    /// `A` a letter, `9` a digit, `X` either; several forms are parted by `|`. Spaces, hyphens, dots and slashes are left out.
    shape: &'static str,
    check: fn(&str) -> bool,
}

const fn id(kind: Kind, why: &'static str, when: When, cues: Cues, shape: &'static str, check: fn(&str) -> bool) -> Id {
    Id { kind, why, when, cues, shape, check }
}

const N: Cues = cue::NATIONAL;
const T: Cues = cue::TAX;
const H: Cues = cue::HEALTH;

/// A new country is a line here, and its check below when no other country shares it.
const IDS: &[Id] = &[
    id(Kind::NationalId, "a British National Insurance number", Always, N, "AA999999A", nino),
    id(Kind::HealthId, "a British NHS number", CuedOrAlone, H, "9999999999", nhs),
    id(Kind::HealthId, "a US provider's number (NPI)", CuedOrAlone, H, "9999999999", npi),
    id(Kind::HealthId, "a US prescriber's number (DEA)", CuedOrAlone, H, "AA9999999|A99999999", dea),
    id(Kind::HealthId, "a US Medicare number (MBI)", Always, H, "9AX9AX9AA99", mbi),
    id(Kind::HealthId, "an Australian Medicare number", CuedOrAlone, H, "9999999999|99999999999", au_medicare),
    id(Kind::HealthId, "a German health insurance number", CuedOrAlone, H, "A999999999", de_kvnr),
    id(Kind::HealthId, "a German doctor's number", Cued, H, "999999999", de_lanr),
    id(Kind::BankAccount, "a US routing number", Cued, cue::BANK, "999999999", aba),
    id(Kind::TaxId, "a US taxpayer number (EIN)", Cued, T, "999999999", any),
    id(Kind::NationalId, "a Canadian social insurance number", CuedOrAlone, N | cue::SSN, "999999999", ca_sin),
    id(Kind::NationalId, "a Spanish identity number", Always, N, "99999999A|A9999999A", es_dni),
    id(Kind::TaxId, "a Spanish company's tax number", CuedOrAlone, T, "A9999999X", es_cif),
    id(Kind::TaxId, "an Italian fiscal code", Always, N | T, "AAAAAAXXAXXAXXXA", it_cf),
    id(Kind::TaxId, "an Italian VAT number", Cued, T, "99999999999", luhn_text),
    id(Kind::NationalId, "a French social security number", CuedOrAlone, N | cue::SSN, "999999999999999", fr_nir),
    id(Kind::TaxId, "a French company's number", Cued, T, "999999999|99999999999999", luhn_text),
    id(Kind::TaxId, "a German tax number", CuedOrAlone, T | N, "99999999999", de_tax),
    id(
        Kind::NationalId,
        "a German pension insurance number",
        CuedOrAlone,
        N | T | cue::SSN,
        "99999999A999",
        de_pension,
    ),
    id(Kind::NationalId, "a German identity card", CuedOrAlone, N | cue::PASSPORT, "AXXXXXXXX9", icao_10),
    id(
        Kind::TaxId,
        "an EU VAT number",
        CuedOrAlone,
        T,
        "AA999999999|AA99999999|AA9999999999|AA99999999999|AAA99999999|AA9999999A|AA999999999A99",
        eu_vat,
    ),
    id(Kind::NationalId, "a Dutch citizen number", Cued, N, "999999999", nl_bsn),
    id(Kind::NationalId, "a Belgian national number", CuedOrAlone, N, "99999999999", be_nn),
    id(Kind::NationalId, "a Swiss social insurance number", Always, N, "9999999999999", ch_ahv),
    id(Kind::NationalId, "an Austrian social insurance number", CuedOrAlone, N, "9999999999", at_svnr),
    id(Kind::NationalId, "a Swedish personal number", CuedOrAlone, N, "9999999999|999999999999", se_pn),
    id(Kind::TaxId, "a Swedish organisation number", CuedOrAlone, T, "9999999999", se_org),
    id(Kind::NationalId, "a Norwegian birth number", CuedOrAlone, N, "99999999999", no_fnr),
    id(Kind::NationalId, "a Danish CPR number", Cued, N, "9999999999", dk_cpr),
    id(Kind::NationalId, "a Finnish identity code", Always, N, "999999X999X|999999999X", fi_hetu),
    id(Kind::NationalId, "an Icelandic kennitala", CuedOrAlone, N, "9999999999", is_kt),
    id(Kind::NationalId, "a Polish PESEL", CuedOrAlone, N, "99999999999", pl_pesel),
    id(Kind::TaxId, "a Polish NIP", CuedOrAlone, T, "9999999999", pl_nip),
    id(Kind::NationalId, "a Czech or Slovak birth number", Cued, N, "9999999999", cz_rc),
    id(Kind::NationalId, "a Romanian CNP", CuedOrAlone, N, "9999999999999", ro_cnp),
    id(Kind::NationalId, "a Bulgarian EGN", CuedOrAlone, N, "9999999999", bg_egn),
    id(Kind::TaxId, "a Croatian OIB", Cued, T | N, "99999999999", mod_11_10_text),
    id(Kind::NationalId, "an ex-Yugoslav JMBG", CuedOrAlone, N, "9999999999999", jmbg),
    id(Kind::NationalId, "an Estonian or Lithuanian personal code", CuedOrAlone, N, "99999999999", ee_ik),
    id(Kind::NationalId, "a Greek AMKA", CuedOrAlone, N, "99999999999", gr_amka),
    id(Kind::TaxId, "a Greek AFM", Cued, T, "999999999", gr_afm),
    id(Kind::TaxId, "a Portuguese NIF", Cued, T, "999999999", pt_nif),
    id(Kind::NationalId, "an Irish PPS number", CuedOrAlone, N, "9999999A|9999999AA", ie_pps),
    id(Kind::NationalId, "a Turkish identity number", CuedOrAlone, N, "99999999999", tr_tckn),
    id(Kind::TaxId, "a Turkish tax number", Cued, T, "9999999999", tr_vkn),
    id(Kind::TaxId, "a Russian INN", Cued, T, "9999999999|999999999999", ru_inn),
    id(Kind::NationalId, "a Russian SNILS", Cued, N, "99999999999", ru_snils),
    id(Kind::NationalId, "an Israeli identity number", Cued, N, "999999999", luhn_text),
    id(Kind::NationalId, "an Indian Aadhaar number", CuedOrAlone, N, "999999999999", in_aadhaar),
    id(Kind::TaxId, "an Indian PAN", CuedOrAlone, T | cue::CARD, "AAAAA9999A", in_pan),
    id(Kind::TaxId, "an Indian GSTIN", Always, T, "99AAAAA9999AXAX", in_gstin),
    id(Kind::NationalId, "an Indian voter id", CuedOrAlone, N, "AAA9999999", in_voter),
    id(
        Kind::LicensePlate,
        "an Indian plate",
        CuedOrAlone,
        cue::PLATE,
        "AA99A9999|AA99AA9999|AA9A9999|AA9AA9999",
        in_plate,
    ),
    id(Kind::Passport, "an Indian passport", CuedOrAlone, cue::PASSPORT, "A9999999", in_passport),
    id(Kind::NationalId, "a Chinese resident id", Always, N, "99999999999999999X", cn_ric),
    id(Kind::NationalId, "a Hong Kong identity card", CuedOrAlone, N, "A999999X|AA999999X", hk_id),
    id(Kind::NationalId, "a Taiwanese identity number", CuedOrAlone, N, "A999999999", tw_id),
    id(Kind::NationalId, "a Korean resident number", CuedOrAlone, N, "9999999999999", kr_rrn),
    // From October 2020 on the number has no check digit.
    id(Kind::NationalId, "a Korean resident number without a check", CuedOrAlone, N, "9999999999999", kr_rrn_2020),
    id(Kind::TaxId, "a Korean business number", CuedOrAlone, T, "9999999999", kr_brn),
    id(Kind::DriverLicense, "a Korean driving licence", CuedOrAlone, cue::DRIVER, "999999999999", kr_driver),
    id(Kind::Passport, "a Korean passport", CuedOrAlone, cue::PASSPORT, "A99999999|A999A9999", kr_passport),
    id(Kind::NationalId, "a Japanese My Number", Cued, N, "999999999999", jp_my_number),
    id(Kind::NationalId, "a Singaporean NRIC or FIN", Always, N, "A9999999A", sg_nric),
    id(Kind::TaxId, "a Singaporean UEN", CuedOrAlone, T, "99999999A|999999999A|A99AA9999A", sg_uen),
    id(Kind::NationalId, "a Malaysian NRIC", Cued, N, "999999999999", my_nric),
    id(Kind::NationalId, "a Thai identity number", CuedOrAlone, N, "9999999999999", th_id),
    id(Kind::NationalId, "an Indonesian NIK", Cued, N, "9999999999999999", id_nik),
    id(Kind::TaxId, "an Australian tax file number", CuedOrAlone, T, "999999999", au_tfn),
    id(Kind::TaxId, "an Australian business number", CuedOrAlone, T, "99999999999", au_abn),
    id(Kind::TaxId, "an Australian company number", CuedOrAlone, T, "999999999", au_acn),
    id(Kind::TaxId, "a New Zealand IRD number", Cued, T, "999999999|99999999", nz_ird),
    id(Kind::NationalId, "a South African identity number", CuedOrAlone, N, "9999999999999", za_id),
    id(Kind::TaxId, "a Brazilian CPF", CuedOrAlone, N | T, "99999999999", br_cpf),
    id(Kind::TaxId, "a Brazilian CNPJ", CuedOrAlone, T, "99999999999999", br_cnpj),
    id(Kind::TaxId, "an Argentine CUIT", CuedOrAlone, T, "99999999999", ar_cuit),
    id(Kind::NationalId, "a Chilean RUT", Cued, N | T, "99999999X|9999999X", cl_rut),
    id(Kind::NationalId, "a Mexican CURP", Always, N, "AAAA999999AAAAAAX9", mx_curp),
    id(Kind::TaxId, "a Mexican RFC", CuedOrAlone, T, "AAAA999999XXX|AAA999999XXX", mx_rfc),
    id(Kind::NationalId, "an Ecuadorian cédula", Cued, N, "9999999999", ec_cedula),
    id(Kind::Passport, "a British or US passport", Cued, cue::PASSPORT, "999999999|A99999999|AA9999999", any),
    id(Kind::LicensePlate, "a British plate", CuedOrAlone, cue::PLATE, "AA99AAA|A999AAA|A99AAA|A9AAA", gb_plate),
    id(
        Kind::LicensePlate,
        "a Turkish plate",
        CuedOrAlone,
        cue::PLATE,
        "99A9999|99A99999|99AA999|99AA9999|99AAA99|99AAA999|99AAA9999|99A999",
        tr_plate,
    ),
    id(
        Kind::LicensePlate,
        "a plate",
        Cued,
        cue::PLATE,
        "AAA999AA|AAA9999|AAA999|9AAA999|999AAA|AA999AA|AA99999|9999AAA|AAA99A9|AA9999|A99999|AB99999",
        any,
    ),
    id(Kind::Passport, "a German passport", CuedOrAlone, cue::PASSPORT, "XXXXXXXX99|CXXXXXXXX", de_passport),
];

/// The most tokens of an id, and the most characters.
const TOKENS_MAX: usize = 6;
const CHARS_MAX: usize = 18;

/// The ids that a compact value of each length may be.
static BY_LENGTH: LazyLock<Vec<Vec<&Id>>> = LazyLock::new(|| {
    let has_length = |id: &&Id, length: usize| id.shape.split('|').any(|shape| shape.len() == length);
    (0..=CHARS_MAX).map(|length| IDS.iter().filter(|id| has_length(id, length)).collect()).collect()
});

const ANY_ID: Cues = N | T | H | cue::BANK | cue::SSN | cue::PASSPORT | cue::DRIVER | cue::PLATE | cue::CARD;

pub(super) fn find(lexed: &Lexed, scope: Scope, spans: &mut Vec<Span>) {
    let is_alone = scope == Scope::Text && is_alone(lexed.text);
    let mut next = 0;
    for &anchor in &lexed.numbers {
        let anchor = anchor as usize;
        // Letters may stand before the first digits: `AB 12 34 56 C`.
        let led = anchor.checked_sub(1).filter(|before| {
            let token = &lexed.tokens[*before];
            *before >= next && token.shape.is_word() && token.len() <= 6 && matches!(lexed.gap(*before), " " | "-" | "")
        });
        for first in [led, Some(anchor)].into_iter().flatten().filter(|first| *first >= next) {
            if let Some((last, id)) = id_from(lexed, first, is_alone) {
                let range = lexed.tokens[first].start()..lexed.tokens[last].end();
                spans.push(Span { range, kind: id.kind, why: id.why });
                next = last + 1;
                break;
            }
        }
    }
}

/// The text is short and holds no words, but for what an id is made of.
fn is_alone(text: &str) -> bool {
    let text = text.trim();
    text.len() <= 24
        && !text.contains('\n')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-' | b'.' | b'/' | b'+'))
}

fn id_from(lexed: &Lexed, first: usize, is_alone: bool) -> Option<(usize, &'static Id)> {
    let start = lexed.tokens[first].start();
    let before = lexed.byte_before(start);
    if matches!(before, b'.' | b'_' | b'$' | b'/' | b'#' | b'+')
        || before == b'-' && first > 0 && lexed.tokens[first - 1].end() + 1 == start
    {
        return None;
    }
    let cues = lexed.cues_before(first, 5, 48) | lexed.cues_after(first, 5, 40) & (N | T);
    let has_letter =
        lexed.tokens[first..(first + TOKENS_MAX).min(lexed.tokens.len())].iter().any(|token| !token.shape.is_number());
    if !is_alone
        && cues & ANY_ID == 0
        && !has_letter
        && lexed.tokens[first].len() != 3
        && lexed.tokens[first].len() != 13
    {
        return None;
    }
    let mut compact = String::with_capacity(CHARS_MAX);
    let mut ends = [0; TOKENS_MAX];
    let mut count = 0;
    for last in first..(first + TOKENS_MAX).min(lexed.tokens.len()) {
        let text = lexed.token_text(last);
        if compact.len() + text.len() > CHARS_MAX || !text.is_ascii() {
            break;
        }
        compact.push_str(text);
        ends[count] = compact.len();
        count += 1;
        if !matches!(lexed.gap(last), " " | "-" | "." | "/" | "" | "+") {
            break;
        }
    }
    compact.make_ascii_uppercase();
    (0..count).rev().find_map(|at| {
        let end = lexed.tokens[first + at].end();
        let goes_on =
            matches!(lexed.byte_at(end), b'.' | b'-' | b'_' | b'/') && lexed.byte_at(end + 1).is_ascii_alphanumeric();
        let value = &compact[..ends[at]];
        if goes_on || value.len() < 5 || !value.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let whole = is_alone && first == 0 && at + 1 == count && lexed.tokens.len() == count;
        let fits = |id: &&Id| match id.when {
            Always => has_letter || cues & id.cues != 0 || whole || value.len() == 13,
            CuedOrAlone => cues & id.cues != 0 || whole,
            Cued => cues & id.cues != 0,
        };
        let raw = &lexed.text[start..end];
        let id = BY_LENGTH[value.len()]
            .iter()
            .copied()
            .find(|id| fits(id) && has_shape(value, id.shape) && is_written_well(raw, id) && (id.check)(value))?;
        Some((first + at, id))
    })
}

/// Where lower case would make a word of it, it must stand in capitals; one kind of separator only.
fn is_written_well(raw: &str, id: &Id) -> bool {
    let separators: Vec<u8> = raw.bytes().filter(|byte| !byte.is_ascii_alphanumeric()).collect();
    let count = separators.len();
    let is_well_placed = match id.why {
        "a South African identity number" => count == 0 || separators[0] == b' ',
        "a Korean resident number" => count == 0 || raw.as_bytes().get(6) == Some(&b'-') && count == 1,
        "a Swedish organisation number" => count == 1 && raw.as_bytes().get(6) == Some(&b'-'),
        "a Korean resident number without a check" => count == 1 && raw.as_bytes().get(6) == Some(&b'-'),
        "a Thai identity number" => matches!(count, 0 | 4),
        "a Finnish identity code" => raw.len() == 11 && (count == 0 || matches!(separators[0], b'-' | b'+')),
        "a Korean driving licence" => count == 3 && raw.as_bytes()[2] == b'-' && raw.as_bytes()[5] == b'-',
        "a US taxpayer number (EIN)" => count == 1 && raw.as_bytes()[2] == b'-',
        "an Australian tax file number" | "an Australian company number" => {
            count == 0 || count == 2 && raw.as_bytes()[3] == b' '
        }
        _ => !separators.contains(&b'+') || id.why.contains("Swedish"),
    };
    if !is_well_placed || id.kind == Kind::Passport && count > 0 {
        return false;
    }
    let mixed =
        separators.contains(&b' ') && separators.iter().any(|byte| *byte != b' ') && id.kind != Kind::NationalId;
    let lower = raw.bytes().any(|byte| byte.is_ascii_lowercase());
    let upper = raw.bytes().any(|byte| byte.is_ascii_uppercase());
    let unlikely_case = lower && (upper || id.when == Always && id.shape.contains("AAAA"));
    let uneven = id.why.contains("Canadian") && separators.len() == 2 && separators[0] != separators[1];
    !(mixed || unlikely_case || uneven)
}

fn has_shape(value: &str, shapes: &str) -> bool {
    shapes.split('|').any(|shape| {
        shape.len() == value.len()
            && shape.bytes().zip(value.bytes()).all(|(shape, byte)| match shape {
                b'A' => byte.is_ascii_uppercase(),
                b'9' => byte.is_ascii_digit(),
                b'X' => byte.is_ascii_alphanumeric(),
                letter => byte == letter,
            })
    })
}

fn any(_: &str) -> bool {
    true
}

fn luhn_text(value: &str) -> bool {
    luhn(&digits(value)) && !value.starts_with("000")
}

fn mod_11_10_text(value: &str) -> bool {
    mod_11_10(&digits(value))
}

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

/// Luhn with the prefix 80840 (CMS).
fn npi(value: &str) -> bool {
    let d = digits(value);
    let repeated = (0..10).map(|digit| d.iter().filter(|found| **found == digit).count()).max().unwrap_or(0);
    matches!(d[0], 1 | 2) && repeated < 7 && luhn(&[&[8, 0, 8, 4, 0], &d[..]].concat())
}

fn dea(value: &str) -> bool {
    let d = digits(&value[value.len() - 7..]);
    b"ABCDEFGHJKLMPRSTUX".contains(&value.as_bytes()[0]) && (d[0] + d[2] + d[4] + 2 * (d[1] + d[3] + d[5])) % 10 == d[6]
}

/// CMS: no S, L, O, I, B, Z, and a first digit from 1.
fn mbi(value: &str) -> bool {
    let has_letter_at = |at: usize| !b"SLOIBZ".contains(&value.as_bytes()[at]);
    !value.starts_with('0')
        && [1, 2, 4, 5, 7, 8].into_iter().all(has_letter_at)
        && (value.as_bytes()[1].is_ascii_alphabetic())
}

fn au_medicare(value: &str) -> bool {
    let d = digits(value);
    (2..=6).contains(&d[0]) && weighted(&d[..8], &[1, 3, 7, 9, 1, 3, 7, 9]) % 10 == d[8]
}

/// The letter counts as two digits; products of two digits count by their cross sum.
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

fn aba(value: &str) -> bool {
    let d = digits(value);
    let area = d[0] * 10 + d[1];
    let is_district = matches!(area, 1..=12 | 21..=32 | 61..=72 | 80);
    is_district && weighted(&d, &[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10)
}

fn ca_sin(value: &str) -> bool {
    luhn_text(value) && !matches!(value.as_bytes()[0], b'0' | b'8')
}

/// The letter is the number modulo 23; X, Y and Z count as 0, 1 and 2.
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

/// D.M. 23/12/1976: values of the odd and even places, modulo 26.
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

fn fr_nir(value: &str) -> bool {
    let number: u64 = value[..13].parse().unwrap_or(0);
    let key: u64 = value[13..].parse().unwrap_or(0);
    matches!(value.as_bytes()[0], b'1' | b'2' | b'3' | b'4' | b'7' | b'8') && 97 - number % 97 == key
}

/// One digit stands twice or three times among the first ten, then ISO 7064.
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

/// ICAO 9303's check digit, weights 7, 3, 1.
fn icao(value: &str) -> u32 {
    let values = value
        .bytes()
        .map(|byte| if byte.is_ascii_digit() { u32::from(byte - b'0') } else { u32::from(byte - b'A') + 10 });
    values.zip([7, 3, 1].into_iter().cycle()).map(|(value, weight)| value * weight).sum::<u32>() % 10
}

fn icao_10(value: &str) -> bool {
    icao(&value[..9]) == digits(&value[9..])[0] && value.bytes().filter(u8::is_ascii_digit).count() >= 3
}

fn de_passport(value: &str) -> bool {
    let is_letter = b"CFGHJK".contains(&value.as_bytes()[0]);
    let has_no_vowel = !value.bytes().any(|byte| b"ABDEIOQSU".contains(&byte));
    is_letter
        && has_no_vowel
        && value.bytes().filter(u8::is_ascii_digit).count() >= 4
        && (value.len() == 9 || icao(&value[..9]) == digits(&value[9..])[0])
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

fn nl_bsn(value: &str) -> bool {
    let d = digits(value);
    let sum = weighted(&d[..8], &[9, 8, 7, 6, 5, 4, 3, 2]);
    sum % 11 == d[8] && d.iter().any(|digit| *digit != d[0])
}

fn be_nn(value: &str) -> bool {
    let d = digits(value);
    let number: u64 = value[..9].parse().unwrap_or(0);
    let check: u64 = value[9..].parse().unwrap_or(0);
    d[2] * 10 + d[3] <= 12
        && d[4] * 10 + d[5] <= 31
        && (97 - number % 97 == check || 97 - (2_000_000_000 + number) % 97 == check)
}

/// Begins with Switzerland's 756 and ends with EAN-13's check digit.
fn ch_ahv(value: &str) -> bool {
    let d = digits(value);
    let sum = weighted(&d[..12], &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]);
    value.starts_with("756") && (10 - sum % 10) % 10 == d[12]
}

fn at_svnr(value: &str) -> bool {
    let d = digits(value);
    let check = (weighted(&d[..3], &[3, 7, 9]) + weighted(&d[4..], &[5, 8, 4, 2, 1, 6])) % 11;
    d[0] != 0 && check == d[3] && is_month_and_day(d[6] * 10 + d[7], d[4] * 10 + d[5])
}

fn se_pn(value: &str) -> bool {
    let short = &value[value.len() - 10..];
    let d = digits(short);
    let day = d[4] * 10 + d[5];
    is_month_and_day(d[2] * 10 + d[3], if day > 60 { day - 60 } else { day })
        && luhn(&d)
        && (value.len() == 10 || matches!(&value[..2], "18" | "19" | "20"))
}

fn se_org(value: &str) -> bool {
    let d = digits(value);
    d[2] >= 2 && matches!(d[0], 1 | 2 | 3 | 5 | 6 | 7 | 8 | 9) && luhn(&d)
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

/// The last sign is the number modulo 31.
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

fn pl_pesel(value: &str) -> bool {
    let d = digits(value);
    let sum = weighted(&d[..10], &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3]);
    is_month_and_day((d[2] * 10 + d[3]) % 20, d[4] * 10 + d[5]) && (10 - sum % 10) % 10 == d[10]
}

fn pl_nip(value: &str) -> bool {
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

fn ee_ik(value: &str) -> bool {
    let d = digits(value);
    let first = weighted(&d[..10], &[1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
    let check = if first < 10 { first } else { weighted(&d[..10], &[3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11 % 10 };
    (1..=6).contains(&d[0]) && is_month_and_day(d[3] * 10 + d[4], d[5] * 10 + d[6]) && check == d[10]
}

fn gr_amka(value: &str) -> bool {
    let d = digits(value);
    is_month_and_day(d[2] * 10 + d[3], d[0] * 10 + d[1]) && luhn(&d)
}

fn gr_afm(value: &str) -> bool {
    let d = digits(value);
    weighted(&d[..8], &[256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10 == d[8] && d.iter().any(|digit| *digit != 0)
}

fn pt_nif(value: &str) -> bool {
    let d = digits(value);
    let check = 11 - weighted(&d[..8], &[9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    matches!(d[0], 1 | 2 | 3 | 5 | 6 | 8 | 9) && (if check > 9 { 0 } else { check }) == d[8]
}

fn ie_pps(value: &str) -> bool {
    let d = digits(&value[..7]);
    let second = value.as_bytes().get(8).map_or(0, |byte| u32::from(byte - b'@'));
    let sum = weighted(&d, &[8, 7, 6, 5, 4, 3, 2]) + if second == 23 { 0 } else { 9 * second };
    b"WABCDEFGHIJKLMNOPQRSTUV"[(sum % 23) as usize] == value.as_bytes()[7]
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

fn in_aadhaar(value: &str) -> bool {
    let d = digits(value);
    d[0] >= 2 && verhoeff(&d) && !value.bytes().eq(value.bytes().rev())
}

/// The fourth letter is the holder's kind.
fn in_pan(value: &str) -> bool {
    b"ABCFGHJLPTEK".contains(&value.as_bytes()[3]) || value.len() == 10
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
    !matches!(value.as_bytes()[0], b'Q' | b'X' | b'Z') && value.as_bytes()[1] != b'0'
}

/// ISO 7064, MOD 11-2, over a place and a date.
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

fn kr_rrn_2020(value: &str) -> bool {
    let d = digits(value);
    is_month_and_day(d[2] * 10 + d[3], d[4] * 10 + d[5]) && (1..=8).contains(&d[6])
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

/// The first two digits are a province, 1 to 81.
fn tr_plate(value: &str) -> bool {
    value[..2].parse::<u32>().is_ok_and(|province| (1..=81).contains(&province))
        && !value.bytes().any(|byte| b"QWX".contains(&byte))
}
