//! One pass over the text: its words and numbers, with what each announces, and the places where the families look.

mod block;
mod key;
mod reader;

use std::{
    cell::Cell,
    ops::{Deref, Range},
};

pub(super) use self::key::{ascii_key, word_key};
use super::{
    cue::{self, Cues},
    names::NameFlags,
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
    notes: &'a Notes,
}

/// What was noted of a text.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) tokens: Vec<Token>,
    /// Tokens with a digit in them.
    pub(super) numbers: Vec<u32>,
    /// Numbers without those that are most frequent and nothing that families look for: fewer than five digits, no other number
    /// within three bytes behind them, no hyphen on either side. Only a family that finds nothing there may use this list.
    pub(super) long_numbers: Vec<u32>,
    /// Tokens that may be or announce a name.
    pub(super) name_anchors: Vec<u32>,
    /// Tokens that announce something else than a name, and are looked from.
    pub(super) cue_anchors: Vec<u32>,
    /// Tokens that a vendor's key may begin with.
    pub(super) key_anchors: Vec<u32>,
    /// The bytes `=` and `:` that may assign.
    pub(super) assignments: Vec<u32>,
    /// The signs of ASCII that stand somewhere, a bit each; not the space, which stands everywhere.
    signs: [u64; 2],
    /// Whether two letters or digits stand between signs somewhere, and two more behind them, as in `:1a:2b:`. What the end of a
    /// block parts is not seen; of the five signs in six pairs, three are always in one block.
    has_pairs: bool,
    /// What any word announces.
    cues: Cues,
}

impl Notes {
    fn clear(&mut self) {
        self.tokens.clear();
        for list in [
            &mut self.numbers,
            &mut self.long_numbers,
            &mut self.name_anchors,
            &mut self.cue_anchors,
            &mut self.key_anchors,
            &mut self.assignments,
        ] {
            list.clear();
        }
        self.signs = [0; 2];
        self.has_pairs = false;
        self.cues = 0;
    }
}

/// Notes with room for more tokens than this are not kept for the next text.
const TOKENS_KEPT_MAX: usize = 1 << 16;

thread_local! {
    /// The notes of the last text, empty, for the next: prompts are short, and to ask for memory for each costs more than to read it.
    static SPARE: Cell<Option<Box<Notes>>> = const { Cell::new(None) };
}

impl Deref for Lexed<'_> {
    type Target = Notes;

    fn deref(&self) -> &Notes {
        self.notes
    }
}

/// Reads a text, and looks at it. What is beyond 4 GiB is not read.
pub(super) fn with_lexed<T>(text: &str, look: impl FnOnce(&Lexed) -> T) -> T {
    let text = &text[..text.floor_char_boundary(u32::MAX as usize)];
    // A thread that ends may have no place for them any more.
    let mut notes = SPARE.try_with(Cell::take).ok().flatten().unwrap_or_default();
    notes.read(text);
    let seen = look(&Lexed { text, notes: &notes });
    if notes.tokens.capacity() <= TOKENS_KEPT_MAX {
        notes.clear();
        let _ = SPARE.try_with(|spare| spare.set(Some(notes)));
    }
    seen
}

impl<'a> Lexed<'a> {
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

    /// Whether the sign, and nothing else, stands between a token and the next.
    pub(super) fn is_joined(&self, index: usize, sign: u8) -> bool {
        let end = self.tokens[index].end();
        self.byte_at(end) == sign && self.tokens.get(index + 1).is_some_and(|next| next.start() == end + 1)
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
        self.signs[usize::from(sign >> 6)] >> (sign & 63) & 1 == 1
    }

    /// Whether six pairs of letters or digits with signs between them may stand somewhere.
    pub(super) fn has_pairs(&self) -> bool {
        self.has_pairs
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

pub(super) fn is_cjk(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}')
}
