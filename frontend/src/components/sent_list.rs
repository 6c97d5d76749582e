//! The list of events, newest first.

use yew::prelude::*;

use super::{
    actions::Actions,
    controls::{choice, quiet_button},
    outbox_banner::outbox_banner,
    sent_item::SentItem,
};
use crate::{
    services::screen,
    state::{
        app::{App, AppAction, UNKNOWN_ID},
        config::event_url,
        entry::Entry,
        filter::Filter,
        time,
    },
};

/// The list. Hooks: `#sent-list`, `#clear-list`, `#filter-0` to `#filter-3`, `#unknown-event`.
pub fn sent_list(app: &App, actions: &Actions) -> Html {
    let rows = app.ledger.rows();
    let any = !rows.is_empty();
    let shown: Vec<Html> = rows
        .into_iter()
        .filter(|(entry, state)| app.filter.shows(entry, *state))
        .map(|(entry, state)| {
            let inspector = app.config().and_then(|config| event_url(config, &entry.uuid));
            let relative = time::relative(app.now_ms, entry.at_ms);
            // The JSON holds the whole prompt, which may be long; the list shows only its beginning.
            let entry = Entry { json: String::new(), ..entry.clone() };
            let key = entry.uuid.clone();
            let linked = app.linked.as_ref() == Some(&key);
            html! { <SentItem {key} {entry} {state} {inspector} {linked} {relative} /> }
        })
        .collect();
    let on_filter = |actions: &Actions, index: usize| actions.dispatch(AppAction::Filter(Filter::EACH[index]));
    let on_clear = |actions: &Actions, _: MouseEvent| {
        actions.simulator.clear_sent();
        // The button becomes disabled and would lose the focus.
        screen::focus("sent-title");
    };
    html! {
        <section class="sent" aria-labelledby="sent-title">
            <div class="sent-head">
                <h2 id="sent-title" tabindex="-1">{ "Sent to PostHog" }</h2>
                { quiet_button("clear-list", "Clear the list", app.ledger.sent.entries().is_empty(), actions.on(on_clear)) }
            </div>
            { outbox_banner(app, actions) }
            if app.linked_id().as_deref() == Some(UNKNOWN_ID) {
                <div id={UNKNOWN_ID} class="banner" tabindex="-1">
                    <p>
                        <strong>{ "This event is not in the list" }</strong>
                        { "The link comes from another browser, or the list was cleared since." }
                    </p>
                    <a class="quiet" href="#sent-title">{ "Never mind" }</a>
                </div>
            }
            <fieldset class="choices filter" hidden={!any}>
                <legend class="unseen">{ "Show" }</legend>
                { for Filter::EACH.into_iter().enumerate().map(|(index, filter)| {
                    choice("filter", index, filter.name(), app.filter == filter, actions.on_choice(index, on_filter))
                }) }
            </fieldset>
            if !any {
                <div class="empty">
                    <p><strong>{ "Nothing yet." }</strong></p>
                    <p>{ "Click one of the two buttons. Each event appears here as it goes out, with PostHog's answer." }</p>
                </div>
            } else if shown.is_empty() {
                <p class="empty">{ "No event of this kind." }</p>
            }
            <ol id="sent-list" class="sent-list" aria-labelledby="sent-title">{ for shown }</ol>
        </section>
    }
}
