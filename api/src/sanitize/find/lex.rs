//! One pass over the text: its words and numbers, with what each announces, and the places where the families look.

use std::{ops::Range, sync::LazyLock};

use unicode_normalization::UnicodeNormalization;

use super::{
    cue::{self, Cues},
    names::{self, NameFlags},
    vendor,
};

/// A longest run of letters and digits. An underscore parts tokens, so that `card_number` announces a card.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    start: u32,
    end: u32,
    pub(super) cues: Cues,
    pub(super) names: NameFlags,
    pub(super) shape: Shape,
}

/// What a token is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape(u8);

impl Shape {
    const DIGIT: u8 = 1;
    const LETTER: u8 = 2;
    const CAPITAL: u8 = 4;
    const LOWER: u8 = 8;

    pub(super) fn has_digit(self) -> bool {
        self.0 & Self::DIGIT != 0
    }

    pub(super) fn is_number(self) -> bool {
        self.0 & (Self::DIGIT | Self::LETTER) == Self::DIGIT
    }

    pub(super) fn is_word(self) -> bool {
        self.0 & (Self::DIGIT | Self::LETTER) == Self::LETTER
    }

    /// `Jane` and `JANE`, in a script that has capitals.
    pub(super) fn is_capitalised(self) -> bool {
        self.0 & Self::CAPITAL != 0
    }

    pub(super) fn has_lower(self) -> bool {
        self.0 & Self::LOWER != 0
    }
}

impl Token {
    pub(super) fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    pub(super) fn start(&self) -> usize {
        self.start as usize
    }

    pub(super) fn end(&self) -> usize {
        self.end as usize
    }

    pub(super) fn len(&self) -> usize {
        (self.end - self.start) as usize
    }

    pub(super) fn has(&self, cues: Cues) -> bool {
        self.cues & cues != 0
    }
}

/// A text with its tokens.
#[derive(Debug)]
pub(super) struct Lexed<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: Vec<Token>,
    /// Tokens with a digit in them.
    pub(super) numbers: Vec<u32>,
    /// Tokens that may be or announce a name.
    pub(super) name_anchors: Vec<u32>,
    /// Tokens that announce something else than a name.
    pub(super) cue_anchors: Vec<u32>,
    /// Tokens that a vendor's key may begin with.
    pub(super) key_anchors: Vec<u32>,
    /// The bytes `=` and `:` that may assign.
    pub(super) assignments: Vec<u32>,
    /// The signs of ASCII that stand somewhere, a bit each.
    seen: u128,
}

/// Letters and digits of ASCII are 1, what assigns is 2, what begins a character of several bytes is 3.
const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => 1,
            b'=' | b':' => 2,
            0x80.. => 3,
            _ => 0,
        };
        byte += 1;
    }
    classes
};

impl<'a> Lexed<'a> {
    /// Reads a text of at most 4 GiB; what is beyond is not read.
    pub(super) fn new(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        let mut lexed = Self {
            text,
            tokens: Vec::with_capacity(bytes.len() / 5 + 1),
            numbers: Vec::new(),
            name_anchors: Vec::new(),
            cue_anchors: Vec::new(),
            key_anchors: Vec::new(),
            assignments: Vec::new(),
            seen: 0,
        };
        let mut at = 0;
        while at < bytes.len() {
            match CLASSES[bytes[at] as usize] {
                1 => at = lexed.token(at),
                2 => {
                    lexed.seen |= 1 << bytes[at];
                    if is_assignment(bytes, at) {
                        lexed.assignments.push(at as u32);
                    }
                    at += 1;
                }
                3 => {
                    let c = text[at..].chars().next().unwrap_or(' ');
                    at = if c.is_alphanumeric() { lexed.token(at) } else { at + c.len_utf8() };
                }
                _ => {
                    lexed.seen |= 1 << (bytes[at] & 127);
                    at += 1;
                }
            }
        }
        lexed
    }

