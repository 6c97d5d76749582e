//! The form that describes a failed generation.

use shared::event::{AiGeneration, GenerationFailed};

use super::{
    examples::{EXAMPLES, Example},
    failure::{Failure, FailureErrors, FailureKind},
};

/// The form's content.
#[derive(Debug, Clone, PartialEq)]
pub struct FailureForm {
    /// What was asked of the model.
    pub prompt: String,
    /// Why it failed.
    pub reason: String,
    /// Which of [`EXAMPLES`] the fields hold unchanged.
    pub example: Option<usize>,
    /// As which event it goes.
    pub kind: FailureKind,
    /// What an `$ai_generation` says besides the prompt and the reason, which are the fields'.
    pub call: AiGeneration,
    /// The errors that the last attempt to send the form found.
    pub errors: FailureErrors,
    /// The event's JSON as edited by hand; `None` while it is made from the fields.
    pub draft: Option<Draft>,
}

/// The event as JSON, as a person has edited it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The text as it was typed.
    pub text: String,
    /// Why it is no event, and where. `None` when it could be read; then the form holds what it says.
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
    /// The kind of event was chosen.
    SendAs(FailureKind),
    /// The event's JSON was edited: the new text, and what it was read as or why it cannot be read.
    Event(String, Result<Failure, String>),
    /// The form was checked, with this outcome.
    Checked(FailureErrors),
}

impl Default for FailureForm {
    fn default() -> Self {
        Self {
            prompt: EXAMPLES[0].prompt.into(),
            reason: EXAMPLES[0].reason.into(),
            example: Some(0),
            kind: FailureKind::default(),
            call: EXAMPLES[0].call(),
            errors: FailureErrors::default(),
            draft: None,
        }
    }
}

