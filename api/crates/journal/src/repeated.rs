//! Texts that many events repeat word for word: the definitions of a product's tools, and the names of models. Where redacting finds
//! nothing in such a text, it finds nothing the next time either, so that the text is searched once.
//!
//! Nothing personal is held here: a text in which anything was found is not kept. What is held is bounded, and starts anew when it
//! is full.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, PoisonError, RwLock},
};

use misfire_sanitizer::{Input, Policy, Redactor};

use crate::shape;

/// The longest text that is remembered, in bytes.
const TEXT_BYTES_MAX: usize = 64 * 1024;
/// The most bytes of all texts, and the most texts.
const BYTES_MAX: usize = 4 * 1024 * 1024;
const TEXTS_MAX: usize = 1_024;

/// The texts that were found clean under one policy.
#[derive(Debug, Default)]
pub(crate) struct Repeated(RwLock<Known>);

#[derive(Debug, Default)]
struct Known {
    names: HashSet<String>,
    tools: HashMap<String, Arc<Tools>>,
    bytes: usize,
}

/// Definitions of tools, read.
#[derive(Debug, Default)]
pub(crate) struct Tools {
    /// As a row has them.
    pub(crate) stored: String,
    /// As the hash of an input has them.
    pub(crate) canonical: String,
}

impl Repeated {
    /// A name of a model or a provider, redacted.
    pub(crate) fn name(&self, name: &str, policy: &Policy, redactor: &mut Redactor<'_>) -> String {
        if self.read(|known| known.names.contains(name)) {
            return name.to_owned();
        }
        let redacted = redactor.redact_input(&Input::Plain(name.into()));
        if redacted == name && is_clean(&Input::Plain(name.into()), policy) {
            self.keep(name, 1, |known| _ = known.names.insert(name.to_owned()));
        }
        redacted
    }

    /// Definitions of tools, redacted.
    pub(crate) fn tools(&self, tools: &Input<'_>, policy: &Policy, redactor: &mut Redactor<'_>) -> Arc<Tools> {
        let text = tools.as_str();
        if let Some(known) = self.read(|known| known.tools.get(text).cloned()) {
            return known;
        }
        let read =
            Tools { stored: shape::tools(&redactor.redact_input(tools)), canonical: shape::canonical_tools(text) };
        let read = Arc::new(read);
        if matches!(tools, Input::Json(_)) && is_clean(tools, policy) {
            self.keep(text, 3, |known| _ = known.tools.insert(text.to_owned(), Arc::clone(&read)));
        }
        read
    }

    fn read<T>(&self, read: impl FnOnce(&Known) -> T) -> T {
        read(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Keeps a text, of which there are so many copies.
    fn keep(&self, text: &str, copies: usize, insert: impl FnOnce(&mut Known)) {
        if text.len() > TEXT_BYTES_MAX {
            return;
        }
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let bytes = text.len() * copies;
        if known.bytes + bytes > BYTES_MAX || known.names.len() + known.tools.len() >= TEXTS_MAX {
            *known = Known::default();
        }
        known.bytes += bytes;
        insert(&mut known);
    }
}

/// Whether nothing is found in a text, whatever else the record holds.
fn is_clean(text: &Input<'_>, policy: &Policy) -> bool {
    let mut alone = Redactor::new(policy);
    alone.redact_input(text);
    alone.counts().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_clean_is_given_as_it_was_redacted_and_what_holds_anything_is_never_kept() {
        let (repeated, policy) = (Repeated::default(), Policy::default());
        let clean = r#"[{"name":"find","description":"Finds [EMAIL_7]","input_schema":{"type":"object"}}]"#;
        let personal = clean.replace("[EMAIL_7]", "jane@example.com");
        for _ in 0..3 {
            let mut redactor = Redactor::new(&policy);
            assert_eq!(redactor.redact("bob@example.com"), "[EMAIL_1]");
            let read = repeated.tools(&Input::Json(clean), &policy, &mut redactor);
            assert_eq!(read.stored, shape::tools(clean));
            assert_eq!(read.canonical, shape::canonical_tools(clean));
            // The number depends on what else is in the record.
            let read = repeated.tools(&Input::Json(&personal), &policy, &mut redactor);
            assert!(read.stored.contains("[EMAIL_2]") && !read.stored.contains("jane"), "{read:?}");
            assert_eq!(repeated.name("gpt-5-mini", &policy, &mut redactor), "gpt-5-mini");
            assert_eq!(repeated.name("ft:jane@example.com", &policy, &mut redactor), "ft:[EMAIL_2]");
        }
        repeated.read(|known| {
            assert_eq!((known.tools.len(), known.names.len()), (1, 1));
            assert!(known.tools.contains_key(clean) && known.names.contains("gpt-5-mini"));
        });
    }

    #[test]
    fn what_is_held_is_bounded() {
        let (repeated, policy) = (Repeated::default(), Policy::default());
        let mut redactor = Redactor::new(&policy);
        for number in 0..3 * TEXTS_MAX {
            repeated.name(&format!("model-{number}"), &policy, &mut redactor);
        }
        let long = format!("[\"{}\"]", "wood ".repeat(TEXT_BYTES_MAX / 4));
        repeated.tools(&Input::Json(&long), &policy, &mut redactor);
        repeated.read(|known| {
            assert!((1..=TEXTS_MAX).contains(&known.names.len()) && known.tools.is_empty() && known.bytes < BYTES_MAX);
        });
    }
}
