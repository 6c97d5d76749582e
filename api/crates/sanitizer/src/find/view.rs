//! Takes disguises off before anything is looked for: full-width digits, zero-width characters, look-alikes of `@`, `.` and `-`.

use std::ops::Range;

/// A text without disguises, and where its parts stood.
#[derive(Debug)]
pub(super) struct View {
    pub(super) text: String,
    /// In order; the first begins at 0.
    pieces: Vec<Piece>,
}

/// A part of the text that was taken over as it was, or a character that another stands for.
#[derive(Debug, Clone, Copy)]
struct Piece {
    start: usize,
    start_in_original: usize,
    /// The length in the original of the character that was replaced; 0 where nothing was.
    replaced_length: usize,
}

impl View {
    pub(super) fn range_in_original(&self, range: Range<usize>) -> Range<usize> {
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

    fn piece_at(&self, at: usize) -> Piece {
        self.pieces[self.pieces.partition_point(|piece| piece.start <= at) - 1]
    }
}

/// The text without disguises; `None` when it wears none, as nearly all text.
pub(super) fn plain(text: &str) -> Option<View> {
    if text.is_ascii() {
        return None;
    }
    let (mut at, mut c) = next_disguise(text, 0)?;
    let mut view = View { text: String::with_capacity(text.len()), pieces: Vec::new() };
    let mut taken = 0;
    loop {
        view.take(text, taken..at);
        if let Some(plain) = plain_char(c) {
            let (start, replaced_length) = (view.text.len(), c.len_utf8());
            view.pieces.push(Piece { start, start_in_original: at, replaced_length });
            view.text.push(plain);
        }
        taken = at + c.len_utf8();
        match next_disguise(text, taken) {
            Some(next) => (at, c) = next,
            None => break,
        }
    }
    view.take(text, taken..text.len());
    // The end of the text stands for itself.
    let (start, start_in_original) = (view.text.len(), text.len());
    view.pieces.push(Piece { start, start_in_original, replaced_length: 0 });
    Some(view)
}

impl View {
    fn take(&mut self, text: &str, range: Range<usize>) {
        if !range.is_empty() {
            let (start, start_in_original) = (self.text.len(), range.start);
            self.pieces.push(Piece { start, start_in_original, replaced_length: 0 });
            self.text.push_str(&text[range]);
        }
    }
}

/// Whether a character that is a disguise may begin with the byte; most scripts have none.
const MAY_DISGUISE: [bool; 256] = {
    let mut may = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        may[byte] = matches!(byte as u8, 0xC2 | 0xCA | 0xCD | 0xD9 | 0xDB | 0xE0..=0xE3 | 0xEF | 0xF0);
        byte += 1;
    }
    may
};

/// So many bytes are seen at once to be ASCII.
const ASCII_BYTES: usize = 16;

/// The first character from `from` on that is not what it shows, and where it stands.
fn next_disguise(text: &str, from: usize) -> Option<(usize, char)> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        // Most of it is ASCII.
        at += bytes[at..].chunks_exact(ASCII_BYTES).take_while(|bytes| bytes.is_ascii()).count() * ASCII_BYTES;
        at += bytes[at..].iter().position(|byte| MAY_DISGUISE[*byte as usize])?;
        let c = text[at..].chars().next()?;
        if plain_char(c) != Some(c) {
            return Some((at, c));
        }
        at += c.len_utf8();
    }
}

/// What a character stands for; `None` for one that shows nothing.
fn plain_char(c: char) -> Option<char> {
    Some(match c {
        ..'\u{A0}' => c,
        // Soft hyphen, zero-width spaces and joiners, word joiner, invisible operators, byte order mark, direction
        // marks, variation selectors.
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
        // Full-width forms stand 0xFEE0 after ASCII.
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{FE6B}' => '@',
        '\u{3002}' | '\u{FF61}' | '\u{2024}' => '.',
        '\u{2019}' | '\u{2018}' | '\u{2BC}' => '\'',
        // The digits of other scripts, and the mathematical ones.
        '\u{660}'..='\u{669}' => digit(c, 0x660),
        '\u{6F0}'..='\u{6F9}' => digit(c, 0x6F0),
        '\u{966}'..='\u{96F}' => digit(c, 0x966),
        '\u{9E6}'..='\u{9EF}' => digit(c, 0x9E6),
        '\u{1D7CE}'..='\u{1D7FF}' => char::from(b'0' + ((c as u32 - 0x1D7CE) % 10) as u8),
        c => c,
    })
}

fn digit(c: char, zero: u32) -> char {
    char::from(b'0' + (c as u32 - zero) as u8)
}
