//! Finds the values of tables by what heads their columns: phones, names, ids and addresses in CSV and in Markdown.
//!
//! A number without a calling code and a name that no list has stand in a table without any word beside them; only the heading says
//! what they are. It holds for every row, so a row is taken by the shape of its cell alone. Names below Latin headings are found by
//! `people::names::columns` already, which knows the keys that only persons have; here a role (`Guest`, `Kunde`) heads names if
//! another column of the table is personal.

mod cell;
mod heading;

use memchr::memchr;

use self::heading::Heading;
use crate::{
    scan::{Scanned, cells, trigger_words as trigger},
    span::{Kind, Span},
};

/// The longest row, in bytes. A longer one ends the table.
const ROW_BYTES_MAX: usize = 4096;

pub(crate) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    // Below a Latin heading only phones are looked for, and names beside them; so the text has a word for phones and a number.
    let may_hold_phones = scanned.has_trigger(trigger::PHONE) && !scanned.long_numbers.is_empty();
    let has_separator =
        || [b',', b';', b'|', b'\t'].into_iter().any(|sign| scanned.has_sign(sign)) || scanned.text.contains('\t');
    if !may_hold_phones && !scanned.has_other_script || !has_separator() {
        return;
    }
    let bytes = scanned.bytes();
    let mut at = 0;
    while let Some(length) = memchr(b'\n', &bytes[at..]) {
        let line = &scanned.text[at..at + length];
        at += length + 1;
        let next = &bytes[at..bytes.len().min(at + ROW_BYTES_MAX)];
        let next = &next[..memchr(b'\n', next).unwrap_or(next.len())];
        if let Some(heading) = Heading::of(line, next) {
            at = rows(scanned.text, at, &heading, spans);
        }
    }
}

/// Finds the values in the rows from `at` on, and returns where the table ends.
fn rows(text: &str, mut at: usize, heading: &Heading, spans: &mut Vec<Span>) -> usize {
    while at < text.len() {
        let rest = &text.as_bytes()[at..(at + ROW_BYTES_MAX).min(text.len())];
        let Some(length) = memchr(b'\n', rest).or_else(|| (at + rest.len() == text.len()).then_some(rest.len())) else {
            break;
        };
        let row = &text[at..at + length];
        let cells = cells(row, heading.separator);
        if cells.len() != heading.columns.len() {
            break;
        }
        for (range, kind) in cells.into_iter().zip(&heading.columns) {
            let Some(kind) = kind else { continue };
            let value =
                row[range.clone()].trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '*' | '`'));
            if cell::may_be(kind, value) {
                let start = at + range.start + row[range].find(value).unwrap_or(0);
                spans.push(Span { range: start..start + value.len(), kind: kind.clone(), why: why(kind) });
            }
        }
        at += length + 1;
    }
    at.min(text.len())
}

/// How far above a value its heading is looked for, in bytes.
const ABOVE_BYTES_MAX: usize = 64 << 10;

/// The heading of the column in which the value at `at` stands, for people.
pub(crate) fn heading_of(text: &str, at: usize) -> Option<&str> {
    let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = &text[line_start..];
    let line = &line[..line.find('\n').unwrap_or(line.len())];
    let separator = ['\t', ';', '|', ','].into_iter().find(|sign| line.contains(*sign))?;
    let columns = cells(line, separator);
    let column = columns.iter().position(|cell| line_start + cell.end >= at)?;
    let above = &text[text.floor_char_boundary(line_start.saturating_sub(ABOVE_BYTES_MAX))..line_start];
    let heading = above.lines().rev().take_while(|line| cells(line, separator).len() == columns.len()).last()?;
    let cell = cells(heading, separator).into_iter().nth(column)?;
    Some(heading[cell].trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '*' | '`')))
}

fn why(kind: &Kind) -> &'static str {
    match kind {
        Kind::Phone => "a number in a column of phones",
        Kind::Person => "a column of names",
        Kind::Address => "a column of addresses",
        Kind::DateOfBirth => "a date in a column of births",
        Kind::Password | Kind::Username => "a column of credentials",
        _ => "a number in a column of ids",
    }
}

#[cfg(test)]
mod tests {
    use super::find;
    use crate::{scan::found_by, secrets::KEY_PREFIXES};

    fn found(text: &str) -> Vec<String> {
        found_by(find, &KEY_PREFIXES, text).into_iter().map(|span| text[span.range].to_owned()).collect()
    }

    #[test]
    fn the_heading_of_a_column_says_what_its_cells_are() {
        for (table, values) in [
            ("id,phone,plan\n1,01632 960118,Pro\n2,01632 960733,Team", &["01632 960118", "01632 960733"][..]),
            ("Kunde;Telefon\nEdin Ibro;0731 553218\n", &["Edin Ibro", "0731 553218"]),
            ("Employee\tHome phone\nA B C\t555-0188\n", &["A B C", "555-0188"]),
            (
                "| Guest | Mobile |\n|---|---|\n| Olumide Fashola | 0803 555 2210 |\n",
                &["Olumide Fashola", "0803 555 2210"],
            ),
            ("氏名,電話番号,プラン\n真鍋拓海,03-5412-8890,標準\n", &["真鍋拓海", "03-5412-8890"]),
            ("Фамилия;Имя;Телефон;Сумма\nВострикова;Лидия;4952218834;1200\n", &["Вострикова", "Лидия", "4952218834"]),
            ("이름,연락처\n황보민,01028817743\n", &["황보민", "01028817743"]),
            ("الاسم,الهاتف,المدينة\nخالد المنصوري,0504182203,دبي\n", &["خالد المنصوري", "0504182203"]),
            ("姓名,身份证号,金额\n钱多多,44030519920318271X,1280\n", &["钱多多", "44030519920318271X"]),
        ] {
            assert_eq!(found(table), values, "{table}");
        }
    }

    #[test]
    fn a_table_of_things_and_a_sentence_with_commas_are_left_alone() {
        for text in [
            "phone model,price,stock\nPixel 8,699,1200345\n",
            "call id,duration\n1234567,120\n2345678,90\n",
            "名前,価格\nりんご,12000\nみかん,8000\n",
            "Call me, phone or mobile, I said, then 1234567, and so on\nfoo, bar, baz, qux, 7654321\n",
            "Guest,Score\nBlue Team,1200345\n",
            "версия,имя\n10234,файл\n",
            "mobile,desktop\n1204.55,2209.10\n",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }
}