impl FailureForm {
    /// Applies an action.
    pub fn apply(&mut self, action: FailureFormAction) {
        match action {
            FailureFormAction::Choose(index) => {
                if let Some(example @ Example { prompt, reason, .. }) = EXAMPLES.get(index) {
                    self.call = example.call();
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
            FailureFormAction::SendAs(kind) => {
                self.kind = kind;
                self.draft = None;
                self.forget_mended();
            }
            FailureFormAction::Event(text, read) => {
                let unreadable = match read {
                    Ok(failure) => {
                        self.take(failure);
                        None
                    }
                    Err(problem) => Some(problem),
                };
                self.draft = Some(Draft { text, unreadable });
            }
            FailureFormAction::Checked(errors) => self.errors = errors,
        }
    }

    /// The failure as the fields hold it.
    pub fn failure(&self) -> Failure {
        let (prompt, reason) = (self.prompt.clone(), self.reason.clone());
        match self.kind {
            FailureKind::GenerationFailed => {
                Failure::GenerationFailed(GenerationFailed { input_prompt: prompt, failure_reason: reason })
            }
            FailureKind::AiGeneration => {
                let mut call = AiGeneration { error: reason, ..self.call.clone() };
                call.set_prompt(prompt);
                Failure::AiGeneration(call)
            }
        }
    }

    /// The failure as it would be sent, not checked yet; `None` while the edited JSON cannot be read.
    pub fn event(&self) -> Option<Failure> {
        self.draft.as_ref().is_none_or(|draft| draft.unreadable.is_none()).then(|| self.failure())
    }

    /// Why the edited JSON cannot be sent; `None` when it can, or was not edited.
    pub fn problem(&self) -> Option<String> {
        let draft = self.draft.as_ref()?;
        draft.unreadable.clone().or_else(|| self.failure().problem())
    }

    /// Fills the form with what the JSON says.
    fn take(&mut self, failure: Failure) {
        self.kind = failure.kind();
        let (prompt, reason) = (failure.prompt().to_owned(), failure.reason().to_owned());
        if let Failure::AiGeneration(call) = failure {
            self.call = call;
        }
        self.write(prompt, reason);
    }

    /// Fills the fields.
    fn write(&mut self, prompt: String, reason: String) {
        self.prompt = prompt;
        self.reason = reason;
        self.example = None;
        self.draft = None;
        self.forget_mended();
    }

    /// An error disappears as soon as its field is valid, and no new one appears while somebody types.
    fn forget_mended(&mut self) {
        if !self.errors.is_empty() {
            let still = self.failure().check();
            self.errors.prompt = self.errors.prompt.take().and(still.prompt);
            self.errors.reason = self.errors.reason.take().and(still.reason);
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::event::AiMessage;

    use super::*;

    fn after(actions: impl IntoIterator<Item = FailureFormAction>) -> FailureForm {
        let mut form = FailureForm::default();
        actions.into_iter().for_each(|action| form.apply(action));
        form
    }

    fn failed(prompt: &str, reason: &str) -> Failure {
        Failure::GenerationFailed(GenerationFailed { input_prompt: prompt.into(), failure_reason: reason.into() })
    }

    /// A chat of a system message and this prompt, to a model that no example has.
    fn call(prompt: &str, reason: &str) -> AiGeneration {
        let message = |role: &str, content: &str| AiMessage { role: role.into(), content: content.into() };
        AiGeneration {
            model: "m".into(),
            input: vec![message("system", "be brief"), message("user", prompt)],
            error: reason.into(),
            ..EXAMPLES[0].call()
        }
    }

    fn edit(failure: Failure) -> FailureFormAction {
        FailureFormAction::Event("{…}".into(), Ok(failure))
    }

    const AS_SDK: FailureFormAction = FailureFormAction::SendAs(FailureKind::AiGeneration);

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
        for edited in [FailureFormAction::Prompt("x".into()), FailureFormAction::Choose(0), AS_SDK] {
            let form = after([broken.clone(), edited]);
            assert_eq!((form.draft.as_ref(), form.event()), (None, Some(form.failure())));
        }
    }

    #[test]
    fn an_unknown_example_changes_nothing() {
        assert_eq!(after([FailureFormAction::Choose(EXAMPLES.len())]), FailureForm::default());
    }

    #[test]
    fn the_kind_of_event_stays_when_the_fields_change_and_the_fields_when_the_kind_does() {
        let form = after([FailureFormAction::Choose(1), AS_SDK]);
        assert_eq!((form.example, form.event()), (Some(1), Some(Failure::AiGeneration(EXAMPLES[1].call()))));
        let form = after([AS_SDK, FailureFormAction::Choose(2), FailureFormAction::Prompt("mine".into())]);
        let Some(Failure::AiGeneration(call)) = form.event() else { panic!("{form:?}") };
        assert_eq!((call.prompt(), call.error.as_str()), ("mine", EXAMPLES[2].reason));
        assert_eq!((call.http_status, call.input.len()), (EXAMPLES[2].http_status, 1));
        let back = FailureFormAction::SendAs(FailureKind::GenerationFailed);
        let form = after([AS_SDK, FailureFormAction::Prompt("mine".into()), back]);
        assert_eq!(form.event(), Some(failed("mine", EXAMPLES[0].reason)));
    }

    #[test]
    fn an_edited_ai_generation_keeps_all_that_it_says_when_a_field_is_edited_after_it() {
        let form = after([edit(Failure::AiGeneration(call("mine", "why")))]);
        assert_eq!((form.kind, form.prompt.as_str(), form.reason.as_str()), (FailureKind::AiGeneration, "mine", "why"));
        assert_eq!(form.event(), Some(Failure::AiGeneration(call("mine", "why"))));
        let edited = [edit(Failure::AiGeneration(call("mine", "why"))), FailureFormAction::Prompt("other".into())];
        assert_eq!(after(edited.clone()).event(), Some(Failure::AiGeneration(call("other", "why"))));
        let anew = after(edited.into_iter().chain([FailureFormAction::Choose(3)]));
        assert_eq!(anew.event(), Some(Failure::AiGeneration(EXAMPLES[3].call())));
        let as_own = after([AS_SDK, edit(failed("mine", "why"))]);
        assert_eq!((as_own.kind, as_own.event()), (FailureKind::GenerationFailed, Some(failed("mine", "why"))));
    }

    #[test]
    fn an_error_goes_when_mended_and_never_comes_while_typing() {
        for kind in FailureKind::EACH {
            let blank = [FailureFormAction::SendAs(kind), FailureFormAction::Prompt(" ".into())];
            let form = after(blank.clone());
            assert!(form.errors.is_empty());
            let broken = blank.into_iter().chain([FailureFormAction::Checked(form.failure().check())]);
            let form = after(broken.clone());
            assert_eq!((form.errors.prompt.as_deref(), form.errors.reason), (Some("must not be blank"), None));
            assert!(after(broken.clone().chain([FailureFormAction::Prompt("x".into())])).errors.is_empty());
            assert!(!after(broken.chain([AS_SDK])).errors.is_empty(), "another kind of event mends nothing");
        }
    }
}
