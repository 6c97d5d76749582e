//! Names in lower case, as in chats, tweets and forms filled in a hurry.

use crate::{
    people::names::{
        context::{Context, PARTICLES, SENTENCE_BYTES_MAX},
        model::Model,
    },
    scan::trigger_words as trigger,
    span::{Kind, Span},
};

/// The longest record in which names are found in lower case, in tokens. Longer ones have capitals.
const RECORD_TOKENS_MAX: usize = 120;
/// The fewest letters of a first name in lower case.
const LETTERS_MIN: usize = 3;

impl Context<'_> {
    /// Finds names in a sentence, or in a record without any capital: `ask alex about it`, `naomi ryan\n12 harbour road`.
    pub(super) fn lower_case(&self, model: &Model, spans: &mut Vec<Span>) {
        let scanned = self.scanned;
        if !scanned.lists.is_frequent_name() {
            return;
        }
        let is_code = [b'{', b'=', b'\\', b'<'].into_iter().any(|sign| scanned.has_sign(sign));
        let is_sentence = scanned.text.len() <= SENTENCE_BYTES_MAX && !self.is_fiction && !is_code && !self.is_task();
        let is_record = self.is_record
            && scanned.tokens.len() <= RECORD_TOKENS_MAX
            && !scanned.tokens.iter().any(|token| token.shape.is_capitalised());
        if !is_sentence && !is_record {
            return;
        }
        let mut next = 0;
        for first in 0..scanned.tokens.len() {
            if first < next || !self.is_lower_case_name(first) {
                continue;
            }
            let last = self.lower_case_family(first);
            next = last + 1;
            if !model.confirms(first, last) {
                continue;
            }
            spans.push(Span {
                range: scanned.tokens[first].start()..scanned.tokens[last].end(),
                kind: Kind::Person,
                why: "a frequent first name in lower case",
            });
        }
    }

    fn is_lower_case_name(&self, index: usize) -> bool {
        let scanned = self.scanned;
        let token = &scanned.tokens[index];
        let may_be_name = token.shape.is_word()
            && !token.shape.is_capitalised()
            && token.len() >= LETTERS_MIN
            && token.triggers & !trigger::BESIDE_NAMES == 0;
        if !may_be_name || !token.lists.is_frequent_name() || PARTICLES.contains(&scanned.token_text(index)) {
            return false;
        }
        let (before, after) = (scanned.byte_before(token.start()), scanned.byte_at(token.end()));
        let is_part = matches!(before, b'@' | b'#' | b'/' | b'_' | b'-' | b'.' | b'$')
            || matches!(after, b'@' | b'/' | b'_' | b'(' | b'-')
            || after == b'.' && scanned.byte_at(token.end() + 1).is_ascii_alphanumeric();
        let is_thing = index > 0 && matches!(scanned.token_text(index - 1), "a" | "an" | "in" | "of" | "ik");
        !is_part && !is_thing
    }

    /// The last token of the name that begins with the token `first`: an initial and a family name may follow.
    fn lower_case_family(&self, first: usize) -> usize {
        let scanned = self.scanned;
        let follows = |at: usize| {
            scanned
                .tokens
                .get(at + 1)
                .is_some_and(|next| next.shape.is_word() && !next.shape.is_capitalised() && next.triggers == 0)
                && matches!(scanned.gap(at), " " | ". ")
        };
        let initial = usize::from(follows(first) && scanned.tokens[first + 1].len() == 1);
        let family = first + initial + 1;
        if !follows(first + initial) {
            return first;
        }
        let is_line = (first == 0 || scanned.gap(first - 1).contains(['\n', ':']))
            && (family + 1 == scanned.tokens.len() || scanned.gap(family).contains('\n'));
        let is_known = scanned.names_in_any_case(family).is_family();
        // Alone on a line of a form, any second word is a family name: `tamara chmielewski`.
        if is_known || is_line && scanned.tokens[family].len() >= 3 { family } else { first }
    }
}
