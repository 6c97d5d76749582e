//! The card that counts uses of the feature.

use yew::prelude::*;

use super::{
    actions::Actions,
    controls::quiet_button,
    email_form::{self, email_form},
};
use crate::state::app::App;

/// The count and the button that increases it. Hooks: `#usage-count`, `#use-feature`, `#start-over`, `#person`.
pub fn usage_card(app: &App, actions: &Actions) -> Html {
    let person = &app.ledger.person;
    let count = person.usage_count;
    html! {
        <section class="card use" aria-labelledby="use-title">
            <h2 id="use-title">{ "Somebody uses the feature" }</h2>
            <div class="use-row">
                <p class="count">
                    // The outer element stays. The number is a new element for each count, so that its animation starts again.
                    <span id="usage-count" class="count-number"><span key={count}>{ count }</span></span>{ " " }
                    <span class="count-unit">{ if count == 1 { "use so far" } else { "uses so far" } }</span>
                </p>
                <button id="use-feature" class="button use-button" type="button" disabled={app.config().is_none()}
                    onclick={actions.on(|actions, _| email_form::use_feature(actions))}>{ "Simulate Feature Usage" }</button>
            </div>
            { email_form(app, actions) }
            <div class="person">
                <p id="person">
                    { "You are " }<strong>{ person.email.as_deref().unwrap_or("anonymous") }</strong>
                    <span class="person-id">{ "distinct_id " }<span>{ &person.distinct_id }</span></span>
                </p>
                { quiet_button("start-over", "Start over as a new person", false,
                    actions.on(|actions, _| actions.simulator.start_over())) }
            </div>
        </section>
    }
}
