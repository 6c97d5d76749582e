//! Asks, at a person's first use, where PostHog may write to them.

use shared::event::{Identify, PersonProperties};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{field_error::field_error, modal::Modal};
use crate::{services::screen, state::failure_form::check};

/// Props of [`EmailDialog`].
#[derive(PartialEq, Properties)]
pub struct EmailDialogProps {
    /// Whether it is open.
    pub open: bool,
    /// The answer, checked; `None` is a "no".
    pub on_answer: Callback<Option<Identify>>,
}

/// The question. Hooks: `#email-dialog`, `#email`, `#email-error`, `#email-save`, `#email-skip`.
#[component]
pub fn EmailDialog(props: &EmailDialogProps) -> Html {
    let skip = props.on_answer.reform(|()| None);
    html! {
        <Modal id="email-dialog" labelled_by="email-title" open={props.open} on_cancel={skip}>
            <EmailForm on_answer={props.on_answer.clone()} />
        </Modal>
    }
}

#[derive(PartialEq, Properties)]
struct EmailFormProps {
    on_answer: Callback<Option<Identify>>,
}

#[component]
fn EmailForm(props: &EmailFormProps) -> Html {
    let error = use_state(|| None::<String>);
    let field = use_node_ref();

    let on_submit = {
        let (error, field, on_answer) = (error.setter(), field.clone(), props.on_answer.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let email = field.cast::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default();
            let identify = Identify { set: PersonProperties { email: email.trim().to_owned() } };
            match check(&identify).of("email") {
                None => on_answer.emit(Some(identify)),
                wrong => {
                    error.set(wrong);
                    screen::focus("email");
                }
            }
        })
    };
    let on_input = {
        let error = error.setter();
        Callback::from(move |_: InputEvent| error.set(None))
    };
    html! {
        <form novalidate=true onsubmit={on_submit}>
            <h2 id="email-title">{ "Where may PostHog write to you?" }</h2>
            <p id="email-why">
                { "It is your first use. With an address, PostHog knows whom to mail; it gets the address before it hears of \
                   the use. Skip, and it knows you by a random id only." }
            </p>
            <div class="field">
                <label for="email">{ "E-mail address" }</label>
                <input id="email" ref={field} type="email" autocomplete="email" placeholder="jane@example.com"
                    oninput={on_input} aria-invalid={error.is_some().then_some("true")}
                    aria-describedby={if error.is_some() { "email-error" } else { "email-why" }} />
                { field_error("email-error", "The address", error.as_deref()) }
            </div>
            <div class="modal-buttons">
                <button id="email-skip" class="quiet" type="button" onclick={props.on_answer.reform(|_| None)}>
                    { "Skip" }
                </button>
                <button id="email-save" class="button" type="submit">{ "Save and count the use" }</button>
            </div>
        </form>
    }
}
