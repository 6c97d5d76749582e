//! The panel that `?` opens.

use yew::prelude::*;

use super::{actions::Actions, keyboard::Shortcut, modal::modal};
use crate::{
    services::screen,
    state::app::{App, AppAction, Dialog},
};

/// The keys, and a switch that turns them off: people who use speech input, or who hit keys by accident, need it (WCAG 2.1.4). Hooks: `#shortcuts-dialog`, `#shortcuts-on`, `#shortcuts-close`.
pub fn shortcuts_dialog(app: &App, actions: &Actions) -> Html {
    let panel = html! {
        <>
            <h2 id="shortcuts-title">{ "Keyboard shortcuts" }</h2>
            <dl class="keys">
                { for Shortcut::EACH.into_iter().map(|shortcut| html! {
                    <div><dt><kbd>{ shortcut.key() }</kbd></dt><dd>{ shortcut.what() }</dd></div>
                }) }
                <div><dt><kbd>{ "Esc" }</kbd></dt><dd>{ "Close a dialog" }</dd></div>
            </dl>
            <label class="switch">
                <input id="shortcuts-on" type="checkbox" checked={screen::shortcuts_on()}
                    onchange={actions.on(|_, _| screen::turn_shortcuts())} />
                { "Single keys work, except while typing" }
            </label>
            <div class="modal-buttons">
                <button id="shortcuts-close" class="quiet" type="button" onclick={actions.on(|actions, _| close(actions))}>
                    { "Close" }
                </button>
            </div>
        </>
    };
    modal(app, Dialog::Shortcuts, "shortcuts-title", actions.on(|actions, _| close(actions)), panel)
}

fn close(actions: &Actions) {
    actions.dispatch(AppAction::Close(Dialog::Shortcuts));
}
