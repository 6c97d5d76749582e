//! What the model looks at: the features of a word, each as a place in the table of weights.
//!
//! Training and inference share this code. The features depend on the text, the lexer and the name dictionary alone, not on what
//! the finders found, so that a change to a finder leaves the weights valid.

use std::cell::{Cell, OnceCell};

use crate::scan::{Scanned, Token, name_dictionary, word_key::word_key, word_map};

/// The weights are kept in a table of this many places, as a power of two.
pub(crate) const TABLE_BITS: u32 = 18;

/// 2^64 divided by the golden ratio; its bits are well mixed.
const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
/// The longest text in which a second occurrence of a word is looked for, in tokens.
const REPEAT_TOKENS_MAX: usize = 128;
/// How many tokens of a text decide whether it is written with capitals.
const CASE_TOKENS_MAX: usize = 64;

/// The kind of a text, from cheap signs: its length, a question, marks of a tweet, numbers, line breaks.
#[derive(Debug, Clone, Copy)]
struct TextKind {
    bits: u64,
    case: u64,
    first_word: u64,
}

impl TextKind {
    fn of(scanned: &Scanned) -> Self {
        let length = [60, 180, 380].iter().filter(|bound| scanned.text.len() > **bound).count() as u64;
        let is_tweet = scanned.has_sign(b'#') || scanned.text.starts_with("RT ") || scanned.text.contains("http");
        let has_numbers = scanned.numbers.len() > 2;
        let is_form = scanned.has_sign(b'\n') || scanned.has_sign(b'|') || scanned.has_sign(b'{');
        let bits = length
            | u64::from(scanned.text.trim_end().ends_with('?')) << 2
            | u64::from(is_tweet) << 3
            | u64::from(has_numbers) << 4
            | u64::from(is_form) << 5;
        let words = scanned.tokens.iter().take(CASE_TOKENS_MAX).filter(|token| token.shape.is_word());
        let (capitals, words) = words
            .fold((0, 0), |(capitals, words), token| (capitals + usize::from(token.shape.is_capitalised()), words + 1));
        // None, few, or most of the words have capitals, as in a title.
        let case = u64::from(capitals > 0) + u64::from(capitals * 2 > words);
        let first_word = scanned.tokens.first().map_or(0, |_| word_map::hash(fold(scanned, 0)));
        Self { bits, case, first_word }
    }
}

/// How many words are kept: one that is scored, and two on either side.
const WORDS_KEPT: usize = 8;

/// The features of the words of one text.
pub(super) struct Features<'a> {
    scanned: &'a Scanned<'a>,
    kind: TextKind,
    /// The words read last, each at its index modulo the length.
    words: [Cell<(usize, Word)>; WORDS_KEPT],
    /// Which words without a capital occur, a bit for each hash of [`outline`]; all bits in a longer text than is read.
    uncapitalised: OnceCell<[u64; OUTLINE_WORDS]>,
}

/// The size of the table of outlines, in words of 64 bits.
const OUTLINE_WORDS: usize = 8;

/// A hash of a word's length and of its first and last letter, whatever their case.
fn outline(word: &[u8]) -> usize {
    let [first, last] = [word.first(), word.last()].map(|byte| usize::from(byte.map_or(0, |byte| byte | 0x20)));
    (first * 31 + last * 7 + word.len() * 3) % (OUTLINE_WORDS * 64)
}

/// A word as its neighbours see it.
#[derive(Clone, Copy)]
struct Word {
    /// Its folded letters, the first the lowest byte.
    key: u128,
    hash: u64,
    /// Its case and its entry in the name dictionary.
    class: u64,
}

impl Word {
    const NONE: Self = Self { key: 0, hash: 0, class: 0 };
}

/// The letters of a word in lower case and without marks, 16 bytes at most.
fn fold(scanned: &Scanned, index: usize) -> u128 {
    let of_beginning = || {
        let text = scanned.token_text(index);
        word_key(&text[..text.floor_char_boundary(12)])
    };
    scanned.key(index).or_else(of_beginning).unwrap_or(1)
}

/// Whether a word is in the dictionary, in any case.
pub(super) fn is_listed(scanned: &Scanned, index: usize) -> bool {
    name_dictionary::look_up_key(fold(scanned, index)).is_listed()
}

/// The letters of a key, each eight of which can be read as a number. Shifting a key itself takes several times as long.
struct Letters([u8; 24]);

