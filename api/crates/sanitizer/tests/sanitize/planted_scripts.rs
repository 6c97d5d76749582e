//! A value of every kind survives in none of the carriers in ten scripts: beside the word of the script for it, in the ways in which forms,
//! chats, logs and files write the two, and without any word where its shape is enough.

use std::fmt::Write as _;

use crate::found;

/// A script, and a word and a value for each kind: phone, name, address, birth, id, passport, account, card, password, user.
struct Script {
    name: &'static str,
    planted: [(&'static str, &'static str); 10],
}

const SCRIPTS: [Script; 10] = [
    Script {
        name: "Chinese",
        planted: [
            ("手机号", "13823056714"),
            ("姓名", "慕容晓晨"),
            ("地址", "广东省深圳市南山区科苑路15号2栋1803室"),
            ("出生日期", "1992-03-18"),
            ("身份证号", "44030519920318271X"),
            ("护照号", "E87654321"),
            ("银行账号", "6222021234567890123"),
            ("信用卡号", "4111 1111 1111 1111"),
            ("密码", "Qd!83kfPz2"),
            ("用户名", "lihaoran_ops"),
        ],
    },
    Script {
        name: "Japanese",
        planted: [
            ("電話番号", "090-4417-2835"),
            ("氏名", "早乙女理沙"),
            ("住所", "大阪府大阪市北区芝田2丁目4-1"),
            ("生年月日", "1991年8月14日"),
            ("マイナンバー", "528173940620"),
            ("パスポート番号", "TK1234567"),
            ("口座番号", "1234567"),
            ("カード番号", "4111 1111 1111 1111"),
            ("パスワード", "Sakura#8812x"),
            ("ユーザー名", "saotome_r"),
        ],
    },
    Script {
        name: "Korean",
        planted: [
            ("전화번호", "010-7742-1905"),
            ("이름", "독고영재"),
            ("주소", "서울특별시 마포구 월드컵북로 396"),
            ("생년월일", "1991-03-17"),
            ("주민등록번호", "910317-2048178"),
            ("여권번호", "M12345678"),
            ("계좌번호", "110-234-567890"),
            ("카드번호", "4111 1111 1111 1111"),
            ("비밀번호", "Hangang!77q"),
            ("아이디", "dokgo_yj"),
        ],
    },
    Script {
        name: "Cyrillic",
        planted: [
            ("Телефон", "8 916 204-77-31"),
            ("ФИО", "Мельниченко Артём Игоревич"),
            ("Адрес", "ул. Льва Толстого, д. 18, кв. 77"),
            ("Дата рождения", "12.05.1990"),
            ("СНИЛС", "112-233-445 95"),
            ("Паспорт", "4512 839204"),
            ("Номер счёта", "40817810099910004312"),
            ("Номер карты", "4111 1111 1111 1111"),
            ("Пароль", "Kaluga_1977!"),
            ("Логин", "o.zaytseva"),
        ],
    },
    Script {
        name: "Greek",
        planted: [
            ("Τηλέφωνο", "6947 218 305"),
            ("Ονοματεπώνυμο", "Δέσποινα Μαυρίδη"),
            ("Διεύθυνση", "Λεωφόρος Κηφισίας 124, 115 26 Αθήνα"),
            ("Ημερομηνία γέννησης", "14/03/1985"),
            ("ΑΜΚΑ", "14038512345"),
            ("Διαβατήριο", "AK1234567"),
            ("Αριθμός λογαριασμού", "1234567890"),
            ("Αριθμός κάρτας", "4111 1111 1111 1111"),
            ("Κωδικός πρόσβασης", "Athina!2231"),
            ("Όνομα χρήστη", "d_mavridi"),
        ],
    },
    Script {
        name: "Arabic",
        planted: [
            ("الهاتف", "0501847263"),
            ("الاسم", "ريم الخطيب"),
            ("العنوان", "شارع الملك فهد، مبنى 12، الرياض"),
            ("تاريخ الميلاد", "14/03/1985"),
            ("رقم الهوية", "1082345671"),
            ("رقم جواز السفر", "A12345678"),
            ("رقم الحساب", "1234567890"),
            ("رقم البطاقة", "4111 1111 1111 1111"),
            ("كلمة المرور", "Riyadh!2231"),
            ("اسم المستخدم", "reem_kh"),
        ],
    },
    Script {
        name: "Hebrew",
        planted: [
            ("טלפון", "054-7182936"),
            ("שם מלא", "אביגיל שטרן"),
            ("כתובת", "רחוב הרצל 48, חיפה"),
            ("תאריך לידה", "14/03/1985"),
            ("תעודת זהות", "301827494"),
            ("דרכון", "12345678"),
            ("מספר חשבון", "1234567"),
            ("מספר כרטיס", "4111 1111 1111 1111"),
            ("סיסמה", "Haifa!2231"),
            ("שם משתמש", "avigail_s"),
        ],
    },
    Script {
        name: "Devanagari",
        planted: [
            ("मोबाइल नंबर", "98204 11763"),
            ("नाम", "मीनाक्षी देशपांडे"),
            ("पता", "मकान नंबर 42, गली नंबर 3, लखनऊ 226001"),
            ("जन्म तिथि", "14/03/1985"),
            ("आधार संख्या", "3482 9105 6718"),
            ("पासपोर्ट", "J8369854"),
            ("खाता संख्या", "123456789012"),
            ("कार्ड नंबर", "4111 1111 1111 1111"),
            ("पासवर्ड", "Lucknow!2231"),
            ("यूज़रनेम", "meenakshi_d"),
        ],
    },
    Script {
        name: "Thai",
        planted: [
            ("เบอร์โทร", "081-934-2267"),
            ("ชื่อ", "ธนกร ศรีสุข"),
            ("ที่อยู่", "88/12 ซอยสุขุมวิท 55 กรุงเทพฯ 10110"),
            ("วันเกิด", "14/03/1985"),
            ("เลขประจำตัวประชาชน", "1101800234569"),
            ("หนังสือเดินทาง", "AA1234567"),
            ("เลขที่บัญชี", "123-4-56789-0"),
            ("เลขบัตรเครดิต", "4111 1111 1111 1111"),
            ("รหัสผ่าน", "Chiangmai!31"),
            ("ชื่อผู้ใช้", "thanakorn_s"),
        ],
    },
    Script {
        name: "Georgian",
        planted: [
            ("ტელეფონი", "599 41 82 20"),
            ("სახელი", "ნინო ბერიძე"),
            ("მისამართი", "რუსთაველის გამზირი 12, თბილისი"),
            ("დაბადების თარიღი", "14.03.1985"),
            ("პირადი ნომერი", "01024058931"),
            ("პასპორტი", "12AB34567"),
            ("ანგარიშის ნომერი", "1234567890"),
            ("ბარათის ნომერი", "4111 1111 1111 1111"),
            ("პაროლი", "Tbilisi!2231"),
            ("მომხმარებელი", "nino_b"),
        ],
    },
];

