//! What stands in several places of the page.

use yew::prelude::*;

/// A button that stays in the background.
pub fn quiet_button(id: &'static str, text: &'static str, disabled: bool, onclick: Callback<MouseEvent>) -> Html {
    html! { <button {id} class="quiet" type="button" {disabled} {onclick}>{ text }</button> }
}

/// One of several choices; its id is the group's name and its place among them.
pub fn choice(group: &'static str, index: usize, text: &'static str, checked: bool, onchange: Callback<Event>) -> Html {
    html! {
        <label class="choice">
            <input id={format!("{group}-{index}")} type="radio" name={group} {checked} {onchange} />
            <span>{ text }</span>
        </label>
    }
}

/// What is wrong with a field, drawn only when something is: by `id` the field's `aria-describedby` finds it, and the
/// sentence begins with the field's name.
pub fn field_error(id: &'static str, field: &str, error: Option<&str>) -> Html {
    match error {
        Some(error) => html! { <p {id} class="field-error">{ format!("{field} {error}.") }</p> },
        None => Html::default(),
    }
}
