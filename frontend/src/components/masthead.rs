//! The page's name, and what it is for. `index.html` holds the same for the time before the wasm is there.

use yew::prelude::*;

/// Props of [`Masthead`].
#[derive(PartialEq, Properties)]
pub struct MastheadProps {
    /// The shortcuts are asked for.
    pub on_shortcuts: Callback<()>,
}

/// The head of the page. Hook: `#show-shortcuts`.
#[component]
pub fn Masthead(props: &MastheadProps) -> Html {
    html! {
        <header class="masthead">
            <p class="brand"><span class="brand-mark" aria-hidden="true"></span>{ "Misfire" }</p>
            <h1>{ "Event Simulator" }</h1>
            <p class="lead">
                { "Two things that happen in a product with AI in it. Make them happen here, and PostHog hears of each." }
            </p>
            <button id="show-shortcuts" class="quiet help" type="button" aria-label="Keyboard shortcuts"
                onclick={props.on_shortcuts.reform(|_| ())}>{ "?" }</button>
        </header>
    }
}
