//! What words of other scripts announce, names by surname and form of address, and addresses by the grammar of their country.

use crate::{
    found,
    kinds::{leaves, takes},
};

#[test]
fn phone_numbers_after_native_words() {
    takes(
        "PHONE",
        &[
            ("手机号 13823056714", "13823056714"),
            ("电话号码是0755-26712345", "0755-26712345"),
            ("電話は090-4417-2835です", "090-4417-2835"),
            ("電話番号：０３－１２３４－５６７８", "０３－１２３４－５６７８"),
            ("전화번호는 010-4827-1936입니다", "010-4827-1936"),
            ("Мой телефон 89161234567", "89161234567"),
            ("номер телефону: 067 123 45 67", "067 123 45 67"),
            ("το τηλέφωνό μου είναι 6971234567", "6971234567"),
            ("رقم الهاتف: ٠٥٠١٢٣٤٥٦٧", "٠٥٠١٢٣٤٥٦٧"),
            ("شماره موبایل: ۰۹۱۲۳۴۵۶۷۸۹", "۰۹۱۲۳۴۵۶۷۸۹"),
            ("הטלפון שלי הוא 052-1234567", "052-1234567"),
            ("मेरा फोन नंबर ९८१०१२३४५६ है", "९८१०१२३४५६"),
            ("মোবাইল: ০১৭১২৩৪৫৬৭৮", "০১৭১২৩৪৫৬৭৮"),
            ("โทร๐๘๑๒๓๔๕๖๗๘", "๐๘๑๒๓๔๕๖๗๘"),
            ("லைபேசி எண் தொலைபேசி: 9840123456", "9840123456"),
        ],
    );
    leaves(
        "PHONE",
        &[
            "电话机价格 12999 元",
            "手机型号 20260308，订单 20260312001",
            "電話の発明は1876年です",
            "Цена телефона 29 990 рублей",
            "телефон Samsung A54, версия 14.2.1",
            "휴대폰 가격은 1250000원",
        ],
    );
}

#[test]
fn phone_numbers_in_the_words_of_latin_languages() {
    takes(
        "PHONE",
        &[
            ("meine Nummer ist 0176 4482 9917", "0176 4482 9917"),
            ("telefonnummeret er 28 14 77 90", "28 14 77 90"),
            ("Puhelinnumeroni on 0401234567", "0401234567"),
            ("mi número es el 5512345678", "5512345678"),
            ("mon numéro c'est le 0612345678", "0612345678"),
            ("A telefonszámom 06301234567", "06301234567"),
            ("numer telefonu: 601 234 567", "601 234 567"),
            ("input_value='0151 2094 7716 (abends)'", "0151 2094 7716"),
        ],
    );
    leaves(
        "PHONE",
        &["--ring: rgb(79 70 229 / 0.35);", "not a valid phone number (code 21211)", "la página es 5512345678 bytes"],
    );
}

#[test]
fn ids_accounts_and_papers_after_native_words() {
    takes(
        "NATIONAL_ID",
        &[
            ("СНИЛС: 456-779-008 37", "456-779-008 37"),
            ("ЕГН 7523169263", "7523169263"),
            ("身份证号：440305198809149819", "440305198809149819"),
            ("주민번호 910317-1267527", "910317-1267527"),
            ("תעודת זהות: 123456782", "123456782"),
            ("رقم الهوية 784-1987-7599791-3", "784-1987-7599791-3"),
            ("เลขประจำตัวประชาชนของฉันคือ 1-7097-23254-69-9", "1-7097-23254-69-9"),
        ],
    );
    takes("TAX_ID", &[("ИНН 770708389300", "770708389300"), ("ΑΦΜ: 094259216", "094259216")]);
    takes("PASSPORT", &[("护照号：E87654321", "E87654321"), ("паспорт 4509 123456", "4509 123456")]);
    takes("BANK_ACCOUNT", &[("口座番号：7654321", "7654321"), ("계좌번호 110-234-567890", "110-234-567890")]);
    takes("LICENSE_PLATE", &[("车牌号：京A12345，", "京A12345"), ("госномер А123ВС 77", "А123ВС 77")]);
    leaves("NATIONAL_ID", &["身份证的历史有300年", "Удостоверение выдано 12.03.2026"]);
}

