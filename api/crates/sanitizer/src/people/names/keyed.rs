//! Names as the values of keys that nothing but a person has: `"firstName": "Oluwaseun"`, `Nachname: Yılmaz`, `last_name=Lee`. Such a
//! value is a name whether the dictionary knows it or not.
//!
//! A plain `name` is not among these keys, for tools, models, functions and files have one, too.

use std::borrow::Cow;

use super::context::Context;
use crate::scan::{Scanned, announced_by, name_dictionary, trigger_words as trigger};

/// The longest value, in bytes.
const VALUE_BYTES_MAX: usize = 64;
/// The most words of a value.
const VALUE_WORDS_MAX: usize = 6;
/// The most words of a key: `mothers_maiden_name`.
const KEY_WORDS_MAX: usize = 3;

/// More than the longest of the keys has.
const KEY_BYTES_MAX: usize = 32;

/// Keys of persons in lower case, without the signs between their words.
const KEYS: &[&str] = &[
    "firstname",
    "lastname",
    "surname",
    "fullname",
    "givenname",
    "familyname",
    "middlename",
    "maidenname",
    "legalname",
    "realname",
    "customername",
    "contactname",
    "patientname",
    "clientname",
    "employeename",
    "guestname",
    "passengername",
    "recipientname",
    "sendername",
    "holdername",
    "cardholdername",
    "cardholder",
    "accountholder",
    "accountholdername",
    "ownername",
    "studentname",
    "teachername",
    "parentname",
    "guardianname",
    "spousename",
    "billingname",
    "shippingname",
    "applicantname",
    "insuredname",
    "beneficiaryname",
    "tenantname",
    "drivername",
    "doctorname",
    "emergencycontactname",
    "fname",
    "lname",
    "vorname",
    "nachname",
    "familienname",
    "geburtsname",
    "prénom",
    "prenom",
    "nomdefamille",
    "apellido",
    "apellidos",
    "nombrecompleto",
    "cognome",
    "sobrenome",
    "nomecompleto",
    "imię",
    "imie",
    "nazwisko",
    "jméno",
    "jmeno",
    "příjmení",
    "prijmeni",
    "keresztnév",
    "keresztnev",
    "vezetéknév",
    "vezeteknev",
    "voornaam",
    "achternaam",
    "fornavn",
    "etternavn",
    "efternavn",
    "förnamn",
    "fornamn",
    "efternamn",
    "etunimi",
    "sukunimi",
    "adı",
    "soyadı",
    "soyadi",
    "soyad",
    "adsoyad",
    "adısoyadı",
    "numele",
    "anyjaneve",
    "neve",
    "prenumele",
    "namalengkap",
    "jinakamili",
    "nomecognome",
    "volledigenaam",
    "fulltnavn",
    "fullständigtnamn",
    "teljesnév",
    "celéjméno",
    "sottoscritto",
    "sottoscritta",
    "unterzeichner",
    "unterzeichnete",
];

/// Values that stand in schemas, forms to fill and messages of checks instead of a name.
const NO_VALUES: &[&str] = &[
    "string",
    "str",
    "text",
    "varchar",
    "char",
    "object",
    "any",
    "int",
    "integer",
    "boolean",
    "bool",
    "number",
    "float",
    "date",
    "uuid",
    "null",
    "none",
    "nil",
    "true",
    "false",
    "undefined",
    "unknown",
    "required",
    "optional",
    "missing",
    "invalid",
    "empty",
    "enter",
    "field",
    "column",
    "textfield",
    "charfield",
    "stringfield",
    "max",
    "min",
    "input",
    "label",
    "placeholder",
    "here",
    "example",
    "redacted",
    "hidden",
    "anonymous",
    "person",
    "array",
    "list",
    "option",
    "type",
    "value",
    "is",
    "must",
    "cannot",
    "too",
];

