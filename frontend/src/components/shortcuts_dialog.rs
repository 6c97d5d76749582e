//! The panel that `?` opens.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{keyboard::Shortcut, modal::Modal};
use crate::services::screen;

/// Props of [`ShortcutsDialog`].
#[derive(PartialEq, Properties)]
pub struct ShortcutsDialogProps {
    /// Whether it is open.
    pub open: bool,
    /// It was read.
    pub on_close: Callback<()>,
}

/// The keys, and a switch: whoever speaks to the computer, or hits keys by accident, must be able to turn single keys off
/// (WCAG 2.1.4). Hooks: `#shortcuts-dialog`, `#shortcuts-on`, `#shortcuts-close`.
#[component]
pub fn ShortcutsDialog(props: &ShortcutsDialogProps) -> Html {
    let on_switch = Callback::from(|event: Event| {
        let switch: HtmlInputElement = event.target_unchecked_into();
        screen::turn_shortcuts(switch.checked());
    });
    html! {
        <Modal id="shortcuts-dialog" labelled_by="shortcuts-title" open={props.open} on_cancel={props.on_close.clone()}>
            <h2 id="shortcuts-title">{ "Keyboard shortcuts" }</h2>
            <dl class="keys">
                { for Shortcut::EACH.into_iter().map(|shortcut| html! {
                    <div><dt><kbd>{ shortcut.key() }</kbd></dt><dd>{ shortcut.what() }</dd></div>
                }) }
                <div><dt><kbd>{ "Esc" }</kbd></dt><dd>{ "Close a dialog" }</dd></div>
            </dl>
            <label class="switch">
                <input id="shortcuts-on" type="checkbox" checked={screen::shortcuts_on()} onchange={on_switch} />
                { "Single keys work, except while typing" }
            </label>
            <div class="modal-buttons">
                <button id="shortcuts-close" class="button" type="button" onclick={props.on_close.reform(|_| ())}>
                    { "Close" }
                </button>
            </div>
        </Modal>
    }
}
