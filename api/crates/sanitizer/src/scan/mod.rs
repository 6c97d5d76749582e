//! Reads a text once and notes where the finders may look, so that no finder reads the whole text itself.
//!
//! - [`lookalikes`] gives the text without disguises: full-width digits, invisible characters.
//! - [`lexer`] cuts it into [`Token`]s and looks each word up: in [`trigger_words`] (what does it announce?), in
//!   [`name_dictionary`] (is it a name?) and in a [`PrefixSet`] (may a vendor's key begin here?).
//!   The tables of names ([`name_tables`]) are made of their lists by `build.rs`.
//! - [`Scanned`] is the result: the text, its tokens, and lists of the tokens worth a look.
//! - [`char_classes`] counts what a value is made of.

mod byte_block;
mod cells;
pub(crate) mod char_classes;
mod char_set;
mod lexer;
pub(crate) mod lookalikes;
pub(crate) mod name_dictionary;
pub(crate) mod name_hash;
pub(crate) mod name_tables;
mod prefix_set;
mod scanned;
mod scripts;
mod token;
mod trigger_table;
pub(crate) mod trigger_words;
pub(crate) mod word_key;
mod word_lists;
pub(crate) mod word_map;

use std::cell::Cell;

use self::scanned::Notes;
pub(crate) use self::{
    cells::cells,
    char_set::CharSet,
    lexer::announced_by,
    prefix_set::{PrefixSet, ascii_start, head},
    scanned::Scanned,
    scripts::{is_cjk, is_han, is_hangul, is_kana, is_latin, is_native_letter, is_unspaced},
    token::Token,
    word_lists::WordLists,
};
use crate::span::Scope;

/// Notes with room for more tokens than this are not kept for the next text.
const TOKENS_KEPT_MAX: usize = 1 << 16;

thread_local! {
    /// The memory of the last text's notes, for the next text. Prompts are short, and allocating these lists for each of them
    /// takes longer than reading it.
    static SPARE: Cell<Option<Box<Notes>>> = const { Cell::new(None) };
}

/// Scans `text` and passes the result to `look`. Text beyond 4 GiB is not read.
pub(crate) fn scan<T>(text: &str, scope: Scope, prefixes: &PrefixSet, look: impl FnOnce(&Scanned) -> T) -> T {
    let text = &text[..text.floor_char_boundary(u32::MAX as usize)];
    // While a thread ends, its thread-local values may be gone already.
    let mut notes = SPARE.try_with(Cell::take).ok().flatten().unwrap_or_default();
    lexer::read(text, prefixes, &mut notes);
    let seen = look(&Scanned::new(text, scope, &notes));
    if notes.tokens.capacity() <= TOKENS_KEPT_MAX {
        notes.clear();
        let _ = SPARE.try_with(|spare| spare.set(Some(notes)));
    }
    seen
}

/// Runs one finder on a text, for the finders' own tests.
#[cfg(test)]
pub(crate) fn found_by(
    find: fn(&Scanned, &mut Vec<crate::span::Span>),
    prefixes: &PrefixSet,
    text: &str,
) -> Vec<crate::span::Span> {
    let mut spans = Vec::new();
    scan(text, Scope::Text, prefixes, |scanned| find(scanned, &mut spans));
    spans
}
