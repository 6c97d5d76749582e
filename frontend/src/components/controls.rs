//! Controls that several parts of the page use.

use yew::prelude::*;

/// An unobtrusive button.
pub fn quiet_button(id: &'static str, text: &'static str, disabled: bool, onclick: Callback<MouseEvent>) -> Html {
    html! { <button {id} class="quiet" type="button" {disabled} {onclick}>{ text }</button> }
}

/// One of several choices; its id is the group's name and its index.
pub fn choice(group: &'static str, index: usize, text: &'static str, checked: bool, onchange: Callback<Event>) -> Html {
    html! {
        <label class="choice">
            <input id={format!("{group}-{index}")} type="radio" name={group} {checked} {onchange} />
            <span>{ text }</span>
        </label>
    }
}

/// The error of a field, if there is one. The field's `aria-describedby` refers to `id`, and the sentence begins with the field's
/// name.
pub fn field_error(id: &'static str, field: &str, error: Option<&str>) -> Html {
    match error {
        Some(error) => html! { <p {id} class="field-error">{ format!("{field} {error}.") }</p> },
        None => Html::default(),
    }
}
