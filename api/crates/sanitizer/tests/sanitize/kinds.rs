//! Each kind, with examples that are one and examples that are none.

use crate::{found, random};

#[track_caller]
pub(crate) fn takes(label: &str, examples: &[(&str, &str)]) {
    for (text, value) in examples {
        assert!(found(text).contains(&(label, value)), "{value:?} as {label} in {text:?}: {:?}", found(text));
    }
}

#[track_caller]
pub(crate) fn leaves(label: &str, texts: &[&str]) {
    for text in texts {
        assert!(found(text).iter().all(|(found, _)| *found != label), "no {label} in {text:?}: {:?}", found(text));
    }
}

#[test]
fn e_mail_addresses() {
    takes(
        "EMAIL",
        &[
            ("write to jane@example.com.", "jane@example.com"),
            ("<jane.doe+tag@mail.example.co.uk>", "jane.doe+tag@mail.example.co.uk"),
            ("'o'brien@example.ie'", "o'brien@example.ie"),
            ("mailto:jane@example.com?subject=x", "jane@example.com"),
            ("ada@пример.рф", "ada@пример.рф"),
            ("?email=jane%40example.com&x=1", "jane%40example.com"),
            ("ｊａｎｅ＠ｅｘａｍｐｌｅ．ｃｏｍ", "ｊａｎｅ＠ｅｘａｍｐｌｅ．ｃｏｍ"),
            ("jane\u{200B}@exam\u{200D}ple.com", "jane\u{200B}@exam\u{200D}ple.com"),
            ("jane [at] example [dot] com", "jane [at] example [dot] com"),
            ("jane at example dot com", "jane at example dot com"),
        ],
    );
    leaves("EMAIL", &["look at example for more", "a@b", "user@localhost", "@jane"]);
}

#[test]
fn phone_numbers() {
    takes(
        "PHONE",
        &[
            ("reach me: +1 415 555 0132!", "+1 415 555 0132"),
            ("+49 (0)30 901820", "+49 (0)30 901820"),
            ("call 415-555-0132", "415-555-0132"),
            ("(415) 555-0132 x12", "(415) 555-0132 x12"),
            ("tel: 020 7946 0958", "020 7946 0958"),
            ("my phone number is 4155550132", "4155550132"),
            ("06 12 34 56 78", "06 12 34 56 78"),
        ],
    );
    leaves("PHONE", &["+1 234", "2026-03-02 10:15:30", "1 + 2345678", "{\"phone_count\": 12}"]);
}

#[test]
fn cards_and_bank_accounts() {
    takes(
        "CREDIT_CARD",
        &[("pay with 4111 1111 1111 1111", "4111 1111 1111 1111"), ("378282246310005", "378282246310005")],
    );
    leaves("CREDIT_CARD", &["4111 1111 1111 1112", "0000000000000000"]);
    takes(
        "IBAN",
        &[
            ("to GB82 WEST 1234 5698 7654 32, please", "GB82 WEST 1234 5698 7654 32"),
            ("DE89370400440532013000", "DE89370400440532013000"),
        ],
    );
    leaves("IBAN", &["GB82 WEST 1234 5698 7654 33"]);
    takes("BANK_ACCOUNT", &[("account: 1234567890", "1234567890")]);
}

#[test]
fn social_security_numbers() {
    takes("SSN", &[("SSN 219-09-9999", "219-09-9999"), ("her ssn is 219099999", "219099999")]);
    leaves("SSN", &["000-12-3456", "219-00-9999", "219099999 bytes"]);
}

#[test]
fn national_and_tax_ids() {
    takes(
        "NATIONAL_ID",
        &[
            ("DNI 12345678Z", "12345678Z"),
            ("nino: AB 12 34 56 C", "AB 12 34 56 C"),
            ("pesel 44051401359", "44051401359"),
            ("henkilötunnus 131052-308T", "131052-308T"),
            ("aadhaar 2341 2341 2346", "2341 2341 2346"),
            ("NRIC S1234567D", "S1234567D"),
            ("personnummer 811228-9874", "811228-9874"),
            ("AHV 756.9217.0769.85", "756.9217.0769.85"),
            ("身份证 identity 11010519491231002X", "11010519491231002X"),
        ],
    );
    leaves("NATIONAL_ID", &["DNI 12345678A", "pesel 44051401358", "NRIC S1234567A"]);
    takes(
        "TAX_ID",
        &[
            ("CPF tax 529.982.247-25", "529.982.247-25"),
            ("ABN 51 824 753 556", "51 824 753 556"),
            ("codice fiscale RSSMRA85T10A562S", "RSSMRA85T10A562S"),
            ("Steuer-ID 86095742719 tax", "86095742719"),
        ],
    );
}

