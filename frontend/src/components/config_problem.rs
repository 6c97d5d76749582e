//! The page cannot send anything: says why and what to do.

use yew::prelude::*;

use crate::state::config::ConfigProblem;

const EXAMPLE: &str = r#"{
  "posthog_host": "http://localhost:8000",
  "posthog_key": "phc_local",
  "inspector_url": "http://localhost:8000"
}"#;

/// Props of [`ConfigProblemCard`].
#[derive(PartialEq, Properties)]
pub struct ConfigProblemCardProps {
    /// What is wrong.
    pub problem: ConfigProblem,
    /// It should be mended now.
    pub on_retry: Callback<()>,
}

/// Takes the width of the page, above everything that does not work now. Hooks: `#config-problem`, `#config-retry`.
#[component]
pub fn ConfigProblemCard(props: &ConfigProblemCardProps) -> Html {
    html! {
        <section id="config-problem" class="card problem" aria-labelledby="problem-title">
            <h2 id="problem-title">{ "This page does not know where PostHog is" }</h2>
            <p><strong>{ props.problem.what() }</strong></p>
            <p>
                { "Start the page with " }<code>{ "./scripts/dev" }</code>{ ", or set " }<code>{ "POSTHOG_HOST" }</code>
                { " and " }<code>{ "POSTHOG_KEY" }</code>{ " for " }<code>{ "misfire web" }</code>{ " or " }
                <code>{ "trunk serve" }</code>{ " and start that again. " }<code>{ "config.json" }</code>
                { " should look like this:" }
            </p>
            <pre tabindex="0" aria-label="Example of config.json"><code>{ EXAMPLE }</code></pre>
            <button id="config-retry" class="button" type="button" onclick={props.on_retry.reform(|_| ())}>
                { "Read it again" }
            </button>
        </section>
    }
}
