//! Reading a text: where its words and numbers are, and what is noted of each.

use std::sync::LazyLock;

use super::super::{
    cue,
    names::{NAMES, NameFlags, Names},
    vendor::{self, BEGINNINGS, Beginnings},
    word_map::WordMap,
};
use super::{
    Notes, Shape, Token,
    block::{self, Block},
    is_cjk,
    key::{self, word_key},
};

static CUES: LazyLock<WordMap> = LazyLock::new(|| WordMap::new(cue::words()));

impl Notes {
    pub(super) fn read(&mut self, text: &str) {
        let mut reader =
            Reader { text, bytes: text.as_bytes(), cues: &CUES, names: &NAMES, beginnings: &BEGINNINGS, notes: self };
        let mut at = 0;
        while at < text.len() {
            at = reader.read_block(at);
        }
        self.list_anchors(text.as_bytes());
    }

    /// Lists the numbers and the words that announce, once all are read: whether a word announces is what no processor guesses, and
    /// here nothing has to be looked up before it knows.
    fn list_anchors(&mut self, bytes: &[u8]) {
        for (index, token) in self.tokens.iter().enumerate() {
            self.cues |= token.cues;
            if token.cues & (cue::OF_NAMES | cue::OF_OTHERS) == 0 && !token.shape.has_digit() && !token.names.is_given()
            {
                continue;
            }
            let anchor = index as u32;
            if token.shape.has_digit() {
                self.numbers.push(anchor);
                if may_be_long(bytes, token, self.tokens.get(index + 1)) {
                    self.long_numbers.push(anchor);
                }
            }
            if token.cues & cue::OF_NAMES != 0 || token.names.is_given() {
                self.name_anchors.push(anchor);
            }
            if token.cues & cue::OF_OTHERS != 0 {
                self.cue_anchors.push(anchor);
            }
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    cues: &'static WordMap,
    names: &'static Names,
    beginnings: &'static Beginnings,
    notes: &'a mut Notes,
}

impl Reader<'_> {
    /// Reads up to 64 bytes from `start` on, and returns where it stopped: before a word that may go on after them, or before a
    /// character that is not ASCII.
    fn read_block(&mut self, start: usize) -> usize {
        let block = Block::read(&self.bytes[start..]);
        let words = block.words();
        let rest = self.bytes.len() - start;
        let mut length = rest.min(block.beyond_ascii.trailing_zeros() as usize);
        if length < rest {
            let cut = (words & block::first(length)).unbounded_shl((block::BYTES - length) as u32).leading_ones();
            length -= cut as usize;
            if length == 0 {
                return self.read_characters(start);
            }
        }
        let mut signs = !(words | block.spaces) & block::first(length);
        let pairs = signs & words >> 1 & words >> 2 & signs >> 3;
        self.notes.has_pairs |= pairs & pairs >> 3 != 0;
        while signs != 0 {
            self.note_sign(start + signs.trailing_zeros() as usize);
            signs &= signs - 1;
        }
        self.note_words(&block, words & block::first(length), start);
        start + length
    }

    /// Notes the words of ASCII, which are parts of a block that begins at `start`.
    fn note_words(&mut self, block: &Block, mut words: u64, start: usize) {
        while words != 0 {
            let first = words.trailing_zeros();
            // The lowest bit, added, carries through its word.
            let carried = words.wrapping_add(1 << first);
            let end = (carried & !words).trailing_zeros();
            let within = words & !carried;
            words &= carried;
            let (at, length) = (start + first as usize, (end - first) as usize);
            let bytes = key::first_bytes(&self.bytes[at..]);
            // Most words are of small letters. What is known of a word at once need not be asked again.
            if within & !block.lower == 0 {
                let shape = Shape(Shape::LETTER | Shape::LOWER);
                self.note_token(at, at + length, shape, key::of_ascii(bytes, length), bytes as u32);
                continue;
            }
            let has = |set: u64, flag: u8| if set & within == 0 { 0 } else { flag };
            let shape = Shape(
                has(block.digits, Shape::DIGIT)
                    | has(block.capitals | block.lower, Shape::LETTER)
                    | has(block.lower, Shape::LOWER)
                    | has(block.capitals & 1 << first, Shape::CAPITAL),
            );
            let key = if shape.is_word() { key::of_ascii(bytes, length) } else { None };
            self.note_token(at, at + length, shape, key, bytes as u32);
        }
    }

    /// Reads characters one by one, to the next word that begins in ASCII, but at least one word or character.
    fn read_characters(&mut self, start: usize) -> usize {
        let mut at = start;
        while let Some(c) = self.text[at..].chars().next() {
            if at > start && c.is_ascii_alphanumeric() {
                break;
            }
            if is_alphanumeric(c) {
                at = self.read_word(at);
            } else {
                if c.is_ascii() && c != ' ' {
                    self.note_sign(at);
                }
                at += c.len_utf8();
            }
        }
        at
    }

    #[inline(always)]
    fn note_sign(&mut self, at: usize) {
        let sign = self.bytes[at];
        self.notes.signs[usize::from(sign >> 6 & 1)] |= 1 << (sign & 63);
        if matches!(sign, b'=' | b':') && is_assignment(self.bytes, at) {
            self.notes.assignments.push(at as u32);
        }
    }

    /// Reads the word of any script that begins at `start`, and returns where it ends.
    fn read_word(&mut self, start: usize) -> usize {
        let (mut end, mut shape) = (start, 0);
        for c in self.text[start..].chars() {
            shape |= match c {
                '0'..='9' => Shape::DIGIT,
                'a'..='z' => Shape::LETTER | Shape::LOWER,
                'A'..='Z' => Shape::LETTER,
                '\0'..='\x7F' => break,
                // Combining marks carry a word on.
                c if !is_alphanumeric(c) && !matches!(c, '\u{300}'..='\u{36F}' | '\u{200C}' | '\u{200D}') => break,
                c if c.is_lowercase() => Shape::LETTER | Shape::LOWER,
                _ => Shape::LETTER,
            };
            if end == start && (c.is_uppercase() || is_cjk(c)) {
                shape |= Shape::CAPITAL;
            }
            end += c.len_utf8();
        }
        let shape = Shape(shape);
        let key = if shape.is_word() { word_key(&self.text[start..end]) } else { None };
        let ascii = start + vendor::ascii_within(&self.bytes[start..end]);
        self.note_token(start, end, shape, key, key::first_bytes(&self.bytes[ascii..]) as u32);
        end
    }

    /// Notes a token, in which a vendor's key may begin with the four bytes of `head`.
    #[inline(always)]
    fn note_token(&mut self, start: usize, end: usize, shape: Shape, key: Option<u128>, head: u32) {
        let notes = &mut *self.notes;
        if self.beginnings.may_be(head) {
            notes.key_anchors.push(notes.tokens.len() as u32);
        }
        let (mut cues, mut names) = (0, NameFlags::default());
        if let Some(key) = key {
            cues = self.cues.get(key);
            if shape.is_capitalised() {
                names = self.names.get(key);
            }
        }
        notes.tokens.push(Token { start: start as u32, end: end as u32, cues, names, shape });
    }
}

/// Most numbers are a few digits alone, and none that families look for. This one has letters or five digits, more digits follow
/// it, or it hangs by a hyphen.
fn may_be_long(bytes: &[u8], token: &Token, next: Option<&Token>) -> bool {
    const DIGITS_MIN: usize = 5;
    const GAP_BYTES_MAX: usize = 3;
    let digits_follow = |next: &Token| next.shape.has_digit() && next.start() - token.end() <= GAP_BYTES_MAX;
    !token.shape.is_number()
        || token.len() >= DIGITS_MIN
        || next.is_some_and(digits_follow)
        || bytes[..token.start()].ends_with(b"-")
        || bytes[token.end()..].starts_with(b"-")
}

/// As `char::is_alphanumeric`, with the frequent characters beyond Latin decided at once: the standard library searches for each.
fn is_alphanumeric(c: char) -> bool {
    match c {
        '\u{2000}'..='\u{206F}' | '\u{3000}'..='\u{3004}' => false,
        '\u{410}'..='\u{44F}' | '\u{3041}'..='\u{3096}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' => true,
        c => c.is_alphanumeric(),
    }
}

fn is_assignment(bytes: &[u8], at: usize) -> bool {
    let (before, after) = (at.checked_sub(1).map_or(0, |at| bytes[at]), bytes.get(at + 1).copied().unwrap_or(0));
    // `a::b`, `a == b`, `!=`, `<=`, `https://` and `12:30` assign nothing.
    let compares =
        after == b'=' && bytes[at] == b'=' && bytes[at + 2..].iter().take(2).any(|byte| matches!(byte, b'"' | b'\''));
    // `password != "…"` tells the password.
    let differs = before == b'!' && matches!(bytes.get(at + 1..at + 3), Some([b' ', b'"' | b'\''] | [b'"' | b'\'', _]));
    !(before == bytes[at]
        || after == bytes[at] && !compares
        || matches!(before, b'!' | b'<' | b'>') && bytes[at] == b'=' && !differs)
        && !(bytes[at] == b':' && (after == b'/' || before.is_ascii_digit() && after.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::{super::Lexed, *};

    #[test]
    fn tokens_are_the_runs_of_letters_and_digits() {
        let texts = [
            "",
            "a",
            "Jane Doe, 12 rue",
            "extraordinarily-long_words here",
            "naïve café no 7",
            "值は12です",
            "x".repeat(40).leak(),
            "a::b == c @d 12:30 https://x",
        ];
        // Wherever the blocks part them.
        let moved = (0..130).map(|length| format!("{}-Jane9, naïve {} 値 x=é", "a".repeat(length), "B".repeat(length)));
        for text in moved.chain(texts.map(str::to_owned)) {
            let mut notes = Notes::default();
            notes.read(&text);
            let lexed = Lexed { text: &text, notes: &notes };
            let tokens: Vec<_> = lexed.tokens.iter().map(|token| &text[token.range()]).collect();
            let runs = text.split(|c: char| !c.is_alphanumeric()).filter(|run| !run.is_empty());
            assert_eq!(tokens, runs.collect::<Vec<_>>());
            for (token, word) in lexed.tokens.iter().zip(tokens) {
                let (shape, first) = (token.shape, word.chars().next().unwrap());
                assert_eq!(shape.has_digit(), word.contains(|c: char| c.is_ascii_digit()), "{word}");
                assert_eq!(shape.is_number(), word.chars().all(|c| c.is_ascii_digit()), "{word}");
                assert_eq!(shape.has_lower(), word.contains(char::is_lowercase), "{word}");
                assert_eq!(shape.is_capitalised(), first.is_uppercase() || is_cjk(first), "{word}");
            }
            for sign in b",-_=:@" {
                assert_eq!(lexed.has_sign(*sign), text.as_bytes().contains(sign), "{text}");
            }
            let assignments = text.match_indices("x=").map(|(at, _)| at as u32 + 1);
            assert_eq!(lexed.assignments, assignments.collect::<Vec<_>>(), "{text}");
        }
    }

    #[test]
    fn numbers_that_are_short_and_stand_alone_are_not_long() {
        for (text, long) in [
            ("1234 a, 12, x", &[][..]),
            ("12345 a", &["12345"]),
            ("1(1 2)", &["1", "1"]),
            ("1 - 22", &["1"]),
            ("1 -- 22", &[]),
            ("a-1 and 2-b", &["1", "2"]),
            ("b2 in 2024", &["b2"]),
        ] {
            let mut notes = Notes::default();
            notes.read(text);
            let found: Vec<_> = notes.long_numbers.iter().map(|at| &text[notes.tokens[*at as usize].range()]).collect();
            assert_eq!(found, long, "{text}");
        }
    }

    #[test]
    fn words_announce_in_any_case_and_with_any_marks() {
        let mut notes = Notes::default();
        notes.read("PASSPORT passeport Teléfono nothing");
        let cues: Vec<_> = notes.tokens.iter().map(|token| token.cues).collect();
        assert!(
            cues[0] & cue::PASSPORT != 0 && cues[1] & cue::PASSPORT != 0 && cues[2] & cue::PHONE != 0 && cues[3] == 0
        );
    }
}
