//! Finds seed phrases of wallets (BIP 39): 12, 15, 18, 21 or 24 English words from a list of 2,048, with a checksum.

use std::sync::LazyLock;

use bip39::{Language, Mnemonic};

use crate::{
    scan::{
        Scanned, Token,
        word_key::{ascii_key, word_key},
        word_map::WordMap,
    },
    span::{Kind, Span},
};

const PHRASE_LENGTHS: [usize; 5] = [24, 21, 18, 15, 12];
const PHRASE_WORDS_MIN: usize = 12;
/// The longest row of words of the list that is examined. A longer one is the list itself.
const ROW_WORDS_MAX: usize = 256;
/// Every eleventh token is examined first: each row of twelve words contains one of them. Eleven is odd, so if numbers stand between
/// the words, not all of the examined tokens are numbers.
const STRIDE: usize = 11;
/// How far apart two words of a phrase, or a word and its number, may be, in bytes.
const GAP_BYTES_MAX: usize = 4;
/// How many checksums are computed in a text at most. Only a hostile text needs more.
const CHECKS_MAX: usize = 4096;

static LIST: LazyLock<WordMap> =
    LazyLock::new(|| WordMap::new(Language::English.word_list().iter().filter_map(|word| Some((word_key(word)?, 1)))));

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    let tokens = &scanned.tokens;
    if tokens.len() < PHRASE_WORDS_MIN {
        return;
    }
    let (mut read_to, mut checks) = (0, 0);
    for at in (STRIDE - 1..tokens.len()).step_by(STRIDE) {
        if at < read_to || !may_be_in_phrase(tokens, at) || !is_of_list(scanned, &tokens[at]) {
            continue;
        }
        let belongs = |index: usize| is_of_list(scanned, &tokens[index]) || is_numbering(&tokens[index]);
        let follows = |index: usize| tokens[index].start() - tokens[index - 1].end() <= GAP_BYTES_MAX;
        let first = (read_to + 1..=at).rev().take_while(|index| follows(*index) && belongs(index - 1)).last();
        let first = first.map_or(at, |index| index - 1);
        let last = (at + 1..tokens.len()).take_while(|index| follows(*index) && belongs(*index)).last().unwrap_or(at);
        read_to = last + 1;
        let words: Vec<&Token> = tokens[first..=last].iter().filter(|token| !is_numbering(token)).collect();
        if (PHRASE_WORDS_MIN..=ROW_WORDS_MAX).contains(&words.len()) {
            phrases(scanned, &words, &mut checks, spans);
        }
    }
}

/// Finds the phrases in a row of words of the list. Other words of the list may stand before and after a phrase.
fn phrases(scanned: &Scanned, words: &[&Token], checks: &mut usize, spans: &mut Vec<Span>) {
    let mut at = 0;
    while at + PHRASE_WORDS_MIN <= words.len() && *checks < CHECKS_MAX {
        let is_phrase = |length: &&usize| {
            let phrase = words.get(at..at + **length)?;
            *checks += 1;
            let phrase: Vec<&str> = phrase.iter().map(|word| &scanned.text[word.range()]).collect();
            Mnemonic::parse_in_normalized(Language::English, &phrase.join(" ")).ok()
        };
        let mut is_phrase = is_phrase;
        match PHRASE_LENGTHS.iter().find(|length| is_phrase(length).is_some()) {
            Some(length) => {
                let range = words[at].start()..words[at + length - 1].end();
                spans.push(Span { range, kind: Kind::Crypto, why: "a wallet's seed phrase" });
                at += length;
            }
            None => at += 1,
        }
    }
}

/// Rejects nearly every token quickly: on one side of a word of a phrase there are at least six more.
fn may_be_in_phrase(tokens: &[Token], at: usize) -> bool {
    const HALF: usize = PHRASE_WORDS_MIN / 2;
    let belong = |tokens: Option<&[Token]>| {
        tokens.is_some_and(|tokens| tokens.iter().all(|token| may_be_of_list(token) || is_numbering(token)))
    };
    may_be_of_list(&tokens[at])
        && (belong(tokens.get(at + 1..=at + HALF)) || at >= HALF && belong(tokens.get(at - HALF..at)))
}

fn is_of_list(scanned: &Scanned, token: &Token) -> bool {
    may_be_of_list(token)
        && ascii_key(scanned.bytes(), token.start(), token.end()).is_some_and(|key| LIST.get(key) != 0)
}

/// Whether a token has three to eight small letters, as all words of the list.
fn may_be_of_list(token: &Token) -> bool {
    (3..=8).contains(&token.len()) && token.shape.is_word() && !token.shape.is_capitalised()
}

/// Whether a token may be the number of a word: `1.` to `24.`
fn is_numbering(token: &Token) -> bool {
    token.shape.is_number() && token.len() <= 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::{PrefixSet, found_by};

    fn found(text: &str) -> Vec<Span> {
        found_by(find, &PrefixSet::new([].into_iter()), text)
    }

    #[test]
    fn a_phrase_is_found_wherever_it_stands_and_however_it_is_numbered() {
        // A test vector of BIP 39.
        const PHRASE: &str = "legal winner thank year wave sausage worth useful legal winner thank yellow";
        let numbered: Vec<_> = PHRASE.split(' ').enumerate().map(|(at, word)| format!("{}. {word}", at + 1)).collect();
        for phrase in [PHRASE.to_owned(), numbered.join("\n")] {
            for (before, after) in (0..=STRIDE).flat_map(|before| [(before, 0), (before, 7), (0, before)]) {
                let text = format!("{}{phrase}{}", "of ".repeat(before), " of".repeat(after));
                let spans = found(&text);
                assert!(spans.iter().any(|span| span.kind == Kind::Crypto), "{text}");
            }
        }
        assert_eq!(found(&PHRASE.replace("yellow", "year")), []);
    }
}