#[test]
fn dates_of_birth_in_every_order() {
    takes(
        "DOB",
        &[
            ("出生日期：1990年5月17日", "1990年5月17日"),
            ("生年月日：昭和63年7月21日", "昭和63年7月21日"),
            ("생년월일: 1993년 4월 12일", "1993년 4월 12일"),
            ("дата рождения 14 марта 1985", "14 марта 1985"),
            ("تاريخ الميلاد: 12/05/1990", "12/05/1990"),
            ("født 14.02.1990", "14.02.1990"),
            ("doğum tarihim 14.02.1990", "14.02.1990"),
        ],
    );
    leaves("DOB", &["出生率在2020年下降", "生日快乐！订单 20260312"]);
}

#[test]
fn names_of_every_script() {
    takes(
        "PERSON",
        &[
            ("姓名：欧阳志远，身份证号", "欧阳志远"),
            ("请联系王女士。", "王"),
            ("我叫刘建国，", "刘建国"),
            ("お名前：佐々木 美穂", "佐々木 美穂"),
            ("山田 太郎と申します", "山田 太郎"),
            ("田中さんの携帯", "田中"),
            ("이름: 박서연", "박서연"),
            ("박지훈 님이 접수", "박지훈"),
            ("최수진씨에게 보냅니다", "최수진"),
            ("ФИО: Кузнецова Ольга Петровна, телефон", "Кузнецова Ольга Петровна"),
            ("Мене звати Андрій Бондаренко", "Андрій Бондаренко"),
            ("με λένε Μαρία Νικολάου", "Μαρία Νικολάου"),
            ("اسمي يوسف العتيبي ورقم جوالي", "يوسف العتيبي"),
            ("שם: נועה לוי, טלפון", "נועה לוי"),
            ("मेरा नाम राहुल वर्मा है", "राहुल वर्मा"),
            ("ชื่อ: สมชาย ใจดี เบอร์โทร", "สมชาย ใจดี"),
            ("სახელი: ნინო ბერიძე, ტელეფონი", "ნინო ბერიძე"),
        ],
    );
    leaves(
        "PERSON",
        &[
            "李白和杜甫谁的诗更好？",
            "お客様各位、皆さん、仕様と模様",
            "회원님, 부모님과 선생님, 담당자님",
            "지원자님은 결과를 확인하세요",
            "Уважаемые коллеги!",
            "مرحبا، أنا طالب جامعي",
            "姓名字段 VARCHAR(64)",
        ],
    );
}

#[test]
fn addresses_of_east_asia() {
    takes(
        "ADDRESS",
        &[
            ("広島県広島市中区紙屋町1丁目2-22です", "広島県広島市中区紙屋町1丁目2-22"),
            ("名古屋市千種区末盛通2-14-8 コーポ末盛203、電話", "名古屋市千種区末盛通2-14-8 コーポ末盛203"),
            ("我家在张杨路1588号12栋803室，", "张杨路1588号12栋803室"),
            ("广东省深圳市南山区科苑路15号3栋1204室", "广东省深圳市南山区科苑路15号3栋1204室"),
            ("台北市大安區忠孝東路四段128號5樓之2", "台北市大安區忠孝東路四段128號5樓之2"),
            ("부산광역시 해운대구 센텀중앙로 97, 101동 1203호", "부산광역시 해운대구 센텀중앙로 97, 101동 1203호"),
            ("서울 강남구 역삼동 123-45번지", "서울 강남구 역삼동 123-45번지"),
        ],
    );
    leaves(
        "ADDRESS",
        &[
            "中山路是很多城市都有的路名",
            "地铁10号线和3号楼",
            "버스로 30분 걸립니다",
            "東京から大阪まで3-2-1",
            "第2章 市場の町おこし",
        ],
    );
}

#[test]
fn streets_of_other_scripts() {
    takes(
        "ADDRESS",
        &[
            ("жду на ул. Ленина, д. 5, кв. 12 завтра", "ул. Ленина, д. 5, кв. 12"),
            ("вул. Франка, буд. 24, кв. 8", "вул. Франка, буд. 24, кв. 8"),
            ("Ленинский проспект, 99", "Ленинский проспект, 99"),
            ("στην οδό Ερμού 45.", "οδό Ερμού 45"),
            ("רחוב הרצל 15, תל אביב", "רחוב הרצל 15, תל אביב"),
        ],
    );
    leaves(
        "ADDRESS",
        &["улица Пушкина есть в Москве", "шоссе длиной 12 км", "η οδός Ερμού είναι εμπορική", "רחוב דיזנגוף"],
    );
}

