//! Names in letters and introductions of other languages than English: `Pozdrawiam, Bogumiła Trzcińska`, `Kære Birthe`,
//! `ich heiße Swantje`, `mevrouw Terpstra`.
//!
//! The words before such a name are as certain as `Dear` and `my name is`, so the name need not be listed. A run of capitalised words
//! counts only if nothing of the same sentence goes on behind it: German writes every noun with a capital.

use std::sync::LazyLock;

use super::context::Context;
use crate::{
    scan::{trigger_words as trigger, word_key::word_key, word_map::WordMap},
    span::{Kind, Span},
};

/// The most words of a name.
const WORDS_MAX: usize = 4;
/// Words in the place of a name that address or sign for a group, an office or nobody.
const NO_NAMES: &str = "team support service kunde kunden kundin kundinnen kundenservice kundendienst kollege kollegin kollegen cliente clientes cliënt equipo equipe équipe client cliente clienti \
    klient klienci klienten państwo colega colegas colega kolega zákazníku zákazníci uživateli customer alla alle allemaal allihopa allesammen arkadaşlar yetkili müşterimiz müşteri ekibi \
    tutti todos todas tous toutes wszyscy wszystkim collega leute zusammen usuario usuária usuário utente utilisateur benutzer nutzer gebruiker bruker användare lezer leser lektor \
    gott welt world kupac korisnik korisniče ügyfelünk felhasználó asiakas kunda kunder gäst gast gäste damer";
/// Words before the name of whoever signs, or whom one greets: they are no part of it.
const BEFORE_NAMES: &str = "ihr ihre dein deine euer eure din dit din votre su tu uw je twój twoja wasz váš vaše din";
/// The words that somebody says before one's own name, or between the noun and the name.
const OWN: &str = "mein mijn mit mitt min mi mio meu mon minu moje moja moj môj a benim saya tôi langu ko numele numelui nimeni mano mani emri me ich je jag jeg ik eg em m ma mă mam na";
const COPULAS: &str = "ist is er är es è é est on to je jest ni ay är este adalah là je: se się sa som saya langu ko im mi tôi o el le il de";

/// Verbs that say who one is without a word for the owner before them, or with it in themselves.
const REFLEXIVE: &str = "jmenuji jmenuju nazywam zovem volám";
const OWNED: &str = "adım ismim namaku naitwa nimeni";

const IS_NO_NAME: u64 = 1;
const IS_BEFORE_NAME: u64 = 2;
const IS_OWN: u64 = 4;
const IS_COPULA: u64 = 8;
const IS_REFLEXIVE: u64 = 16;
const IS_OWNED: u64 = 32;
/// All of these lists.
static WORDS: LazyLock<WordMap> = LazyLock::new(|| {
    let lists = [
        (NO_NAMES, IS_NO_NAME),
        (BEFORE_NAMES, IS_BEFORE_NAME),
        (OWN, IS_OWN),
        (COPULAS, IS_COPULA),
        (REFLEXIVE, IS_REFLEXIVE),
        (OWNED, IS_OWNED),
    ];
    let words = |(words, bit): (&'static str, u64)| {
        words.split_whitespace().filter_map(move |word| Some((word_key(word)?, bit)))
    };
    WordMap::new(lists.into_iter().flat_map(words))
});

