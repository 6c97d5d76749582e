//! Whether a short text is English, and whether it asks for a piece of work.

use std::sync::LazyLock;

use crate::scan::{Scanned, trigger_words as trigger, word_key::word_key, word_map::WordMap};

const ENGLISH: u64 = 1;
const OTHER: u64 = 2;
/// Words of those who tell a machine what to write.
const WORK: u64 = 4;
/// Verbs that begin an order to a machine, besides those of [`trigger::TASK`].
const ORDER: u64 = 8;
/// The beginnings of a text that tells a machine, or whoever answers, whose part to take.
const PERSONAS: [&str; 4] = ["As a ", "As an ", "You are a ", "You are an "];
/// So many words of work make a request, wherever they stand.
const WORK_WORDS_MIN: usize = 2;

/// The most frequent words of English, those of languages that share its letters, and those of requests.
static WORDS: LazyLock<WordMap> = LazyLock::new(|| {
    let english = "the a an and or but if of to in on at by for with from is are was were be been it its he she they we you i \
        my your his her their our me him them us this that these those there here not no yes do does did has have had will \
        would can could should what who when where why how which so as than then just about up out all some any one get got \
        go going like know think want love let please thanks thank can hi hello dear oh ok m s t re ll ve new more now today";
    let other = "der die das und ist nicht ein eine ich sie wir mit von zu auf für im dem den le la les des et est une un je \
        vous nous pas que qui dans pour el los las y es en por con una su lo como il che di non per sono da os um uma não com \
        para na em w z nie jest się je se het een van ik niet met voor och att det som är på av og til ne ve bir bu için ja ei";
    let work = "response responses placeholder placeholders keywords markdown json format sentence sentences paragraph \
        paragraphs bullet snippet essay transcript quotation output following given answer style grammar grammatically \
        grammatical criteria token conversation slogan blog introduction topic title analysis resume rewritten words commas letters";
    let order = "replace convert converting select estimate expand introduce answer suppose italicize include wrap assume \
        compute calculate determine solve evaluate output respond consider question compare use act plan improve sort rank build \
        debug refactor optimize correct fix design produce";
    let words = |list: &'static str, bit| list.split_whitespace().filter_map(move |word| Some((word_key(word)?, bit)));
    WordMap::new(words(english, ENGLISH).chain(words(other, OTHER)).chain(words(work, WORK)).chain(words(order, ORDER)))
});

/// What the words of a short text say of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) is_english: bool,
    /// It gives an order at the beginning of a sentence, uses words of work, or is an exercise in numbers, whose names are made up.
    pub(super) is_request: bool,
}

impl Request {
    pub(super) fn of(scanned: &Scanned) -> Self {
        let (mut english, mut other, mut beyond_ascii, mut work, mut has_order) = (0, 0, 0, 0, false);
        let words = &*WORDS;
        let is_ascii = scanned.text.is_ascii();
        for (index, token) in scanned.tokens.iter().enumerate() {
            let bits = scanned.key(index).map_or(0, |key| words.get(key));
            english += usize::from(bits & ENGLISH != 0);
            beyond_ascii += usize::from(!is_ascii && !scanned.token_text(index).is_ascii());
            other += usize::from(bits & OTHER != 0);
            work += usize::from(bits & WORK != 0);
            has_order |= (bits & ORDER != 0 || token.has(trigger::TASK))
                && token.shape.is_capitalised()
                && (index == 0 || scanned.gap(index - 1).contains(['.', '?', '!', ':', '\n']));
        }
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
