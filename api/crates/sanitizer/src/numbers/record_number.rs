//! Finds numbers that only a word identifies: medical records, insurance, passports, licences, accounts, devices, vehicles.

use crate::{
    numbers::checksum,
    scan::{
        Scanned,
        char_classes::CharClasses,
        trigger_words::{self as trigger, Triggers},
    },
    span::{Kind, Span},
};

/// The words of which any of these numbers needs one.
const ANY: Triggers = trigger::MRN
    | trigger::HEALTH
    | trigger::COMPANY
    | trigger::INSURANCE
    | trigger::DEVICE
    | trigger::VIN
    | trigger::PASSPORT
    | trigger::DRIVER
    | trigger::LICENSE
    | trigger::BANK
    | trigger::ACCOUNT;
const VALUE_BYTES_MIN: usize = 5;
/// The letters and digits of the number of a vehicle.
const VIN_CHARS: usize = 17;

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    let mut next = 0;
    for &anchor in &scanned.long_numbers {
        let index = anchor as usize;
        if index < next {
            continue;
        }
        let (start, last) = value_around(scanned, index);
        let range = scanned.tokens[start].start()..scanned.tokens[last].end();
        let value = &scanned.text[range.clone()];
        if value.len() < VALUE_BYTES_MIN {
            continue;
        }
        let triggers = if scanned.has_trigger(ANY) { scanned.triggers_before(start, 4, 32) } else { 0 };
        if let Some((kind, why)) = kind_of(scanned, value, triggers, start) {
            spans.push(Span { range, kind, why });
            next = last + 1;
        }
    }
}

/// The first and the last token of the value around a number, which single hyphens join: `MRN-12345`, `DL-A12345-67`.
fn value_around(scanned: &Scanned, index: usize) -> (usize, usize) {
    let (mut start, mut last) = (index, index);
    let joined = |at: usize| scanned.is_joined(at, b'-');
    while start > 0 && index - start < 3 && joined(start - 1) {
        start -= 1;
    }
    while last + 1 < scanned.tokens.len() && last - index < 3 && joined(last) {
        last += 1;
    }
    (start, last)
}

/// The kind of number that a value is, and the rule that says so.
fn kind_of(scanned: &Scanned, value: &str, triggers: u64, first: usize) -> Option<(Kind, &'static str)> {
    let stands_free = !matches!(scanned.byte_before(scanned.tokens[first].start()), b'.' | b'$' | b'/' | b'_' | b'#');
    // Right after its name it counts even if its checksum is wrong: people mistype, and test data is made up.
    let named = |name: &str| first > 0 && scanned.token_text(first - 1).eq_ignore_ascii_case(name);
    // Most numbers have no word beside them, nor a prefix in capitals, nor the length of a vehicle's.
    let may_be_any = triggers & ANY != 0
        || value.starts_with(|c: char| c.is_ascii_uppercase())
        || value.len() >= VIN_CHARS
        || named("npi")
        || named("dea");
    if !stands_free || !may_be_any || !value.is_ascii() {
        return None;
    }
    let classes = CharClasses::of(value.as_bytes());
    let (digits, letters, is_upper) = (classes.digits(), classes.letters(), classes.lower() == 0);
    let compact = digits + letters;
    // `MRN-…` says itself what it is.
    let is_record = value.starts_with("MRN")
        || triggers & trigger::MRN != 0
        || triggers & (trigger::HEALTH | trigger::COMPANY) != 0 && follows_record(scanned, first);
    if is_record && (5..=12).contains(&digits) && is_upper && !is_time(value) {
        return Some((Kind::Mrn, "the number of a medical record"));
    }
    let prefix = &value[..value.bytes().take_while(u8::is_ascii_uppercase).count()];
    if value[prefix.len()..].starts_with('-') && digits >= 6 {
        match prefix {
            "INS" | "HIN" | "HIC" | "MBR" | "MEM" => return Some((Kind::HealthId, "the number of an insurance")),
            "NID" | "NIN" => return Some((Kind::NationalId, "a national id by its prefix")),
            "DL" => return Some((Kind::DriverLicense, "the number of a driving licence")),
            "NH" => return Some((Kind::Mrn, "the number of a health record")),
            _ => {}
        }
    }
    if named("npi") && digits == 10 && letters == 0 || named("dea") && digits == 7 && letters == 2 && is_upper {
        return Some((Kind::HealthId, "the number of a health care provider"));
    }
    let nothing_else = triggers & (trigger::HARMLESS | trigger::VERSION) == 0;
    if triggers & trigger::INSURANCE != 0 && (7..=14).contains(&digits) && is_upper && nothing_else {
        return Some((Kind::HealthId, "the number of an insurance"));
    }
    if triggers & trigger::DEVICE != 0
        && (14..=20).contains(&digits)
        && letters == 0
        && (digits != 15 || checksum::luhn(&checksum::digits(value)))
    {
        return Some((Kind::DeviceId, "the number of a device"));
    }
    if compact == VIN_CHARS
        && letters >= 1
        && digits >= 3
        && is_upper
        && (vin(value) || triggers & trigger::VIN != 0 && !value.contains('-'))
    {
        return Some((Kind::Vin, "the number of a vehicle (VIN)"));
    }
    if triggers & trigger::PASSPORT != 0
        && (6..=9).contains(&compact)
        && digits >= 5
        && is_upper
        && !value.contains('-')
    {
        return Some((Kind::Passport, "the number of a passport"));
    }
    if triggers & (trigger::DRIVER | trigger::LICENSE) != 0
        && (5..=18).contains(&compact)
        && digits >= 4
        && is_upper
        && nothing_else
        && is_licensed(scanned, first, triggers, digits, letters)
    {
        return Some((Kind::DriverLicense, "the number of a driving licence"));
    }
    if triggers & (trigger::BANK | trigger::ACCOUNT) != 0
        && (6..=17).contains(&digits)
        && letters == 0
        && value.len() == digits
        && nothing_else
        && triggers & trigger::PHONE == 0
    {
        return Some((Kind::BankAccount, "the number of a bank account"));
    }
    None
}

