//! Replaces what is found by typed placeholders, numbered within a record: `[EMAIL_1]`. The same address becomes `[EMAIL_1]`
//! every time, so that the text stays useful for training.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
};

use crate::{
    clean::clean,
    json_text::{Input, map_scalars},
    placeholder::placeholder,
    policy::Policy,
    span::{Kind, Scope, Span},
};

/// How often a text is searched at most. Replacing a value may reveal another one: the text is shorter then, and in a short text
/// more counts as personal.
const SEARCHES_MAX: usize = 16;
/// How much of a key is searched together with its value.
const KEY_BYTES_MAX: usize = 64;

/// Replaces values by placeholders, and numbers them within one record.
///
/// Make one for each record and drop it afterwards: with it goes all that links a placeholder to its value.
///
/// ```
/// use misfire_sanitizer::{Policy, Redactor};
///
/// let policy = Policy::default();
/// let mut redactor = Redactor::new(&policy);
/// assert_eq!(redactor.redact("jane@example.com wrote to bob@example.com"), "[EMAIL_1] wrote to [EMAIL_2]");
/// assert_eq!(redactor.redact("Bob@Example.com answered"), "[EMAIL_2] answered");
/// ```
#[derive(Debug)]
pub struct Redactor<'a> {
    policy: &'a Policy,
    /// The number of each value, by its kind and its spelling.
    numbers: HashMap<(Kind, String), u32>,
    /// The last number given, by the kind's label.
    last: HashMap<String, u32>,
}

impl<'a> Redactor<'a> {
    /// A redactor for one record.
    pub fn new(policy: &'a Policy) -> Self {
        Self { policy, numbers: HashMap::new(), last: HashMap::new() }
    }

    /// Reserves the numbers of the placeholders that `text` holds already, because it was redacted before. New values get
    /// higher numbers. Call it for every text of the record before the first is redacted.
    pub fn reserve_numbers_of(&mut self, text: &str) {
        for at in memchr::memchr_iter(b'[', text.as_bytes()) {
            let Some((label, number, _)) = placeholder(&text[at..]) else { continue };
            let mut labels = Kind::ALL.iter().map(Kind::label).chain(self.policy.own_labels());
            if labels.any(|known| known == label) {
                let last = self.last.entry(label.to_owned()).or_default();
                *last = (*last).max(number);
            }
        }
    }

    /// Redacts an input, after removing the characters that break readers of JSON lines. JSON, as the messages of a chat, stays
    /// JSON: each string and number in it is redacted on its own, together with its key.
    pub fn redact_input(&mut self, input: &Input<'_>) -> String {
        match input {
            Input::Plain(text) => self.redact(&clean(text)),
            Input::Json(json) => map_scalars(json, |key, scalar| {
                let scalar = clean(scalar);
                match key {
                    Some(key) => self.redact_value(key, &scalar),
                    None => self.redact(&scalar),
                }
            }),
        }
    }

    /// Redacts a text. Control characters stay; [`Self::redact_input`] removes them.
    pub fn redact(&mut self, text: &str) -> String {
        self.redacted(text).into_owned()
    }