    /// Reads the token that begins at `start`, and returns where it ends.
    fn token(&mut self, start: usize) -> usize {
        let bytes = self.text.as_bytes();
        let (mut at, mut shape, mut is_ascii) = (start, 0, true);
        while at < bytes.len() {
            match bytes[at] {
                b'0'..=b'9' => shape |= Shape::DIGIT,
                b'a'..=b'z' => shape |= Shape::LETTER | Shape::LOWER,
                b'A'..=b'Z' => shape |= Shape::LETTER,
                0x80.. => {
                    let c = self.text[at..].chars().next().unwrap_or(' ');
                    // Combining marks carry a word on.
                    if !c.is_alphanumeric() && !matches!(c, '\u{300}'..='\u{36F}' | '\u{200C}' | '\u{200D}') {
                        break;
                    }
                    is_ascii = false;
                    shape |= Shape::LETTER | if c.is_lowercase() { Shape::LOWER } else { 0 };
                    at += c.len_utf8() - 1;
                }
                _ => break,
            }
            at += 1;
        }
        let first = bytes[start];
        let is_capital = match first {
            b'A'..=b'Z' => true,
            0x80.. => self.text[start..].chars().next().is_some_and(|c| c.is_uppercase() || is_cjk(c)),
            _ => false,
        };
        let shape = Shape(shape | if is_capital { Shape::CAPITAL } else { 0 });
        let index = self.tokens.len() as u32;
        let (mut cues, mut name_flags) = (0, NameFlags::default());
        if shape.has_digit() {
            self.numbers.push(index);
        }
        let ascii = if is_ascii { start } else { start + vendor::ascii_within(&bytes[start..at]) };
        if vendor::may_begin(&bytes[ascii..]) {
            self.key_anchors.push(index);
        }
        if shape.is_word() {
            let key = if is_ascii { ascii_key(bytes, start, at) } else { word_key(&self.text[start..at]) };
            if let Some(key) = key {
                cues = CUES.get(key);
                if is_capital {
                    name_flags = names::look_up(key);
                }
                if cues & ANNOUNCES_NAMES != 0 || name_flags.is_given() {
                    self.name_anchors.push(index);
                }
                if cues & !ANNOUNCES_NAMES != 0 {
                    self.cue_anchors.push(index);
                }
            }
        }
        self.tokens.push(Token { start: start as u32, end: at as u32, cues, names: name_flags, shape });
        at
    }

    pub(super) fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    pub(super) fn token_text(&self, index: usize) -> &'a str {
        &self.text[self.tokens[index].range()]
    }

    /// What stands between a token and the next.
    pub(super) fn gap(&self, index: usize) -> &'a str {
        match self.tokens.get(index + 1) {
            Some(next) => &self.text[self.tokens[index].end()..next.start()],
            None => &self.text[self.tokens[index].end()..],
        }
    }

    /// What the `count` tokens before `index` announce, as far as they stand within `bytes_max` of it.
    pub(super) fn cues_before(&self, index: usize, count: usize, bytes_max: usize) -> Cues {
        let start = self.tokens[index].start();
        self.tokens[index.saturating_sub(count)..index]
            .iter()
            .filter(|token| start - token.end() <= bytes_max)
            .fold(0, |cues, token| cues | token.cues)
    }

    /// What the `count` tokens after `index` announce, as far as they stand within `bytes_max` of it.
    pub(super) fn cues_after(&self, index: usize, count: usize, bytes_max: usize) -> Cues {
        let end = self.tokens[index].end();
        let last = (index + 1 + count).min(self.tokens.len());
        self.tokens[index + 1..last]
            .iter()
            .filter(|token| token.start() - end <= bytes_max)
            .fold(0, |cues, token| cues | token.cues)
    }

    /// The byte before `at`, 0 at the start of the text.
    pub(super) fn byte_before(&self, at: usize) -> u8 {
        at.checked_sub(1).map_or(0, |at| self.bytes()[at])
    }

    /// The byte at `at`, 0 at the end of the text.
    pub(super) fn byte_at(&self, at: usize) -> u8 {
        self.bytes().get(at).copied().unwrap_or(0)
    }

    /// Whether the sign stands anywhere: most families need one that most texts lack.
    pub(super) fn has_sign(&self, sign: u8) -> bool {
        self.seen >> sign & 1 == 1
    }

    /// The tokens that announce one of `cues`.
    pub(super) fn cued(&self, cues: Cues) -> impl Iterator<Item = usize> {
        self.cue_anchors.iter().map(|anchor| *anchor as usize).filter(move |index| self.tokens[*index].has(cues))
    }
}

