//! What was found becomes a typed placeholder, numbered within the record: `[EMAIL_1]`, and the same address again is
//! `[EMAIL_1]` again, so that the text stays useful for training.

use std::collections::HashMap;

use super::find::{self, Kind};

/// The placeholders of one record. It dies with the record: nothing links a placeholder to its value afterwards.
#[derive(Debug, Default)]
pub(super) struct Redactor {
    numbers: HashMap<(Kind, String), u32>,
    last: HashMap<Kind, u32>,
}

impl Redactor {
    /// Numbers that `text` already has placeholders of (it may have been sanitized before) are not given again.
    pub(super) fn leave_out_numbers_of(&mut self, text: &str) {
        for (at, _) in text.match_indices('[') {
            for kind in Kind::ALL {
                let number = text[at + 1..]
                    .strip_prefix(kind.label())
                    .and_then(|rest| rest.strip_prefix('_'))
                    .and_then(|rest| rest.split_once(']'))
                    .and_then(|(number, _)| number.parse::<u16>().ok());
                if let Some(number) = number {
                    let last = self.last.entry(kind).or_default();
                    *last = (*last).max(number.into());
                }
            }
        }
    }

    /// `text` with everything that is found in it replaced.
    pub(super) fn redact(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut end = 0;
        for span in find::find(text) {
            let value = &text[span.range.clone()];
            out.push_str(&text[end..span.range.start]);
            out.push_str(&self.placeholder(span.kind, value));
            end = span.range.end;
        }
        out.push_str(&text[end..]);
        out
    }

    fn placeholder(&mut self, kind: Kind, value: &str) -> String {
        let number = *self.numbers.entry((kind, kind.normalise(value))).or_insert_with(|| {
            let last = self.last.entry(kind).or_default();
            *last += 1;
            *last
        });
        format!("[{}_{number}]", kind.label())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_value_keeps_its_number_over_both_texts() {
        let mut redactor = Redactor::default();
        assert_eq!(redactor.redact("to jane@example.com and bob@example.com"), "to [EMAIL_1] and [EMAIL_2]");
        assert_eq!(redactor.redact("Bob@Example.com bounced"), "[EMAIL_2] bounced");
    }

    #[test]
    fn sanitized_text_stays_as_it_is() {
        let text = "mail jane@x.co, call +1 415 555 0132, card 4111 1111 1111 1111, from 8.8.8.8, \
                    Authorization: Bearer abcdef0123456789abcdef, postgres://app:hunter2@db/x";
        let once = Redactor::default().redact(text);
        assert_eq!(
            once,
            "mail [EMAIL_1], call [PHONE_1], card [CREDIT_CARD_1], from [IP_1], \
             Authorization: Bearer [SECRET_1], postgres://[URL_CRED_1]@db/x"
        );
        assert_eq!(Redactor::default().redact(&once), once);
    }

    #[test]
    fn numbers_that_stand_in_the_text_already_are_not_given_to_others() {
        let mut redactor = Redactor::default();
        let text = "[EMAIL_2] wrote to jane@example.com";
        redactor.leave_out_numbers_of(text);
        assert_eq!(redactor.redact(text), "[EMAIL_2] wrote to [EMAIL_3]");
    }
}
