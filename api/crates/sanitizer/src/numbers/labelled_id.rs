//! Finds what stands in the field of an id by the name of the field alone: `PESEL: 7104231187`, `N.º de afiliación: 28/12345678/40`.
//!
//! The ids of most countries have check digits, and the tables of `national_ids` know many of them. But people mistype, and forms of
//! small countries and old ones have none. Behind the name of an id and a colon nothing else stands.

use crate::{
    scan::{
        Scanned,
        trigger_words::{self as trigger, Triggers},
        word_key::word_key,
        word_map::WordMap,
    },
    span::{Kind, Span},
};
use std::sync::LazyLock;

/// Names of ids of persons, by what they are.
const NAMES: [(Triggers, &str); 3] = [
    (
        trigger::NATIONAL,
        "pesel dni nie curp cpf bsn nir nino aadhaar aadhar cnp egn oib jmbg emso hetu henkilötunnus isikukood personnummer personnr cpr fødselsnummer \
         kennitala tckn kimlik rut nik ktp cccd cmnd mykad nric hkid snils amka svnr sozialversicherungsnummer rentenversicherungsnummer \
         personalausweisnummer ausweisnummer dowód osobisty osobistego insee afiliación cedula cédula rodné rijksregisternummer ssn kitambulisho nida",
    ),
    (
        trigger::TAX,
        "nip rfc cuit cuil nif steuernummer steueridentifikationsnummer idnr tfn itin utr npwp afm adóazonosító adószám rnokpp contribuinte",
    ),
    (trigger::HEALTH, "krankenversichertennummer versichertennummer kvnr nhs taj bpjs utente"),
];
static IS_NAME: LazyLock<WordMap> = LazyLock::new(|| {
    let words = |(triggers, words): (Triggers, &'static str)| {
        words.split_whitespace().filter_map(move |word| Some((word_key(word)?, triggers)))
    };
    WordMap::new(NAMES.into_iter().flat_map(words))
});

/// How many words before the colon may name the id: `Número de afiliación a la Seguridad Social:`.
const WORDS_MAX: usize = 6;
/// The fewest digits, the most letters, and the most characters of an id.
const DIGITS_MIN: usize = 6;
const LETTERS_MAX: usize = 6;
const CHARS_MAX: usize = 26;

/// How far before the number the colon may stand: three letters that lead, a sign, and the longest gap behind the name.
const COLON_BYTES_MAX: usize = 3 + 1 + 4;

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    if !scanned.has_sign(b':') {
        return;
    }
    let mut next = 0;
    for &anchor in &scanned.long_numbers {
        let anchor = anchor as usize;
        // The colon stands before the number, or before what leads it; most numbers have none.
        let start = scanned.tokens[anchor].start();
        if anchor < next || !scanned.bytes()[start.saturating_sub(COLON_BYTES_MAX)..start].contains(&b':') {
            continue;
        }
        // Up to three letters may lead: `CBH 418295`.
        let is_led = anchor > 0 && {
            let lead = &scanned.tokens[anchor - 1];
            lead.shape.is_word()
                && lead.len() <= 3
                && !lead.shape.has_lower()
                && matches!(scanned.gap(anchor - 1), " " | "-")
        };
        let first = anchor - usize::from(is_led);
        let Some(label) = first.checked_sub(1) else { continue };
        if !matches!(scanned.gap(label), ": " | ":" | " : " | "\": \"" | "\":\"" | ":** ") {
            continue;
        }
        let named = (label.saturating_sub(WORDS_MAX - 1)..=label)
            .rev()
            .take_while(|at| *at == label || matches!(scanned.gap(*at), " " | "-" | "_" | ". " | "/" | "."))
            .fold(0, |named, at| named | scanned.key(at).map_or(0, |key| IS_NAME.get(key)));
        if named == 0 {
            continue;
        }
        if let Some(last) = value_end(scanned, first) {
            let (kind, why) = match named {
                _ if named & trigger::NATIONAL != 0 => (Kind::NationalId, "what stands in the field of a national id"),
                _ if named & trigger::TAX != 0 => (Kind::TaxId, "what stands in the field of a tax number"),
                _ => (Kind::HealthId, "what stands in the field of a health insurance number"),
            };
            spans.push(Span { range: scanned.tokens[first].start()..scanned.tokens[last].end(), kind, why });
            next = last + 1;
        }
    }
}

/// The last token of the value that begins with the token `first`.
fn value_end(scanned: &Scanned, first: usize) -> Option<usize> {
    let (mut digits, mut letters, mut last) = (0, 0, first);
    for at in first..(first + 6).min(scanned.tokens.len()) {
        let text = scanned.token_text(at);
        let count = text.bytes().filter(u8::is_ascii_digit).count();
        let is_part = text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
            && (count > 0 || text.len() <= 4);
        if !is_part || digits + letters + text.len() > CHARS_MAX {
            break;
        }
        (digits, letters, last) = (digits + count, letters + text.len() - count, at);
        if !matches!(scanned.gap(at), " " | "-" | "." | "/") {
            break;
        }
    }
    (digits >= DIGITS_MIN && letters <= LETTERS_MAX).then_some(last)
}

#[cfg(test)]
mod tests {
    use super::find;
    use crate::{scan::found_by, secrets::KEY_PREFIXES};

    #[test]
    fn the_field_of_an_id_holds_one_whatever_its_check_digit() {
        let found = |text: &str| -> Vec<String> {
            found_by(find, &KEY_PREFIXES, text).into_iter().map(|span| text[span.range].to_owned()).collect()
        };
        for (text, value) in [
            ("PESEL: 71042311871", "71042311871"),
            ("Dowód osobisty: CBH 418295", "CBH 418295"),
            ("CCCD: 079091012345", "079091012345"),
            ("Número de afiliación: 28/12345678/40", "28/12345678/40"),
            ("Krankenversichertennummer: M482910375", "M482910375"),
            ("{\"curp\": \"CXE820716\"}", "CXE820716"),
        ] {
            assert_eq!(found(text), [value], "{text}");
        }
        for text in ["order: 71042311871", "PESEL is checked in line 12345678", "nip: 12", "DNI: 2026"] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }
}