const ANNOUNCES_NAMES: Cues = cue::TITLE | cue::GREETING | cue::NAME | cue::ROLE | cue::BY | cue::SPEAKS;

pub(super) fn is_cjk(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}')
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

/// The key of a word in the tables: its first 16 bytes in lower case; `None` for a longer one.
fn ascii_key(bytes: &[u8], start: usize, end: usize) -> Option<u128> {
    let length = end - start;
    if length > 16 {
        return None;
    }
    let raw = match bytes.get(start..start + 16) {
        Some(sixteen) => u128::from_le_bytes(sixteen.try_into().ok()?),
        None => bytes[start..end].iter().rev().fold(0, |key, byte| key << 8 | u128::from(*byte)),
    };
    let mask = if length == 16 { u128::MAX } else { (1 << (8 * length)) - 1 };
    Some((raw | 0x2020_2020_2020_2020_2020_2020_2020_2020) & mask)
}

/// The key of a word of any script, without marks: `José` has the key of `jose`.
pub(super) fn word_key(word: &str) -> Option<u128> {
    if word.is_ascii() {
        return ascii_key(word.as_bytes(), 0, word.len());
    }
    // The longest word of the tables has 16 bytes; marks add at most as many again.
    if word.len() > 32 {
        return None;
    }
    let mut folded = [0; 16];
    let mut length = 0;
    let mut encoded = [0; 4];
    for c in word.nfd().flat_map(char::to_lowercase) {
        let spelled: &str = match c {
            '\u{300}'..='\u{36F}' => "",
            'ß' => "ss",
            'ø' => "o",
            'æ' => "ae",
            'œ' => "oe",
            'ł' => "l",
            'đ' | 'ð' => "d",
            'þ' => "th",
            'ı' => "i",
            _ => c.encode_utf8(&mut encoded),
        };
        folded.get_mut(length..length + spelled.len())?.copy_from_slice(spelled.as_bytes());
        length += spelled.len();
    }
    Some(u128::from_le_bytes(folded))
}

/// A map from words to bits: open addressing, for a lookup stands behind every word of a text. A word is known by 64 bits
/// of hash, so that eight slots lie in a cache line.
#[derive(Debug)]
pub(super) struct WordMap {
    hashes: Vec<u64>,
    bits: Vec<u64>,
    mask: usize,
}

impl WordMap {
    pub(super) fn new(words: impl Iterator<Item = (u128, u64)>) -> Self {
        let words: Vec<_> = words.collect();
        let mask = (words.len() * 2).next_power_of_two().max(16) - 1;
        let mut map = Self { hashes: vec![0; mask + 1], bits: vec![0; mask + 1], mask };
        for (key, bits) in words {
            let slot = map.slot(hash(key));
            map.hashes[slot] = hash(key);
            map.bits[slot] |= bits;
        }
        map
    }

    pub(super) fn get(&self, key: u128) -> u64 {
        self.bits[self.slot(hash(key))]
    }

    /// Where the hash stands, or the empty slot where it would.
    fn slot(&self, hash: u64) -> usize {
        let mut slot = hash as usize & self.mask;
        while self.hashes[slot] != 0 && self.hashes[slot] != hash {
            slot = (slot + 1) & self.mask;
        }
        slot
    }
}

/// Never 0, which marks an empty slot.
fn hash(key: u128) -> u64 {
    const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
    let mixed = (key as u64).wrapping_mul(ODD) ^ ((key >> 64) as u64).wrapping_mul(ODD.rotate_left(32) | 1);
    (mixed ^ mixed >> 32).wrapping_mul(ODD) | 1 << 63
}

static CUES: LazyLock<WordMap> = LazyLock::new(|| WordMap::new(cue::words()));
