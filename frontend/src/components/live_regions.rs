//! What a screen reader hears. Both regions stand in `index.html`; only their words come and go, for a region that
//! appears together with its words is often not read.

use gloo_timers::callback::Timeout;
use yew::{create_portal, prelude::*};

use crate::{services::screen, state::app::Notice};

/// How long an alert covers a part of the page. All that it says stands in the list, too.
const ALERT_MS: u32 = 10_000;

/// Props of [`LiveRegions`].
#[derive(PartialEq, Properties)]
pub struct LiveRegionsProps {
    /// Good news, for `#status`; heard, not seen, since the list shows it.
    pub status: Notice,
    /// What a person must know, for `#alert`.
    pub alert: Notice,
    /// The alert was read.
    pub on_dismiss: Callback<()>,
}

/// The words of `role=status` and `role=alert`.
#[component]
pub fn LiveRegions(props: &LiveRegionsProps) -> Html {
    let LiveRegionsProps { status, alert, on_dismiss } = props;
    use_effect_with(alert.number, {
        let on_dismiss = on_dismiss.clone();
        let shown = !alert.text.is_empty();
        move |_| {
            let timeout = shown.then(|| Timeout::new(ALERT_MS, move || on_dismiss.emit(())));
            move || drop(timeout)
        }
    });
    let status = html! { <p key={status.number}>{ &status.text }</p> };
    let alert = if alert.text.is_empty() {
        Html::default()
    } else {
        html! {
            <div key={alert.number} class="toast-body">
                <p>{ &alert.text }</p>
                <button id="dismiss" class="quiet" type="button" onclick={on_dismiss.reform(|_| ())}>{ "Dismiss" }</button>
            </div>
        }
    };
    html! {
        <>
            { for screen::element("status").map(|host| create_portal(status, host)) }
            { for screen::element("alert").map(|host| create_portal(alert, host)) }
        </>
    }
}
