//! What is wrong with a field, under the field.

use yew::prelude::*;

/// Props of [`FieldError`].
#[derive(PartialEq, Properties)]
pub struct FieldErrorProps {
    /// The id by which the field's `aria-describedby` finds it.
    pub id: &'static str,
    /// How the sentence begins: the field's name.
    pub field: &'static str,
    /// What is wrong, if anything is.
    pub error: Option<String>,
}

/// Drawn only when something is wrong.
#[component]
pub fn FieldError(props: &FieldErrorProps) -> Html {
    match &props.error {
        Some(error) => html! { <p id={props.id} class="field-error">{ format!("{} {error}.", props.field) }</p> },
        None => Html::default(),
    }
}
