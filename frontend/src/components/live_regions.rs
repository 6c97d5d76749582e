//! What a screen reader announces. Both regions are in `index.html` and only their text changes: screen readers often miss a
//! region that appears together with its text.

use yew::{create_portal, prelude::*};

use super::{actions::Actions, controls::quiet_button};
use crate::{
    services::screen,
    state::app::{App, AppAction},
};

/// The texts of `role=status`, which is invisible because the list shows the same, and of `role=alert`.
pub fn live_regions(app: &App, actions: &Actions) -> Html {
    let status = html! { <p key={app.status.number}>{ &app.status.text }</p> };
    let alert = if app.alert.text.is_empty() {
        Html::default()
    } else {
        html! {
            <div key={app.alert.number} class="toast-body">
                <p>{ &app.alert.text }</p>
                { quiet_button("dismiss", "Dismiss", false, actions.on(|actions, _| actions.dispatch(AppAction::Unwarn))) }
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
