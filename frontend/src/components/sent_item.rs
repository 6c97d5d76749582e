//! One event in the list.

use yew::prelude::*;

use crate::{
    services::clock,
    state::{entry::Entry, ledger::RowState},
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
    pub link: Option<String>,
}

/// A line with `data-uuid`, `data-event` and `data-state`.
#[component]
pub fn SentItem(props: &SentItemProps) -> Html {
    let Entry { uuid, event, detail, at_ms, refused, .. } = &props.entry;
    let state = props.state;
    // A browser takes its time to write a date, and there may be hundreds.
    let written =
        use_memo(*at_ms, |at_ms| (clock::iso(*at_ms), clock::date_and_time(*at_ms), clock::time_of_day(*at_ms)));
    let (iso, date_and_time, time_of_day) = &*written;
    let words = match state {
        RowState::Sending => "Sending",
        RowState::Accepted => "Accepted",
        RowState::Waiting => "Waiting to retry",
        RowState::Refused => "Refused",
    };
    // What PostHog does not have has no page there.
    let link = props.link.as_ref().filter(|_| state == RowState::Accepted);
    html! {
        <li class="item" data-uuid={uuid.clone()} data-event={event.clone()} data-state={state.name()}>
            <p class="item-head">
                <code class="item-event">{ event }</code>
                <span class="item-state">{ words }</span>
            </p>
            <p class="item-detail">{ detail }</p>
            if let Some(why) = refused {
                <p class="item-refusal">{ "PostHog: " }<q>{ why }</q></p>
            }
            <p class="item-foot">
                <time datetime={iso.clone()} title={date_and_time.clone()}>
                    { &props.relative }<span class="item-clock">{ time_of_day }</span>
                </time>
                if let Some(link) = link {
                    <a class="item-link" href={link.clone()} target="_blank" rel="noopener">
                        { "Inspect" }<span class="unseen">{ format!(" {event}, {detail}, in a new tab") }</span>
                    </a>
                }
            </p>
        </li>
    }
}
