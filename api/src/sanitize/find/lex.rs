//! One pass over the text: its words and numbers, with what each announces, and the places where the families look.

use std::{
    cell::Cell,
    mem,
    ops::{Deref, Range},
    sync::LazyLock,
};

use unicode_normalization::char::decompose_canonical;

use super::{
    cue::{self, Cues},
    names::{self, NameFlags},
    vendor,
    word_map::WordMap,
};

/// A longest run of letters and digits. An underscore parts tokens, so that `card_number` announces a card.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    start: u32,
    end: u32,
    pub(super) cues: Cues,
    /// What the word is as a name, if it begins with a capital.
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
    lists: Lists,
    /// The signs of ASCII that stand somewhere.
    seen: [bool; 128],
    /// What any word announces.
    cues: Cues,
}

/// What was noted.
#[derive(Debug, Default)]
pub(super) struct Lists {
    pub(super) tokens: Vec<Token>,
    /// Tokens with a digit in them.
    pub(super) numbers: Vec<u32>,
    /// Tokens that may be or announce a name.
    pub(super) name_anchors: Vec<u32>,
    /// Tokens that announce something else than a name, and are looked from.
    pub(super) cue_anchors: Vec<u32>,
    /// Tokens that a vendor's key may begin with.
    pub(super) key_anchors: Vec<u32>,
    /// The bytes `=` and `:` that may assign.
    pub(super) assignments: Vec<u32>,
}

impl Lists {
    fn clear(&mut self) {
        self.tokens.clear();
        for list in [
            &mut self.numbers,
            &mut self.name_anchors,
            &mut self.cue_anchors,
            &mut self.key_anchors,
            &mut self.assignments,
        ] {
            list.clear();
        }
    }
}

/// Lists with room for more tokens than this are not kept for the next text.
const TOKENS_KEPT_MAX: usize = 1 << 16;

thread_local! {
    /// The lists of the last text, empty, for the next: prompts are short, and to ask for memory for each costs more than to read it.
    static SPARE: Cell<Lists> = Cell::default();
}

impl Deref for Lexed<'_> {
    type Target = Lists;

    fn deref(&self) -> &Lists {
        &self.lists
    }
}

impl Drop for Lexed<'_> {
    fn drop(&mut self) {
        let mut lists = mem::take(&mut self.lists);
        if lists.tokens.capacity() <= TOKENS_KEPT_MAX {
            lists.clear();
            // A thread that ends may have no place for them any more.
            let _ = SPARE.try_with(|spare| spare.set(lists));
        }
    }
}

