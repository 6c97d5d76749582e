//! A `<dialog>` that is open when its prop says so. The browser keeps the focus inside and gives it back afterwards.

use web_sys::HtmlDialogElement;
use yew::prelude::*;

/// Props of [`Modal`].
#[derive(PartialEq, Properties)]
pub struct ModalProps {
    /// The dialog's id.
    pub id: &'static str,
    /// The id of its heading.
    pub labelled_by: &'static str,
    /// Whether it is open.
    pub open: bool,
    /// Escape was pressed.
    pub on_cancel: Callback<()>,
    /// What is in it.
    pub children: Html,
}

/// The frame of both dialogs. Its children are drawn only while it is open, so that each opening begins afresh.
#[component]
pub fn Modal(props: &ModalProps) -> Html {
    let dialog = use_node_ref();
    use_effect_with((props.open, dialog.clone()), |(open, dialog)| {
        if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
            match (*open, dialog.open()) {
                (true, false) => {
                    let _ = dialog.show_modal();
                }
                (false, true) => dialog.close(),
                _ => {}
            }
        }
    });
    // A browser may close the dialog at a second Escape without asking, so the closing is listened to as well.
    let on_cancel = {
        let on_cancel = props.on_cancel.clone();
        Callback::from(move |event: Event| {
            event.prevent_default();
            on_cancel.emit(());
        })
    };
    let on_close = {
        let (open, on_cancel) = (props.open, props.on_cancel.clone());
        Callback::from(move |_: Event| {
            if open {
                on_cancel.emit(());
            }
        })
    };
    html! {
        <dialog id={props.id} ref={dialog} class="modal" aria-labelledby={props.labelled_by} oncancel={on_cancel}
            onclose={on_close}>
            if props.open { { props.children.clone() } }
        </dialog>
    }
}