impl Letters {
    fn of(key: u128) -> Self {
        let mut letters = [0; 24];
        letters[..16].copy_from_slice(&key.to_le_bytes());
        Self(letters)
    }

    /// The eight letters from `at` on, which is 16 at most; 0 for those that are missing.
    fn from(&self, at: u32) -> u64 {
        self.0[at as usize..].first_chunk().map_or(0, |letters| u64::from_le_bytes(*letters))
    }
}

/// The case of a word: `Jane`, `JANE`, `J`, `jane`, `McKay`, a number, a mixture.
fn case(token: &Token, text: &str) -> u64 {
    if token.shape.is_number() {
        return 6;
    }
    let has_inner_capital = || text.bytes().skip(1).any(|byte| byte.is_ascii_uppercase());
    match (token.shape.is_word(), token.shape.is_capitalised(), token.shape.has_lower()) {
        (false, ..) => 7,
        (true, true, true) if has_inner_capital() => 5,
        (true, true, true) => 1,
        (true, true, false) if token.len() == 1 => 3,
        (true, true, false) => 2,
        (true, false, _) => 4,
    }
}

fn read_word(scanned: &Scanned, index: usize) -> Word {
    let (token, text) = (&scanned.tokens[index], scanned.token_text(index));
    let case = case(token, text);
    if case == 6 {
        let key = u128::from(b'0') + token.len().min(5) as u128;
        return Word { key, hash: word_map::hash(key), class: case };
    }
    let whole = scanned.key(index);
    let key = whole.unwrap_or_else(|| fold(scanned, index));
    // The lexer has looked up the words with a capital.
    let is_looked_up = token.shape.is_capitalised() && token.shape.is_word() && whole.is_some();
    let names = if is_looked_up { token.names } else { name_dictionary::look_up_key(key) };
    let listed = u64::from(names.is_surely_given())
        | u64::from(names.is_given()) << 1
        | u64::from(names.is_family()) << 2
        | u64::from(names.is_frequent()) << 3
        | u64::from(names.is_rare_family()) << 4;
    Word { key, hash: word_map::hash(key), class: case | listed << 3 }
}

/// The sign nearest to a word in the gap on one side of it, and whether it touches the word: 0 for none.
fn sign(gap: &str, is_before: bool) -> u64 {
    let bytes = gap.as_bytes();
    let is_touched = (if is_before { bytes.last() } else { bytes.first() }).is_some_and(|byte| *byte != b' ');
    let seen = |byte: &&u8| **byte != b' ';
    let sign = if is_before { bytes.iter().rev().find(seen) } else { bytes.iter().find(seen) };
    sign.map_or(0, |sign| u64::from(*sign) << 1 | u64::from(is_touched))
}

impl<'a> Features<'a> {
    pub(super) fn new(scanned: &'a Scanned<'a>) -> Self {
        let words = [const { Cell::new((usize::MAX, Word::NONE)) }; WORDS_KEPT];
        Self { scanned, kind: TextKind::of(scanned), words, uncapitalised: OnceCell::new() }
    }

    fn word(&self, index: usize) -> Word {
        let kept = &self.words[index % WORDS_KEPT];
        let (at, word) = kept.get();
        if at == index {
            return word;
        }
        let word = read_word(self.scanned, index);
        kept.set((index, word));
        word
    }

    /// The two words before `index` and the two after it, in their order. A line break counts as a word of its own, and so does the
    /// text's end.
    fn neighbours(&self, index: usize) -> [Word; 4] {
        const END: Word = Word { key: 2, hash: ODD << 1, class: 0xFE };
        const BREAK: Word = Word { key: 3, hash: ODD << 2, class: 0xFF };
        let tokens = &self.scanned.tokens;
        let may_break = self.scanned.has_sign(b'\n');
        let breaks =
            |gap: usize| may_break && self.scanned.bytes()[tokens[gap].end()..tokens[gap + 1].start()].contains(&b'\n');
        let mut neighbours = [END; 4];
        let mut has_break = false;
        for steps in 1..=2 {
            let Some(at) = index.checked_sub(steps) else { break };
            has_break = has_break || breaks(at);
            neighbours[2 - steps] = if has_break { BREAK } else { self.word(at) };
        }
        has_break = false;
        for steps in 1..=2 {
            let at = index + steps;
            if at >= tokens.len() {
                break;
            }
            has_break = has_break || breaks(at - 1);
            neighbours[1 + steps] = if has_break { BREAK } else { self.word(at) };
        }
        neighbours
    }