/// What each byte adds to the shape of the token that it stands in; 0 for one that ends it.
const SHAPES: [u8; 256] = {
    let mut shapes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        shapes[byte] = match byte as u8 {
            b'0'..=b'9' => Shape::DIGIT,
            b'a'..=b'z' => Shape::LETTER | Shape::LOWER,
            b'A'..=b'Z' => Shape::LETTER,
            _ => 0,
        };
        byte += 1;
    }
    shapes
};

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
        let lists = SPARE.try_with(Cell::take).unwrap_or_default();
        let mut lexed = Self { text, lists, seen: [false; 128], cues: 0 };
        let mut at = 0;
        while at < bytes.len() {
            match CLASSES[bytes[at] as usize] {
                1 => at = lexed.token(at),
                2 => {
                    lexed.seen[usize::from(bytes[at])] = true;
                    if is_assignment(bytes, at) {
                        lexed.lists.assignments.push(at as u32);
                    }
                    at += 1;
                }
                3 => {
                    let c = text[at..].chars().next().unwrap_or(' ');
                    at = if is_alphanumeric(c) { lexed.token(at) } else { at + c.len_utf8() };
                }
                _ => {
                    lexed.seen[usize::from(bytes[at] & 127)] = true;
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
            if let Some(eight) = bytes[at..].first_chunk() {
                let (length, kinds) = word_prefix(u64::from_le_bytes(*eight));
                shape |= kinds;
                at += length;
                if length == 8 {
                    continue;
                }
            }
            let byte = bytes[at];
            if byte.is_ascii() {
                if SHAPES[byte as usize] == 0 {
                    break;
                }
                shape |= SHAPES[byte as usize];
                at += 1;
                continue;
            }
            let c = self.text[at..].chars().next().unwrap_or(' ');
            // Combining marks carry a word on.
            if !is_alphanumeric(c) && !matches!(c, '\u{300}'..='\u{36F}' | '\u{200C}' | '\u{200D}') {
                break;
            }
            is_ascii = false;
            shape |= Shape::LETTER | if c.is_lowercase() { Shape::LOWER } else { 0 };
            at += c.len_utf8();
        }
        let first = bytes[start];
        let is_capital = match first {
            0x80.. => self.text[start..].chars().next().is_some_and(|c| c.is_uppercase() || is_cjk(c)),
            _ => first.is_ascii_uppercase(),
        };
        let shape = Shape(shape | if is_capital { Shape::CAPITAL } else { 0 });
        let index = self.tokens.len() as u32;
        let (mut cues, mut names) = (0, NameFlags::default());
        if shape.has_digit() {
            self.lists.numbers.push(index);
        }
        let ascii = if is_ascii { start } else { start + vendor::ascii_within(&bytes[start..at]) };
        if vendor::may_begin(&bytes[ascii..]) {
            self.lists.key_anchors.push(index);
        }
        if shape.is_word() {
            let key = if is_ascii { ascii_key(bytes, start, at) } else { word_key(&self.text[start..at]) };
            if let Some(key) = key {
                cues = CUES.get(key);
                self.cues |= cues;
                if is_capital {
                    names = names::look_up(key);
                }
                if cues & cue::OF_NAMES != 0 || names.is_given() {
                    self.lists.name_anchors.push(index);
                }
                if cues & cue::OF_OTHERS != 0 {
                    self.lists.cue_anchors.push(index);
                }
            }
        }
        self.lists.tokens.push(Token { start: start as u32, end: at as u32, cues, names, shape });
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
        self.seen[usize::from(sign)]
    }

    /// Whether any word announces one of `cues`.
    pub(super) fn announces(&self, cues: Cues) -> bool {
        self.cues & cues != 0
    }

    /// The tokens that announce one of `cues`, which must be among those that are looked from.
    pub(super) fn cued(&self, cues: Cues) -> impl Iterator<Item = usize> {
        debug_assert_eq!(cues & !cue::OF_OTHERS, 0, "no anchors are kept of these");
        let anchors = if self.announces(cues) { &self.cue_anchors[..] } else { &[] };
        anchors.iter().map(|anchor| *anchor as usize).filter(move |index| self.tokens[*index].has(cues))
    }
}

/// How many of eight bytes, from the lowest on, are letters and digits of ASCII, and what they add to a shape. All eight
/// are judged at once, for most words are shorter, and to guess where each ends costs more.
fn word_prefix(eight: u64) -> (usize, u8) {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * ONES;
    // The highest bit of each byte below 0x80 that lies between the two.
    let (bytes, is_ascii) = (eight & !HIGH, !eight & HIGH);
    let between = |bytes: u64, low: u8, high: u8| {
        (bytes + (0x80 - u64::from(low)) * ONES) & !(bytes + (0x7F - u64::from(high)) * ONES) & is_ascii
    };
    // With this bit a capital is its small letter, and nothing else becomes a letter.
    const SMALL: u64 = 0x20 * ONES;
    let (digits, letters) = (between(bytes, b'0', b'9'), between(bytes | SMALL, b'a', b'z'));
    let lower = letters & (eight & SMALL) << 2;
    let ends = !(digits | letters) & HIGH;
    let length = ends.trailing_zeros() as usize / 8;
    // The bits below the first byte that ends the word.
    let within = if ends == 0 { u64::MAX } else { (ends & ends.wrapping_neg()) - 1 };
    let has = |kind: u64, flag: u8| if kind & within == 0 { 0 } else { flag };
    (length, has(digits, Shape::DIGIT) | has(letters, Shape::LETTER) | has(lower, Shape::LOWER))
}

