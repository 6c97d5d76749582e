//! How the queue is doing, when it is not simply empty.

use yew::prelude::*;

/// Props of [`OutboxBanner`].
#[derive(PartialEq, Properties)]
pub struct OutboxBannerProps {
    /// How many events PostHog does not have yet.
    pub waiting: usize,
    /// Why the last try failed.
    pub trouble: Option<String>,
    /// When the next try is due, as a time of day.
    pub next_try: Option<String>,
    /// Whether not one more event can wait.
    pub full: bool,
    /// Whether the browser believes that it has no network.
    pub offline: bool,
    /// Whether the browser keeps nothing for the page.
    pub forgetful: bool,
    /// A try is wanted now.
    pub on_retry: Callback<()>,
}

/// One banner at most; the worst news wins. Hooks: `#outbox-banner[data-kind]`, `#try-now`.
#[component]
pub fn OutboxBanner(props: &OutboxBannerProps) -> Html {
    let waiting = match props.waiting {
        1 => "1 event waits".to_owned(),
        waiting => format!("{waiting} events wait"),
    };
    let next_try = props.next_try.as_ref().map(|time| format!(" Next try at {time}.")).unwrap_or_default();
    let why = props.trouble.as_ref().map(|why| format!(" Reason: {why}.")).unwrap_or_default();
    let (kind, title, text) = if props.full {
        (
            "full",
            "The queue is full",
            format!("{waiting}; more cannot be captured until PostHog answers.{why}{next_try}"),
        )
    } else if props.offline && props.waiting > 0 {
        ("offline", "You are offline", format!("{waiting} in this browser and will go out in order."))
    } else if props.offline {
        ("offline", "You are offline", "Go on: what you capture waits here and will go out in order.".to_owned())
    } else if props.trouble.is_some() && props.waiting > 0 {
        ("waiting", "PostHog is not taking events", format!("{waiting}, safe in this browser.{why}{next_try}"))
    } else if props.forgetful {
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
            if props.waiting > 0 {
                <button id="try-now" class="quiet" type="button" onclick={props.on_retry.reform(|_| ())}>{ "Try now" }</button>
            }
        </div>
    }
}