    /// Redacts a text as [`Self::redact`] does, and copies none in which nothing was found.
    pub fn redacted<'t>(&mut self, text: &'t str) -> Cow<'t, str> {
        self.redact_until_clean(text, |policy, text| policy.spans(text, Scope::Text))
    }

    /// Redacts the value of a key of a JSON object. The key says what the value is: `{"password": "hunter2"}`.
    pub(crate) fn redact_value(&mut self, key: &str, value: &str) -> String {
        let key: String = key.chars().filter(|c| !c.is_control() && *c != '"').take(KEY_BYTES_MAX / 4).collect();
        self.redact_until_clean(value, |policy, value| {
            // A single word is searched as JSON writes it, prose as a line of a form. Replacing a value may remove the last
            // space, so this is decided anew for each search; else a stored text could be found unclean when searched again.
            let is_word = !value.contains(|c: char| c.is_whitespace() || c == '"' || c == '\\');
            let (before, after) = if is_word { (format!("\"{key}\": \""), "\"") } else { (format!("{key}: "), "") };
            let line = format!("{before}{value}{after}");
            let spans = policy.spans(&line, Scope::Field).into_iter();
            let end = before.len() + value.len();
            let within = |position: usize| position.clamp(before.len(), end) - before.len();
            let spans = spans.map(|span| Span { range: within(span.range.start)..within(span.range.end), ..span });
            spans.filter(|span| !span.range.is_empty()).collect()
        })
        .into_owned()
    }

    fn redact_until_clean<'t>(&mut self, text: &'t str, find: impl Fn(&Policy, &str) -> Vec<Span>) -> Cow<'t, str> {
        let mut text = Cow::Borrowed(text);
        for _ in 0..SEARCHES_MAX {
            let spans = find(self.policy, &text);
            if spans.is_empty() {
                break;
            }
            text = Cow::Owned(self.replaced(&text, spans));
        }
        text
    }

    fn replaced(&mut self, text: &str, spans: Vec<Span>) -> String {
        let mut out = String::with_capacity(text.len());
        let mut end = 0;
        for span in spans {
            let value = &text[span.range.clone()];
            out.push_str(&text[end..span.range.start]);
            out.push_str(&self.placeholder(span.kind, value));
            end = span.range.end;
        }
        out.push_str(&text[end..]);
        out
    }

    /// How many different values of each kind were found, by the kind's label, in alphabetical order.
    pub fn counts(&self) -> Vec<(String, u64)> {
        let mut counts = BTreeMap::<&str, u64>::new();
        self.numbers.keys().for_each(|(kind, _)| *counts.entry(kind.label()).or_default() += 1);
        counts.into_iter().map(|(label, count)| (label.to_owned(), count)).collect()
    }

    fn placeholder(&mut self, kind: Kind, value: &str) -> String {
        let label = kind.label().to_owned();
        let spelling = kind.normalise(value);
        let number = *self.numbers.entry((kind, spelling)).or_insert_with(|| {
            let last = self.last.entry(label.clone()).or_default();
            *last += 1;
            *last
        });
        format!("[{label}_{number}]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(texts: &[&str]) -> Vec<String> {
        let policy = Policy::default();
        let mut redactor = Redactor::new(&policy);
        texts.iter().for_each(|text| redactor.reserve_numbers_of(text));
        texts.iter().map(|text| redactor.redact(text)).collect()
    }

    #[test]
    fn the_same_value_keeps_its_number_over_both_texts() {
        assert_eq!(
            redacted(&["to jane@example.com and bob@example.com", "Bob@Example.com bounced"]),
            ["to [EMAIL_1] and [EMAIL_2]", "[EMAIL_2] bounced"]
        );
        assert_eq!(
            redacted(&[
                "call +1 415 555 0132, or +1 (415) 555-0132",
                "card 4111 1111 1111 1111 or 4111-1111-1111-1111"
            ]),
            ["call [PHONE_1], or [PHONE_1]", "card [CREDIT_CARD_1] or [CREDIT_CARD_1]"]
        );
    }

    #[test]
    fn sanitized_text_stays_as_it_is() {
        let text = "mail jane@x.co, call +1 415 555 0132, card 4111 1111 1111 1111, from 8.8.8.8, \
                    Authorization: Bearer abcdef0123456789abcdef, postgres://app:hunter2@db/x";
        let once = redacted(&[text]);
        assert_eq!(
            once,
            ["mail [EMAIL_1], call [PHONE_1], card [CREDIT_CARD_1], from [IP_1], \
             Authorization: Bearer [SECRET_1], postgres://[URL_CRED_1]/x"]
        );
        assert_eq!(redacted(&[&once[0]]), once);
    }

    #[test]
    fn numbers_of_placeholders_in_the_text_are_not_given_to_others() {
        assert_eq!(redacted(&["[EMAIL_2] wrote to jane@example.com"]), ["[EMAIL_2] wrote to [EMAIL_3]"]);
    }

    #[test]
    fn a_key_says_what_its_value_is() {
        let policy = Policy::default();
        let mut redactor = Redactor::new(&policy);
        assert_eq!(redactor.redact_value("password", "hunter2"), "[PASSWORD_1]");
        assert_eq!(redactor.redact_value("ssn", "123456789"), "[SSN_1]");
        assert_eq!(redactor.redact_value("content", "a wooden chair"), "a wooden chair");
        assert_eq!(redactor.redact_value("seed", "123456789"), "123456789");
    }

    #[cfg(feature = "policy")]
    #[test]
    fn numbers_of_the_policys_own_kinds_are_reserved_too() {
        let policy = Policy::parse("[[own]]\nlabel = \"TICKET\"\npattern = 'T-[0-9]{6}'").unwrap();
        let mut redactor = Redactor::new(&policy);
        let text = "[TICKET_1] repeats T-123456";
        redactor.reserve_numbers_of(text);
        assert_eq!(redactor.redact(text), "[TICKET_1] repeats [TICKET_2]");
    }

    #[test]
    fn a_value_whose_spaces_were_all_replaced_is_found_clean_afterwards() {
        let policy = Policy::default();
        for value in ["=1+1\"quoted\" ", "=1+1 \\backslash\\ ", "= hunter2", "\"hunter2\""] {
            let once = Redactor::new(&policy).redact_value("password", value);
            assert_eq!(Redactor::new(&policy).redact_value("password", &once), once, "{value}");
        }
    }
}
