//! Names by the gazetteer.

use super::{super::cue, SENTENCE_BYTES_MAX, Text};

impl Text<'_> {
    pub(super) fn in_gazetteer(&self, index: usize) -> Option<(usize, usize, &'static str)> {
        if let Some(last) = self.full_name(index) {
            Some((index, last, "a first name and a family name"))
        } else if self.is_record && self.is_single(index) {
            Some((index, index, "a first name in a record"))
        } else if self.is_short && self.is_single_in_short(index) {
            Some((index, index, "a first name"))
        } else {
            None
        }
    }

    /// `Jane Doe`, `Jane M. Doe`: a first name of the gazetteer and a capitalised word that is no other word.
    fn full_name(&self, index: usize) -> Option<usize> {
        let lexed = self.lexed;
        let token = &lexed.tokens[index];
        let last = self.run(index).filter(|last| *last > index)?;
        let family = &lexed.tokens[last];
        let is_surely_given = token.names.is_surely_given();
        let families = lexed.tokens[index + 1..=last].iter().filter(|token| token.names.is_name()).count();
        let in_capitals = !token.shape.has_lower() && lexed.token_text(index).is_ascii();
        let is_pair = if in_capitals {
            families >= 1 && family.names.is_family()
        } else if is_surely_given {
            !family.has(cue::COMPANY | cue::NOT_NAME) || family.names.is_family()
        } else {
            families >= 1 && (family.names.is_family() || self.is_record) || !lexed.token_text(last).is_ascii()
        };
        (is_pair && family.len() > 1 && !token.has(cue::NOT_NAME) && !self.is_public(index, last) && token.len() > 1)
            .then_some(last)
    }

    /// A first name alone, in a record: `[Jerry]: …`, `Jerry reported …`.
    fn is_single(&self, index: usize) -> bool {
        let lexed = self.lexed;
        let token = &lexed.tokens[index];
        let before = lexed.byte_before(token.start());
        let after = lexed.byte_at(token.end());
        token.names.is_surely_given() && !self.is_no_name(index) && before == b'[' && after == b']'
    }

    /// A first name alone in a short text: what surrounds it says that it is a person.
    fn is_single_in_short(&self, index: usize) -> bool {
        let lexed = self.lexed;
        let token = &lexed.tokens[index];
        let is_lone_name =
            token.names.is_surely_given() && !self.is_no_name(index) && is_written_as_name(lexed.token_text(index));
        if !is_lone_name || self.is_argument(index) || self.is_task && !self.is_record || token.len() < 3 {
            return false;
        }
        let before = index.checked_sub(1).map(|before| &lexed.tokens[before]);
        let is_sentence = lexed.text.len() <= SENTENCE_BYTES_MAX;
        let follows_person = before.is_some_and(|before| before.has(cue::BY))
            && lexed.gap(index - 1) == " "
            && (is_sentence || lexed.token_text(index - 1) != "by");
        let after = &lexed.text[token.end()..];
        let acts = [" said", " says", " asked", " told", " had given", " listed ", " began ", " is from"]
            .iter()
            .any(|verb| after.starts_with(verb));
        is_sentence && !self.is_part(index) || follows_person || acts && index == 0
    }

    /// Beside another capitalised word it is part of a name, which was judged as a whole.
    fn is_part(&self, index: usize) -> bool {
        let lexed = self.lexed;
        let is_word = |at: usize| {
            let token = &lexed.tokens[at];
            token.shape.is_capitalised()
                && token.shape.has_lower()
                && !token.has(cue::NOT_NAME | cue::GREETING | cue::SPEAKS)
        };
        let joins = |at: usize| lexed.gap(at) == " ";
        let of_next = joins(index) && index + 1 < lexed.tokens.len() && is_word(index + 1)
            || lexed.gap(index) == "'"
                && lexed.tokens.get(index + 2).is_some_and(|next| next.shape.is_capitalised())
                && lexed.token_text(index + 1) == "s";
        // A sentence begins with a capital, too: `Poor Jimmy`.
        let of_previous =
            index > 0 && joins(index - 1) && is_word(index - 1) && (index > 1 || lexed.tokens[0].names.is_name());
        of_next || of_previous
    }
}

/// A capital and then none: `MACs` and `iOS` are no names. `McKenzie`, `DeShawn` and `LaToya` have two.
fn is_written_as_name(text: &str) -> bool {
    let rest = text.chars().skip(1).collect::<Vec<_>>();
    let capitals = rest.iter().filter(|c| c.is_uppercase()).count();
    rest.iter().any(|c| c.is_lowercase())
        && (capitals == 0
            || capitals == 1
                && rest.first().is_some_and(|c| c.is_lowercase())
                && rest.last().is_some_and(|c| c.is_lowercase())
                && rest.len() >= 5)
}
