//! The heading of a table: which column holds values of which kind.

use std::ops::Range;

use crate::{
    native,
    scan::{announced_by, trigger_words as trigger},
    span::Kind,
};

/// The longest heading and the longest of its cells, in bytes, and the most columns.
const BYTES_MAX: usize = 512;
const CELL_BYTES_MAX: usize = 96;
const COLUMNS_MAX: usize = 64;
/// The most words of a cell. A sentence with commas has longer parts.
const WORDS_MAX: usize = 4;

/// Last words of a heading that make a phone a thing, or its number something else: `phone model`, `call id`.
const ABOUT_PHONES: &str = "id type model brand price duration count calls status date time cost charge charges rate plan os version \
    size usage minutes code codes modell preis dauer typ modèle modelo";
/// Words for the persons whose table it is. They head names only beside another personal column.
const ROLES: &str = "guest patient customer client tenant employee member student resident passenger applicant attendee participant \
    subscriber teacher contact owner driver caller buyer seller holder kunde kundin gast mitarbeiter mieter teilnehmer patientin \
    ansprechpartner salarié locataire participant élève titulaire cliente paciente huésped empleado alumno inquilino paziente ospite \
    dipendente hóspede funcionário aluno klant medewerker patiënt kund patient anställd klient pacjent pracownik gość zákazník hasta \
    müşteri";

/// The columns of a table.
pub(super) struct Heading {
    pub(super) separator: char,
    /// The kind of the values of each column; `None` for a column of nothing personal.
    pub(super) columns: Vec<Option<Kind>>,
}

impl Heading {
    /// Reads a line as the heading of a table of which `next` is a row: `None` if it is none, or if none of its columns is personal.
    pub(super) fn of(line: &str, next: &[u8]) -> Option<Self> {
        let separator = separator_of(line.as_bytes())?;
        let count = |line: &[u8]| memchr::memchr_iter(separator as u8, line).count();
        // A cell in quotes may hold the separator, too.
        let columns = count(line.as_bytes());
        if columns != count(next) && !(next.contains(&b'"') && columns < count(next)) {
            return None;
        }
        let line = line.trim_end_matches('\r');
        let mut columns = Vec::new();
        let mut cells = Vec::new();
        let mut has_mail = false;
        for cell in line.split(separator) {
            let cell = cell.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '*' | '`'));
            if cell.len() > CELL_BYTES_MAX || columns.len() == COLUMNS_MAX {
                return None;
            }
            has_mail |= cell.len() <= 16 && cell.as_bytes().windows(4).any(|part| part.eq_ignore_ascii_case(b"mail"));
            columns.push(kind_of(cell));
            cells.push(cell);
        }
        let is_certain = |kind: &Kind| *kind != Kind::Person;
        let names = columns.iter().flatten().filter(|kind| !is_certain(kind)).count();
        let is_personal = has_mail || columns.iter().flatten().any(is_certain);
        if columns.len() < 2 || !is_personal && names < 2 {
            return None;
        }
        for (column, cell) in columns.iter_mut().zip(cells) {
            if is_listed(ROLES, cell) {
                *column = Some(Kind::Person);
            }
        }
        columns.iter().any(Option::is_some).then_some(Self { separator, columns })
    }
}

/// What separates the cells of a line; `None` if the line is no heading. It decides by the first few bytes of most lines, which are prose.
fn separator_of(line: &[u8]) -> Option<char> {
    if line.len() > BYTES_MAX {
        return None;
    }
    let head = &line[..line.len().min(CELL_BYTES_MAX + 2)];
    // A Markdown row begins with its separator.
    let first = head.iter().skip(1).position(|byte| matches!(byte, b',' | b';' | b'\t' | b'|'))?;
    let is_sign = |byte: &u8| matches!(byte, b'.' | b':' | b'{' | b'(' | b'=' | b'<' | b'?' | b'!' | b'0'..=b'9');
    if head[..=first].iter().any(is_sign) || line.iter().any(is_sign) {
        return None;
    }
    [b'\t', b';', b'|', b','].into_iter().find(|sign| line.contains(sign)).map(char::from)
}

/// The kind of the values below a cell of a heading.
fn kind_of(cell: &str) -> Option<Kind> {
    if cell.is_ascii() || !cell.chars().any(crate::scan::is_native_letter) {
        return is_phone(cell).then_some(Kind::Phone);
    }
    // The word must be the whole heading, or `客户电话备注` would head phones.
    let words = native::announcing_words_of_cell(cell);
    let is_heading = |word: &Range<usize>| {
        (word.end - word.start) * 2 > cell.len() && word.end == cell.len()
            || word.start == 0 && cell[word.end..].trim_start_matches([' ', '(', ')', '*']).is_empty()
    };
    words.iter().filter(|(word, _)| is_heading(word)).find_map(|(_, kinds)| kinds.first().cloned())
}

/// Whether the words of a heading in Latin letters say that phones stand below.
fn is_phone(cell: &str) -> bool {
    let words = || cell.split([' ', '_', '-', '.', '/']).filter(|word| !word.is_empty());
    let Some(last) = words().next_back() else { return false };
    words().count() <= WORDS_MAX
        && words().any(|word| announced_by(word) & trigger::PHONE != 0)
        && !words().any(|word| announced_by(word) & (trigger::HARMLESS & !trigger::NUMBER) != 0)
        && !is_listed(ABOUT_PHONES, last)
}

fn is_listed(list: &str, word: &str) -> bool {
    let lower = word.to_lowercase();
    list.split_whitespace().any(|listed| listed == lower)
}
