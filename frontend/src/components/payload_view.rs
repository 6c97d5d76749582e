//! The event as it will be sent: to look at, to edit, or to copy as a curl command.

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{actions::Actions, controls::quiet_button};
use crate::{
    services::{event_json, screen},
    state::{
        app::AppAction,
        failure::{Failure, FailureKind},
        failure_form::{FailureForm, FailureFormAction},
    },
};

/// Folded until it is opened. An edit here also fills the form's fields, so there is only one event to send.
/// Hooks: `#show-payload`, `#payload`, `#payload-error`, `#copy-curl`.
pub fn payload_view(form: &FailureForm, actions: &Actions) -> Html {
    let text = match &form.draft {
        Some(draft) => draft.text.clone(),
        None => event_json::write(form.failure()),
    };
    let on_edit = |actions: &Actions, _: InputEvent| {
        let text = screen::value("payload");
        let read = event_json::read(&text);
        actions.dispatch(AppAction::Form(FailureFormAction::Event(text, read)));
    };
    let problem = form.problem();
    let gets = match form.kind {
        FailureKind::GenerationFailed => "its uuid, its time and your id",
        FailureKind::AiGeneration => "its uuid, its time, your id and, if it has none, a trace",
    };
    html! {
        <details class="payload">
            <summary id="show-payload">{ "What will be sent, as JSON" }</summary>
            <div class="field">
                <label for="payload">{ "The event as JSON" }</label>
                <textarea id="payload" rows="8" spellcheck="false" value={text} oninput={actions.on(on_edit)}
                    aria-invalid={problem.is_some().then_some("true")}
                    aria-describedby={if problem.is_some() { "payload-error" } else { "payload-note" }} />
                if let Some(problem) = &problem {
                    <p id="payload-error" class="field-error">{ problem }</p>
                }
            </div>
            <p id="payload-note" class="card-note">
                { format!("Edit it here or in the fields. It gets {gets} as it goes.") }
            </p>
            { quiet_button("copy-curl", "Copy as curl", problem.is_some(), actions.on_form(form, copy)) }
        </details>
    }
}

fn copy(actions: &Actions, failure: Option<Failure>, _: MouseEvent) {
    let Some(line) = failure.and_then(|failure| actions.simulator.curl(failure)) else { return };
    let actions = actions.clone();
    spawn_local(async move {
        actions.dispatch(if screen::copy(&line).await {
            AppAction::Say("The command is on the clipboard.".into())
        } else {
            AppAction::Warn("The browser does not let this page use the clipboard.".into())
        });
    });
}
