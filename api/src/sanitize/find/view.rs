//! Takes disguises off before anything is looked for: full-width digits, zero-width characters, look-alikes of `@`, `.` and `-`.

use std::ops::Range;

/// A text without disguises, and where its bytes stood.
#[derive(Debug)]
pub(super) struct View {
    pub(super) text: String,
    /// For each byte, and for the end, where the character that it came from began in the original.
    offsets: Vec<u32>,
    /// For each byte, where the character that it came from ended.
    ends: Vec<u32>,
}

impl View {
    pub(super) fn range_in_original(&self, range: Range<usize>) -> Range<usize> {
        let start = self.offsets[range.start] as usize;
        let end = range.end.checked_sub(1).map_or(start, |last| self.ends[last] as usize);
        start..end.max(start)
    }
}

/// The text without disguises; `None` when it wears none, as nearly all text.
pub(super) fn plain(text: &str) -> Option<View> {
    // Every disguise begins with one of these bytes, and most scripts with none.
    let may_disguise = |byte: &u8| matches!(byte, 0xC2 | 0xCA | 0xCD | 0xD9 | 0xDB | 0xE0..=0xE3 | 0xEF | 0xF0);
    if !text.as_bytes().iter().any(may_disguise) || !text.chars().any(|c| plain_char(c) != Some(c)) {
        return None;
    }
    let mut view =
        View { text: String::with_capacity(text.len()), offsets: Vec::with_capacity(text.len()), ends: Vec::new() };
    for (at, c) in text.char_indices() {
        if let Some(plain) = plain_char(c) {
            view.text.push(plain);
            view.offsets.resize(view.text.len(), at as u32);
            view.ends.resize(view.text.len(), (at + c.len_utf8()) as u32);
        }
    }
    view.offsets.push(text.len() as u32);
    Some(view)
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
