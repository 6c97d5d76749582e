//! A value of every kind of contact, number and name survives in none of ten carriers. Kinds that only a word tells apart
//! (a passport's number) stand beside their word, as the carrier writes it.

use std::fmt::Write as _;

use crate::found;

/// Label, the key and the words that announce the value, the value.
const PLANTED: [(&str, &str, &str, &str); 24] = [
    ("EMAIL", "email", "e-mail", "jane.sample@example.com"),
    ("PHONE", "phone", "phone number", "+1 415 555 0132"),
    ("PHONE", "phone", "phone number", "020 7946 0958"),
    ("CREDIT_CARD", "card", "card", "4111 1111 1111 1111"),
    ("IBAN", "iban", "IBAN", "GB82WEST12345698765432"),
    ("SSN", "ssn", "social security number", "219-09-9999"),
    ("NATIONAL_ID", "nino", "national insurance number", "AB123456C"),
    ("NATIONAL_ID", "pesel", "PESEL", "44051401359"),
    ("TAX_ID", "cpf_tax", "tax number", "529.982.247-25"),
    ("HEALTH_ID", "npi", "NPI", "1234567893"),
    ("MRN", "mrn", "MRN", "00123456"),
    ("PASSPORT", "passport", "passport number", "X12345678"),
    ("DRIVER_LICENSE", "driver_license", "driver license", "D1234567"),
    ("LICENSE_PLATE", "license_plate", "license plate", "AB51 ABC"),
    ("VIN", "vin", "VIN", "1M8GDM9AXKP042788"),
    ("DEVICE_ID", "imei", "IMEI", "490154203237518"),
    ("BANK_ACCOUNT", "account_number", "account number", "1234567890"),
    ("DOB", "dob", "date of birth", "1984-02-29"),
    ("COORD", "location", "position", "48.85837, 2.294481"),
    ("ADDRESS", "address", "address", "12 Harbour Street, Springfield, IL 62704"),
    ("USERNAME", "username", "username", "jsample77"),
    ("PERSON", "name", "name", "Mary Sample"),
    ("IP", "ip", "address", "81.2.69.142"),
    ("MAC", "mac", "MAC address", "3c:22:fb:12:9a:0b"),
];

const CARRIERS: [(&str, &str); 10] = [
    ("prose", "Please look into it: the WORDS is VALUE, as the customer says."),
    ("json", "{\"KEY\": \"VALUE\", \"n\": 1}"),
    ("yaml", "entry:\n  KEY: VALUE\n  other: 1\n"),
    ("code", "let KEY = \"VALUE\";"),
    ("log", "2026-03-02T10:15:30Z INFO worker: KEY=VALUE in 12 ms"),
    ("url", "https://example.com/x?KEY=VALUE&y=1"),
    ("markdown", "* **WORDS**: `VALUE`"),
    ("table", "| WORDS | VALUE |"),
    ("quoted", "> WORDS: 'VALUE'"),
    ("mixed script", "値 WORDS: VALUE です。Привет!"),
];

#[test]
fn a_planted_value_survives_in_none_of_ten_carriers() {
    let mut leaks = String::new();
    for (label, key, words, value) in PLANTED {
        for (carrier, text) in CARRIERS {
            let text = text.replace("KEY", key).replace("WORDS", words).replace("VALUE", value);
            let found = found(&text);
            if !found.iter().any(|(_, taken)| taken.contains(value)) {
                writeln!(leaks, "{label} in {carrier}: {text:?} gives {found:?}").unwrap();
            }
        }
    }
    assert!(leaks.is_empty(), "{leaks}");
}
