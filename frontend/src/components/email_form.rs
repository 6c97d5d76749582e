//! Asks for an e-mail address, in the card of uses: it stands open from the start, and whoever wants none goes on without.

use shared::event::{Identify, PersonProperties};
use yew::prelude::*;

use super::{
    actions::Actions,
    controls::{field_error, quiet_button},
};
use crate::{
    services::screen,
    state::{
        app::{App, AppAction},
        field_errors::check,
    },
};

/// The field for the address, until one is saved or the field is skipped. Hooks: `#email`, `#email-error`, `#email-save`,
/// `#email-skip`, `#email-ask`.
pub fn email_form(app: &App, actions: &Actions) -> Html {
    let person = &app.ledger.person;
    if person.email.is_some() {
        return Html::default();
    }
    if person.email_asked {
        return html! {
            <p class="email-form">
                { quiet_button("email-ask", "Add an e-mail", false, actions.on(|actions, _| actions.simulator.ask_email())) }
            </p>
        };
    }
    let error = app.email_error.as_deref();
    let on_submit = actions.on(|actions, event: SubmitEvent| {
        event.prevent_default();
        save(actions, 0);
    });
    html! {
        <form class="email-form" novalidate=true onsubmit={on_submit}>
            <div class="field">
                <label for="email">{ "E-mail (optional, for the workflow's message)" }</label>
                <div class="email-row">
                    <input id="email" type="email" autocomplete="email" placeholder="jane@example.com"
                        oninput={actions.on(|actions, _: InputEvent| actions.dispatch(AppAction::EmailError(None)))}
                        aria-invalid={error.is_some().then_some("true")}
                        aria-describedby={if error.is_some() { "email-error" } else { "email-note" }} />
                    <button id="email-save" class="quiet" type="submit" disabled={app.config().is_none()}>{ "Save" }</button>
                    { quiet_button("email-skip", "Skip", app.config().is_none(), actions.on(|actions, _| skip(actions))) }
                </div>
                { field_error("email-error", "The address", error) }
                if error.is_none() {
                    <p id="email-note" class="card-note">{ "A workflow in PostHog writes to whoever has used the feature often enough." }</p>
                }
            </div>
        </form>
    }
}

/// Counts one use of the feature. An address that stands in the field, not saved yet, goes out before it.
pub fn use_feature(actions: &Actions) {
    if screen::value("email").trim().is_empty() {
        actions.simulator.use_feature();
    } else {
        save(actions, 1);
    }
}

/// Saves the address if it is one, and then counts `uses`; says what is wrong with it otherwise.
fn save(actions: &Actions, uses: u32) {
    let identify = Identify { set: PersonProperties { email: screen::value("email").trim().to_owned() } };
    let wrong = check(&identify).of("email");
    if wrong.is_none() {
        actions.simulator.answer_email(Some(identify), uses);
    }
    screen::focus(if wrong.is_none() { "use-feature" } else { "email" });
    actions.dispatch(AppAction::EmailError(wrong));
}

fn skip(actions: &Actions) {
    actions.simulator.answer_email(None, 0);
    actions.dispatch(AppAction::EmailError(None));
    // The button goes, and would take the focus with it.
    screen::focus("use-feature");
}
