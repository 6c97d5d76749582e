//! The form that describes a failed generation, and the field errors of any event.

use std::{borrow::Cow, rc::Rc};

use shared::event::GenerationFailed;
use validator::{Validate, ValidationErrors, ValidationErrorsKind};
use yew::Reducible;

use super::examples::EXAMPLES;

/// What is wrong with the fields of an event, by their names in it; empty when nothing is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<(Cow<'static, str>, Cow<'static, str>)>);

impl FieldErrors {
    /// What is wrong with this field.
    pub fn of(&self, field: &str) -> Option<String> {
        self.0.iter().find(|(name, _)| name == field).map(|(_, message)| message.clone().into_owned())
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The fields as they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailureForm {
    /// What was asked of the model.
    pub prompt: String,
    /// Why it failed.
    pub reason: String,
    /// Which of [`EXAMPLES`] stands in the fields untouched.
    pub example: Option<usize>,
    /// What kept the form from being sent.
    pub errors: FieldErrors,
}

/// What can happen to the form.
#[derive(Debug, Clone)]
pub enum FailureFormAction {
    /// An example was chosen.
    Choose(usize),
    /// The prompt was edited.
    Prompt(String),
    /// The reason was edited.
    Reason(String),
    /// The form was checked, with this outcome.
    Checked(FieldErrors),
}

impl Default for FailureForm {
    fn default() -> Self {
        Self {
            prompt: EXAMPLES[0].prompt.into(),
            reason: EXAMPLES[0].reason.into(),
            example: Some(0),
            errors: FieldErrors::default(),
        }
    }
}

impl Reducible for FailureForm {
    type Action = FailureFormAction;

    fn reduce(self: Rc<Self>, action: FailureFormAction) -> Rc<Self> {
        let mut form = (*self).clone();
        match action {
            FailureFormAction::Choose(index) => {
                if let Some(example) = EXAMPLES.get(index) {
                    form.prompt = example.prompt.into();
                    form.reason = example.reason.into();
                    form.example = Some(index);
                    form.errors = FieldErrors::default();
                }
            }
            FailureFormAction::Prompt(prompt) => {
                form.prompt = prompt;
                form.example = None;
                form.recheck();
            }
            FailureFormAction::Reason(reason) => {
                form.reason = reason;
                form.example = None;
                form.recheck();
            }
            FailureFormAction::Checked(errors) => form.errors = errors,
        }
        Rc::new(form)
    }
}

impl FailureForm {
    /// An error goes as soon as it is mended, and none comes while somebody is still typing.
    fn recheck(&mut self) {
        if !self.errors.is_empty() {
            let failed = GenerationFailed { input_prompt: self.prompt.clone(), failure_reason: self.reason.clone() };
            let still = check(&failed);
            self.errors.0.retain(|(field, _)| still.of(field).is_some());
        }
    }
}

/// Checks an event's properties by the rules that travel with them.
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
    use shared::event::{Identify, PersonProperties};

    use super::*;

    fn after(actions: impl IntoIterator<Item = FailureFormAction>) -> FailureForm {
        let form = actions.into_iter().fold(Rc::new(FailureForm::default()), |form, action| form.reduce(action));
        (*form).clone()
    }

    fn failed(prompt: &str, reason: &str) -> GenerationFailed {
        GenerationFailed { input_prompt: prompt.into(), failure_reason: reason.into() }
    }

    #[test]
    fn an_example_fills_both_fields_until_one_is_edited() {
        let form = after([FailureFormAction::Choose(2)]);
        assert_eq!((form.prompt.as_str(), form.reason.as_str()), (EXAMPLES[2].prompt, EXAMPLES[2].reason));
        assert_eq!(form.example, Some(2));
        let form = after([FailureFormAction::Choose(2), FailureFormAction::Reason("mine".into())]);
        assert_eq!((form.example, form.prompt.as_str()), (None, EXAMPLES[2].prompt));
    }

    #[test]
    fn an_unknown_example_changes_nothing() {
        assert_eq!(after([FailureFormAction::Choose(EXAMPLES.len())]), FailureForm::default());
    }

    #[test]
    fn each_field_gets_its_own_error() {
        let errors = check(&failed("", &"x".repeat(1_025)));
        assert!(errors.of("input_prompt").unwrap().contains("262144"));
        assert!(errors.of("failure_reason").unwrap().contains("1024"));
        assert_eq!(check(&failed("", "")).of("failure_reason"), None);
        assert!(check(&failed("x", "")).is_empty());
    }

    #[test]
    fn a_nested_field_is_found_by_its_own_name() {
        let identify = Identify { set: PersonProperties { email: "jane".into() } };
        assert!(check(&identify).of("email").unwrap().contains("jane@example.com"));
    }

    #[test]
    fn an_error_goes_when_mended_and_never_comes_while_typing() {
        assert!(after([FailureFormAction::Prompt(String::new())]).errors.is_empty());
        let errors = check(&failed("", ""));
        let broken = [FailureFormAction::Prompt(String::new()), FailureFormAction::Checked(errors)];
        assert_eq!(after(broken.clone()).errors.0.len(), 1);
        assert!(after(broken.into_iter().chain([FailureFormAction::Prompt("x".into())])).errors.is_empty());
    }
}
