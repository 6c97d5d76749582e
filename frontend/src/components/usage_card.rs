//! Use → count.

use yew::prelude::*;

/// Props of [`UsageCard`].
#[derive(PartialEq, Properties)]
pub struct UsageCardProps {
    /// Whether events can be captured.
    pub ready: bool,
    /// How often this person has used the feature.
    pub count: u32,
    /// The person's address, if they gave one.
    pub email: Option<String>,
    /// PostHog's name for the person.
    pub distinct_id: String,
    /// The feature was used.
    pub on_use: Callback<()>,
    /// Somebody else shall click from now on.
    pub on_start_over: Callback<()>,
}

/// The count and the button that moves it. Hooks: `#usage-count`, `#use-feature`, `#start-over`, `#person`.
#[component]
pub fn UsageCard(props: &UsageCardProps) -> Html {
    html! {
        <section class="card use" aria-labelledby="use-title">
            <h2 id="use-title">{ "Somebody uses the feature" }</h2>
            <p class="count">
                // The element stays; only the number in it is made anew, so that it can be seen to land.
                <span id="usage-count" class="count-number"><span key={props.count}>{ props.count }</span></span>{ " " }
                <span class="count-unit">{ if props.count == 1 { "use so far" } else { "uses so far" } }</span>
            </p>
            <button id="use-feature" class="button use-button" type="button" disabled={!props.ready}
                onclick={props.on_use.reform(|_| ())}>{ "Simulate Feature Usage" }</button>
            <p class="card-note">
                { "Counted in this browser, captured as " }<code>{ "feature_used" }</code>{ "." }
            </p>
            <div class="person">
                <p id="person">
                    { "You are " }<strong>{ props.email.clone().unwrap_or_else(|| "anonymous".into()) }</strong>
                    <span class="person-id">{ &props.distinct_id }</span>
                </p>
                <button id="start-over" class="quiet" type="button" onclick={props.on_start_over.reform(|_| ())}>
                    { "Start over as a new person" }
                </button>
            </div>
        </section>
    }
}
