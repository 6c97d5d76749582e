//! Cuts a text into words and numbers, and notes what is known of each.

use std::sync::LazyLock;

use super::{
    byte_block::{self, ByteBlock},
    name_dictionary::{self, NameFlags},
    prefix_set::{PrefixSet, ascii_start},
    scanned::Notes,
    scripts::{is_alphanumeric, is_cjk, is_latin},
    token::{Shape, Token},
    trigger_table, trigger_words as trigger,
    word_key::{self, word_key},
    word_lists::WordLists,
    word_map::WordMap,
};

/// What the words announce, and the lists that they are on.
static WORDS: LazyLock<WordMap> = LazyLock::new(|| WordMap::new(trigger_table::words()));

/// The entry of the word with this key, which [`WordLists::split`] parts.
pub(super) fn word_bits(key: u128) -> u64 {
    WORDS.get(key)
}

/// What the word with this key announces.
pub(super) fn triggers(key: u128) -> trigger::Triggers {
    WordLists::split(word_bits(key)).0
}

/// Reads `text` into `notes`, which must be empty. Keys may begin with one of `prefixes`.
pub(super) fn read(text: &str, prefixes: &PrefixSet, notes: &mut Notes) {
    let mut lexer = Lexer { text, bytes: text.as_bytes(), words: &WORDS, prefixes, notes };
    let mut at = 0;
    while at < text.len() {
        at = lexer.read_block(at);
    }
    list_anchors(text.as_bytes(), notes);
}

/// Lists the tokens that finders look from.
///
/// This is a loop of its own, after all words are looked up. Within the lexer's loop, each of these branches would wait for the
/// look-up of the word, and be guessed wrong by the processor for every word that announces something.
fn list_anchors(bytes: &[u8], notes: &mut Notes) {
    for (index, token) in notes.tokens.iter().enumerate() {
        notes.triggers |= token.triggers;
        notes.lists = notes.lists.with(token.lists);
        let is_anchor = token.has(trigger::BESIDE_NAMES | trigger::LOOKED_FROM);
        if !is_anchor && !token.shape.has_digit() && !token.names.is_given() {
            continue;
        }
        let anchor = index as u32;
        if token.shape.has_digit() {
            notes.numbers.push(anchor);
            if may_be_long(bytes, token, notes.tokens.get(index + 1)) {
                notes.long_numbers.push(anchor);
            }
        }
        if token.has(trigger::BESIDE_NAMES) || token.names.is_given() {
            notes.name_anchors.push(anchor);
        }
        if token.has(trigger::LOOKED_FROM) {
            notes.trigger_anchors.push(anchor);
        }
    }
}

struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    words: &'static WordMap,
    prefixes: &'a PrefixSet,
    notes: &'a mut Notes,
}

