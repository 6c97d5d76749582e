//! Turns events of the browser into actions: network, address, other tabs, clock, and a button of `index.html`.

use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use wasm_bindgen::JsCast;
use web_sys::{Event, EventTarget, StorageEvent};

use super::actions::Actions;
use crate::{
    services::{clock, screen, store::REVISION},
    state::{
        app::{AppAction, Dialog},
        link,
    },
};

/// How often relative times are updated.
const TICK_MS: u32 = 5_000;

/// Adds all listeners. They are never removed, because the page lives as long as its tab.
pub fn follow(actions: &Actions) {
    tick(actions);
    network(actions);
    address(actions);
    let ticking = actions.clone();
    Interval::new(TICK_MS, move || tick(&ticking)).forget();
    if let Some(button) = screen::element("show-shortcuts") {
        listen(&button, "click", actions, |actions, _| actions.dispatch(AppAction::Open(Dialog::Shortcuts)));
        let _ = button.remove_attribute("disabled");
    }
    let Some(window) = web_sys::window() else { return };
    listen(&window, "online", actions, |actions, _| {
        network(actions);
        actions.simulator.retry_now();
    });
    listen(&window, "offline", actions, |actions, _| network(actions));
    listen(&window, "hashchange", actions, |actions, _| address(actions));
    listen(&window, "storage", actions, |actions, event| {
        let key = event.dyn_ref::<StorageEvent>().and_then(StorageEvent::key);
        // Each write ends with its revision. No key means that the whole storage was cleared.
        if key.is_none_or(|key| key == REVISION) {
            actions.simulator.refresh();
        }
    });
}

fn listen(target: &EventTarget, event: &'static str, actions: &Actions, act: fn(&Actions, &Event)) {
    let actions = actions.clone();
    EventListener::new(target, event, move |event| act(&actions, event)).forget();
}

fn tick(actions: &Actions) {
    actions.dispatch(AppAction::Tick(clock::now_ms()));
}

fn network(actions: &Actions) {
    actions.dispatch(AppAction::Offline(screen::offline()));
}

fn address(actions: &Actions) {
    actions.dispatch(AppAction::Link(link::event_of(&screen::hash())));
}
