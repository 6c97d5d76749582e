//! Lists of words that announce nothing, but tell what kind of text they stand in. The lexer looks them up together with the words that
//! announce something, for a second look-up of every word costs a tenth of the time of a short text.

use super::trigger_words::{self, Triggers};

const ENGLISH: u8 = 1;
const OTHER: u8 = 2;
const WORK: u8 = 4;
const ORDER: u8 = 8;
const FREQUENT_NAME: u8 = 16;

const LISTS: [(u8, &str); 5] = [
    (
        ENGLISH,
        "the a an and or but if of to in on at by for with from is are was were be been it its he she they we you i \
        my your his her their our me him them us this that these those there here not no yes do does did has have had will \
        would can could should what who when where why how which so as than then just about up out all some any one get got \
        go going like know think want love let please thanks thank can hi hello dear oh ok m s t re ll ve new more now today",
    ),
    (
        OTHER,
        "der die das und ist nicht ein eine ich sie wir mit von zu auf für im dem den le la les des et est une un je \
        vous nous pas que qui dans pour el los las y es en por con una su lo como il che di non per sono da os um uma não com \
        para na em w z nie jest się je se het een van ik niet met voor och att det som är på av og til ne ve bir bu için ja ei",
    ),
    (
        WORK,
        "response responses placeholder placeholders keywords markdown json format sentence sentences paragraph \
        paragraphs bullet snippet essay transcript quotation output following given answer style grammar grammatically \
        grammatical criteria token conversation slogan blog introduction topic title analysis resume rewritten words commas letters",
    ),
    (
        ORDER,
        "replace convert converting select estimate expand introduce answer suppose italicize include wrap assume \
        compute calculate determine solve evaluate output respond consider question compare use act plan improve sort rank build \
        debug refactor optimize correct fix design produce",
    ),
    (FREQUENT_NAME, include_str!("name_dictionary/frequent.txt")),
];

/// Which of the lists a word is on.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct WordLists(u8);

impl WordLists {
    /// Each word of each list, with its bits in the table of words: above those of the announcements.
    pub(super) fn words() -> impl Iterator<Item = (&'static str, u64)> {
        LISTS.into_iter().flat_map(|(list, words)| {
            let lines = words.lines().filter(|line| !line.starts_with('#'));
            lines.flat_map(str::split_whitespace).map(move |word| (word, u64::from(list) << trigger_words::COUNT))
        })
    }

    /// Parts the bits of the table of words into the announcements and the lists.
    #[inline(always)]
    pub(super) fn split(bits: u64) -> (Triggers, Self) {
        (bits & ((1 << trigger_words::COUNT) - 1), Self((bits >> trigger_words::COUNT) as u8))
    }

    /// The lists of two words together.
    pub(super) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The most frequent words of English.
    pub(crate) fn is_english(self) -> bool {
        self.0 & ENGLISH != 0
    }

    /// The most frequent words of languages that share its letters.
    pub(crate) fn is_of_other_language(self) -> bool {
        self.0 & OTHER != 0
    }

    /// Words of those who tell a machine what to write.
    pub(crate) fn is_of_work(self) -> bool {
        self.0 & WORK != 0
    }

    /// Verbs that begin an order to a machine, besides those of [`trigger_words::TASK`].
    pub(crate) fn is_order(self) -> bool {
        self.0 & ORDER != 0
    }

    /// A first name so frequent that it counts in lower case, too.
    pub(crate) fn is_frequent_name(self) -> bool {
        self.0 & FREQUENT_NAME != 0
    }
}