#[test]
fn records_of_health_travel_and_vehicles() {
    takes(
        "HEALTH_ID",
        &[
            ("NPI 1234567893", "1234567893"),
            ("NHS number 943 476 5919", "943 476 5919"),
            ("medicare 1EG4-TE5-MK73", "1EG4-TE5-MK73"),
        ],
    );
    takes("MRN", &[("MRN: 00123456", "00123456")]);
    takes("VIN", &[("vin 1M8GDM9AXKP042788", "1M8GDM9AXKP042788")]);
    takes("PASSPORT", &[("passport number X12345678", "X12345678")]);
    takes("DEVICE_ID", &[("IMEI 490154203237518", "490154203237518")]);
    takes(
        "DOB",
        &[
            ("born on 1984-02-29", "1984-02-29"),
            ("DOB: 02/29/1984", "02/29/1984"),
            ("date of birth: 29 February 1984", "29 February 1984"),
        ],
    );
}

#[test]
fn addresses_of_machines() {
    takes("IP", &[("from 8.8.8.8", "8.8.8.8"), ("[2a00:1450:4001:81b::200e]:443", "2a00:1450:4001:81b::200e")]);
    takes("MAC", &[("3c:22:fb:12:9a:0b", "3c:22:fb:12:9a:0b"), ("3c22.fb12.9a0b", "3c22.fb12.9a0b")]);
    leaves("MAC", &["10:15:30:20:11:05:x", "00:00:00:00:00:00"]);
}

#[test]
fn places() {
    takes(
        "ADDRESS",
        &[
            ("ships to 12 Harbour Street, Springfield, IL 62704.", "12 Harbour Street, Springfield, IL 62704"),
            ("wohnt in der Lindenstraße 25", "Lindenstraße 25"),
            ("habite 12 rue de la Paix", "12 rue de la Paix"),
        ],
    );
    takes("COORD", &[("gps 48.85837, 2.294481", "48.85837, 2.294481"), ("lat: 48.85837", "48.85837")]);
    leaves("ADDRESS", &["the street was empty", "drive 100 miles", "at 5 o'clock"]);
}

#[test]
fn persons() {
    takes(
        "PERSON",
        &[
            ("My name is Jane Sample", "Jane Sample"),
            ("Name: Jane Sample\nSSN: 219-09-9999", "Jane Sample"),
            ("{\"owner\": \"Jane Sample\", \"mail\": \"jane@example.com\"}", "Jane Sample"),
            ("Sincerely,\n\nJane Sample", "Jane Sample"),
            ("Je\u{200D}ne, no: Ja\u{200B}ne Sample, jane@example.com", "Ja\u{200B}ne Sample"),
        ],
    );
    leaves("PERSON", &["Visual Studio Code", "Monday Morning", "Dear customer", "the name is required"]);
}

#[test]
fn users() {
    takes(
        "USERNAME",
        &[
            ("/home/jsample/.ssh", "jsample"),
            ("C:\\Users\\jsample\\x", "jsample"),
            ("username: jsample77", "jsample77"),
            ("https://linkedin.com/in/jane-sample", "jane-sample"),
        ],
    );
    leaves("USERNAME", &["/home/user/x", "https://example.com/home/page", "username: string"]);
}

#[test]
fn vendors_keys() {
    for (prefix, length) in [
        ("sk-", 48),
        ("sk-ant-api03-", 60),
        ("ghp_", 36),
        ("github_pat_", 60),
        ("glpat-", 20),
        ("xoxb-", 40),
        ("hf_", 34),
        ("npm_", 36),
        ("phc_", 43),
        ("phx_", 43),
        ("phs_", 43),
        ("phr_", 43),
        ("AIza", 35),
        ("gsk_", 52),
        ("SG.", 60),
        ("sk_live_", 24),
        ("glsa_", 41),
    ] {
        let key = format!("{prefix}{}", random(length));
        assert_eq!(found(&format!("key is \"{key}\", ok")), [("SECRET", key.as_str())]);
    }
    let aws = format!("AKIA{}", "QZ7XW5T2LM9RP4HV");
    assert_eq!(found(&format!("id {aws}")), [("SECRET", aws.as_str())]);
}

