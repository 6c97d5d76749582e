//! Failure → prompt and reason → sent.

use shared::event::GenerationFailed;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::{field_error::field_error, payload_view::PayloadView};
use crate::{
    services::screen,
    state::{
        config::Config,
        examples::EXAMPLES,
        failure_form::{FailureForm, FailureFormAction, check},
    },
};

/// Props of [`FailureCard`].
#[derive(PartialEq, Properties)]
pub struct FailureCardProps {
    /// Where events go, once that is known.
    pub config: Option<Config>,
    /// PostHog's name for the person.
    pub distinct_id: String,
    /// A generation failed; its properties are checked.
    pub on_fail: Callback<GenerationFailed>,
    /// The request was copied, or could not be.
    pub on_copied: Callback<bool>,
}

/// The form. Hooks: `#example-0` to `#example-3`, `#prompt`, `#reason`, `#prompt-error`, `#reason-error`,
/// `#fail-generation`.
#[component]
pub fn FailureCard(props: &FailureCardProps) -> Html {
    let form = use_reducer(FailureForm::default);
    let (prompt, reason) = (use_node_ref(), use_node_ref());

    let choose = |index| {
        let dispatcher = form.dispatcher();
        Callback::from(move |_: Event| dispatcher.dispatch(FailureFormAction::Choose(index)))
    };
    let on_prompt = {
        let dispatcher = form.dispatcher();
        Callback::from(move |event: InputEvent| {
            let field: HtmlTextAreaElement = event.target_unchecked_into();
            dispatcher.dispatch(FailureFormAction::Prompt(field.value()));
        })
    };
    let on_reason = {
        let dispatcher = form.dispatcher();
        Callback::from(move |event: InputEvent| {
            let field: HtmlInputElement = event.target_unchecked_into();
            dispatcher.dispatch(FailureFormAction::Reason(field.value()));
        })
    };
    let on_submit = {
        let (dispatcher, on_fail) = (form.dispatcher(), props.on_fail.clone());
        let (prompt, reason) = (prompt.clone(), reason.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            // Read from the fields themselves: what was typed in this very instant is not drawn yet.
            let failed = GenerationFailed {
                input_prompt: prompt.cast::<HtmlTextAreaElement>().map(|field| field.value()).unwrap_or_default(),
                failure_reason: reason.cast::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default(),
            };
            let errors = check(&failed);
            if errors.is_empty() {
                on_fail.emit(failed);
            } else {
                screen::focus(if errors.of("input_prompt").is_some() { "prompt" } else { "reason" });
            }
            dispatcher.dispatch(FailureFormAction::Checked(errors));
        })
    };

    let (prompt_error, reason_error) = (form.errors.of("input_prompt"), form.errors.of("failure_reason"));
    html! {
        <section class="card fail" aria-labelledby="fail-title">
            <h2 id="fail-title">{ "A generation fails" }</h2>
            <form novalidate=true onsubmit={on_submit}>
                <fieldset class="choices">
                    <legend>{ "For example" }</legend>
                    { for EXAMPLES.iter().enumerate().map(|(index, example)| html! {
                        <label class="choice">
                            <input id={format!("example-{index}")} type="radio" name="example"
                                checked={form.example == Some(index)} onchange={choose(index)} />
                            <span>{ example.name }</span>
                        </label>
                    }) }
                </fieldset>
                <div class="field">
                    <label for="prompt">{ "Prompt" }</label>
                    <textarea id="prompt" ref={prompt} rows="4" value={form.prompt.clone()} oninput={on_prompt}
                        aria-invalid={prompt_error.is_some().then_some("true")}
                        aria-describedby={prompt_error.is_some().then_some("prompt-error")} />
                    { field_error("prompt-error", "The prompt", prompt_error.as_deref()) }
                </div>
                <div class="field">
                    <label for="reason">{ "Why it failed" }</label>
                    <input id="reason" ref={reason} type="text" autocomplete="off" value={form.reason.clone()}
                        oninput={on_reason} aria-invalid={reason_error.is_some().then_some("true")}
                        aria-describedby={reason_error.is_some().then_some("reason-error")} />
                    { field_error("reason-error", "The reason", reason_error.as_deref()) }
                </div>
                <button id="fail-generation" class="button fail-button" type="submit" disabled={props.config.is_none()}>
                    { "Simulate Generation Failure" }
                </button>
            </form>
            <PayloadView config={props.config.clone()} distinct_id={props.distinct_id.clone()}
                failed={GenerationFailed { input_prompt: form.prompt.clone(), failure_reason: form.reason.clone() }}
                on_copied={props.on_copied.clone()} />
        </section>
    }
}