/// The ways in which a word and its value are written.
const CARRIERS: [(&str, &str); 12] = [
    ("form", "WORD: VALUE"),
    ("full-width colon", "WORD：VALUE"),
    ("json", "{\"WORD\": \"VALUE\", \"n\": 1}"),
    ("compact json", "{\"n\":1,\"WORD\":\"VALUE\"}"),
    ("yaml", "entry:\n  WORD: VALUE\n  n: 1\n"),
    ("log", "2026-03-02T10:15:30Z INFO worker: WORD=VALUE"),
    ("markdown", "* **WORD**: VALUE"),
    ("table", "| WORD | VALUE |"),
    ("quoted", "> WORD: \"VALUE\""),
    ("next line", "WORD:\nVALUE\n"),
    ("two fields", "№ 12; WORD: VALUE; ok"),
    ("tab", "WORD\tVALUE\n"),
];

#[test]
fn a_value_beside_its_word_survives_in_none_of_the_carriers_in_ten_scripts() {
    let mut leaks = String::new();
    let mut count = 0;
    for script in SCRIPTS {
        for (word, value) in script.planted {
            for (carrier, text) in CARRIERS {
                let text = text.replace("WORD", word).replace("VALUE", value);
                if survives(&text, value) {
                    writeln!(leaks, "{} in {carrier}: {text:?} gives {:?}", script.name, found(&text)).unwrap();
                    count += 1;
                }
            }
        }
    }
    assert!(leaks.is_empty(), "{count} leaks:\n{leaks}");
}

/// Whether three or more letters or digits of a value are left, as the field cases count.
fn survives(text: &str, value: &str) -> bool {
    let start = text.find(value).expect("the carrier holds the value");
    let mut left = value.to_owned();
    for (_, taken) in found(text) {
        let at = taken.as_ptr() as usize - text.as_ptr() as usize;
        let (from, to) = (at.max(start), (at + taken.len()).min(start + value.len()));
        if from < to {
            left.replace_range(from - start..to - start, &" ".repeat(to - from));
        }
    }
    left.chars().filter(|c| c.is_alphanumeric()).count() >= 3
}

/// Headings of columns: the word heads it, and each row has a value.
#[test]
fn values_below_their_headings_survive_in_no_table_in_ten_scripts() {
    let mut leaks = String::new();
    for script in SCRIPTS {
        // A column of names counts beside another personal one.
        let (phone, number) = script.planted[0];
        for (word, value) in script.planted.into_iter().skip(1) {
            for separator in [",", ";", "\t", "|"] {
                let quoted = if value.contains(separator) { format!("\"{value}\"") } else { value.to_owned() };
                let text = format!("{phone}{separator}{word}{separator}n\n{number}{separator}{quoted}{separator}1\n");
                if survives(&text, value) || survives(&text, number) {
                    writeln!(leaks, "{} {separator:?}: {text:?} gives {:?}", script.name, found(&text)).unwrap();
                }
            }
        }
    }
    assert!(leaks.is_empty(), "{leaks}");
}
