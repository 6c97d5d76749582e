//! Names by the dictionary of first names and family names.

use crate::{
    people::names::context::{Context, SENTENCE_BYTES_MAX},
    scan::trigger_words as trigger,
};

impl Context<'_> {
    /// The first and the last token of the name that begins with the token `index`, and which rule found it.
    pub(super) fn in_dictionary(&self, index: usize) -> Option<(usize, usize, &'static str)> {
        if let Some(last) = self.full_name(index) {
            Some((index, last, "a first name and a family name"))
        } else if self.is_record && self.is_single(index) {
            Some((index, index, "a first name in a record"))
        } else if self.is_short && self.is_single_in_short(index) {
            Some((index, index, "a first name in a short text"))
        } else {
            None
        }
    }

    /// A first name of the dictionary and a capitalised word that is not known as another: `Jane Doe`, `Jane M. Doe`.
    fn full_name(&self, index: usize) -> Option<usize> {
        let scanned = self.scanned;
        let token = &scanned.tokens[index];
        let last = self.run(index).filter(|last| *last > index)?;
        let family = &scanned.tokens[last];
        let is_surely_given = token.names.is_surely_given();
        let families = scanned.tokens[index + 1..=last].iter().filter(|token| token.names.is_name()).count();
        let in_capitals = !token.shape.has_lower() && scanned.token_text(index).is_ascii();
        let is_pair = if in_capitals {
            families >= 1 && family.names.is_family() || is_surely_given && self.is_record && self.is_line(index, last)
        } else if is_surely_given {
            !family.has(trigger::COMPANY | trigger::NOT_NAME) || family.names.is_family()
        } else {
            families >= 1 && (family.names.is_family() || self.is_record) || !scanned.token_text(last).is_ascii()
        };
        (is_pair
            && family.len() > 1
            && !token.has(trigger::NOT_NAME)
            && !self.is_public(index, last)
            && token.len() > 1)
            .then_some(last)
    }

    /// Whether the words stand alone on their line, as the heading of a CV does.
    fn is_line(&self, first: usize, last: usize) -> bool {
        let begins = first == 0 || self.scanned.gap(first - 1).contains('\n');
        begins && (last + 1 == self.scanned.tokens.len() || self.scanned.gap(last).contains('\n'))
    }

    /// Whether a first name alone in a record is the speaker of a dialogue: `[Jerry]: …`, and `Jerry: …` at the start of a line.
    fn is_single(&self, index: usize) -> bool {
        let scanned = self.scanned;
        let token = &scanned.tokens[index];
        let before = scanned.byte_before(token.start());
        let after = scanned.byte_at(token.end());
        token.names.is_surely_given()
            && !self.is_no_name(index)
            && is_written_as_name(scanned.token_text(index))
            && (before == b'[' && after == b']' || matches!(before, 0 | b'\n') && after == b':')
    }

    /// Whether a first name alone in a short text is a person: the text is one sentence, or what stands around the name says so.
    fn is_single_in_short(&self, index: usize) -> bool {
        let scanned = self.scanned;
        let token = &scanned.tokens[index];
        let is_lone_name =
            token.names.is_surely_given() && !self.is_no_name(index) && is_written_as_name(scanned.token_text(index));
        // `the Berlin office`: what follows an article is a thing that is called like a person.
        let has_article = index > 0
            && matches!(scanned.token_text(index - 1), "the" | "The" | "a" | "an")
            && scanned.gap(index - 1) == " ";
        if !is_lone_name
            || has_article
            || self.names_thing(index)
            || self.is_argument(index)
            || token.len() < 3
            || !self.is_record && self.is_task()
        {
            return false;
        }
        let before = index.checked_sub(1).map(|before| &scanned.tokens[before]);
        let is_sentence = scanned.text.len() <= SENTENCE_BYTES_MAX;
        let follows_person = before.is_some_and(|before| before.has(trigger::BY))
            && scanned.gap(index - 1) == " "
            && (is_sentence || scanned.token_text(index - 1) != "by");
        let after = &scanned.text[token.end()..];
        let acts = [" said", " says", " asked", " told", " had given", " listed ", " began ", " is from"]
            .iter()
            .any(|verb| after.starts_with(verb));
        is_sentence && !self.is_part(index) || follows_person || acts && index == 0
    }

    /// Whether the word is the first of a thing's name: `Gina's Pizza`.
    pub(super) fn owns_name(&self, index: usize) -> bool {
        let scanned = self.scanned;
        scanned.gap(index) == "'"
            && scanned.tokens.get(index + 2).is_some_and(|next| next.shape.is_capitalised())
            && scanned.token_text(index + 1) == "s"
    }

    /// Whether the word is a part of a longer name, which was examined as a whole.
    fn is_part(&self, index: usize) -> bool {
        let scanned = self.scanned;
        let is_word = |at: usize| {
            let token = &scanned.tokens[at];
            token.shape.is_capitalised()
                && token.shape.has_lower()
                && !token.has(trigger::NOT_NAME | trigger::GREETING | trigger::SPEAKS)
        };
        let joins = |at: usize| scanned.gap(at) == " ";
        let of_next = joins(index) && index + 1 < scanned.tokens.len() && is_word(index + 1) || self.owns_name(index);
        // The first word of a text is capitalised anyway: `Poor Jimmy`.
        let of_previous =
            index > 0 && joins(index - 1) && is_word(index - 1) && (index > 1 || scanned.tokens[0].names.is_name());
        of_next || of_previous
    }
}

/// Whether a word has the capitals of a name: one, or two as `McKenzie`, `DeShawn` and `LaToya`. `MACs` and `iOS` are no names.
pub(super) fn is_written_as_name(text: &str) -> bool {
    let rest = text.chars().skip(1).collect::<Vec<_>>();
    let capitals = rest.iter().filter(|c| c.is_uppercase()).count();
    rest.iter().any(|c| c.is_lowercase())
        && (capitals == 0
            || capitals == 1
                && rest.first().is_some_and(|c| c.is_lowercase())
                && rest.last().is_some_and(|c| c.is_lowercase())
                && rest.len() >= 5)
}
