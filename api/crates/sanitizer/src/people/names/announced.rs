//! Names by the words before them.

use crate::{
    people::names::context::{Context, SENTENCE_BYTES_MAX},
    scan::{name_dictionary, trigger_words as trigger},
};

impl Context<'_> {
    /// After a title: `Dr. Jane Doe`, `Mrs Abrams`. Returns the last token of the name.
    pub(super) fn after_title(&self, index: usize) -> Option<usize> {
        let gap = self.scanned.gap(index);
        let last = self.run(index + 1).filter(|_| matches!(gap, " " | ". " | "."))?;
        let next = &self.scanned.tokens[index + 1];
        let is_abbreviation = self.scanned.tokens[index].len() <= 4 || self.scanned.tokens[index].has(trigger::RANK);
        let is_name = self.any_name(index + 1, last) || is_abbreviation && next.shape.has_lower();
        (is_name && !self.is_no_name(index + 1) && next.len() > 1).then_some(last)
    }

    /// After a key: `Name: Jane Doe`, `"owner": "Jane Doe"`, `name=Jane`.
    pub(super) fn after_key(&self, index: usize) -> Option<(usize, usize)> {
        let scanned = self.scanned;
        let gap = scanned.gap(index);
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
        // A title before the name is skipped: `Hon. …`, `Dr. …`.
        if scanned.tokens.get(first)?.has(trigger::TITLE)
            && matches!(scanned.gap(first), " " | ". ")
            && first + 1 < scanned.tokens.len()
        {
            first += 1;
        }
        let last = self.run(first)?;
        let token = &scanned.tokens[first];
        let is_cjk = !token.shape.has_lower() && !scanned.token_text(first).is_ascii();
        if token.has(trigger::NOT_NAME | trigger::COMPANY | trigger::NAME) && !token.names.is_surely_given()
            || token.len() < 2
        {
            return None;
        }
        let names = scanned.tokens[first..=last].iter().filter(|token| token.names.is_name()).count();
        let is_full = last > first && names >= 1;
        let is_about_someone = self.may_be_single() || self.is_short && is_full;
        let is_name = is_about_someone
            && (names >= 1 || last > first && self.is_record || is_cjk)
            && (token.shape.has_lower() || is_cjk || is_full);
        is_name.then_some((first, last))
    }

    /// After a greeting: `Dear Jane`, `Sincerely,\n\nJane Doe`.
    pub(super) fn after_greeting(&self, index: usize) -> Option<(usize, usize)> {
        let scanned = self.scanned;
        let gap = scanned.gap(index);
        let is_gap = gap.len() <= 8 && gap.chars().all(|c| c.is_whitespace() || matches!(c, ',' | '-' | ':'));
        let mut first = index + 1;
        // `Thank you Jane` has a word more.
        if scanned.tokens.get(first).is_some_and(|_| scanned.token_text(first) == "you") && scanned.gap(first) == " " {
            first += 1;
        }
        if scanned.tokens.get(first).is_some_and(|token| token.has(trigger::TITLE))
            && matches!(scanned.gap(first), " " | ". ")
        {
            first += 1;
        }
        let last = self.run(first).filter(|_| is_gap && !gap.is_empty())?;
        let token = &scanned.tokens[first];
        let is_full = last > first && self.any_name(first, last);
        // An unknown capitalised word is a name if it is addressed: `Dear Olbraith,`, `Thanks Hendo for …`.
        let after = &scanned.text[scanned.tokens[last].end()..];
        let is_addressed = gap == " "
            && token.shape.has_lower()
            && token.len() >= 3
            && (after.starts_with(',') || after.starts_with([' ', '!']) && self.is_short)
            && !token.has(trigger::BESIDE_NAMES);
        let is_name = is_full || self.may_be_single() && (token.names.is_given() || is_addressed);
        (is_name && !self.is_no_name(first)).then_some((first, last))
    }

    /// After a role: `patient Jane Doe`, `by Jane Doe`.
    pub(super) fn after_role(&self, index: usize) -> Option<(usize, usize)> {
        let scanned = self.scanned;
        if scanned.gap(index) != " " {
            return None;
        }
        let first = index + 1;
        let last = self.run(first)?;
        let token = &scanned.tokens[first];
        let is_full = last > first && self.any_name(first, last) && token.names.is_given();
        let has_role = self.scanned.tokens[index].has(trigger::ROLE)
            && !self.scanned.tokens[index].has(trigger::BY)
            && self.is_record;
        let is_single = last == first && has_role && token.names.is_given() && token.len() > 3
            || last == first
                && token.names.is_surely_given()
                && (self.is_record || scanned.text.len() <= SENTENCE_BYTES_MAX && !self.is_task());
        let is_full = is_full
            && (last > first + 1
                || scanned.tokens[last].names.is_name()
                || !scanned.tokens[last].has(trigger::NOT_NAME | trigger::COMPANY));
        let is_full =
            is_full && (token.names.is_surely_given() || scanned.tokens[last].names.is_family()) && last - first <= 3;
        (token.shape.has_lower() && (is_full || is_single) && !self.is_no_name(first) && !self.is_public(first, last))
            .then_some((first, last))
    }

    /// After a verb of persons: `said Jane`, `starring Jane Doe`. The name may be any capitalised word that is not known as another.
    pub(super) fn after_verb(&self, index: usize) -> Option<(usize, usize)> {
        let first = index + 1;
        let skip = usize::from(
            self.scanned
                .tokens
                .get(first)
                .is_some_and(|token| matches!(&self.scanned.text[token.range()], "me" | "by")),
        );
        let first = first + skip;
        let last = self.run(first).filter(|_| self.scanned.gap(first - 1) == " ")?;
        let token = &self.scanned.tokens[first];
        (token.shape.has_lower()
            && token.len() > 2
            && !token.has(trigger::NOT_NAME | trigger::COMPANY)
            && !self.is_public(first, last))
        .then_some((first, last))
    }

    /// In an introduction: `my name is Jane`, `I'm Jane`, `I am Jane Doe`, `this is Jane`, `call me Jane`.
    pub(super) fn introduced(&self, index: usize) -> Option<(usize, usize)> {
        let scanned = self.scanned;
        let token = &scanned.tokens[index];
        if token.has(trigger::NAME) {
            if token.len() != 4 {
                return None;
            }
            let follows = ["name is ", "name's ", "name was ", "Name is ", "name: "]
                .iter()
                .any(|phrase| scanned.text[token.start()..].starts_with(phrase));
            if !follows || self.is_of_thing(index) {
                return None;
            }
            let first = index + 2;
            let next = scanned.tokens.get(first)?;
            let last = self.run(first);
            if !self.is_record && last.is_some_and(|last| self.is_argument(last)) {
                return None;
            }
            return match last {
                Some(last) if !next.has(trigger::NOT_NAME) || next.names.is_surely_given() => Some((first, last)),
                None if name_dictionary::look_up_word(scanned.token_text(first)).is_surely_given() => {
                    let family = scanned.tokens.get(first + 1).is_some_and(|token| {
                        token.shape.is_word()
                            && scanned.gap(first) == " "
                            && name_dictionary::look_up_word(scanned.token_text(first + 1)).is_name()
                    });
                    Some((first, first + usize::from(family)))
                }
                _ => None,
            };
        }
        if !token.names.is_given() || !(self.is_record || self.is_short) {
            return None;
        }
        let before = &scanned.text[..token.start()];
        let tail = before.len().saturating_sub(12);
        let tail = (tail..before.len()).find(|at| before.is_char_boundary(*at)).map_or("", |at| &before[at..]);
        let introduces = [
            " I'm ",
            "I am ",
            "this is ",
            "This is ",
            "call me ",
            "named him ",
            "named her ",
            "Call me ",
            "I'm ",
            "It's ",
            "it's ",
        ];
        let is_introduced = introduces.iter().any(|phrase| tail.ends_with(phrase));
        let last = self.run(index)?;
        (is_introduced && (token.names.is_surely_given() || last > index) && !token.has(trigger::NOT_NAME))
            .then_some((index, last))
    }

    /// Whether the word follows what says that it names a thing: `my company's name is`.
    pub(super) fn names_thing(&self, index: usize) -> bool {
        index >= 2 && self.scanned.tokens[index - 2].has(trigger::NAME) && self.is_of_thing(index - 2)
    }

    /// Whether the `name` at `index` is that of a thing: `my company's name is`, `the project name is`.
    fn is_of_thing(&self, index: usize) -> bool {
        const THINGS: [&str; 22] = [
            "company",
            "business",
            "brand",
            "product",
            "project",
            "startup",
            "shop",
            "store",
            "restaurant",
            "app",
            "band",
            "team",
            "school",
            "city",
            "hotel",
            "dog",
            "cat",
            "pet",
            "game",
            "file",
            "character",
            "domain",
        ];
        let before = &self.scanned.tokens[index.saturating_sub(2)..index];
        before
            .iter()
            .any(|token| THINGS.iter().any(|thing| self.scanned.text[token.range()].eq_ignore_ascii_case(thing)))
    }
}