impl Lexer<'_> {
    /// Reads up to 64 bytes from `start` on, and returns where it stopped: at the end of the 64 bytes, before a word that
    /// may continue after them, or before a character that is not ASCII.
    fn read_block(&mut self, start: usize) -> usize {
        let block = ByteBlock::read(&self.bytes[start..]);
        let words = block.words();
        let rest = self.bytes.len() - start;
        let mut length = rest.min(block.beyond_ascii.trailing_zeros() as usize);
        if length < rest {
            let cut =
                (words & byte_block::first(length)).unbounded_shl((byte_block::BYTES - length) as u32).leading_ones();
            length -= cut as usize;
            if length == 0 {
                return self.read_characters(start);
            }
        }
        let mut signs = !(words | block.spaces) & byte_block::first(length);
        let pairs = signs & words >> 1 & words >> 2 & signs >> 3;
        self.notes.has_pairs |= pairs & pairs >> 3 != 0;
        while signs != 0 {
            self.note_sign(start + signs.trailing_zeros() as usize);
            signs &= signs - 1;
        }
        self.note_words(&block, words & byte_block::first(length), start);
        start + length
    }

    /// Notes the ASCII words of a block that begins at `start`. `words` has a bit for each of their bytes.
    fn note_words(&mut self, block: &ByteBlock, mut words: u64, start: usize) {
        while words != 0 {
            let first = words.trailing_zeros();
            // Adding the lowest bit carries through the whole word, and leaves a bit right after its end.
            let carried = words.wrapping_add(1 << first);
            let end = (carried & !words).trailing_zeros();
            let within = words & !carried;
            words &= carried;
            let (at, length) = (start + first as usize, (end - first) as usize);
            let bytes = word_key::first_bytes(&self.bytes[at..]);
            // Most words consist of small letters only; their shape is known without a further test.
            if within & !block.lower == 0 {
                let shape = Shape(Shape::LETTER | Shape::LOWER);
                self.note_token(at, at + length, shape, word_key::of_ascii(bytes, length), bytes as u32);
                continue;
            }
            let has = |set: u64, flag: u8| if set & within == 0 { 0 } else { flag };
            let shape = Shape(
                has(block.digits, Shape::DIGIT)
                    | has(block.capitals | block.lower, Shape::LETTER)
                    | has(block.lower, Shape::LOWER)
                    | has(block.capitals & 1 << first, Shape::CAPITAL),
            );
            let key = if shape.is_word() { word_key::of_ascii(bytes, length) } else { None };
            self.note_token(at, at + length, shape, key, bytes as u32);
        }
    }

    /// Reads characters one by one up to the next word that begins with ASCII, at least one word or character.
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

    /// Reads the word of any script that begins at `start`, and returns where it ends. Between Latin letters or digits and letters of
    /// another script it ends.
    fn read_word(&mut self, start: usize) -> usize {
        let (mut end, mut shape) = (start, 0);
        let is_latin_word = self.text[start..].chars().next().is_some_and(is_latin);
        if !is_latin_word {
            self.notes.has_other_script = true;
            self.notes.other_scripts.push(self.notes.tokens.len() as u32);
        }
        for c in self.text[start..].chars() {
            // Most characters outside Latin are of these ranges, and need no question to the tables of Unicode.
            if let Some(kind) = plain_letter(c).filter(|_| !is_latin_word) {
                shape |= if end == start { kind } else { kind & !Shape::CAPITAL };
                end += c.len_utf8();
                continue;
            }
            // Marks may follow the letters of any script.
            if is_latin(c) != is_latin_word && !matches!(c, '\u{300}'..='\u{36F}' | '\u{200C}' | '\u{200D}') {
                break;
            }
            shape |= match c {
                '0'..='9' => Shape::DIGIT,
                'a'..='z' => Shape::LETTER | Shape::LOWER,
                'A'..='Z' => Shape::LETTER,
                '\0'..='\x7F' => break,
                // Combining marks and joiners continue a word.
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
        let ascii = start + ascii_start(&self.bytes[start..end]);
        self.note_token(start, end, shape, key, word_key::first_bytes(&self.bytes[ascii..]) as u32);
        end
    }

    /// Notes a token. `head` are the four bytes in it with which a vendor's key would begin.
    #[inline(always)]
    fn note_token(&mut self, start: usize, end: usize, shape: Shape, key: Option<u128>, head: u32) {
        let notes = &mut *self.notes;
        if self.prefixes.may_begin(head) {
            notes.key_anchors.push(notes.tokens.len() as u32);
        }
        let (mut bits, mut names) = (0, NameFlags::default());
        if let Some(key) = key {
            bits = self.words.get(key);
            if shape.is_capitalised() {
                names = name_dictionary::look_up_key(key);
            }
        }
        let (triggers, lists) = WordLists::split(bits);
        notes.tokens.push(Token::new(start..end, triggers, lists, names, shape));
    }
}

/// What a letter outside Latin adds to the shape of a word that begins with it, for the letters where a range decides it.
fn plain_letter(c: char) -> Option<u8> {
    match c {
        '\u{3041}'..='\u{3096}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' | '\u{410}'..='\u{42F}' => {
            Some(Shape::LETTER | Shape::CAPITAL)
        }
        '\u{430}'..='\u{44F}' => Some(Shape::LETTER | Shape::LOWER),
        _ => None,
    }
}

/// Whether a number belongs to the list of long ones: it has letters or at least five digits, a number follows it closely, or a
/// hyphen is attached to it. Most numbers have none of these.
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

/// Whether the `=` or the `:` at `at` may assign a value.
fn is_assignment(bytes: &[u8], at: usize) -> bool {
    let (before, after) = (at.checked_sub(1).map_or(0, |at| bytes[at]), bytes.get(at + 1).copied().unwrap_or(0));
    // `a::b`, `a == b`, `!=`, `<=`, `https://` and `12:30` assign nothing. But `password == "…"` and `password != "…"` compare with
    // the password itself, so these count.
    let compares =
        after == b'=' && bytes[at] == b'=' && bytes[at + 2..].iter().take(2).any(|byte| matches!(byte, b'"' | b'\''));
    let differs = before == b'!' && matches!(bytes.get(at + 1..at + 3), Some([b' ', b'"' | b'\''] | [b'"' | b'\'', _]));
    !(before == bytes[at]
        || after == bytes[at] && !compares
        || matches!(before, b'!' | b'<' | b'>') && bytes[at] == b'=' && !differs)
        && !(bytes[at] == b':' && (after == b'/' || before.is_ascii_digit() && after.is_ascii_digit()))
}

/// What a word announces, in any case.
pub(crate) fn announced_by(word: &str) -> trigger::Triggers {
    word_key(word).map_or(0, triggers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        scan::{
            scanned::Scanned,
            trigger_words::{self, languages},
            word_key::word_key,
            word_lists::WordLists,
        },
        span::Scope,
    };

    #[test]
    fn a_word_has_its_lists_beside_what_it_announces() {
        let words = trigger_words::WORDS.iter().chain(languages::WORDS);
        let known = words.fold(0, |known, (triggers, _)| known | triggers);
        assert_eq!(known >> trigger_words::COUNT, 0, "an announcement has the bit of a list");
        let lists = |word| WordLists::split(word_bits(word_key(word).unwrap())).1;
        assert!(lists("The").is_english() && lists("für").is_of_other_language() && lists("essay").is_of_work());
        assert!(lists("Convert").is_order() && lists("naomi").is_frequent_name());
        assert!(!lists("names").is_frequent_name(), "the words of a list's comment are not on it");
        let (triggers, lists) = WordLists::split(word_bits(word_key("token").unwrap()));
        assert!(triggers & trigger_words::SECRET != 0 && lists.is_of_work());
    }

    fn notes_of(text: &str) -> Notes {
        let mut notes = Notes::default();
        read(text, &PrefixSet::new([].into_iter()), &mut notes);
        notes
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
            "a::b == c @d 12:30 https://x",
        ];
        // Wherever the blocks cut the text.
        let moved = (0..130).map(|length| format!("{}-Jane9, naïve {} 値 x=é", "a".repeat(length), "B".repeat(length)));
        for text in moved.chain(texts.map(str::to_owned)) {
            let notes = notes_of(&text);
            let scanned = Scanned::new(&text, Scope::Text, &notes);
            let tokens: Vec<_> = scanned.tokens.iter().map(|token| &text[token.range()]).collect();
            let runs = text.split(|c: char| !c.is_alphanumeric());
            let words = runs.flat_map(|run| {
                let changes = run.char_indices().scan(None, |before, (at, c)| {
                    let is_change = before.replace(is_latin(c)).is_some_and(|before| before != is_latin(c));
                    Some((at, is_change))
                });
                let mut cuts: Vec<_> = changes.filter(|(_, is_change)| *is_change).map(|(at, _)| at).collect();
                cuts.insert(0, 0);
                cuts.push(run.len());
                cuts.windows(2).map(|cut| &run[cut[0]..cut[1]]).collect::<Vec<_>>()
            });
            assert_eq!(tokens, words.filter(|word| !word.is_empty()).collect::<Vec<_>>());
            for (token, word) in scanned.tokens.iter().zip(tokens) {
                let (shape, first) = (token.shape, word.chars().next().unwrap());
                assert_eq!(shape.has_digit(), word.contains(|c: char| c.is_ascii_digit()), "{word}");
                assert_eq!(shape.is_number(), word.chars().all(|c| c.is_ascii_digit()), "{word}");
                assert_eq!(shape.has_lower(), word.contains(char::is_lowercase), "{word}");
                assert_eq!(shape.is_capitalised(), first.is_uppercase() || is_cjk(first), "{word}");
            }
            for sign in b",-_=:@" {
                assert_eq!(scanned.has_sign(*sign), text.as_bytes().contains(sign), "{text}");
            }
            let assignments = text.match_indices("x=").map(|(at, _)| at as u32 + 1);
            assert_eq!(scanned.assignments, assignments.collect::<Vec<_>>(), "{text}");
        }
    }

    #[test]
    fn a_letter_decided_by_range_is_what_unicode_says() {
        for c in ('\0'..=char::MAX).filter(|c| plain_letter(*c).is_some()) {
            let is_capital = c.is_uppercase() || is_cjk(c);
            let flags = [(Shape::CAPITAL, is_capital), (Shape::LOWER, c.is_lowercase()), (Shape::LETTER, true)];
            let shape = flags.iter().filter(|(_, is)| *is).fold(0, |shape, (flag, _)| shape | flag);
            assert_eq!(plain_letter(c), Some(shape), "{c}");
            assert!(is_alphanumeric(c) && !is_latin(c), "{c}");
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
            let notes = notes_of(text);
            let found: Vec<_> = notes.long_numbers.iter().map(|at| &text[notes.tokens[*at as usize].range()]).collect();
            assert_eq!(found, long, "{text}");
        }
    }

    #[test]
    fn words_announce_in_any_case_and_with_any_marks() {
        let notes = notes_of("PASSPORT passeport Teléfono nothing");
        let triggers: Vec<_> = notes.tokens.iter().map(|token| token.triggers).collect();
        assert!(
            triggers[0] & trigger::PASSPORT != 0
                && triggers[1] & trigger::PASSPORT != 0
                && triggers[2] & trigger::PHONE != 0
                && triggers[3] == 0
        );
    }
}
