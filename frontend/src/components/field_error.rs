//! What is wrong with a field, under the field.

use yew::prelude::*;

/// The error, drawn only when there is one: by `id` the field's `aria-describedby` finds it, and the sentence begins with
/// the field's name.
pub fn field_error(id: &'static str, field: &str, error: Option<&str>) -> Html {
    match error {
        Some(error) => html! { <p {id} class="field-error">{ format!("{field} {error}.") }</p> },
        None => Html::default(),
    }
}
