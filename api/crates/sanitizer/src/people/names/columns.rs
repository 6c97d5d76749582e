//! Names in the columns of a table whose header says so: `name,email`, `first_name;last_name`, `| Name | Phone |`.

use super::{
    context::Context,
    keyed::{is_person_key, is_person_value},
};
use crate::{
    scan::{cells, trigger_words as trigger},
    span::{Kind, Span},
};

/// The longest header line, in bytes.
const HEADER_BYTES_MAX: usize = 512;
/// The longest cell of a header, in bytes. Prose with commas has longer ones.
const HEADER_CELL_BYTES_MAX: usize = 32;
/// The longest line of a table, in bytes.
const ROW_BYTES_MAX: usize = 4096;
/// The columns of which any makes a plain `name` that of a person.
const PERSONAL: trigger::Triggers =
    trigger::PHONE | trigger::BIRTH | trigger::SSN | trigger::PASSPORT | trigger::MRN | trigger::NATIONAL;

impl Context<'_> {
    /// Finds the names below the header that the token `index` stands in, and returns where the table ends. If it stands in no header, the
    /// error is where its line ends: no other word of this line needs to be tried.
    pub(super) fn columns(&self, index: usize, spans: &mut Vec<Span>) -> Result<usize, usize> {
        let text = self.scanned.text;
        let token = &self.scanned.tokens[index];
        let before = &text[text.floor_char_boundary(token.start().saturating_sub(HEADER_BYTES_MAX))..token.start()];
        // A longer line is no header. Without this, each word of a long line would read as much of it again.
        let start = match before.rfind('\n') {
            Some(at) => token.start() - before.len() + at + 1,
            None if before.len() < token.start() => return Err(token.end()),
            None => 0,
        };
        let rest = &text[start..text.floor_char_boundary(start + HEADER_BYTES_MAX)];
        let header = &rest[..rest.find('\n').unwrap_or(rest.len())];
        let end = start + header.len();
        match self.name_columns(index, start, header) {
            Some((separator, columns)) if self.scanned.byte_at(end) == b'\n' => {
                Ok(self.below(end + 1, separator, &columns, spans))
            }
            _ => Err(end.max(token.end())),
        }
    }

    /// Whether the token may be the last of a header's cell. Most words that announce a name are not: `to`, `from`.
    pub(super) fn ends_cell(&self, index: usize) -> bool {
        let end = self.scanned.tokens[index].end();
        match self.scanned.byte_at(end) {
            b',' | b';' | b'|' | b'\t' | b'\n' | b'\r' | b'"' => true,
            b' ' => self.scanned.byte_at(end + 1) == b'|',
            _ => false,
        }
    }

    /// The separator of a header that begins at `start`, and which of its columns hold names.
    fn name_columns(&self, index: usize, start: usize, header: &str) -> Option<(char, Vec<bool>)> {
        let scanned = self.scanned;
        let text = scanned.text;
        let separator = ['\t', ';', '|', ','].into_iter().find(|sign| header.contains(*sign))?;
        if header.contains([':', '{', '(', '='])
            || header.split(separator).any(|cell| cell.len() > HEADER_CELL_BYTES_MAX)
        {
            return None;
        }
        // The tokens of the header, and in which column each stands.
        let first = scanned.tokens[..=index].iter().rposition(|token| token.start() < start).map_or(0, |at| at + 1);
        let mut is_name_column = Vec::new();
        let mut at = first;
        let (mut has_person_key, mut has_personal) = (false, false);
        let mut cell_start = start;
        for cell in header.split(separator) {
            let cell_end = cell_start + cell.len();
            let mut is_column = false;
            while let Some(token) = scanned.tokens.get(at).filter(|token| token.start() < cell_end) {
                // A header that is cut at its longest may end within a word.
                let ends_cell = text
                    .get(token.end()..cell_end)
                    .is_some_and(|rest| rest.trim_matches([' ', '"', '\'', '\r']).is_empty());
                has_personal |=
                    token.has(PERSONAL) || matches!(scanned.token_text(at), "email" | "Email" | "EMAIL" | "mail");
                if ends_cell && token.has(trigger::NAME) {
                    let is_key = is_person_key(scanned, at);
                    has_person_key |= is_key;
                    let is_plain = cell.trim_matches([' ', '"', '\'', '\r']).len() == token.len();
                    is_column = is_key || is_plain && matches!(token.len(), 3..=8);
                }
                at += 1;
            }
            is_name_column.push(is_column);
            cell_start = cell_end + 1;
        }
        if is_name_column.len() < 2 || !is_name_column.contains(&true) || !has_person_key && !has_personal {
            return None;
        }
        Some((separator, is_name_column))
    }

    /// Finds the names in the lines of a table from `line_start` on, and returns where it ends.
    fn below(&self, mut line_start: usize, separator: char, columns: &[bool], spans: &mut Vec<Span>) -> usize {
        let text = self.scanned.text;
        loop {
            let rest = &text[line_start..text.floor_char_boundary((line_start + ROW_BYTES_MAX).min(text.len()))];
            let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
            let cells = cells(line, separator);
            if cells.len() != columns.len() {
                break;
            }
            for (cell, _) in cells.iter().zip(columns).filter(|(_, is_column)| **is_column) {
                let value = line[cell.clone()].trim_matches([' ', '"', '\'', '\r', '*']);
                let value_start = line_start + cell.start + line[cell.clone()].find(value).unwrap_or(0);
                if is_person_value(value) {
                    let range = value_start..value_start + value.len();
                    spans.push(Span { range, kind: Kind::Person, why: "a column of names" });
                }
            }
            line_start += line.len() + 1;
            if line_start >= text.len() {
                break;
            }
        }
        line_start.min(text.len())
    }
}
