//! What must hold for every text.

use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use misfire_sanitizer::{Policy, Redactor, Scope, find};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};

use crate::{found, random};

/// Pieces that the families look for, joined at random: far more of them meet than in random characters.
fn piece() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "@",
        ".",
        "://",
        "-----BEGIN PRIVATE KEY-----",
        "eyJ",
        "sk-",
        "password",
        "=",
        ":",
        "\"",
        "'",
        " ",
        "\n",
        "+1",
        "415-555-0132",
        "4111111111111111",
        "Jane",
        "Dear ",
        "Dr. ",
        "name is ",
        "Street",
        "12",
        "é",
        "\u{200B}",
        "％",
        "＠",
        "[EMAIL_1]",
        "[",
        "]",
        "_",
        "AKIA",
        "::",
        "8.8.8.8",
        "(",
        ")",
        "$6$",
        "/home/",
        "curl -u ",
        "Cookie: ",
        "IBAN ",
        "GB82",
        "born ",
        "lat ",
        "Apt ",
        "°",
        "日本",
        "\\",
        "%40",
        " at ",
        " dot ",
        "0x",
        "Bearer ",
        "{",
        "}",
        "-",
        "/",
        "user ",
        "user \"",
        "username=",
        "uid=",
        "(uid=1",
        "login failed for ",
        "dob,a\n",
        "kind: Secret\n",
        "data:\n  a: ",
        "mysql -p",
        "sshpass -p ",
        "plate ",
        "machine login password ",
        "postgres://a:",
        "polar_oat_",
        "pin ",
    ]);
    prop_oneof![
        4 => pieces.prop_map(str::to_owned),
        4 => native_piece().prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => native_char().prop_map(String::from),
        2 => "[a-zA-Z0-9]{1,20}"
    ]
}

/// Pieces of what words of other scripts announce, and of addresses.
fn native_piece() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "手机号",
        "电话是",
        "姓名：",
        "王女士",
        "科苑路15号",
        "3栋1204室",
        "身份证",
        "密码：",
        "出生于",
        "1990年5月17日",
        "住在",
        "電話は",
        "です",
        "お名前：",
        "佐々木 ",
        "田中さん",
        "東京都渋谷区",
        "1丁目2-3",
        "〒",
        "이름: ",
        "박서연",
        " 님",
        "서울 강남구 ",
        "테헤란로 ",
        "101동 1203호",
        "주소는 ",
        "입니다",
        "телефон ",
        "СНИЛС: ",
        "ул. ",
        "Ленина, д. ",
        "кв. 12",
        "меня зовут ",
        "Иван Петрович",
        "адрес: ",
        "г. ",
        "пароль ",
        "τηλέφωνο ",
        "οδός Ερμού ",
        "Όνομα: ",
        "هاتف ",
        "اسمي ",
        "شارع ",
        "العنوان: ",
        "، ",
        "٠٥٠",
        "רחוב ",
        "שם: ",
        "ת.ז ",
        "फोन ",
        "नाम: ",
        "पता: ",
        "९८",
        "।",
        "เบอร์โทร",
        "ถนน ",
        "ต.",
        "ชื่อ",
        "๐๘",
        "სახელი: ",
        "հեռախոս՝ ",
        "ስልክ፦ ",
        "ផ្ទះ",
        "０９０",
        "。",
        "，",
        "：",
        "「",
        "ー",
        "々",
        "\u{301}",
        "\u{93C}",
        "\u{64B}",
        "\u{1100}\u{1161}",
        "Straße ",
        "ul. ",
        "rue ",
        "No: ",
        "bis ",
        "53332 ",
        "º ",
        "adresse: ",
        "meine Nummer ist ",
        "\"street\": \"",
        "Flat ",
        "Am ",
    ])
}