#[test]
fn streets_of_latin_languages() {
    takes(
        "ADDRESS",
        &[
            ("Holtenauer Str. 212", "Holtenauer Str. 212"),
            ("Am Mühlbach 7, 53332 Bornheim", "Am Mühlbach 7, 53332 Bornheim"),
            ("Elbchaussee 12", "Elbchaussee 12"),
            ("23 bis rue des Martyrs", "23 bis rue des Martyrs"),
            ("ul. Grunwaldzka 82/14", "ul. Grunwaldzka 82/14"),
            ("Korunní 1208/74, 130 00 Praha 3", "Korunní 1208/74, 130 00 Praha 3"),
            ("Váci út 118", "Váci út 118"),
            ("a Petőfi Sándor utca 12", "Petőfi Sándor utca 12"),
            ("Rua das Acácias, 310, ap. 42", "Rua das Acácias, 310, ap. 42"),
            ("Bağdat Caddesi No: 312/5", "Bağdat Caddesi No: 312/5"),
            ("Keizersgracht 174-2, 1016 DW Amsterdam", "Keizersgracht 174-2, 1016 DW Amsterdam"),
            ("Via Garibaldi 22", "Via Garibaldi 22"),
            ("bor på Lindvej 41", "Lindvej 41"),
            ("wohne in der lindenstr. 14b", "lindenstr. 14b"),
            ("heimilisfang: Laugavegur 22", "Laugavegur 22"),
            ("Jl. Sudirman No. 5", "Jl. Sudirman No. 5"),
            ("{\"street\": \"Korunní 1208/74\"}", "Korunní 1208/74"),
            ("ship it to flat 3, 44 gladstone terrace", "flat 3, 44 gladstone terrace"),
            ("Flat 2/1, 118 Byres Road", "Flat 2/1, 118 Byres Road"),
        ],
    );
    leaves(
        "ADDRESS",
        &[
            "1978, rue de Rivoli : c'est là que tout commence",
            "Write a story about Wall Street in 1929. Explain Baker Street.",
            "Verkäufer 12, Garantie 24, Demokratie 2, Parkplatz 7",
            "at least 3 placeholders represented by square brackets",
            "Signed by Angela on 2025-01-20",
            "const street = getStreet(12); // address line 2",
            "Via libera al decreto: 12 articoli",
            "Music CD 12, Al Capone 3, Version 3, 2024 Release",
        ],
    );
}

#[test]
fn passwords_and_users_after_native_words() {
    takes(
        "PASSWORD",
        &[
            ("密码：Qz7#kd92Lm", "Qz7#kd92Lm"),
            ("パスワードはSakura#2719xです", "Sakura#2719x"),
            ("비밀번호: Hk8!pq27Zw", "Hk8!pq27Zw"),
            ("كلمة المرور: Nur@2719kx", "Nur@2719kx"),
            ("הסיסמה: Qw82!zmT", "Qw82!zmT"),
            ("lösenord: Kanel!27bulle", "Kanel!27bulle"),
            ("passordet er Fjord!27xk", "Fjord!27xk"),
        ],
    );
    takes("USERNAME", &[("用户名：k_yamamoto88", "k_yamamoto88"), ("логин: i.petrov", "i.petrov")]);
    leaves("PASSWORD", &["密码学是一门学科", "パスワードはHTTPSで送信", "пароль: string", "密码：********"]);
}

#[test]
fn digits_beside_letters_of_other_scripts_are_tokens() {
    for (text, value) in [
        ("値はghp_a7Bq9Zk2Lm4Xw8Rt3Vn6Pc5Hd1Jfa7Bq9Zk2Lmです", "ghp_a7Bq9Zk2Lm4Xw8Rt3Vn6Pc5Hd1Jfa7Bq9Zk2Lm"),
        ("卡号4111111111111111有效", "4111111111111111"),
        ("тел+79161234567", "+79161234567"),
    ] {
        assert!(found(text).iter().any(|(_, found)| *found == value), "{value} in {text}: {:?}", found(text));
    }
}
