//! What was sent, newest first.

use std::rc::Rc;

use yew::prelude::*;

use super::{outbox_banner::OutboxBanner, sent_item::SentItem};
use crate::{
    services::clock,
    state::{config::Config, entry::Entry, filter::Filter, ledger::Ledger, time},
};

/// Props of [`SentList`].
#[derive(PartialEq, Properties)]
pub struct SentListProps {
    /// What is kept.
    pub ledger: Rc<Ledger>,
    /// Where events can be looked at.
    pub config: Option<Config>,
    /// Which lines are shown.
    pub filter: Filter,
    /// The clock, in milliseconds since 1970.
    pub now_ms: u64,
    /// Whether the browser believes that it has no network.
    pub offline: bool,
    /// Whether the browser keeps nothing for the page.
    pub forgetful: bool,
    /// Whether not one more event can wait.
    pub full: bool,
    /// Other lines are to be shown.
    pub on_filter: Callback<Filter>,
    /// A try is wanted now.
    pub on_retry: Callback<()>,
    /// The finished lines are to go.
    pub on_clear: Callback<()>,
}

/// The list. Hooks: `#sent-list`, `#clear-list`, `#filter-0` to `#filter-3`.
#[component]
pub fn SentList(props: &SentListProps) -> Html {
    let SentListProps { ledger, config, filter, now_ms, .. } = props;
    let outbox = &ledger.outbox;
    let rows = ledger.rows();
    let any = !rows.is_empty();
    let shown: Vec<Html> = rows
        .into_iter()
        .filter(|(entry, state)| filter.shows(entry, *state))
        .map(|(entry, state)| {
            let link = config.as_ref().and_then(|config| config.event_url(&entry.uuid));
            let relative = time::relative(*now_ms, entry.at_ms);
            // The prompt itself may be long, and the list shows only its beginning.
            let entry = Entry { json: String::new(), ..entry.clone() };
            let key = entry.uuid.clone();
            html! { <SentItem {key} {entry} {state} {link} {relative} /> }
        })
        .collect();
    let next_try = (outbox.why_waiting().is_some() && outbox.retry_at_ms > *now_ms)
        .then(|| clock::time_of_day(outbox.retry_at_ms));
    html! {
        <section class="sent" aria-labelledby="sent-title">
            <div class="sent-head">
                <h2 id="sent-title" tabindex="-1">{ "Sent to PostHog" }</h2>
                <button id="clear-list" class="quiet" type="button" disabled={ledger.sent.entries().is_empty()}
                    onclick={props.on_clear.reform(|_| ())}>{ "Clear" }</button>
            </div>
            <OutboxBanner waiting={outbox.len()} trouble={outbox.why_waiting().map(str::to_owned)} {next_try}
                full={props.full} offline={props.offline} forgetful={props.forgetful} on_retry={props.on_retry.clone()} />
            <fieldset class="choices filter" hidden={!any}>
                <legend class="unseen">{ "Show" }</legend>
                { for Filter::EACH.into_iter().enumerate().map(|(index, choice)| html! {
                    <label class="choice">
                        <input id={format!("filter-{index}")} type="radio" name="filter" checked={*filter == choice}
                            onchange={props.on_filter.reform(move |_| choice)} />
                        <span>{ choice.name() }</span>
                    </label>
                }) }
            </fieldset>
            if !any {
                <div class="empty">
                    <p><strong>{ "Nothing yet." }</strong></p>
                    <p>{ "Each event appears here as it goes out, with PostHog's answer." }</p>
                </div>
            } else if shown.is_empty() {
                <p class="empty">{ "No event of this kind." }</p>
            }
            <ol id="sent-list" class="sent-list" aria-labelledby="sent-title">{ for shown }</ol>
        </section>
    }
}
