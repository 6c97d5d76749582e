//! Names by what stands before them.

use super::{
    super::{cue, names},
    SENTENCE_BYTES_MAX, Text,
};

impl Text<'_> {
    /// `Dr. Jane Doe`, `Mrs Abrams`.
    pub(super) fn after_title(&self, index: usize) -> Option<usize> {
        let gap = self.lexed.gap(index);
        let last = self.run(index + 1).filter(|_| matches!(gap, " " | ". " | "."))?;
        let next = &self.lexed.tokens[index + 1];
        let is_abbreviation = self.lexed.tokens[index].len() <= 4 || self.lexed.tokens[index].has(cue::RANK);
        let is_name = self.any_name(index + 1, last) || is_abbreviation && next.shape.has_lower();
        (is_name && !self.is_no_name(index + 1) && next.len() > 1).then_some(last)
    }

    /// `Name: Jane Doe`, `"owner": "Jane Doe"`, `name=Jane`.
    pub(super) fn after_key(&self, index: usize) -> Option<(usize, usize)> {
        let lexed = self.lexed;
        let gap = lexed.gap(index);
        if gap == " " {
            return None;
        }
        let signs = gap
            .trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '*' | '>' | '[' | '(' | '`' | '#'));
        let is_key = gap.len() <= 24
            && (matches!(signs, ":" | "=" | "|" | "\":\"")
                || signs == "?" && self.is_short
                || signs.is_empty() && gap.contains('\t'))
            || matches!(gap, "\": \"" | "': '" | "\":\"" | "=\"" | "='");
        if !is_key || !gap.contains([':', '=', '\t', '?']) || gap.matches('\n').count() > 1 {
            return None;
        }
        let mut first = index + 1;
        // `Hon. …`, `Dr. …` before the name belong to it.
        if lexed.tokens.get(first)?.has(cue::TITLE)
            && matches!(lexed.gap(first), " " | ". ")
            && first + 1 < lexed.tokens.len()
        {
            first += 1;
        }
        let last = self.run(first)?;
        let token = &lexed.tokens[first];
        let is_cjk = !token.shape.has_lower() && !lexed.token_text(first).is_ascii();
        if token.has(cue::NOT_NAME | cue::COMPANY | cue::NAME) && !token.names.is_surely_given() || token.len() < 2 {
            return None;
        }
        let names = lexed.tokens[first..=last].iter().filter(|token| token.names.is_name()).count();
        let is_full = last > first && names >= 1;
        let is_about_someone = self.may_be_single() || self.is_short && is_full;
        let is_name = is_about_someone
            && (names >= 1 || last > first && self.is_record || is_cjk)
            && (token.shape.has_lower() || is_cjk || is_full);
        is_name.then_some((first, last))
    }

    /// `Dear Jane`, `Sincerely,\n\nJane Doe`.
    pub(super) fn after_greeting(&self, index: usize) -> Option<(usize, usize)> {
        let lexed = self.lexed;
        let gap = lexed.gap(index);
        let is_gap = gap.len() <= 8 && gap.chars().all(|c| c.is_whitespace() || matches!(c, ',' | '-' | ':'));
        let mut first = index + 1;
        // `Thank you Jane`
        if lexed.tokens.get(first).is_some_and(|_| lexed.token_text(first) == "you") && lexed.gap(first) == " " {
            first += 1;
        }
        if lexed.tokens.get(first).is_some_and(|token| token.has(cue::TITLE)) && matches!(lexed.gap(first), " " | ". ")
        {
            first += 1;
        }
        let last = self.run(first).filter(|_| is_gap && !gap.is_empty())?;
        let token = &lexed.tokens[first];
        let is_full = last > first && self.any_name(first, last);
        // An unknown word with a capital is a name when it is spoken to: `Dear Olbraith,`, `Thanks Hendo for …`.
        let after = &lexed.text[lexed.tokens[last].end()..];
        let is_spoken_to = gap == " "
            && token.shape.has_lower()
            && token.len() >= 3
            && (after.starts_with(',') || after.starts_with([' ', '!']) && self.is_short)
            && !token.has(cue::OF_NAMES);
        let is_name = is_full || self.may_be_single() && (token.names.is_given() || is_spoken_to);
        (is_name && !self.is_no_name(first)).then_some((first, last))
    }

    /// `patient Jane Doe`, `by Jane Doe`, `said Jane`.
    pub(super) fn after_role(&self, index: usize) -> Option<(usize, usize)> {
        let lexed = self.lexed;
        if lexed.gap(index) != " " {
            return None;
        }
        let first = index + 1;
        let last = self.run(first)?;
        let token = &lexed.tokens[first];
        let is_full = last > first && self.any_name(first, last) && token.names.is_given();
        let has_role =
            self.lexed.tokens[index].has(cue::ROLE) && !self.lexed.tokens[index].has(cue::BY) && self.is_record;
        let is_single = last == first && has_role && token.names.is_given() && token.len() > 3
            || last == first
                && token.names.is_surely_given()
                && (self.is_record || lexed.text.len() <= SENTENCE_BYTES_MAX && !self.is_task);
        let is_full = is_full
            && (last > first + 1
                || lexed.tokens[last].names.is_name()
                || !lexed.tokens[last].has(cue::NOT_NAME | cue::COMPANY));
        let is_full =
            is_full && (token.names.is_surely_given() || lexed.tokens[last].names.is_family()) && last - first <= 3;
        (token.shape.has_lower() && (is_full || is_single) && !self.is_no_name(first) && !self.is_public(first, last))
            .then_some((first, last))
    }

    /// `said Jane`, `starring Jane Doe`: any capitalised word that is no other.
    pub(super) fn after_verb(&self, index: usize) -> Option<(usize, usize)> {
        let first = index + 1;
        let skip = usize::from(
            self.lexed.tokens.get(first).is_some_and(|token| matches!(&self.lexed.text[token.range()], "me" | "by")),
        );
        let first = first + skip;
        let last = self.run(first).filter(|_| self.lexed.gap(first - 1) == " ")?;
        let token = &self.lexed.tokens[first];
        (token.shape.has_lower()
            && token.len() > 2
            && !token.has(cue::NOT_NAME | cue::COMPANY)
            && !self.is_public(first, last))
        .then_some((first, last))
    }

    /// `my name is Jane`, `I'm Jane`, `I am Jane Doe`, `this is Jane`, `call me Jane`.
    pub(super) fn introduced(&self, index: usize) -> Option<(usize, usize)> {
        let lexed = self.lexed;
        let token = &lexed.tokens[index];
        if token.has(cue::NAME) {
            if token.len() != 4 {
                return None;
            }
            let follows = ["name is ", "name's ", "name was ", "Name is ", "name: "]
                .iter()
                .any(|phrase| lexed.text[token.start()..].starts_with(phrase));
            if !follows {
                return None;
            }
            let first = index + 2;
            let next = lexed.tokens.get(first)?;
            let last = self.run(first);
            if !self.is_record && last.is_some_and(|last| self.is_argument(last)) {
                return None;
            }
            return match last {
                Some(last) if !next.has(cue::NOT_NAME) || next.names.is_surely_given() => Some((first, last)),
                None if names::look_up_word(lexed.token_text(first)).is_surely_given() => {
                    let family = lexed.tokens.get(first + 1).is_some_and(|token| {
                        token.shape.is_word()
                            && lexed.gap(first) == " "
                            && names::look_up_word(lexed.token_text(first + 1)).is_name()
                    });
                    Some((first, first + usize::from(family)))
                }
                _ => None,
            };
        }
        if !token.names.is_given() || !(self.is_record || self.is_short) {
            return None;
        }
        let before = &lexed.text[..token.start()];
        let tail = before.len().saturating_sub(12);
        let tail = (tail..before.len()).find(|at| before.is_char_boundary(*at)).map_or("", |at| &before[at..]);
        let introduces =
            [" I'm ", "I am ", "this is ", "This is ", "call me ", "named him ", "named her ", "Call me ", "I'm "];
        let is_introduced = introduces.iter().any(|phrase| tail.ends_with(phrase));
        let last = self.run(index)?;
        (is_introduced && (token.names.is_surely_given() || last > index) && !token.has(cue::NOT_NAME))
            .then_some((index, last))
    }
}