/// As `char::is_alphanumeric`, with the frequent characters beyond Latin decided at once: the standard library searches for each.
fn is_alphanumeric(c: char) -> bool {
    match c {
        '\u{2000}'..='\u{206F}' | '\u{3000}'..='\u{3004}' => false,
        '\u{410}'..='\u{44F}' | '\u{3041}'..='\u{3096}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' => true,
        c => c.is_alphanumeric(),
    }
}

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
pub(super) fn ascii_key(bytes: &[u8], start: usize, end: usize) -> Option<u128> {
    let length = end - start;
    if let (1..=8, Some(eight)) = (length, bytes[start..].first_chunk()) {
        let eight = u64::from_le_bytes(*eight) | 0x2020_2020_2020_2020;
        return Some(u128::from(eight & u64::MAX >> (64 - 8 * length)));
    }
    let in_order = || bytes[start..end].iter().rev().fold(0, |key, byte| key << 8 | u128::from(byte | 0x20));
    (length <= 16).then(in_order)
}

/// The key of a word of any script, without marks: `José` has the key of `jose`.
pub(super) fn word_key(word: &str) -> Option<u128> {
    if word.is_ascii() {
        return ascii_key(word.as_bytes(), 0, word.len());
    }
    // The longest word of the tables has 16 bytes; marks add at most as many again. A name in Chinese, Japanese or Korean
    // has up to four characters, and a text without spaces is one long word.
    if word.len() > 32 || word.len() > 12 && word.starts_with(is_cjk) {
        return None;
    }
    let (mut folded, mut length, mut encoded) = ([0; 16], 0, [0; 4]);
    let mut fits = true;
    for c in word.chars() {
        // Marks are left out, so their order does not matter, and each character can be taken apart alone.
        decompose_canonical(c, |part| {
            for c in part.to_lowercase() {
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
                match folded.get_mut(length..length + spelled.len()) {
                    Some(place) => place.copy_from_slice(spelled.as_bytes()),
                    None => fits = false,
                }
                length += spelled.len();
            }
        });
    }
    fits.then(|| u128::from_le_bytes(folded))
}

static CUES: LazyLock<WordMap> = LazyLock::new(|| WordMap::new(cue::words()));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_bytes_are_judged_as_each_alone() {
        let texts = [
            "abcdefgh",
            "Ab1 cdef",
            " abc",
            "12345678",
            "a-b",
            "Zz@[`{/:",
            "é12",
            "ABC\u{7F}xyz0",
            "9_a",
            "\u{80}abcdef",
        ];
        for text in texts {
            let mut eight = [b' '; 8];
            let length = text.len().min(8);
            eight[..length].copy_from_slice(&text.as_bytes()[..length]);
            let expected = eight.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
            let kinds = eight[..expected].iter().fold(0, |kinds, byte| kinds | SHAPES[*byte as usize]);
            assert_eq!(word_prefix(u64::from_le_bytes(eight)), (expected, kinds), "{text:?}");
        }
    }

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
        ];
        for text in texts {
            let tokens: Vec<_> = Lexed::new(text).tokens.iter().map(|token| &text[token.range()]).collect();
            let runs = text.split(|c: char| !c.is_alphanumeric()).filter(|run| !run.is_empty());
            assert_eq!(tokens, runs.collect::<Vec<_>>());
        }
    }

    #[test]
    fn words_announce_in_any_case_and_with_any_marks() {
        let lexed = Lexed::new("PASSPORT passeport Teléfono nothing");
        let cues: Vec<_> = lexed.tokens.iter().map(|token| token.cues).collect();
        assert!(
            cues[0] & cue::PASSPORT != 0 && cues[1] & cue::PASSPORT != 0 && cues[2] & cue::PHONE != 0 && cues[3] == 0
        );
    }
}