/// The blocks of Unicode in which the scripts stand that people write today, and some that nobody does.
const BLOCKS: [(&str, std::ops::Range<u32>); 30] = [
    ("Latin with diacritics", 0xC0..0x250),
    ("combining marks", 0x300..0x370),
    ("Greek", 0x370..0x400),
    ("Cyrillic", 0x400..0x530),
    ("Armenian", 0x530..0x590),
    ("Hebrew", 0x590..0x600),
    ("Arabic", 0x600..0x700),
    ("Syriac, Thaana, N'Ko", 0x700..0x800),
    ("Devanagari", 0x900..0x980),
    ("Bengali", 0x980..0xA00),
    ("Gurmukhi, Gujarati", 0xA00..0xB00),
    ("Oriya, Tamil", 0xB00..0xC00),
    ("Telugu, Kannada", 0xC00..0xD00),
    ("Malayalam, Sinhala", 0xD00..0xE00),
    ("Thai", 0xE00..0xE80),
    ("Lao", 0xE80..0xF00),
    ("Tibetan", 0xF00..0x1000),
    ("Burmese", 0x1000..0x10A0),
    ("Georgian", 0x10A0..0x1100),
    ("Hangul letters", 0x1100..0x1200),
    ("Ethiopic", 0x1200..0x13A0),
    ("Cherokee, Canadian syllabics", 0x13A0..0x1680),
    ("Khmer", 0x1780..0x1800),
    ("Mongolian", 0x1800..0x18B0),
    ("Kana", 0x3040..0x3100),
    ("Han", 0x4E00..0xA000),
    ("Yi", 0xA000..0xA4D0),
    ("Hangul", 0xAC00..0xD7A4),
    ("full width", 0xFF00..0xFFEF),
    ("beyond the basic plane", 0x1_0000..0x2_A6E0),
];

/// A letter or a digit of any script.
fn native_char() -> impl Strategy<Value = char> {
    prop::sample::select(BLOCKS.to_vec())
        .prop_flat_map(|(_, block)| block.prop_filter_map("assigned or not, but a character", char::from_u32))
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn spans_are_ordered_and_within_bounds(text in text()) {
        let mut end = 0;
        for span in find(&text, Scope::Text) {
            prop_assert!(span.range.start >= end && span.range.start < span.range.end && span.range.end <= text.len());
            prop_assert!(text.is_char_boundary(span.range.start) && text.is_char_boundary(span.range.end));
            end = span.range.end;
        }
    }

    #[test]
    fn redacting_twice_changes_nothing(text in text()) {
        let policy = Policy::default();
        let once = Redactor::new(&policy).redact(&text);
        let twice = Redactor::new(&policy).redact(&once);
        prop_assert_eq!(once, twice);
    }
}

/// The properties say something of all scripts only as long as the texts are drawn from them.
#[test]
fn the_texts_are_drawn_from_all_scripts() {
    const TEXTS: usize = 2_000;
    let mut runner = TestRunner::deterministic();
    let texts: String = (0..TEXTS).map(|_| text().new_tree(&mut runner).unwrap().current()).collect();
    for (name, block) in BLOCKS {
        let count = texts.chars().filter(|c| block.contains(&u32::from(*c))).count();
        assert!(count >= 20, "{name}: {count} characters in {TEXTS} texts");
    }
}