impl Context<'_> {
    /// Finds the names beside the words that letters and introductions have.
    pub(super) fn letters(&self, spans: &mut Vec<Span>) {
        const ALL: trigger::Triggers =
            trigger::SIGN_OFF | trigger::SELF | trigger::SALUTATION | trigger::FORM_OF_ADDRESS;
        if self.is_fiction && !self.is_record {
            return;
        }
        for index in self.scanned.tokens_with(ALL) {
            let token = &self.scanned.tokens[index];
            let name = None
                .or_else(|| if token.has(trigger::SIGN_OFF) { self.signed(index) } else { None })
                .or_else(|| if token.has(trigger::SALUTATION) { self.saluted(index) } else { None })
                .or_else(|| if token.has(trigger::SELF) { self.introduces(index) } else { None })
                .or_else(|| if token.has(trigger::FORM_OF_ADDRESS) { self.addressed(index) } else { None });
            if let Some((first, last, why)) = name
                && !self.is_public(first, last)
                && !self.is_argument(last)
            {
                let range = self.scanned.tokens[first].start()..self.scanned.tokens[last].end();
                spans.push(Span { range, kind: Kind::Person, why });
            }
        }
    }

    /// The writer at the end of a letter.
    fn signed(&self, index: usize) -> Option<(usize, usize, &'static str)> {
        let mut at = index;
        // Saludos cordiales, Pozdrawiam serdecznie: a word may follow.
        let follows = |at: usize| {
            self.scanned.tokens.get(at + 1).is_some_and(|next| next.shape.is_word() && !next.shape.is_capitalised())
        };
        if self.scanned.gap(at) == " " && follows(at) {
            at += 1;
        }
        let gap = self.scanned.gap(at);
        let is_gap =
            gap.len() <= 8 && gap.chars().all(|c| c.is_whitespace() || matches!(c, ',' | '!' | '.' | '-' | '–'));
        let first = self.after_own_word(at + 1);
        let last = self.whole_name(first).filter(|_| is_gap && !gap.is_empty())?;
        // Firms sign letters, too, and `LG Monitor` is a thing. So a word of the name is listed, or ends as only family names do.
        let is_set_off = gap.contains([',', '\n']);
        let is_person = self.any_name(first, last) || (last > first || is_set_off) && self.has_family_ending(last);
        is_person.then_some((first, last, "a name at the end of a letter"))
    }

    /// Whom a letter or a chat greets.
    fn saluted(&self, index: usize) -> Option<(usize, usize, &'static str)> {
        let token = &self.scanned.tokens[index];
        let before = self.scanned.text[..token.start()].trim_end_matches([' ', '"', '>', '*']);
        let begins = before.is_empty() || before.ends_with(['\n', ':', '.', '!', ',', ']']) || before.ends_with("Sehr");
        if !begins || self.scanned.gap(index) != " " {
            return None;
        }
        let first = self.after_title_word(self.after_own_word(index + 1));
        let last = self.whole_name(first)?;
        let after = &self.scanned.text[self.scanned.tokens[last].end()..];
        let is_set_off = after.starts_with([',', '!', '\n', '\r', ':']) || after.is_empty();
        let is_person = last == first || self.any_name(first, last) || self.has_family_ending(last);
        let is_name = first > index + 1 || is_set_off && is_person;
        is_name.then_some((first, last, "a name in a greeting"))
    }

    /// Who somebody says to be: `ich heiße …`, `mi nombre es …`, `adım …`.
    fn introduces(&self, index: usize) -> Option<(usize, usize, &'static str)> {
        const COPULAS_MAX: usize = 2;
        if !matches!(self.scanned.gap(index), " " | ": " | " \"" | " «") {
            return None;
        }
        let is_own = index > 0 && self.is(IS_OWN, index - 1) && self.scanned.gap(index - 1).len() <= 3;
        let mut at = index;
        let mut copulas = 0;
        while copulas < COPULAS_MAX && self.scanned.gap(at) == " " && self.is(IS_COPULA, at + 1) {
            at += 1;
            copulas += 1;
        }
        // In Turkish and Malay the owner is in the word itself.
        let is_alone = self.is(IS_OWNED, index);
        let is_noun = self.scanned.tokens[index].has(trigger::NAME);
        if !(is_own || is_alone || copulas > 0 && self.is(IS_REFLEXIVE, index))
            || is_noun && !is_alone && copulas == 0
            || !matches!(self.scanned.gap(at), " " | ": " | " \"" | " «")
        {
            return None;
        }
        let last = self.whole_name(at + 1)?;
        Some((at + 1, last, "a name in an introduction"))
    }

    /// Whom a form of address in small letters stands before.
    fn addressed(&self, index: usize) -> Option<(usize, usize, &'static str)> {
        let is_about_someone = self.is_record || self.is_short;
        // Il/La sottoscritto/a Fiammetta Colasanti
        let has_ending =
            self.scanned.gap(index) == "/" && self.scanned.tokens.get(index + 1).is_some_and(|token| token.len() == 1);
        let title = index + usize::from(has_ending);
        if !is_about_someone || !matches!(self.scanned.gap(title), " " | ". ") {
            return None;
        }
        let first = self.after_title_word(title + 1);
        let last = self.run(first).filter(|_| self.may_name(first))?;
        Some((first, last, "a title before a name"))
    }

    /// The last word of the name that begins at `first`, if it ends with its line, its sentence or a comma.
    fn whole_name(&self, first: usize) -> Option<usize> {
        let last = self.run(first).filter(|last| last - first < WORDS_MAX && self.may_name(first))?;
        let after = &self.scanned.text[self.scanned.tokens[last].end()..];
        let ends = |c: char| {
            matches!(
                c,
                ',' | '.' | '!' | '?' | ';' | ':' | '\n' | '\r' | '"' | '\\' | '(' | ')' | '<' | '|' | '–' | '*'
            )
        };
        let rest = after.trim_start_matches(' ');
        // A name that goes on in small letters is followed by its sentence, which is sure only for listed names.
        (rest.is_empty() || rest.starts_with(ends) || self.any_name(first, last)).then_some(last)
    }

    /// Whether a word ends as family names of one language do and few other words.
    fn has_family_ending(&self, index: usize) -> bool {
        const ENDINGS: &str = "ska ski cka cki dzka dzki czyk wicz ová ček sson ssen nsen rsen dóttir ić ič enko escu nen stra oğlu mann \
            bauer huber meier maier mayer quist qvist ström idze shvili yan ides opoulos akis";
        const STEM_BYTES_MIN: usize = 3;
        let word = self.scanned.token_text(index).to_lowercase();
        ENDINGS.split_whitespace().any(|ending| word.len() >= ending.len() + STEM_BYTES_MIN && word.ends_with(ending))
    }

    fn may_name(&self, first: usize) -> bool {
        const OTHER: trigger::Triggers = trigger::SIGN_OFF | trigger::SALUTATION | trigger::COMPANY | trigger::NAME;
        self.scanned.tokens.get(first).is_some_and(|token| {
            let mut inner = self.scanned.token_text(first).chars().skip(1);
            token.shape.has_lower()
                // CaixaBank
                && !inner.any(char::is_uppercase)
                && token.len() >= 2
                && (!token.has(OTHER) || token.names.is_surely_given())
                && !self.is_no_name(first)
                && !self.is(IS_NO_NAME, first)
        })
    }

    fn after_own_word(&self, index: usize) -> usize {
        index + usize::from(self.is(IS_BEFORE_NAME, index) && matches!(self.scanned.gap(index), " " | "\n"))
    }

    fn after_title_word(&self, index: usize) -> usize {
        let mut at = index;
        for _ in 0..2 {
            let is_title = self.scanned.tokens.get(at).is_some_and(|token| {
                token.has(trigger::TITLE | trigger::FORM_OF_ADDRESS) && !token.names.is_surely_given()
            });
            if !is_title || !matches!(self.scanned.gap(at), " " | ". ") {
                break;
            }
            at += 1;
        }
        at
    }

    fn is(&self, list: u64, index: usize) -> bool {
        index < self.scanned.tokens.len() && self.scanned.key(index).is_some_and(|key| WORDS.get(key) & list != 0)
    }
}
