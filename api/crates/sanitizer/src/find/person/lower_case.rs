//! Names that nobody gave a capital: chat, tweets, forms filled in a hurry.

use super::{
    super::{Kind, Span, cue, names},
    SENTENCE_BYTES_MAX, Text,
};

/// A record longer than this has capitals where its names are.
const RECORD_TOKENS_MAX: usize = 120;
/// The fewest letters of a first name that is found in lower case.
const LETTERS_MIN: usize = 3;

impl Text<'_> {
    /// In a sentence, or in a record without any capital: `ask alex about it`, `naomi ryan\n12 harbour road`.
    pub(super) fn lower_case(&self, spans: &mut Vec<Span>) {
        let lexed = self.lexed;
        let is_code = [b'{', b'=', b'\\', b'<'].into_iter().any(|sign| lexed.has_sign(sign));
        let is_sentence = lexed.text.len() <= SENTENCE_BYTES_MAX && !self.is_task && !self.is_fiction && !is_code;
        let is_record = self.is_record
            && lexed.tokens.len() <= RECORD_TOKENS_MAX
            && !lexed.tokens.iter().any(|token| token.shape.is_capitalised());
        if !is_sentence && !is_record {
            return;
        }
        let mut next = 0;
        for first in 0..lexed.tokens.len() {
            if first < next || !self.is_lower_case_name(first) {
                continue;
            }
            let last = self.lower_case_family(first);
            spans.push(Span {
                range: lexed.tokens[first].start()..lexed.tokens[last].end(),
                kind: Kind::Person,
                why: "a frequent first name",
            });
            next = last + 1;
        }
    }

    fn is_lower_case_name(&self, index: usize) -> bool {
        let lexed = self.lexed;
        let token = &lexed.tokens[index];
        let may_be_name = token.shape.is_word()
            && !token.shape.is_capitalised()
            && token.len() >= LETTERS_MIN
            && token.cues & !cue::OF_NAMES == 0;
        if !may_be_name || !names::look_up_word(lexed.token_text(index)).is_frequent() {
            return false;
        }
        let (before, after) = (lexed.byte_before(token.start()), lexed.byte_at(token.end()));
        let is_part = matches!(before, b'@' | b'#' | b'/' | b'_' | b'-' | b'.' | b'$')
            || matches!(after, b'@' | b'/' | b'_' | b'(' | b'-')
            || after == b'.' && lexed.byte_at(token.end() + 1).is_ascii_alphanumeric();
        let is_thing = index > 0 && matches!(lexed.token_text(index - 1), "a" | "an" | "in" | "of");
        !is_part && !is_thing
    }

    /// The last token of the name: an initial and a family name may follow the first name.
    fn lower_case_family(&self, first: usize) -> usize {
        let lexed = self.lexed;
        let follows = |at: usize| {
            lexed
                .tokens
                .get(at + 1)
                .is_some_and(|next| next.shape.is_word() && !next.shape.is_capitalised() && next.cues == 0)
                && matches!(lexed.gap(at), " " | ". ")
        };
        let initial = usize::from(follows(first) && lexed.tokens[first + 1].len() == 1);
        let family = first + initial + 1;
        if !follows(first + initial) {
            return first;
        }
        let is_line = (first == 0 || lexed.gap(first - 1).contains(['\n', ':']))
            && (family + 1 == lexed.tokens.len() || lexed.gap(family).contains('\n'));
        let is_known = names::look_up_word(lexed.token_text(family)).is_family();
        // `tamara chmielewski` alone on a line of a form is a name whatever the second word is.
        if is_known || is_line && lexed.tokens[family].len() >= 3 { family } else { first }
    }
}