/// What is planted, as label and value.
fn planted() -> Vec<(&'static str, String)> {
    vec![
        ("EMAIL", "jane.sample@example.com".into()),
        ("PHONE", "+1 415 555 0132".into()),
        ("CREDIT_CARD", "4111 1111 1111 1111".into()),
        ("IBAN", "GB82 WEST 1234 5698 7654 32".into()),
        ("SSN", "219-09-9999".into()),
        ("IP", "81.2.69.142".into()),
        ("MAC", "3c:22:fb:12:9a:0b".into()),
        ("SECRET", format!("ghp_{}", random(36))),
        ("SECRET", format!("sk-proj-{}", random(48))),
        ("CRYPTO", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa".into()),
        ("NATIONAL_ID", "AB123456C".into()),
        ("NATIONAL_ID", "12345678Z".into()),
        ("NATIONAL_ID", "44030519920318274X".into()),
        ("NATIONAL_ID", "S1234567D".into()),
        ("VIN", "1M8GDM9AXKP042788".into()),
        ("IP", "2a02:8109:b6bf:d24a:f136:9882:634:be29".into()),
        ("PHONE", "(415) 555-0132".into()),
        ("PHONE", "+81 90-4417-2835".into()),
        ("JWT", format!("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.{}", random(43))),
        ("SECRET", format!("AKIA{}", "IOSFODNN7ABCDWXY")),
        ("SECRET", format!("xoxb-123456789012-123456789012-{}", random(24))),
        ("URL_CRED", "https://app:hunter2@db.example.com".into()),
    ]
}

#[test]
fn a_planted_value_survives_in_none_of_the_carriers() {
    let carriers = [
        ("prose", "Please look into it: {} is what the customer gave us."),
        ("json", "{\"note\": \"{}\", \"n\": 1}"),
        ("yaml", "entry:\n  value: {}\n  other: 1\n"),
        ("code", "let value = \"{}\";"),
        ("log", "2026-03-02T10:15:30Z INFO worker: got {} in 12 ms"),
        ("url", "see https://example.com/x?y=1 and {} too"),
        ("markdown", "* **value**: `{}`"),
        ("table", "| a | {} | b |"),
        ("quoted", "> '{}'"),
        ("mixed script", "値は {} です。Привет!"),
        ("Chinese", "客户说：{}，请处理。"),
        ("Japanese", "お客様より「{}」とのことです。"),
        ("Korean", "고객이 남긴 값은 {} 입니다."),
        ("Russian", "Клиент прислал: {}, проверьте."),
        ("Arabic", "أرسل العميل {} اليوم."),
        ("Hebrew", "הלקוח שלח {} היום."),
        ("Hindi", "ग्राहक ने {} भेजा है।"),
        ("Thai", "ลูกค้าส่ง {} มา"),
        ("Greek", "Ο πελάτης έστειλε {} σήμερα."),
        ("Georgian", "კლიენტმა გამოგზავნა {} დღეს."),
    ];
    let mut leaks = String::new();
    for (label, value) in planted() {
        for (carrier, text) in carriers {
            let text = text.replace("{}", &value);
            let whole = value.rsplit("://").next().unwrap_or_default();
            let secret = whole.split('@').next().filter(|_| label == "URL_CRED").unwrap_or(whole);
            if !found(&text).iter().any(|(_, found)| found.contains(secret)) {
                writeln!(leaks, "{label} {value} in {carrier}: {:?}", found(&text)).unwrap();
            }
        }
    }
    assert!(leaks.is_empty(), "{leaks}");
}

/// Twice the text may take about twice the time: a quadratic loop takes four times, from one size to eight times it 64.
#[test]
fn the_time_is_linear_in_the_length() {
    const SMALL_BYTES: usize = 8 << 10;
    const RATIO: usize = 8;
    const TRIES: usize = 3;
    for unit in [
        "4",
        "@",
        "a@b.",
        "\"'",
        "eyJ",
        "://",
        "sk-",
        "-----BEGIN PRIVATE KEY-----",
        "password=",
        "Mary ",
        "curl -u ",
        "4 ",
        "a:",
        "[EMAIL_",
        "Suite 1 ",
        "$6$",
        "A1 ",
        "cookie: a=",
        " at ",
        "::1",
        "1.",
        "GB82",
        "'@'",
        "a1-",
        "address is 1 A ",
        "key=key=",
        "password=\"",
        "password is ",
        "value=",
        "-----BEGIN ",
        "deadbeef01",
        "aB3/",
        "1Q~",
        "1:AA",
        "1|a",
        "?token=a&",
        "https://a:b@",
        "abandon ",
        "abandon\n",
        "1 abandon ",
        "secret ",
        "\nkey:\n",
        "born ",
        "dob,x\n1,2\n",
        "user \"a\" ",
        "username=abcde\nabcde ",
        "a(uid=1",
        "sshpass -p a",
        "mysql -pab1 ",
        "kind: Secret\n",
        "data:\n kind: Secret\n",
        "plate A1 ",
        "iban DE12 ",
        "1.1.1.999 ",
        "x://a:@",
        "ab_cd_1eF2gH",
        "machine login password ",
        "2 85 07 75 ",
        "alarm pin 1234 ",
        "license A12345 ",
        "电话",
        "姓名：王",
        "王女士",
        "路1号",
        "東京都渋谷区1-",
        "이름: 박",
        "구 로 1 ",
        "ул. А 1 ",
        "адрес: ",
        "г. ",
        "هاتف ",
        "पता: १ ",
        "ชื่อ",
        "ต.1",
        "1 rue ",
        "adresse: A 1 ",
        "Str. 1 ",
        "street\":\"a 1",
        "Flat 1/",
        "name,",
        "الاسم: م",
    ] {
        let measure = |bytes: usize| {
            let text = unit.repeat(bytes / unit.len());
            let started = Instant::now();
            find(&text, Scope::Text);
            started.elapsed()
        };
        let small = (0..TRIES).map(|_| measure(SMALL_BYTES)).min().unwrap_or_default();
        let bound = small.max(Duration::from_millis(1)) * (RATIO as u32) * 5;
        // Another process may have had the core meanwhile, so a slow run is repeated.
        let large: Vec<_> =
            (0..TRIES).map(|_| measure(SMALL_BYTES * RATIO)).take_while(|large| *large >= bound).collect();
        assert!(large.len() < TRIES, "{unit:?}: {small:?} for {SMALL_BYTES} bytes, {large:?} for {RATIO} times that");
    }
}
