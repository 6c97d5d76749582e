//! What the parts of the page can set going.

use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Event, UseReducerDispatcher};

use crate::{
    services::{config, simulator::Simulator},
    state::app::{App, AppAction},
};

/// The page's reducer and the simulator, for whoever draws something that can be clicked on.
#[derive(Clone)]
pub struct Actions {
    app: UseReducerDispatcher<App>,
    /// What each click on an event becomes.
    pub simulator: Rc<Simulator>,
}

impl Actions {
    /// Opens the simulator and begins.
    pub fn begin(app: UseReducerDispatcher<App>) -> Self {
        let simulator = Simulator::open(app.clone());
        let actions = Self { app, simulator };
        actions.read_config();
        actions
    }

    /// Changes the page.
    pub fn dispatch(&self, action: AppAction) {
        self.app.dispatch(action);
    }

    /// A callback that does this. A function, not a closure, since each closure would bring a type of callback with it.
    pub fn on<E: 'static>(&self, act: fn(&Self, E)) -> Callback<E> {
        let actions = self.clone();
        Callback::from(move |event| act(&actions, event))
    }

    /// The same for one of several choices, by its place among them.
    pub fn on_choice(&self, index: usize, act: fn(&Self, usize)) -> Callback<Event> {
        let actions = self.clone();
        Callback::from(move |_| act(&actions, index))
    }

    /// Asks where PostHog is, and then begins to send.
    pub fn read_config(&self) {
        self.dispatch(AppAction::Starting);
        let actions = self.clone();
        spawn_local(async move {
            let config = config::load().await;
            if let Ok(config) = &config {
                actions.simulator.connect(config.clone());
            }
            actions.dispatch(AppAction::Started(config));
        });
    }
}
