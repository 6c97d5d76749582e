//! Numbers that only a word tells apart: medical records, insurance, accounts, devices, vehicles.

use super::{
    Kind, Span, checksum,
    cue::{self, Cues},
    lex::Lexed,
    makeup::Makeup,
};

/// The words that any of these numbers needs.
const ANY: Cues = cue::MRN
    | cue::INSURANCE
    | cue::DEVICE
    | cue::VIN
    | cue::PASSPORT
    | cue::DRIVER
    | cue::LICENSE
    | cue::BANK
    | cue::ACCOUNT;
const VALUE_BYTES_MIN: usize = 5;

pub(super) fn find(lexed: &Lexed, spans: &mut Vec<Span>) {
    let mut next = 0;
    for &anchor in &lexed.long_numbers {
        let index = anchor as usize;
        if index < next {
            continue;
        }
        let (start, last) = value_around(lexed, index);
        let range = lexed.tokens[start].start()..lexed.tokens[last].end();
        let value = &lexed.text[range.clone()];
        if value.len() < VALUE_BYTES_MIN {
            continue;
        }
        let cues = if lexed.announces(ANY) { lexed.cues_before(start, 4, 32) } else { 0 };
        if let Some((kind, why)) = kind_of(lexed, value, cues, start) {
            spans.push(Span { range, kind, why });
            next = last + 1;
        }
    }
}

/// The tokens joined by single hyphens around a number: `MRN-12345`, `DL-A12345-67`.
fn value_around(lexed: &Lexed, index: usize) -> (usize, usize) {
    let (mut start, mut last) = (index, index);
    let joined = |at: usize| lexed.is_joined(at, b'-');
    while start > 0 && index - start < 3 && joined(start - 1) {
        start -= 1;
    }
    while last + 1 < lexed.tokens.len() && last - index < 3 && joined(last) {
        last += 1;
    }
    (start, last)
}

fn kind_of(lexed: &Lexed, value: &str, cues: u64, first: usize) -> Option<(Kind, &'static str)> {
    let stands_free = !matches!(lexed.byte_before(lexed.tokens[first].start()), b'.' | b'$' | b'/' | b'_' | b'#');
    if !stands_free || !value.is_ascii() {
        return None;
    }
    let makeup = Makeup::of(value.as_bytes());
    let (digits, letters, is_upper) = (makeup.digits(), makeup.letters(), makeup.lower() == 0);
    let compact = digits + letters;
    // `MRN-…` names itself.
    if (value.starts_with("MRN") || cues & cue::MRN != 0) && (5..=12).contains(&digits) && is_upper {
        return Some((Kind::Mrn, "a medical record's number"));
    }
    let prefix = &value[..value.bytes().take_while(u8::is_ascii_uppercase).count()];
    if value[prefix.len()..].starts_with('-') && digits >= 6 {
        match prefix {
            "INS" | "HIN" | "HIC" | "MBR" | "MEM" => return Some((Kind::HealthId, "an insurance's number")),
            "NID" | "NIN" => return Some((Kind::NationalId, "a national id")),
            "DL" => return Some((Kind::DriverLicense, "a driving licence")),
            "NH" => return Some((Kind::Mrn, "a health record's number")),
            _ => {}
        }
    }
    // Right behind its name it counts without its check: people mistype, and test data is made up.
    let named = |name: &str| first > 0 && lexed.token_text(first - 1).eq_ignore_ascii_case(name);
    if named("npi") && digits == 10 && letters == 0 || named("dea") && digits == 7 && letters == 2 && is_upper {
        return Some((Kind::HealthId, "a provider's number"));
    }
    let nothing_else = cues & (cue::HARMLESS | cue::VERSION) == 0;
    if cues & cue::INSURANCE != 0 && (7..=14).contains(&digits) && is_upper && nothing_else {
        return Some((Kind::HealthId, "an insurance's number"));
    }
    if cues & cue::DEVICE != 0
        && (14..=20).contains(&digits)
        && letters == 0
        && (digits != 15 || checksum::luhn(&checksum::digits(value)))
    {
        return Some((Kind::DeviceId, "a device's number"));
    }
    if compact == 17
        && letters >= 1
        && digits >= 3
        && is_upper
        && (vin(value) || cues & cue::VIN != 0 && !value.contains('-'))
    {
        return Some((Kind::Vin, "a vehicle's number"));
    }
    if cues & cue::PASSPORT != 0 && (6..=9).contains(&compact) && digits >= 5 && is_upper && !value.contains('-') {
        return Some((Kind::Passport, "a passport"));
    }
    let licensed =
        cues & cue::DRIVER != 0 && cues & cue::LICENSE != 0 || cues & (cue::DRIVER | cue::LICENSE) != 0 && letters >= 1;
    if licensed && (5..=18).contains(&compact) && digits >= 4 && is_upper && nothing_else {
        return Some((Kind::DriverLicense, "a driving licence"));
    }
    if cues & (cue::BANK | cue::ACCOUNT) != 0
        && (6..=17).contains(&digits)
        && letters == 0
        && value.len() == digits
        && nothing_else
        && cues & cue::PHONE == 0
    {
        return Some((Kind::BankAccount, "a bank account"));
    }
    None
}

/// A vehicle's number with its check digit (49 CFR 565; ISO 3779).
fn vin(value: &str) -> bool {
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    let values: Option<Vec<u32>> = value
        .bytes()
        .map(|byte| match byte {
            b'0'..=b'9' => Some(u32::from(byte - b'0')),
            b'A'..=b'H' => Some(u32::from(byte - b'A') + 1),
            b'J'..=b'N' => Some(u32::from(byte - b'J') + 1),
            b'P' => Some(7),
            b'R' => Some(9),
            b'S'..=b'Z' => Some(u32::from(byte - b'S') + 2),
            _ => None,
        })
        .collect();
    values.is_some_and(|values| {
        let check = match checksum::weighted(&values, &WEIGHTS) % 11 {
            10 => b'X',
            rest => b'0' + rest as u8,
        };
        values.len() == 17 && value.as_bytes()[8] == check
    })
}
