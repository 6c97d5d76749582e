//! Replaces look-alikes before anything is searched for: full-width digits, zero-width characters, variants of `@`, `.` and `-`.
//! Otherwise `ｊａｎｅ＠ｅｘａｍｐｌｅ．ｃｏｍ` would pass as no address.

use std::ops::Range;

/// A text whose look-alikes are replaced. It knows where each part of it stood in the original.
#[derive(Debug)]
pub(crate) struct PlainText {
    pub(crate) text: String,
    /// In order, without gaps; the first begins at 0.
    pieces: Vec<Piece>,
}

/// A part that was copied from the original, or a single character that was replaced.
#[derive(Debug, Clone, Copy)]
struct Piece {
    start: usize,
    start_in_original: usize,
    /// The length in the original of a character that was replaced; 0 for a part that was copied.
    replaced_length: usize,
}

impl PlainText {
    /// Where a range of the plain text stands in the original.
    pub(crate) fn range_in_original(&self, range: Range<usize>) -> Range<usize> {
        let first = self.piece_at(range.start);
        let start = match first.replaced_length {
            0 => first.start_in_original + range.start - first.start,
            _ => first.start_in_original,
        };
        let Some(last_byte) = range.end.checked_sub(1).filter(|last| *last >= range.start) else { return start..start };
        let last = self.piece_at(last_byte);
        let end = match last.replaced_length {
            0 => last.start_in_original + range.end - last.start,
            length => last.start_in_original + length,
        };
        start..end
    }

    /// Where a place of the original stands in the plain text.
    pub(crate) fn at_in_plain(&self, at: usize) -> usize {
        let next = self.pieces.partition_point(|piece| piece.start_in_original <= at);
        let piece = next.checked_sub(1).map_or(self.pieces[0], |index| self.pieces[index]);
        let end = self.pieces.get(next).map_or(self.text.len(), |next| next.start);
        let passed = at.saturating_sub(piece.start_in_original);
        if piece.replaced_length > 0 && passed > 0 { end } else { (piece.start + passed).min(end) }
    }

    fn piece_at(&self, at: usize) -> Piece {
        self.pieces[self.pieces.partition_point(|piece| piece.start <= at) - 1]
    }
}

/// The text with its look-alikes replaced; `None` when it has none, like nearly every text.
pub(crate) fn replaced(text: &str) -> Option<PlainText> {
    if text.is_ascii() {
        return None;
    }
    let (mut at, mut c) = next_lookalike(text, 0)?;
    let mut plain_text = PlainText { text: String::with_capacity(text.len()), pieces: Vec::new() };
    let mut taken = 0;
    loop {
        plain_text.take(text, taken..at);
        if let Some(plain) = plain_char(c) {
            let (start, replaced_length) = (plain_text.text.len(), c.len_utf8());
            plain_text.pieces.push(Piece { start, start_in_original: at, replaced_length });
            plain_text.text.push(plain);
        }
        taken = at + c.len_utf8();
        match next_lookalike(text, taken) {
            Some(next) => (at, c) = next,
            None => break,
        }
    }
    plain_text.take(text, taken..text.len());
    // So that a range may end at the end of the text.
    let (start, start_in_original) = (plain_text.text.len(), text.len());
    plain_text.pieces.push(Piece { start, start_in_original, replaced_length: 0 });
    Some(plain_text)
}

impl PlainText {
    fn take(&mut self, text: &str, range: Range<usize>) {
        if !range.is_empty() {
            let (start, start_in_original) = (self.text.len(), range.start);
            self.pieces.push(Piece { start, start_in_original, replaced_length: 0 });
            self.text.push_str(&text[range]);
        }
    }
}

/// Whether a look-alike may begin with the byte. Most scripts have no look-alikes.
const MAY_BEGIN_LOOKALIKE: [bool; 256] = {
    let mut may = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        may[byte] = matches!(byte as u8, 0xC2 | 0xCA | 0xCD | 0xD9 | 0xDB | 0xE0..=0xE3 | 0xEF | 0xF0);
        byte += 1;
    }
    may
};

/// How many bytes are tested at once for being ASCII.
const ASCII_BYTES: usize = 16;

/// The first look-alike from `from` on, and where it stands.
fn next_lookalike(text: &str, from: usize) -> Option<(usize, char)> {
    let bytes = text.as_bytes();
    let mut at = from;
    while at < bytes.len() {
        // Most text is ASCII, also between the characters that are not.
        let block = &bytes[at..bytes.len().min(at + ASCII_BYTES)];
        let first =
            if block.is_ascii() { None } else { block.iter().position(|byte| MAY_BEGIN_LOOKALIKE[*byte as usize]) };
        let Some(first) = first else {
            at += block.len();
            continue;
        };
        at += first;
        let c = text[at..].chars().next()?;
        if plain_char(c) != Some(c) {
            return Some((at, c));
        }
        at += c.len_utf8();
    }
    None
}

/// The plain character that `c` looks like, which is `c` itself for most; `None` if `c` is invisible.
fn plain_char(c: char) -> Option<char> {
    Some(match c {
        ..'\u{A0}' => c,
        // Soft hyphen, zero-width spaces and joiners, direction marks and embeddings, word joiner and invisible operators,
        // direction isolates, byte order mark, Mongolian vowel separator, combining grapheme joiner.
        '\u{AD}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}'
        | '\u{FEFF}'
        | '\u{180E}'
        | '\u{34F}' => return None,
        '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => ' ',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' => '-',
        // Full-width forms are ASCII plus 0xFEE0.
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{FE6B}' => '@',
        '\u{3002}' | '\u{FF61}' | '\u{2024}' => '.',
        '\u{2019}' | '\u{2018}' | '\u{2BC}' => '\'',
        // Mathematical digits come in five styles.
        '\u{1D7CE}'..='\u{1D7FF}' => char::from(b'0' + ((c as u32 - 0x1D7CE) % 10) as u8),
        c => native_digit(c).unwrap_or(c),
    })
}

/// The ASCII digit that a digit of another script stands for.
fn native_digit(c: char) -> Option<char> {
    /// The zeros of scripts whose other digits follow in order: Arabic, Persian; Devanagari, Bengali, Gurmukhi, Gujarati, Oriya, Tamil,
    /// Telugu, Kannada, Malayalam; Thai, Lao, Myanmar, Khmer, Mongolian.
    const ZEROS: [u32; 16] = [
        0x660, 0x6F0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xE50, 0xED0, 0x1040, 0x17E0,
        0x1810,
    ];
    let c = c as u32;
    if !(0x660..=0x1819).contains(&c) {
        return None;
    }
    let zero = ZEROS.iter().find(|zero| (**zero..**zero + 10).contains(&c))?;
    Some(char::from(b'0' + (c - zero) as u8))
}
