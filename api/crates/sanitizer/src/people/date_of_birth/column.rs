//! The dates of birth in a table of text: CSV with commas, semicolons, tabs or bars.

use super::compact::is_compact;
use crate::{
    scan::Scanned,
    span::{Kind, Span},
};

/// The signs that separate the fields of a row.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// The longest row and the longest heading, in bytes. A longer row ends the table.
const ROW_BYTES_MAX: usize = 4096;
const HEADING_BYTES_MAX: usize = 1024;

/// Reads the table whose heading the word at `index` is a part of, and returns where it ends; `None` if the word heads no column.
pub(super) fn find(scanned: &Scanned, index: usize, spans: &mut Vec<Span>) -> Option<usize> {
    let bytes = scanned.bytes();
    let word = scanned.tokens[index].range();
    let floor = word.start.saturating_sub(ROW_BYTES_MAX);
    let start = memchr::memrchr(b'\n', &bytes[floor..word.start]).map_or(floor, |newline| floor + newline + 1);
    let heading = row_at(bytes, start)?;
    // A heading has neither numbers nor the signs of a sentence or a program.
    if heading.len() > HEADING_BYTES_MAX
        || heading.iter().any(|byte| matches!(byte, b'(' | b'{' | b'=' | b':' | b'0'..=b'9'))
    {
        return None;
    }
    let separator = SEPARATORS.into_iter().max_by_key(|sign| count(heading, *sign))?;
    let columns = count(heading, separator);
    if columns == 0 || !is_short(heading, separator) {
        return None;
    }
    let column = count(&bytes[start..word.start], separator);
    let (mut at, mut rows) = (start + heading.len() + 1, 0);
    while let Some(row) = row_at(bytes, at).filter(|row| count(row, separator) == columns) {
        let mut field_start = at;
        for (number, field) in fields(row, separator).enumerate() {
            if number == column {
                let signs = |byte: &u8| matches!(byte, b' ' | b'"' | b'\r');
                let lead = field.iter().take_while(|byte| signs(byte)).count();
                let end = field.iter().rposition(|byte| !signs(byte)).map_or(lead, |last| last + 1);
                if is_date(&field[lead..end]) {
                    spans.push(Span {
                        range: field_start + lead..field_start + end,
                        kind: Kind::DateOfBirth,
                        why: "a date in a column of births",
                    });
                }
            }
            field_start += field.len() + 1;
        }
        at += row.len() + 1;
        rows += 1;
    }
    (rows > 0).then_some(at)
}

/// The row that begins at `start`, without its newline.
fn row_at(bytes: &[u8], start: usize) -> Option<&[u8]> {
    let rest = bytes.get(start..)?;
    let rest = &rest[..rest.len().min(ROW_BYTES_MAX)];
    let end = memchr::memchr(b'\n', rest);
    (end.is_some() || rest.len() < ROW_BYTES_MAX)
        .then(|| &rest[..end.unwrap_or(rest.len())])
        .filter(|row| !row.is_empty())
}

/// How many separators stand outside quotes.
fn count(row: &[u8], separator: u8) -> usize {
    fields(row, separator).count() - 1
}

/// The fields of a row. A separator within double quotes belongs to the field.
fn fields(row: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    let mut is_quoted = false;
    row.split(move |byte| {
        is_quoted ^= *byte == b'"';
        *byte == separator && !is_quoted
    })
}

/// Whether each field is a name rather than a sentence.
fn is_short(heading: &[u8], separator: u8) -> bool {
    const NAME_BYTES_MAX: usize = 40;
    fields(heading, separator)
        .all(|field| field.len() <= NAME_BYTES_MAX && field.iter().filter(|byte| **byte == b' ').count() <= 4)
}

/// `1979-02-14`, `14.02.1979`, `2/14/79`, `19790214`, each perhaps with a time of day behind it.
fn is_date(field: &[u8]) -> bool {
    let Ok(field) = std::str::from_utf8(field) else { return false };
    let date = field.split([' ', 'T']).next().unwrap_or_default();
    let mut parts = date.split(['-', '.', '/']);
    let numbers = [parts.next(), parts.next(), parts.next()].map(|part| part.unwrap_or_default());
    let is_number = |part: &&str| (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    is_compact(date) || parts.next().is_none() && numbers.iter().all(is_number) && date.len() >= 6
}
