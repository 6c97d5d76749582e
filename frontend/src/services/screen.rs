//! Access to what is outside Yew's tree: the static parts of `index.html`, the focus, the clipboard.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, Element, HtmlDialogElement, HtmlElement};

use super::json;

/// The message about a crash. It is in `index.html`, because after a crash Yew cannot draw.
const CRASH: &str = "crash";
/// The key of the switch for single keys.
const SHORTCUTS: &str = "misfire.shortcuts";

/// Shows panics to the person. A panic ends the wasm, and Yew with it, so the message is already in the page, hidden. Queued events
/// are in localStorage and survive.
pub fn show_panics() {
    // Set through Yew, which would replace any other hook with one that writes only to the console.
    yew::set_custom_panic_hook(Box::new(|panic| {
        let cause = panic.to_string();
        web_sys::console::error_1(&cause.as_str().into());
        if let Some(text) = element("crash-cause") {
            text.set_text_content(Some(&cause));
        }
        if let Some(crash) = element(CRASH) {
            let _ = crash.remove_attribute("hidden");
        }
    }));
}

/// A static element of `index.html`.
pub fn element(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

/// Moves the focus to the element with this id, and opens the `<details>` around it.
pub fn focus(id: &str) {
    if let Some(element) = element(id) {
        if let Ok(Some(folded)) = element.closest("details:not([open])") {
            let _ = folded.set_attribute("open", "");
        }
        let _ = element.unchecked_into::<HtmlElement>().focus();
    }
}

/// Shows the static link with this id, which had nowhere to lead before.
pub fn show_link(id: &str, url: &str) {
    if let Some(link) = element(id) {
        let _ = link.set_attribute("href", url);
    }
}

/// Clicks the button with this id.
pub fn press(id: &str) {
    if let Some(element) = element(id) {
        element.unchecked_into::<HtmlElement>().click();
    }
}

/// The value of the field with this id.
pub fn value(id: &str) -> String {
    element(id).and_then(|field| json::text(&field, "value")).unwrap_or_default()
}

/// Opens or closes the `<dialog>` with this id, if it is not in that state already.
pub fn show_dialog(id: &str, open: bool) {
    let Some(dialog) = element(id) else { return };
    let dialog: HtmlDialogElement = dialog.unchecked_into();
    match (open, dialog.open()) {
        (true, false) => {
            let _ = dialog.show_modal();
        }
        (false, true) => dialog.close(),
        _ => {}
    }
}

/// Whether a dialog is open.
pub fn dialog_open() -> bool {
    document().and_then(|document| document.query_selector("dialog[open]").ok().flatten()).is_some()
}

/// Whether single keys are shortcuts; they are unless they were turned off.
pub fn shortcuts_on() -> bool {
    let kept = || web_sys::window()?.local_storage().ok()??.get_item(SHORTCUTS).ok()?;
    kept().is_none_or(|kept| kept != "off")
}

/// Switches the shortcuts on or off. The browser remembers it, if it stores anything for the page.
pub fn turn_shortcuts() {
    let storage = web_sys::window().and_then(|window| window.local_storage().ok().flatten());
    if let Some(storage) = storage {
        let _ = storage.set_item(SHORTCUTS, if shortcuts_on() { "off" } else { "on" });
    }
}

/// Whether a key that is pressed now is meant for a field.
pub fn typing() -> bool {
    document().and_then(|document| document.active_element()).is_some_and(|element| {
        element.matches("input:not([type=radio], [type=checkbox]), textarea, select").unwrap_or(false)
    })
}

/// Whether the browser believes that it has no network.
pub fn offline() -> bool {
    web_sys::window().is_some_and(|window| !window.navigator().on_line())
}

/// The part of the page's address from its `#` on; empty when there is none.
pub fn hash() -> String {
    web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default()
}

/// Copies text to the clipboard; false when the browser does not allow it.
pub async fn copy(text: &str) -> bool {
    let Some(window) = web_sys::window() else { return false };
    // Pages on plain http:// other than localhost have no clipboard, and web-sys would call a method of undefined.
    let navigator = window.navigator();
    let has_one = js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|clipboard| clipboard.is_object());
    has_one && JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}

fn document() -> Option<Document> {
    web_sys::window()?.document()
}
