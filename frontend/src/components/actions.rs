//! What a click can do, for all parts of the page.

use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Event, UseReducerDispatcher};

use crate::{
    services::{config, simulator::Simulator},
    state::{
        app::{App, AppAction},
        failure::Failure,
        failure_form::FailureForm,
    },
};

/// The page's reducer and the simulator, for the parts that draw something to click on.
#[derive(Clone)]
pub struct Actions {
    app: UseReducerDispatcher<App>,
    /// Captures events and sends them.
    pub simulator: Rc<Simulator>,
}

impl Actions {
    /// Opens the simulator and starts to read the configuration.
    pub fn begin(app: UseReducerDispatcher<App>) -> Self {
        let simulator = Simulator::open(app.clone());
        let actions = Self { app, simulator };
        actions.read_config();
        actions
    }

    /// Sends an action to the page's reducer.
    pub fn dispatch(&self, action: AppAction) {
        self.app.dispatch(action);
    }

    /// A callback that calls this function. Not a closure: each closure's type would add a callback of its own to the wasm.
    pub fn on<E: 'static>(&self, act: fn(&Self, E)) -> Callback<E> {
        let actions = self.clone();
        Callback::from(move |event| act(&actions, event))
    }

    /// The same for one of several choices, by its index.
    pub fn on_choice(&self, index: usize, act: fn(&Self, usize)) -> Callback<Event> {
        let actions = self.clone();
        Callback::from(move |_| act(&actions, index))
    }

    /// A callback that gets the form's failure as well, as it was when the page was last drawn: each edit draws it anew. The
    /// failure is `None` while its JSON cannot be read.
    pub fn on_form<E: 'static>(&self, form: &FailureForm, act: fn(&Self, Option<Failure>, E)) -> Callback<E> {
        let (actions, failure) = (self.clone(), form.event());
        Callback::from(move |browser_event| act(&actions, failure.clone(), browser_event))
    }

    /// Reads where PostHog is, and then begins to send.
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
