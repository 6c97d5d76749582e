//! A `<dialog>`. The browser keeps the focus inside and gives it back afterwards.

use yew::prelude::*;

use crate::state::app::{App, Dialog};

/// The frame of both dialogs. What is in it is drawn only while it is open, so that each opening begins afresh; the page
/// opens and closes it as the state says. `on_close` hears when the browser closes it, because Escape was pressed.
pub fn modal(app: &App, dialog: Dialog, labelled_by: &'static str, on_close: Callback<Event>, content: Html) -> Html {
    let open = app.dialog == Some(dialog);
    html! {
        <dialog id={dialog.id()} class="modal" aria-labelledby={labelled_by} onclose={open.then_some(on_close)}>
            if open { { content } }
        </dialog>
    }
}