impl Context<'_> {
    /// The value of the key of a person that the token `index` ends, in bytes.
    pub(super) fn after_person_key(&self, index: usize) -> Option<std::ops::Range<usize>> {
        let scanned = self.scanned;
        let end = scanned.tokens[index].end();
        let rest = &scanned.text[end..scanned.text.floor_char_boundary(end + 16)];
        let key_end = rest.trim_start_matches(['"', '\'', '\\', '*', '`', ']', ')', ' ']);
        let sign = key_end.chars().next()?;
        if !matches!(sign, ':' | '=') || !is_person_key(scanned, index) && !self.is_plain_key(index) {
            return None;
        }
        let after = key_end[1..].trim_start_matches([':', '=', ' ', '\t', '*', '_', '.', '\\', '>']);
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'));
        let start = end + (rest.len() - after.len()) + usize::from(quote.is_some());
        let line = &scanned.text[start..scanned.text.floor_char_boundary(start + VALUE_BYTES_MAX)];
        let is_end = |c: char| match quote {
            Some(quote) => c == quote || c == '\\' || c == '\n',
            None => {
                matches!(c, '\n' | '\r' | ',' | ';' | '|' | '&' | '<' | '}' | '"' | '\t' | '#')
                    || sign == '=' && c == ' '
            }
        };
        let length = line.find(is_end).or_else(|| (start + line.len() == scanned.text.len()).then_some(line.len()))?;
        let value = line[..length].trim_end();
        // `models.CharField(` and `String!` are code.
        is_person_value(value).then(|| start..start + value.len())
    }
}

impl Context<'_> {
    /// Whether the token is the plain word for a name in a language other than English, alone at the start of its line, in the record of a
    /// person: `Nom : LE GALLOUDEC`. Of files and products, too, one gives the name, but not beside a phone and an address.
    fn is_plain_key(&self, index: usize) -> bool {
        const WORDS: &str = "nom nome nombre naam navn namn nafn nimi név nama jina jméno meno imię ime nume vardas vārds emri pangalan name";
        let word = self.scanned.token_text(index);
        let before = self.scanned.text[..self.scanned.tokens[index].start()].trim_end_matches([' ', '*', '>', '|']);
        self.is_record
            && (before.is_empty() || before.ends_with('\n'))
            && WORDS.split(' ').any(|known| word.to_lowercase() == known)
    }
}

/// Whether the token ends a key of a person: alone, or with words before it that an underscore, a hyphen or a space joins.
pub(super) fn is_person_key(scanned: &Scanned, index: usize) -> bool {
    // The words are written from the end of the buffer to its beginning. What has no room is longer than any key.
    let mut key = [0; KEY_BYTES_MAX];
    let mut start = KEY_BYTES_MAX;
    let mut at = index;
    for _ in 0..KEY_WORDS_MAX {
        let word = scanned.token_text(at);
        let lower = if word.is_ascii() { Cow::Borrowed(word) } else { Cow::Owned(word.to_lowercase()) };
        let Some(first) = start.checked_sub(lower.len()) else { return false };
        key[first..start].copy_from_slice(lower.as_bytes());
        key[first..start].make_ascii_lowercase();
        start = first;
        let key = &key[start..];
        if KEYS.iter().any(|known| known.as_bytes()[0] == key[0] && known.as_bytes() == key) {
            return true;
        }
        if at == 0 || !matches!(scanned.gap(at - 1), "_" | "-" | " " | ".") {
            return false;
        }
        at -= 1;
    }
    false
}

/// Whether a text may be the name of a person: a few words of letters, the first with a capital or in the dictionary, and none of the words
/// that stand in its place in forms and schemas.
pub(super) fn is_person_value(value: &str) -> bool {
    let decoded;
    let value = if value.contains(['+', '%']) {
        decoded = value.replace("%20", " ").replace('+', " ");
        decoded.as_str()
    } else {
        value
    };
    let is_written = |c: char| c.is_alphabetic() || matches!(c, ' ' | '.' | '-' | '\'' | '’' | ',') || is_mark(c);
    let mut words = value.split([' ', '.', '-', '\'', '’', ',']).filter(|word| !word.is_empty());
    let Some(first) = words.clone().next() else { return false };
    let is_known = || name_dictionary::look_up_word(first).is_name();
    value.chars().all(is_written)
        && value.chars().filter(|c| c.is_alphabetic()).count() >= 2
        && words.clone().count() <= VALUE_WORDS_MAX
        && (first.chars().next().is_some_and(char::is_uppercase) || is_known())
        && !words.any(|word| NO_VALUES.iter().any(|no_value| word.eq_ignore_ascii_case(no_value)) || is_label(word))
}

/// A combining mark, as in decomposed letters.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}')
}

/// Whether the word is a part of the label of a field: `First name`, `Your surname`.
fn is_label(word: &str) -> bool {
    announced_by(word) & trigger::NAME != 0 && !name_dictionary::look_up_word(word).is_name()
        || ["first", "last", "your", "the", "full", "middle"].iter().any(|label| word.eq_ignore_ascii_case(label))
}
