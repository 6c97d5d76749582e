//! What the rules of [`shared::event`] say about the fields of an event.

use std::borrow::Cow;

use validator::{Validate, ValidationErrors, ValidationErrorsKind};

/// What is wrong with the fields of an event, by their names in it; empty when nothing is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<(Cow<'static, str>, Cow<'static, str>)>);

impl FieldErrors {
    /// What is wrong with this field.
    pub fn of(&self, field: &str) -> Option<String> {
        self.0.iter().find(|(name, _)| name == field).map(|(_, message)| message.clone().into_owned())
    }
}

/// Checks an event's properties by the rules of [`shared::event`].
pub fn check(properties: &impl Validate) -> FieldErrors {
    let mut found = FieldErrors::default();
    if let Err(errors) = properties.validate() {
        collect(&errors, &mut found);
    }
    found
}

fn collect(errors: &ValidationErrors, found: &mut FieldErrors) {
    for (field, kind) in errors.errors() {
        match kind {
            ValidationErrorsKind::Field(errors) => {
                if let Some(message) = errors.iter().find_map(|error| error.message.as_ref()) {
                    found.0.push((field.clone(), message.clone()));
                }
            }
            ValidationErrorsKind::Struct(nested) => collect(nested, found),
            ValidationErrorsKind::List(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::event::{GenerationFailed, INPUT_PROMPT_CHARS_MAX, Identify, PersonProperties};

    use super::*;

    fn failed(prompt: &str, reason: &str) -> GenerationFailed {
        GenerationFailed { input_prompt: prompt.into(), failure_reason: reason.into() }
    }

    #[test]
    fn each_field_gets_its_own_error() {
        let errors = check(&failed(&"x".repeat(INPUT_PROMPT_CHARS_MAX as usize + 1), &"x".repeat(1_025)));
        assert!(errors.of("input_prompt").unwrap().contains("262144"));
        assert!(errors.of("failure_reason").unwrap().contains("1024"));
        assert_eq!(check(&failed(" ", "")).of("input_prompt").as_deref(), Some("must not be blank"));
        assert_eq!(check(&failed("", "")).of("failure_reason"), None);
        assert_eq!(check(&failed("x", "")), FieldErrors::default());
    }

    #[test]
    fn a_nested_field_is_found_by_its_own_name() {
        let identify = Identify { set: PersonProperties { email: "jane".into() } };
        assert!(check(&identify).of("email").unwrap().contains("jane@example.com"));
    }
}
