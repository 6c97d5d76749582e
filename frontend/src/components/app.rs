//! The whole page: it holds the reducer and assembles the parts.

use yew::prelude::*;

use super::{
    actions::Actions, browser_events, config_problem::config_problem, failure_card::failure_card, keyboard,
    live_regions::live_regions, sent_list::sent_list, shortcuts_dialog::shortcuts_dialog, usage_card::usage_card,
};
use crate::{
    services::screen,
    state::{
        app::{App as AppState, Dialog, Start},
        config::inspector_url,
    },
};

/// The page. Its parts are plain functions of the one state. Only the lines of the list are components: there may be hundreds,
/// and most do not change when the page is drawn again.
#[component]
pub fn App() -> Html {
    let app = use_reducer(AppState::default);
    let actions = use_memo((), |_| {
        let actions = Actions::begin(app.dispatcher());
        browser_events::follow(&actions);
        keyboard::listen();
        actions
    });
    use_effect_with(app.dialog, |open| {
        screen::show_dialog(Dialog::Shortcuts.id(), *open == Some(Dialog::Shortcuts));
    });
    // Focuses the event that the address links to, or the message that it is unknown.
    use_effect_with(app.linked_id(), |id| {
        if let Some(id) = id {
            screen::focus(id);
        }
    });
    use_effect_with(app.config().and_then(inspector_url), |url| {
        if let Some(url) = url {
            screen::show_link("see-inspector", url);
        }
    });

    let start = match app.start {
        Start::Loading => "loading",
        Start::Ready(_) => "ready",
        Start::Failed(_) => "failed",
    };
    html! {
        <div id="page" data-start={start}>
            { live_regions(&app, &actions) }
            <main class="board">
                if let Start::Failed(problem) = &app.start {
                    { config_problem(problem, &actions) }
                }
                { usage_card(&app, &actions) }
                { failure_card(&app, &actions) }
                { sent_list(&app, &actions) }
            </main>
            { shortcuts_dialog(&app, &actions) }
        </div>
    }
}
