//! The card that is shown when the page cannot send anything: why, and what to do.

use yew::prelude::*;

use super::actions::Actions;
use crate::state::config::ConfigProblem;

/// Constant, so it is HTML here: as Yew's tags it would be three times as large in the wasm.
const WHAT_TO_DO: &str = r#"<p>Start the page with <code>./scripts/dev</code>, or set <code>POSTHOG_HOST</code> and
<code>POSTHOG_KEY</code> for <code>misfire web</code> or <code>trunk serve</code> and start that again.
<code>config.json</code> should look like this:</p>
<pre tabindex="0" aria-label="Example of config.json"><code>{
  "posthog_host": "http://localhost:8000",
  "posthog_key": "phc_local",
  "inspector_url": "http://localhost:8000"
}</code></pre>"#;

/// As wide as the page, above the cards that do not work now. Hooks: `#config-problem`, `#config-retry`.
pub fn config_problem(problem: &ConfigProblem, actions: &Actions) -> Html {
    html! {
        <section id="config-problem" class="card problem" aria-labelledby="problem-title">
            <h2 id="problem-title">{ "This page does not know where PostHog is" }</h2>
            <p><strong>{ problem.what() }</strong></p>
            { Html::from_html_unchecked(WHAT_TO_DO.into()) }
            <button id="config-retry" class="button" type="button" onclick={actions.on(|actions, _| actions.read_config())}>
                { "Read it again" }
            </button>
        </section>
    }
}
