//! A `<dialog>`. The browser keeps the focus inside it and restores it afterwards.

use yew::prelude::*;

use crate::state::app::{App, Dialog};

/// The frame of both dialogs. Its content is drawn only while it is open, so that each opening starts with empty fields. The page
/// opens and closes it according to the state. `on_close` is called when the browser closes it, because Escape was pressed.
pub fn modal(app: &App, dialog: Dialog, labelled_by: &'static str, on_close: Callback<Event>, content: Html) -> Html {
    let open = app.dialog == Some(dialog);
    html! {
        <dialog id={dialog.id()} class="modal" aria-labelledby={labelled_by} onclose={open.then_some(on_close)}>
            if open { { content } }
        </dialog>
    }
}