    /// Calls `add` with the template and the place of each feature of the word `index`. `explain` says in words what the templates look at.
    pub(super) fn of_word(&self, index: usize, mut add: impl FnMut(u64, usize)) {
        let (scanned, kind) = (self.scanned, self.kind);
        let mut feature = |template: u64, value: u64| {
            let mixed = (value ^ template.wrapping_mul(0xD6E8_FEB8_6659_FD93)).wrapping_mul(ODD);
            add(template, ((mixed ^ mixed >> 31).wrapping_mul(ODD) >> (64 - TABLE_BITS)) as usize);
        };
        let pair = |one: u64, other: u64| one.rotate_left(23).wrapping_mul(ODD) ^ other;
        let here = self.word(index);
        let [before2, before, after, after2] = self.neighbours(index);

        feature(0, 0);
        feature(1, here.hash);
        feature(2, pair(here.hash, here.class & 7));
        feature(3, here.class);
        let length = (16 - here.key.leading_zeros() / 8).min(16);
        let letters = Letters::of(here.key);
        for count in 1..=4.min(length) {
            feature(3 + u64::from(count), letters.from(0) & ((1 << (8 * count)) - 1));
            feature(7 + u64::from(count), letters.from(length - count));
        }
        for at in 0..length.saturating_sub(2) {
            feature(12, letters.from(at) & 0xFF_FFFF);
        }
        feature(13, pair(u64::from(length), here.class));

        for (template, near) in [(14, before2), (15, before), (16, after), (17, after2)] {
            feature(template, near.hash);
            feature(template + 4, pair(near.hash, here.class));
            feature(template + 8, pair(near.class, here.class));
        }
        feature(26, pair(before.hash, after.hash));
        feature(27, pair(before2.hash, before.hash));
        feature(28, pair(after.hash, after2.hash));
        feature(29, pair(pair(before.class, after.class), here.class));
        feature(30, pair(pair(before2.hash, before.hash), here.class));
        feature(31, pair(pair(after.hash, after2.hash), here.class));
        feature(32, pair(here.hash, after.hash));
        feature(33, pair(before.hash, here.hash));

        let sign_before = match index.checked_sub(1) {
            Some(previous) => sign(scanned.gap(previous), true),
            None => 1 + sign(&scanned.text[..scanned.tokens[0].start()], true),
        };
        let sign_after = sign(scanned.gap(index), false);
        feature(34, pair(sign_before, here.class));
        feature(35, pair(sign_after, here.class));
        feature(36, pair(pair(sign_before, sign_after), here.class & 7));
        feature(37, pair(pair(sign_before, before.class), here.class));
        feature(38, pair(pair(sign_after, after.class), here.class));
        let starts = index == 0 || matches!((sign_before >> 1) as u8, b'.' | b'!' | b'?' | b'\n' | b':');
        feature(39, pair(u64::from(starts), here.class));
        feature(40, pair(u64::from(starts), here.hash));
        feature(41, pair(pair(u64::from(starts), after.hash), here.class));
        feature(42, pair(u64::from(starts), letters.from(length.saturating_sub(3))));

        feature(43, pair(kind.bits, here.class));
        feature(44, pair(kind.first_word, here.class));
        feature(45, pair(kind.bits, u64::from(starts)));
        feature(47, pair(kind.case, here.class));
        feature(48, pair(kind.case << 1 | u64::from(starts), here.class));
        feature(49, pair(pair(kind.case, before.class), here.class));
        if scanned.tokens.len() <= REPEAT_TOKENS_MAX && here.class & 7 == 1 {
            feature(46, pair(u64::from(self.is_repeated(index)), here.class));
        }
    }

    /// Whether the text has the word without a capital, too.
    fn is_repeated(&self, index: usize) -> bool {
        let scanned = self.scanned;
        let uncapitalised = self.uncapitalised.get_or_init(|| {
            let mut bits = [0; OUTLINE_WORDS];
            for token in scanned.tokens.iter().filter(|token| !token.shape.is_capitalised()) {
                let outline = outline(&scanned.bytes()[token.range()]);
                bits[outline / 64] |= 1 << (outline % 64);
            }
            bits
        });
        let text = scanned.token_text(index);
        let outline = outline(text.as_bytes());
        uncapitalised[outline / 64] >> (outline % 64) & 1 == 1
            && scanned.tokens.iter().enumerate().any(|(at, token)| {
                token.len() == text.len()
                    && !token.shape.is_capitalised()
                    && scanned.token_text(at).eq_ignore_ascii_case(text)
            })
    }
}