/// Whether a value is a date or the hours of a shift, as the next line of a record begins: `2022-03-24`, `0700-1900`.
fn is_time(value: &str) -> bool {
    let mut lengths = [0; 3];
    for (at, part) in value.split('-').enumerate() {
        if at == lengths.len() || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return false;
        }
        lengths[at] = part.len();
    }
    matches!(lengths, [4, 2, 2] | [2, 2, 4]) || lengths == [4, 4, 0] && value.split('-').all(is_hour)
}

/// Whether four digits are an hour and minutes: `0700`.
fn is_hour(digits: &str) -> bool {
    digits[..2] <= *"24" && matches!(&digits[2..], "00" | "15" | "30" | "45")
}

/// Whether the words before a value name the record of a patient: `medical record MED1234567`, `Hospital No: RX4417820`.
fn follows_record(scanned: &Scanned, first: usize) -> bool {
    const WORDS: [(&str, &str); 8] = [
        ("medical", "record"),
        ("medical", "records"),
        ("hospital", "no"),
        ("hospital", "number"),
        ("patient", "no"),
        ("patient", "number"),
        ("patient", "id"),
        ("health", "record"),
    ];
    let is = |index: usize, word: &str| scanned.token_text(index).eq_ignore_ascii_case(word);
    (first.saturating_sub(4)..first.saturating_sub(1))
        .any(|index| WORDS.iter().any(|(one, other)| is(index, one) && is(index + 1, other)))
}

/// Whether the words before a value speak of a driver's licence. `license` alone may be that of a firm or of software: its number
/// counts if it is long enough and nothing around it speaks of those.
fn is_licensed(scanned: &Scanned, first: usize, triggers: Triggers, digits: usize, letters: usize) -> bool {
    const DIGITS_MIN: usize = 6;
    const TOKENS_BEFORE: usize = 12;
    const FIRMS: &str = "apache broker brokerage business contractor dealer finra firm gpl key liquor lender mit nmls pharmacy product \
                         regulator regulatory serial software trade";
    // `license` is in both lists of words, `licence` in one.
    let words = first.saturating_sub(4)..first;
    let names_driver = words
        .clone()
        .any(|index| scanned.tokens[index].has(trigger::DRIVER) && !scanned.tokens[index].has(trigger::LICENSE));
    if names_driver {
        return triggers & trigger::LICENSE != 0 || letters >= 1;
    }
    let is_firm = |index: usize| {
        scanned.tokens[index].has(trigger::COMPANY)
            || FIRMS.split(' ').any(|word| scanned.token_text(index).eq_ignore_ascii_case(word))
    };
    (letters >= 1 || triggers & trigger::DRIVER != 0)
        && digits >= DIGITS_MIN
        && !(first.saturating_sub(TOKENS_BEFORE)..first).any(is_firm)
}

/// Whether a vehicle identification number has the right check digit (49 CFR 565; ISO 3779).
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
