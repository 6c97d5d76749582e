//! The event as it will be sent, for whoever wants to see it.

use shared::{
    capture::CaptureEvent,
    event::{Event, GenerationFailed},
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{
    services::{clock, screen},
    state::{config::Config, entry::Entry, payload},
};

/// Props of [`PayloadView`].
#[derive(PartialEq, Properties)]
pub struct PayloadViewProps {
    /// Where events go, once that is known.
    pub config: Option<Config>,
    /// PostHog's name for the person.
    pub distinct_id: String,
    /// The properties as they stand in the form.
    pub failed: GenerationFailed,
    /// The request was copied, or could not be.
    pub on_copied: Callback<bool>,
}

/// Closed until asked for. Hooks: `#payload`, `#copy-curl`.
#[component]
pub fn PayloadView(props: &PayloadViewProps) -> Html {
    let event = Event::GenerationFailed(props.failed.clone());
    let copy = {
        let (config, distinct_id) = (props.config.clone(), props.distinct_id.clone());
        let (event, on_copied) = (event.clone(), props.on_copied.clone());
        Callback::from(move |_: MouseEvent| {
            let Some(config) = &config else { return };
            // A name and a time of its own, so that each copied command is an event of its own.
            let stamp = clock::stamp();
            let event = CaptureEvent {
                uuid: stamp.uuid,
                distinct_id: distinct_id.clone(),
                timestamp: stamp.timestamp.clone(),
                event: event.clone(),
            };
            let json = Entry::new(&event, stamp.at_ms).json;
            let line = payload::curl(config, &payload::body(config, &[json], &stamp.timestamp));
            let on_copied = on_copied.clone();
            spawn_local(async move { on_copied.emit(screen::copy(&line).await) });
        })
    };
    html! {
        <details class="payload">
            <summary>{ "What will be sent" }</summary>
            <pre id="payload" tabindex="0" aria-label="The event as JSON">
                <code>{ serde_json::to_string_pretty(&event).unwrap_or_default() }</code>
            </pre>
            <button id="copy-curl" class="quiet" type="button" disabled={props.config.is_none()} onclick={copy}>
                { "Copy as curl" }
            </button>
        </details>
    }
}