#[test]
fn tokens_and_private_keys() {
    let jwt = ["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxIn0", "c2lnbmF0dXJl"].join(".");
    takes("JWT", &[(&format!("token {jwt};"), &jwt)]);
    leaves("JWT", &["eyJub3Q.a.token", "eyes.open.wide"]);
    for newline in ["\n", "\\n"] {
        let pem = format!(
            "-----BEGIN {0}-----{newline}{1}{newline}-----END {0}-----",
            ["RSA PRIVATE", "KEY"].join(" "),
            random(64)
        );
        takes("PRIVATE_KEY", &[(&format!("x {pem} y"), &pem)]);
    }
}

#[test]
fn secrets_by_context() {
    let value = random(40);
    for text in [
        "api_key = \"{}\"",
        "\"clientSecret\": \"{}\"",
        "SECRET_TOKEN={}",
        "Authorization: Bearer {}",
        "<token>{}</token>",
        "--token {}",
        "https://x.test/?access_token={}&b=1",
        "Cookie: session={}; a=b",
    ] {
        assert!(
            found(&text.replace("{}", &value)).contains(&("SECRET", &value)),
            "{text}: {:?}",
            found(&text.replace("{}", &value))
        );
    }
    takes(
        "PASSWORD",
        &[
            ("password = \"hunter2\"", "hunter2"),
            ("DB_PASS=s3cr3tpass", "s3cr3tpass"),
            ("my password is hunter2!", "hunter2"),
            ("pwd: Tr0ub4dor&3", "Tr0ub4dor&3"),
            ("CREATE USER 'a'@'%' IDENTIFIED BY 'hunter2x'", "hunter2x"),
            ("val password: String = \"hunter2x\"", "hunter2x"),
            ("if (password != \"hunter2x\") return;", "hunter2x"),
            ("setopt(PASSWORD, \"hunter2x\")", "hunter2x"),
            ("os.environ.get(\"PASSWORD\") or \"hunter2x\"", "hunter2x"),
            ("<add key=\"DbPassword\" value=\"hunter2x\"/>", "hunter2x"),
            ("- name: DB_PASSWORD\n  value: \"hunter2x\"", "hunter2x"),
            ("Server=db;User ID=app7;Password=letmein;", "letmein"),
            ("db.password=letmein\n", "letmein"),
            ("username: app\npassword: letmein\n", "letmein"),
            ("password for the database: hunter2x", "hunter2x"),
            ("the password is below:\n\n```\nhunter22x\n```", "hunter22x"),
            ("Password: &quot;hun&amp;ter2&quot;", "hun&amp;ter2"),
            ("我的密码：hunter2x", "hunter2x"),
            ("the PIN is 4821.", "4821"),
            ("passcode: 993421", "993421"),
            ("log in with password Tr0ub4dor&3 there", "Tr0ub4dor&3"),
        ],
    );
    takes(
        "URL_CRED",
        &[
            ("postgres://app:hunter2@db.internal/x", "app:hunter2@db.internal"),
            ("https://app:hunter2@example.com/x", "app:hunter2"),
        ],
    );
    let hook = format!("https://hooks.slack.com/{}/{}", "services", random(44));
    takes("URL_CRED", &[(&hook, &hook)]);
}

#[test]
fn letters_alone_that_are_no_words_are_secrets() {
    takes(
        "SECRET",
        &[("api_key = \"qzxkvbnwplfgtrmd\"", "qzxkvbnwplfgtrmd"), ("SECRET=abcdefghijklmnop", "abcdefghijklmnop")],
    );
    leaves("SECRET", &["api_key = \"authentication\"", "token = getAccessTokenFromStore", "secret_key: required"]);
}

#[test]
fn seed_phrases() {
    // The first and the longest vector of BIP 39.
    let phrase = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
    takes(
        "CRYPTO",
        &[(&format!("my wallet: {phrase}."), phrase), (&phrase.replace(' ', "\n"), &phrase.replace(' ', "\n"))],
    );
    let numbered: Vec<_> = phrase.split(' ').enumerate().map(|(at, word)| format!("{}. {word}", at + 1)).collect();
    let numbered = numbered.join("\n");
    takes("CRYPTO", &[(&numbered, &numbered[3..])]);
    // A wrong checksum, too few words, and words that are not of the list.
    leaves("CRYPTO", &[&phrase.replace("about", "abandon"), &phrase[8..], &phrase.replace("about", "the")]);
}

#[test]
fn wallets() {
    takes(
        "CRYPTO",
        &[
            ("send to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
            ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"),
        ],
    );
    leaves("CRYPTO", &["1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb"]);
}
