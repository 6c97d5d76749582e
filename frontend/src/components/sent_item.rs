//! One event in the list.

use yew::prelude::*;

use crate::{
    services::clock,
    state::{entry::Entry, ledger::RowState, link},
};

/// Props of [`SentItem`].
#[derive(PartialEq, Properties)]
pub struct SentItemProps {
    /// The event.
    pub entry: Entry,
    /// Where it is.
    pub state: RowState,
    /// How long ago it was.
    pub relative: String,
    /// Its page in the inspector, if there is one.
    pub inspector: Option<String>,
    /// Whether the page's address links to it.
    pub linked: bool,
}

/// A row with `data-uuid`, `data-event` and `data-state`; its time is the link to it.
///
/// It is a component so that only lines that changed are drawn again: formatting a date is slow in browsers.
#[component]
pub fn SentItem(props: &SentItemProps) -> Html {
    let Entry { uuid, event, detail, at_ms, refused, .. } = &props.entry;
    let state = props.state;
    let words = match state {
        RowState::Sending => "Sending",
        RowState::Accepted => "Accepted",
        RowState::Waiting => "Waiting to retry",
        RowState::Refused => "Refused",
    };
    // The inspector has a page only for events that PostHog accepted.
    let inspector = props.inspector.as_ref().filter(|_| state == RowState::Accepted);
    html! {
        <li id={link::id_of(uuid)} class="item" tabindex="-1" aria-current={props.linked.then_some("true")}
            data-uuid={uuid.clone()} data-event={event.clone()} data-state={state.name()}>
            <span class="item-state">{ words }</span>
            <code class="item-event">{ event }</code>
            <span class="item-detail" title={detail.clone()}>{ detail }</span>
            <a class="item-time" href={format!("#{}", link::id_of(uuid))}>
                <time datetime={clock::iso(*at_ms)} title={clock::date_and_time(*at_ms)}>{ &props.relative }</time>
                <span class="unseen">{ ", link to this event" }</span>
            </a>
            if let Some(inspector) = inspector {
                <a class="item-link" href={inspector.clone()} target="_blank" rel="noopener">
                    { "Inspect" }<span class="unseen">{ format!(" {event}, {detail}, in a new tab") }</span>
                </a>
            }
            if let Some(why) = refused {
                <p class="item-refusal">{ "PostHog: " }<q>{ why }</q></p>
            }
        </li>
    }
}
