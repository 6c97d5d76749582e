//! The whole page: it holds the reducer, listens to the browser and hands props and callbacks to the parts.

use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use shared::event::{GenerationFailed, Identify};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::StorageEvent;
use yew::prelude::*;

use super::{
    config_problem::ConfigProblemCard,
    email_dialog::EmailDialog,
    failure_card::FailureCard,
    keyboard::{Shortcut, use_shortcuts},
    live_regions::LiveRegions,
    masthead::Masthead,
    sent_list::SentList,
    shortcuts_dialog::ShortcutsDialog,
    usage_card::UsageCard,
};
use crate::{
    services::{clock, config, screen, simulator::Simulator, store::REVISION},
    state::{
        app::{App as AppState, AppAction, Dialog, Start},
        filter::Filter,
        ledger::Ledger,
    },
};

/// How often relative times are read anew.
const TICK_MS: u32 = 5_000;

/// The page.
#[component]
pub fn App() -> Html {
    let app = use_reducer(AppState::default);
    let dispatcher = app.dispatcher();
    let simulator = use_memo((), |_| Simulator::open(dispatcher.clone()));
    let simulator = Rc::clone(&simulator);

    use_start(&app, &simulator);
    use_browser_events(&app, &simulator);

    let dispatch = |action: AppAction| {
        let dispatcher = app.dispatcher();
        Callback::from(move |()| dispatcher.dispatch(action.clone()))
    };
    let act = |act: fn(&Rc<Simulator>)| {
        let simulator = Rc::clone(&simulator);
        Callback::from(move |()| act(&simulator))
    };
    let on_fail = {
        let simulator = Rc::clone(&simulator);
        Callback::from(move |failed: GenerationFailed| simulator.fail_generation(failed))
    };
    let on_email = {
        let simulator = Rc::clone(&simulator);
        Callback::from(move |identify: Option<Identify>| simulator.answer_email(identify))
    };
    let on_filter = {
        let dispatcher = app.dispatcher();
        Callback::from(move |filter: Filter| dispatcher.dispatch(AppAction::Filter(filter)))
    };
    let on_copied = {
        let dispatcher = app.dispatcher();
        Callback::from(move |copied: bool| {
            dispatcher.dispatch(if copied {
                AppAction::Say("The command is on the clipboard.".into())
            } else {
                AppAction::Warn("The browser does not let this page use the clipboard.".into())
            });
        })
    };

    let config = app.config().cloned();
    let ready = config.is_some();
    let show_shortcuts = dispatch(AppAction::Open(Dialog::Shortcuts));
    let on_use = act(Simulator::use_feature);
    use_shortcuts({
        let (on_use, show) = (on_use.clone(), show_shortcuts.clone());
        move |shortcut| match shortcut {
            Shortcut::Use if ready => on_use.emit(()),
            Shortcut::Fail if ready => screen::press("fail-generation"),
            Shortcut::Use | Shortcut::Fail => {}
            Shortcut::Prompt => screen::focus("prompt"),
            Shortcut::List => screen::focus("sent-title"),
            Shortcut::Help => show.emit(()),
        }
    });

    let start = match app.start {
        Start::Loading => "loading",
        Start::Ready(_) => "ready",
        Start::Failed(_) => "failed",
    };
    let Ledger { person, outbox, .. } = &*app.ledger;
    html! {
        <div id="page" class="page" data-start={start}>
            <LiveRegions status={app.status.clone()} alert={app.alert.clone()}
                on_dismiss={dispatch(AppAction::Unwarn)} />
            <Masthead on_shortcuts={show_shortcuts} />
            <main class="board">
                if let Start::Failed(problem) = &app.start {
                    <ConfigProblemCard problem={problem.clone()} on_retry={
                        let dispatcher = app.dispatcher();
                        let simulator = Rc::clone(&simulator);
                        Callback::from(move |()| start_page(dispatcher.clone(), Rc::clone(&simulator)))
                    } />
                }
                <UsageCard {ready} count={person.usage_count} email={person.email.clone()}
                    distinct_id={person.distinct_id.clone()} {on_use}
                    on_start_over={act(Simulator::start_over)} />
                <FailureCard config={config.clone()} distinct_id={person.distinct_id.clone()} {on_fail} {on_copied} />
                <SentList ledger={Rc::clone(&app.ledger)} {config} filter={app.filter} now_ms={app.now_ms}
                    offline={app.offline} forgetful={app.forgetful} full={outbox.is_full()} {on_filter}
                    on_retry={act(Simulator::retry_now)} on_clear={act(Simulator::clear_sent)} />
            </main>
            <EmailDialog open={app.dialog == Some(Dialog::Email)} on_answer={on_email} />
            <ShortcutsDialog open={app.dialog == Some(Dialog::Shortcuts)}
                on_close={dispatch(AppAction::Close(Dialog::Shortcuts))} />
        </div>
    }
}

/// Asks for the configuration once the page is there.
#[hook]
fn use_start(app: &UseReducerHandle<AppState>, simulator: &Rc<Simulator>) {
    let (dispatcher, simulator) = (app.dispatcher(), Rc::clone(simulator));
    use_effect_with((), move |()| start_page(dispatcher, simulator));
}

fn start_page(dispatcher: UseReducerDispatcher<AppState>, simulator: Rc<Simulator>) {
    dispatcher.dispatch(AppAction::Starting);
    spawn_local(async move {
        let config = config::load().await;
        if let Ok(config) = &config {
            simulator.connect(config.clone());
        }
        dispatcher.dispatch(AppAction::Started(config));
    });
}

/// Follows the network, the other tabs and the clock.
#[hook]
fn use_browser_events(app: &UseReducerHandle<AppState>, simulator: &Rc<Simulator>) {
    let (dispatcher, simulator) = (app.dispatcher(), Rc::clone(simulator));
    use_effect_with((), move |()| {
        dispatcher.dispatch(AppAction::Tick(clock::now_ms()));
        dispatcher.dispatch(AppAction::Offline(screen::offline()));
        let ticker = dispatcher.clone();
        let ticks = Interval::new(TICK_MS, move || ticker.dispatch(AppAction::Tick(clock::now_ms())));
        let listeners = web_sys::window().map(|window| {
            let network = |online: bool| {
                let (dispatcher, simulator) = (dispatcher.clone(), Rc::clone(&simulator));
                EventListener::new(&window, if online { "online" } else { "offline" }, move |_| {
                    dispatcher.dispatch(AppAction::Offline(!online));
                    if online {
                        simulator.retry_now();
                    }
                })
            };
            let (online, offline) = (network(true), network(false));
            let other_tab = EventListener::new(&window, "storage", move |event| {
                let key = event.dyn_ref::<StorageEvent>().and_then(StorageEvent::key);
                // Each write ends with its revision. No key: somebody cleared everything.
                if key.is_none_or(|key| key == REVISION) {
                    simulator.refresh();
                }
            });
            (online, offline, other_tab)
        });
        move || drop((ticks, listeners))
    });
}
