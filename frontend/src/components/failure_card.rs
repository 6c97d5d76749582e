//! The card that describes and sends a failed generation.

use yew::prelude::*;

use super::{
    actions::Actions,
    controls::{choice, field_error},
    payload_view::payload_view,
};
use crate::{
    services::screen,
    state::{
        app::{App, AppAction},
        examples::EXAMPLES,
        failure::{Failure, FailureKind},
        failure_form::FailureFormAction,
    },
};

/// The form. Hooks: `#example-0` to `#example-3`, `#prompt`, `#reason`, `#prompt-error`, `#reason-error`,
/// `#send-as-0`, `#send-as-1`, `#fail-generation`.
pub fn failure_card(app: &App, actions: &Actions) -> Html {
    let form = &app.form;
    let (prompt_error, reason_error) = (form.errors.prompt.as_deref(), form.errors.reason.as_deref());
    let on_example = |actions: &Actions, index: usize| {
        actions.dispatch(AppAction::Form(FailureFormAction::Choose(index)));
    };
    let on_prompt = |actions: &Actions, _: InputEvent| {
        actions.dispatch(AppAction::Form(FailureFormAction::Prompt(screen::value("prompt"))));
    };
    let on_reason = |actions: &Actions, _: InputEvent| {
        actions.dispatch(AppAction::Form(FailureFormAction::Reason(screen::value("reason"))));
    };
    let on_send_as = |actions: &Actions, index: usize| {
        actions.dispatch(AppAction::Form(FailureFormAction::SendAs(FailureKind::EACH[index])));
    };
    html! {
        <section class="card fail" aria-labelledby="fail-title">
            <h2 id="fail-title">{ "A generation fails" }</h2>
            <form novalidate=true onsubmit={actions.on_form(form, submit)}>
                <fieldset class="choices">
                    <legend>{ "Start from an example" }</legend>
                    { for EXAMPLES.iter().enumerate().map(|(index, example)| {
                        let checked = form.example == Some(index);
                        choice("example", index, example.name, checked, actions.on_choice(index, on_example))
                    }) }
                </fieldset>
                <div class="field">
                    <label for="prompt">{ "Prompt" }</label>
                    <textarea id="prompt" rows="4" value={form.prompt.clone()} oninput={actions.on(on_prompt)}
                        aria-invalid={prompt_error.is_some().then_some("true")}
                        aria-describedby={prompt_error.is_some().then_some("prompt-error")} />
                    { field_error("prompt-error", "The prompt", prompt_error) }
                </div>
                <div class="field">
                    <label for="reason">{ "Why it failed" }</label>
                    <input id="reason" type="text" autocomplete="off" value={form.reason.clone()}
                        oninput={actions.on(on_reason)} aria-invalid={reason_error.is_some().then_some("true")}
                        aria-describedby={reason_error.is_some().then_some("reason-error")} />
                    { field_error("reason-error", "The reason", reason_error) }
                </div>
                <fieldset class="choices">
                    <legend>{ "Send as" }</legend>
                    { for FailureKind::EACH.into_iter().enumerate().map(|(index, kind)| {
                        choice("send-as", index, kind.name(), form.kind == kind, actions.on_choice(index, on_send_as))
                    }) }
                </fieldset>
                { payload_view(form, actions) }
                <button id="fail-generation" class="button fail-button" type="submit" disabled={app.config().is_none()}>
                    { "Simulate Generation Failure" }
                </button>
            </form>
        </section>
    }
}

/// Sends the event that "What will be sent, as JSON" shows: the fields, or the JSON if that was edited.
fn submit(actions: &Actions, failure: Option<Failure>, event: SubmitEvent) {
    event.prevent_default();
    let Some(failure) = failure else {
        screen::focus("payload");
        return;
    };
    let errors = failure.check();
    if errors.is_empty() {
        actions.simulator.fail_generation(failure);
    } else {
        screen::focus(if errors.prompt.is_some() { "prompt" } else { "reason" });
    }
    actions.dispatch(AppAction::Form(FailureFormAction::Checked(errors)));
}
