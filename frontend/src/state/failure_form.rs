//! The form that describes a failed generation, and the field errors of any event.

use std::borrow::Cow;

use shared::event::GenerationFailed;
use validator::{Validate, ValidationErrors, ValidationErrorsKind};

use super::examples::{EXAMPLES, Example};

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

/// The form's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailureForm {
    /// What was asked of the model.
    pub prompt: String,
    /// Why it failed.
    pub reason: String,
    /// Which of [`EXAMPLES`] the fields hold unchanged.
    pub example: Option<usize>,
    /// The errors that the last attempt to send the form found.
    pub errors: FieldErrors,
    /// The event's JSON as edited by hand; `None` while it is made from the fields.
    pub draft: Option<Draft>,
}

/// The event as JSON, as a person has edited it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The text as it was typed.
    pub text: String,
    /// Why it is no event, and where. `None` when it could be read; then the fields hold what it says.
    pub unreadable: Option<String>,
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
    /// The event's JSON was edited: the new text, and what it was read as or why it cannot be read.
    Event(String, Result<GenerationFailed, String>),
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
            draft: None,
        }
    }
}

impl FailureForm {
    /// Applies an action.
    pub fn apply(&mut self, action: FailureFormAction) {
        match action {
            FailureFormAction::Choose(index) => {
                if let Some(Example { prompt, reason, .. }) = EXAMPLES.get(index) {
                    self.write(prompt.to_string(), reason.to_string());
                    self.example = Some(index);
                }
            }
            FailureFormAction::Prompt(prompt) => {
                self.write(prompt, self.reason.clone());
            }
            FailureFormAction::Reason(reason) => {
                self.write(self.prompt.clone(), reason);
            }
            FailureFormAction::Event(text, read) => {
                let unreadable = match read {
                    Ok(failed) => {
                        self.write(failed.input_prompt, failed.failure_reason);
                        None
                    }
                    Err(problem) => Some(problem),
                };
                self.draft = Some(Draft { text, unreadable });
            }
            FailureFormAction::Checked(errors) => self.errors = errors,
        }
    }

    /// The event's properties as the fields hold them.
    pub fn failed(&self) -> GenerationFailed {
        GenerationFailed { input_prompt: self.prompt.clone(), failure_reason: self.reason.clone() }
    }

    /// The event's properties as they would be sent, not checked yet; `None` while the edited JSON cannot be read.
    pub fn event(&self) -> Option<GenerationFailed> {
        self.draft.as_ref().is_none_or(|draft| draft.unreadable.is_none()).then(|| self.failed())
    }

    /// Why the edited JSON cannot be sent; `None` when it can, or was not edited.
    pub fn problem(&self) -> Option<String> {
        let draft = self.draft.as_ref()?;
        draft.unreadable.clone().or_else(|| {
            let errors = check(&self.failed());
            ["input_prompt", "failure_reason"]
                .iter()
                .find_map(|field| Some(format!("properties.{field} {}.", errors.of(field)?)))
        })
    }

    /// Fills the fields. An error disappears as soon as its field is valid, and no new one appears while somebody types.
    fn write(&mut self, prompt: String, reason: String) {
        self.prompt = prompt;
        self.reason = reason;
        self.example = None;
        self.draft = None;
        if !self.errors.is_empty() {
            let still = check(&self.failed());
            self.errors.0.retain(|(field, _)| still.of(field).is_some());
        }
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
    use shared::event::{Identify, PersonProperties};

    use super::*;

    fn after(actions: impl IntoIterator<Item = FailureFormAction>) -> FailureForm {
        let mut form = FailureForm::default();
        actions.into_iter().for_each(|action| form.apply(action));
        form
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
    fn an_edited_event_fills_the_fields_and_is_checked_by_their_rules() {
        let edit = |failed| FailureFormAction::Event("{…}".into(), Ok(failed));
        let form = after([FailureFormAction::Choose(1), edit(failed("mine", "why"))]);
        assert_eq!((form.event(), form.example, form.problem()), (Some(failed("mine", "why")), None, None));
        assert_eq!(form.draft.unwrap().text, "{…}");
        let form = after([edit(failed("", "why"))]);
        assert_eq!(form.problem().as_deref(), Some("properties.input_prompt must not be blank."));
        assert_eq!(form.event(), Some(failed("", "why")), "it is read, and refused only when it is checked");
    }

    #[test]
    fn an_event_that_cannot_be_read_leaves_the_fields_and_is_given_up_when_they_are_edited() {
        let broken = FailureFormAction::Event("{".into(), Err("no".into()));
        let form = after([FailureFormAction::Choose(2), broken.clone()]);
        assert_eq!((form.prompt.as_str(), form.problem().as_deref()), (EXAMPLES[2].prompt, Some("no")));
        assert_eq!(form.event(), None);
        for edited in [FailureFormAction::Prompt("x".into()), FailureFormAction::Choose(0)] {
            let form = after([broken.clone(), edited]);
            assert_eq!((form.draft.as_ref(), form.event()), (None, Some(form.failed())));
        }
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
