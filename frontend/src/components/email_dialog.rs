//! Asks for an e-mail address at a person's first use of the feature.

use shared::event::{Identify, PersonProperties};
use yew::prelude::*;

use super::{
    actions::Actions,
    controls::{field_error, quiet_button},
    modal::modal,
};
use crate::{
    services::screen,
    state::{
        app::{App, AppAction, Dialog},
        field_errors::check,
    },
};

/// The question. Hooks: `#email-dialog`, `#email`, `#email-error`, `#email-save`, `#email-skip`.
pub fn email_dialog(app: &App, actions: &Actions) -> Html {
    let error = app.email_error.as_deref();
    let on_submit = actions.on(|actions, event: SubmitEvent| {
        event.prevent_default();
        let identify = Identify { set: PersonProperties { email: screen::value("email").trim().to_owned() } };
        match check(&identify).of("email") {
            None => actions.simulator.answer_email(Some(identify)),
            wrong => {
                actions.dispatch(AppAction::EmailError(wrong));
                screen::focus("email");
            }
        }
    });
    let form = html! {
        <form novalidate=true onsubmit={on_submit}>
            <h2 id="email-title">{ "Where may PostHog write to you?" }</h2>
            <p id="email-why">
                { "It is your first use. With an address, PostHog knows whom to mail; it gets the address before it hears of \
                   the use. Skip, and it knows you by a random id only." }
            </p>
            <div class="field">
                <label for="email">{ "E-mail address" }</label>
                <input id="email" type="email" autocomplete="email" placeholder="jane@example.com"
                    oninput={actions.on(|actions, _: InputEvent| actions.dispatch(AppAction::EmailError(None)))}
                    aria-invalid={error.is_some().then_some("true")}
                    aria-describedby={if error.is_some() { "email-error" } else { "email-why" }} />
                { field_error("email-error", "The address", error) }
            </div>
            <div class="modal-buttons">
                { quiet_button("email-skip", "Skip", false, actions.on(|actions, _| skip(actions))) }
                <button id="email-save" class="button" type="submit">{ "Save and count the use" }</button>
            </div>
        </form>
    };
    modal(app, Dialog::Email, "email-title", actions.on(|actions, _| skip(actions)), form)
}

fn skip(actions: &Actions) {
    actions.simulator.answer_email(None);
}
