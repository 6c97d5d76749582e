//! Whether a short text is English, and whether it asks for a piece of work.

use crate::scan::{Scanned, Token, WordLists, trigger_words as trigger};

/// The beginnings of a text that tells a machine, or whoever answers, whose part to take.
const PERSONAS: [&str; 4] = ["As a ", "As an ", "You are a ", "You are an "];
/// So many words of work make a request, wherever they stand.
const WORK_WORDS_MIN: usize = 2;

/// What the words of a short text say of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) is_english: bool,
    /// It gives an order at the beginning of a sentence, uses words of work, or is an exercise in numbers, whose names are made up.
    pub(super) is_request: bool,
}

impl Request {
    pub(super) fn of(scanned: &Scanned) -> Self {
        let count =
            |is_listed: fn(WordLists) -> bool| scanned.tokens.iter().filter(|token| is_listed(token.lists)).count();
        let lists = scanned.lists;
        let english = if lists.is_english() { count(WordLists::is_english) } else { 0 };
        let other = if lists.is_of_other_language() { count(WordLists::is_of_other_language) } else { 0 };
        let work = if lists.is_of_work() { count(WordLists::is_of_work) } else { 0 };
        let is_ascii = scanned.text.is_ascii();
        let is_beyond_ascii = |token: &&Token| !scanned.bytes()[token.range()].is_ascii();
        let beyond_ascii = if is_ascii { 0 } else { scanned.tokens.iter().filter(is_beyond_ascii).count() };
        let gives_order = |(index, token): (usize, &Token)| {
            (token.lists.is_order() || token.has(trigger::TASK))
                && token.shape.is_capitalised()
                && (index == 0 || scanned.gap(index - 1).contains(['.', '?', '!', ':', '\n']))
        };
        let may_give_order = lists.is_order() || scanned.has_trigger(trigger::TASK);
        let has_order = may_give_order && scanned.tokens.iter().enumerate().any(gives_order);
        Self {
            is_english: english > other && english * 10 >= scanned.tokens.len() && beyond_ascii <= english,
            is_request: has_order
                || PERSONAS.iter().any(|persona| scanned.text.starts_with(persona))
                || work >= WORK_WORDS_MIN
                || is_exercise(scanned),
        }
    }
}

/// Whether the text gives numbers and asks for another: `Ann has 3 apples and buys 4. How many does she have?`
fn is_exercise(scanned: &Scanned) -> bool {
    const ASKED: [&str; 9] =
        ["how many ", "how much ", "how long ", "how old ", "how far ", "by what ", " total", "probability", "average"];
    scanned.numbers.len() >= 2 && scanned.has_sign(b'?') && {
        let text = scanned.text.to_ascii_lowercase();
        ASKED.iter().any(|asked| text.contains(asked))
    }
}
