//! A text with its tokens and with the notes that the lexer took of it.

use std::ops::Deref;

use super::{
    name_dictionary::{self, NameFlags},
    token::Token,
    trigger_words::{self as trigger, Triggers},
    word_key::key_within,
    word_lists::WordLists,
};
use crate::span::Scope;

/// A text with its tokens. A finder looks at the tokens of one list, and around each no further than a fixed distance, so that
/// the time stays linear in the length of the text.
#[derive(Debug)]
pub(crate) struct Scanned<'a> {
    pub(crate) text: &'a str,
    pub(crate) scope: Scope,
    notes: &'a Notes,
}

/// The lexer's result for a text. Tokens are named by their index.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    pub(crate) tokens: Vec<Token>,
    /// Tokens with a digit in them.
    pub(crate) numbers: Vec<u32>,
    /// The numbers without the most frequent ones, which most finders have no use for: those of fewer than five digits that have
    /// no other number within three bytes after them and no hyphen on either side. A finder may use this list only if it
    /// finds nothing in such numbers.
    pub(crate) long_numbers: Vec<u32>,
    /// Tokens that may be a name or announce one.
    pub(crate) name_anchors: Vec<u32>,
    /// Tokens that announce something other than a name, and from which a finder looks around.
    pub(crate) trigger_anchors: Vec<u32>,
    /// Tokens that a vendor's key or a private key may begin with.
    pub(crate) key_anchors: Vec<u32>,
    /// Where an `=` or a `:` stands that may assign a value, in bytes.
    pub(crate) assignments: Vec<u32>,
    /// Which ASCII signs occur, a bit each. The space is left out, for it occurs in every text.
    pub(super) signs: [u64; 2],
    pub(super) has_pairs: bool,
    /// Tokens of another script than Latin.
    pub(crate) other_scripts: Vec<u32>,
    /// Whether a letter of another script than Latin occurs.
    pub(crate) has_other_script: bool,
    /// Everything that the words announce, together.
    pub(super) triggers: Triggers,
    /// All lists that a word is on.
    pub(crate) lists: WordLists,
}

impl Notes {
    pub(super) fn clear(&mut self) {
        self.tokens.clear();
        for list in [
            &mut self.numbers,
            &mut self.long_numbers,
            &mut self.name_anchors,
            &mut self.trigger_anchors,
            &mut self.key_anchors,
            &mut self.other_scripts,
            &mut self.assignments,
        ] {
            list.clear();
        }
        self.signs = [0; 2];
        self.has_pairs = false;
        self.has_other_script = false;
        self.triggers = 0;
        self.lists = WordLists::default();
    }
}

impl Deref for Scanned<'_> {
    type Target = Notes;

    fn deref(&self) -> &Notes {
        self.notes
    }
}

impl<'a> Scanned<'a> {
    pub(super) fn new(text: &'a str, scope: Scope, notes: &'a Notes) -> Self {
        Self { text, scope, notes }
    }

    pub(crate) fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    pub(crate) fn token_text(&self, index: usize) -> &'a str {
        &self.text[self.tokens[index].range()]
    }

    /// The key under which tables have the word, as [`word_key`](super::word_key::word_key) gives it.
    pub(crate) fn key(&self, index: usize) -> Option<u128> {
        key_within(self.text, self.tokens[index].range())
    }

    /// The entry of the word in the dictionary of names, in any case.
    pub(crate) fn names_in_any_case(&self, index: usize) -> NameFlags {
        self.key(index).map(name_dictionary::look_up_key).unwrap_or_default()
    }

    /// The text between a token and the next one.
    #[inline]
    pub(crate) fn gap(&self, index: usize) -> &'a str {
        match self.tokens.get(index + 1) {
            Some(next) => &self.text[self.tokens[index].end()..next.start()],
            None => &self.text[self.tokens[index].end()..],
        }
    }

    /// Whether exactly one sign, this one, stands between a token and the next one.
    pub(crate) fn is_joined(&self, index: usize, sign: u8) -> bool {
        let end = self.tokens[index].end();
        self.byte_at(end) == sign && self.tokens.get(index + 1).is_some_and(|next| next.start() == end + 1)
    }

    /// Everything that the `count` tokens before `index` announce. Those that end more than `bytes_max` before it do not count.
    pub(crate) fn triggers_before(&self, index: usize, count: usize, bytes_max: usize) -> Triggers {
        let start = self.tokens[index].start();
        self.tokens[index.saturating_sub(count)..index]
            .iter()
            .filter(|token| start - token.end() <= bytes_max)
            .fold(0, |triggers, token| triggers | token.triggers)
    }

    /// Everything that the `count` tokens after `index` announce. Those that begin more than `bytes_max` after it do not count.
    pub(crate) fn triggers_after(&self, index: usize, count: usize, bytes_max: usize) -> Triggers {
        let end = self.tokens[index].end();
        let last = (index + 1 + count).min(self.tokens.len());
        self.tokens[index + 1..last]
            .iter()
            .filter(|token| token.start() - end <= bytes_max)
            .fold(0, |triggers, token| triggers | token.triggers)
    }

    /// The byte before `at`; 0 at the start of the text.
    pub(crate) fn byte_before(&self, at: usize) -> u8 {
        at.checked_sub(1).map_or(0, |at| self.bytes()[at])
    }

    /// The byte at `at`; 0 at the end of the text.
    pub(crate) fn byte_at(&self, at: usize) -> u8 {
        self.bytes().get(at).copied().unwrap_or(0)
    }

    /// Whether the ASCII sign occurs in the text. Many finders need a sign that most texts lack, and skip those texts.
    pub(crate) fn has_sign(&self, sign: u8) -> bool {
        self.signs[usize::from(sign >> 6)] >> (sign & 63) & 1 == 1
    }

    /// Whether six pairs of letters or digits with signs between them, as in a hardware address, may occur.
    ///
    /// The lexer looks for half of that, `:1a:2b:`, within each of its blocks of 64 bytes. This is enough: an address has five signs,
    /// a block's end separates them into two groups at most, and one of the groups has three signs.
    pub(crate) fn has_pairs(&self) -> bool {
        self.has_pairs
    }

    /// Whether any word of the text announces one of `triggers`.
    pub(crate) fn has_trigger(&self, triggers: Triggers) -> bool {
        self.triggers & triggers != 0
    }

    /// The tokens that announce one of `triggers`, all of which must be among [`trigger::LOOKED_FROM`].
    pub(crate) fn tokens_with(&self, triggers: Triggers) -> impl Iterator<Item = usize> {
        debug_assert_eq!(triggers & !trigger::LOOKED_FROM, 0, "the lexer keeps no anchors for some of these");
        let anchors = if self.has_trigger(triggers) { &self.trigger_anchors[..] } else { &[] };
        anchors.iter().map(|anchor| *anchor as usize).filter(move |index| self.tokens[*index].has(triggers))
    }
}
