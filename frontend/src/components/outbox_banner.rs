//! The state of the queue and of the network, when there is something to tell.

use yew::prelude::*;

use super::{actions::Actions, controls::quiet_button};
use crate::{services::clock, state::app::App};

/// One banner at most, about the most serious problem. Hooks: `#outbox-banner[data-kind]`, `#try-now`.
pub fn outbox_banner(app: &App, actions: &Actions) -> Html {
    let outbox = &app.ledger.outbox;
    let trouble = outbox.why_waiting();
    let waiting = match outbox.len() {
        1 => "1 event waits".to_owned(),
        waiting => format!("{waiting} events wait"),
    };
    let why = trouble.map(|why| format!(" Reason: {why}.")).unwrap_or_default();
    let next_try = if trouble.is_some() && outbox.retry_at_ms > app.now_ms {
        format!(" Next try at {}.", clock::time_of_day(outbox.retry_at_ms))
    } else {
        String::new()
    };
    let (kind, title, text) = if outbox.is_full() {
        (
            "full",
            "The queue is full",
            format!("{waiting}; more cannot be captured until PostHog answers.{why}{next_try}"),
        )
    } else if app.offline && !outbox.is_empty() {
        ("offline", "You are offline", format!("{waiting} in this browser and will go out in order."))
    } else if app.offline {
        ("offline", "You are offline", "Go on: what you capture waits here and will go out in order.".to_owned())
    } else if trouble.is_some() {
        ("waiting", "PostHog is not taking events", format!("{waiting}, safe in this browser.{why}{next_try}"))
    } else if app.forgetful {
        (
            "forgetful",
            "Nothing is kept",
            "This browser stores nothing for this page: the count ends with the tab.".to_owned(),
        )
    } else {
        return Html::default();
    };
    html! {
        <div id="outbox-banner" class="banner" data-kind={kind}>
            <p><strong>{ title }</strong>{ text }</p>
            if !outbox.is_empty() {
                { quiet_button("try-now", "Try now", false, actions.on(|actions, _| actions.simulator.retry_now())) }
            }
        </div>
    }
}
