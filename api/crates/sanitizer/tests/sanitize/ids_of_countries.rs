//! Ids of countries: those that stand alone in a sentence, those that need a word, and the numbers beside them that stay.

use crate::found;

#[track_caller]
fn is_found(texts: &[(&str, &str)]) {
    for (text, id) in texts {
        assert!(found(text).iter().any(|(_, value)| value == id), "{id} in {text:?}: {:?}", found(text));
    }
}

#[track_caller]
fn stays(texts: &[&str]) {
    for text in texts {
        assert_eq!(found(text), [], "in {text:?}");
    }
}

#[test]
fn what_only_one_country_writes_needs_no_word() {
    let ids = [
        "20-12345678-6",
        "3140576K001PB7",
        "85.07.30-033.28",
        "529.982.247-25",
        "16.080.388/0001-18",
        "12.345.678-5",
        "440305198809140574",
        "900.123.456-8",
        "131052-308T",
        "2 85 07 75 116 238 95",
        "185057800608491",
        "GHA-123456789-4",
        "120174-3399",
        "01.234.567.8-901.234",
        "RSSMRA85T10A562S",
        "760304-1025430",
        "161175-19997",
        "880512-14-5678",
        "01010750160",
        "35202-1234567-1",
        "112-233-445 95",
        "S1234567D",
        "12345678Z",
        "811228-9874",
        "756.9217.0769.85",
        "1-7097-23254-69-9",
        "784-1987-7599791-3",
        "MORGA657054SM9IJ",
        "J-00002961-0",
    ];
    for id in ids {
        for text in [format!("It says {id} there."), format!("{{\"v\": \"{id}\"}}"), format!("| a | {id} | b |")] {
            assert!(found(&text).iter().any(|(_, value)| *value == id), "{id} in {text:?}: {:?}", found(&text));
        }
    }
}

#[test]
fn the_same_with_a_wrong_check_digit_stays() {
    stays(&[
        "It says 20-12345678-7 there.",
        "It says 3140576K001PB5 there.",
        "It says 85.07.30-033.29 there.",
        "It says 529.982.247-26 there.",
        "It says 12.345.678-6 there.",
        "It says 2 85 07 75 116 238 96 there.",
        "It says 112-233-445 96 there.",
        "It says 811228-9875 there.",
        "It says 1-7097-23254-69-8 there.",
        "It says 784-1987-7599791-4 there.",
        "It says 161175-19998 there.",
    ]);
}

#[test]
fn numbers_of_things_are_no_ids() {
    stays(&[
        "order 811228-9874 has shipped",
        "session_id=20260414-0007",
        "order_id=41882209417",
        "at 05:34:45.123456789",
        "0b100 101 011 100 101",
        "pub const PPS_GETPARAMS: u32 = 2148036769;",
        "build 12345678901234 of 2026",
        "Due date 14/11/2022\nBusiness Model",
        "tax return of 2022-11-14",
    ]);
}

#[test]
fn a_word_announces_the_rest() {
    is_found(&[
        ("dowód osobisty CHW 043091", "CHW 043091"),
        ("REGON 123456785", "123456785"),
        ("cédula 1.234.567-2", "1.234.567-2"),
        ("Mon numéro de sécurité sociale est le 2 91 04 75 118 207 15.", "2 91 04 75 118 207 15"),
        ("SSN 518.44.9021", "518.44.9021"),
        ("the medical record MED1234567 was merged", "MED1234567"),
        ("Hospital No: RX4417820", "RX4417820"),
        ("IBAN DE12 5001 0517 5407 3249 32 is wrong", "DE12 5001 0517 5407 3249 32"),
    ]);
    stays(&[
        "DE12 5001 0517 5407 3249 32 is wrong",
        "request 7c1f0f3e-94b2-4d2d-be18-500105175407 after 20340 ms",
        "MED1234567 was merged",
        "the licence number 4417-B of the broker",
        "MIT license 2013-2014",
    ]);
}

#[test]
fn a_plate_needs_a_word_and_capitals() {
    is_found(&[
        ("Kennzeichen M-QT 4821 (Skoda)", "M-QT 4821"),
        ("license plate HH-KL 4417, driver", "HH-KL 4417"),
        ("nr rejestracyjny WE 4T812, OC", "WE 4T812"),
        ("plaque d'immatriculation GK-418-TZ", "GK-418-TZ"),
        ("Targa FN 482 KT", "FN 482 KT"),
        ("matrícula 4821 KTR", "4821 KTR"),
        ("kenteken TX-418-K", "TX-418-K"),
        ("plate 34 abc 1234", "34 abc 1234"),
    ]);
    stays(&[
        "the car of 1480 kg needs 41 m",
        "a plate of 500 kg",
        "plates to ISO 7591",
        "M-QT 4821 is a part",
        "a plate reader with 16 GB RAM",
        "12 plates of 20 mm",
    ]);
}

#[test]
fn four_numbers_are_a_version_beside_one_that_is_no_address() {
    stays(&[
        "App 8.0.11.24521 requires NETCore.App >= 8.0.11.0 but 6.0.36.1 was resolved",
        "AssemblyVersion(\"12.8.4.1\")",
        "requires lib >= 10.2.3.4",
    ]);
    is_found(&[(
        "version 8.0.11.24521 runs elsewhere. Much later the same log speaks of something that has no part in it, the address of a client: 81.2.69.142",
        "81.2.69.142",
    )]);
}
