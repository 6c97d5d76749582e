//! Placeholders of texts from different events, side by side in one row.
//!
//! Placeholders are numbered within an event: `[EMAIL_2]` of one answer and `[EMAIL_2]` of another may hide different addresses.
//! What the prompt has is the same in both events, because the prompt is redacted first. So a placeholder of an answer that the prompt
//! does not have gets a number that nothing else in the row has.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

use misfire_sanitizer::{Kind, Policy, placeholder};

/// The sanitizer's labels. Other text in this form, say `[MAX_1]` in a program, is no placeholder.
pub(super) struct Labels(HashSet<String>);

impl Labels {
    pub(super) fn new(policy: &Policy) -> Self {
        Self(Kind::ALL.iter().map(Kind::label).chain(policy.own_labels()).map(ToOwned::to_owned).collect())
    }

    /// The placeholders of a text: where each stands, how long it is, its label and its number.
    fn of<'t>(&self, text: &'t str) -> impl Iterator<Item = (usize, usize, &'t str, u32)> {
        memchr::memchr_iter(b'[', text.as_bytes()).filter_map(|at| {
            let (label, number, length) = placeholder(&text[at..])?;
            self.0.contains(label).then_some((at, length, label, number))
        })
    }
}

/// The numbers of a row's placeholders.
pub(super) struct Numbers<'t> {
    labels: &'t Labels,
    known: HashSet<(&'t str, u32)>,
    /// The highest number of each label.
    last: HashMap<&'t str, u32>,
}

impl<'t> Numbers<'t> {
    /// `prompt` is what answers share placeholders with; `others` are the row's other texts, with which they share none.
    pub(super) fn new(labels: &'t Labels, prompt: &'t str, others: &[&'t str]) -> Self {
        let mut numbers = Self { labels, known: HashSet::new(), last: HashMap::new() };
        numbers.known.extend(labels.of(prompt).map(|(_, _, label, number)| (label, number)));
        for text in others.iter().chain([&prompt]) {
            for (_, _, label, number) in labels.of(text) {
                let last = numbers.last.entry(label).or_default();
                *last = (*last).max(number);
            }
        }
        numbers
    }

    /// An answer with the numbers that its placeholders have in this row, and whether one of them is not the prompt's. `shares` are
    /// other texts of the answer's own event that stand in the row.
    pub(super) fn apart(&mut self, answer: &'t str, shares: &[&'t str]) -> (Cow<'t, str>, bool) {
        let shared: HashSet<_> =
            shares.iter().flat_map(|text| self.labels.of(text)).map(|(_, _, label, n)| (label, n)).collect();
        let mut renamed = HashMap::new();
        let mut text = String::new();
        let mut copied = 0;
        for (at, length, label, number) in self.labels.of(answer) {
            if self.known.contains(&(label, number)) || shared.contains(&(label, number)) {
                continue;
            }
            let new = *renamed.entry((label, number)).or_insert_with(|| {
                let last = self.last.entry(label).or_default();
                *last += 1;
                *last
            });
            text.push_str(&answer[copied..at]);
            text.push_str(&format!("[{label}_{new}]"));
            copied = at + length;
        }
        if renamed.is_empty() {
            return (Cow::Borrowed(answer), false);
        }
        text.push_str(&answer[copied..]);
        (Cow::Owned(text), true)
    }

    /// The same for the answer of another event. Where its prompt reads differently, the two were redacted by different rules: then
    /// nothing is known to be the same.
    pub(super) fn apart_from_event(&mut self, answer: &'t str, is_same_prompt: bool) -> (Cow<'t, str>, bool) {
        if is_same_prompt {
            return self.apart(answer, &[]);
        }
        let known = std::mem::take(&mut self.known);
        let apart = self.apart(answer, &[]);
        self.known = known;
        apart
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_prompt_has_stays_and_everything_else_is_apart_from_all() {
        let labels = Labels::new(&Policy::default());
        let mut numbers = Numbers::new(&labels, "[EMAIL_1] and [PHONE_3]", &["tools for [EMAIL_4]"]);
        for (answer, shares, expected, is_apart) in [
            ("to [EMAIL_1]", &[][..], "to [EMAIL_1]", false),
            ("[EMAIL_2], [EMAIL_1], [EMAIL_2], [EMAIL_3]", &[], "[EMAIL_5], [EMAIL_1], [EMAIL_5], [EMAIL_6]", true),
            // The same text in another answer may be somebody else's address.
            ("[EMAIL_2] [PHONE_1]", &[], "[EMAIL_7] [PHONE_4]", true),
            ("[EMAIL_4]", &["tools for [EMAIL_4]"], "[EMAIL_4]", false),
            ("x[MAX_1] [NOTE_2] [EMAIL_] []", &[], "x[MAX_1] [NOTE_2] [EMAIL_] []", false),
        ] {
            assert_eq!(numbers.apart(answer, shares), (Cow::Borrowed(expected), is_apart), "{answer}");
        }
        assert_eq!(numbers.apart_from_event("[EMAIL_1]", false), ("[EMAIL_8]".into(), true));
        assert_eq!(numbers.apart_from_event("[EMAIL_1]", true), ("[EMAIL_1]".into(), false));
    }

    #[test]
    fn an_answer_that_is_json_stays_json() {
        let labels = Labels::new(&Policy::default());
        let answer = r#"[{"role":"assistant","content":"[EMAIL_1]","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{\"to\":\"[EMAIL_1]\"}"}}]}]"#;
        let (text, _) = Numbers::new(&labels, "[EMAIL_6]", &[]).apart(answer, &[]);
        assert_eq!(text, answer.replace("EMAIL_1", "EMAIL_7"));
    }
}
