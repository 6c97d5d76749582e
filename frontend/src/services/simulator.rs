//! The simulator: each click becomes one change of the ledger, made under the ledger's lock, and what is queued is sent
//! by whichever tab holds the sender's lock.
//!
//! Counts are always read from the ledger, never from a component's state: a state handle in a callback holds the value of the last
//! render (yew#3125), and another tab may have counted since.

use std::{
    cell::{Cell, OnceCell},
    rc::Rc,
};

use gloo_timers::callback::Timeout;
use shared::{event::Identify, page_config::PageConfig};
use wasm_bindgen_futures::spawn_local;
use yew::UseReducerDispatcher;

use super::{
    clock, locks, posthog,
    revision::{self, Announced},
    store::Store,
};
use crate::state::{
    answer::Answer,
    app::{App, AppAction},
    backoff,
    failure::Failure,
    ledger::Ledger,
    outbox::{Next, QueueFull},
    payload,
    person::Person,
};

/// The warning after a click when the queue is full.
const FULL: &str = "Not captured: the queue is full. What waits in it is safe and goes out as soon as PostHog answers.";

/// One tab's access to the ledger.
pub struct Simulator {
    store: Store,
    app: UseReducerDispatcher<App>,
    /// Where to send; set once.
    config: OnceCell<PageConfig>,
    /// Whether this tab sends, or queues for the sender's lock.
    sending: Cell<bool>,
    /// Whether the ledger changed while this tab was sending.
    again: Cell<bool>,
    /// The timer of the next try.
    retry: Cell<Option<Timeout>>,
    /// The announcement of this tab's last write.
    announced: Cell<Option<Announced>>,
}

/// A change of the ledger. It is stored as a whole or, when there is no room, not at all. The action that it returns is dispatched
/// after it was stored.
type Change = Box<dyn FnOnce(&mut Ledger) -> Result<Option<AppAction>, QueueFull>>;

impl Simulator {
    /// Opens the storage and shows what is in it.
    pub fn open(app: UseReducerDispatcher<App>) -> Rc<Self> {
        let store = Store::open();
        if matches!(store, Store::Tab(_)) {
            app.dispatch(AppAction::Forgetful);
        }
        let simulator = Rc::new(Self {
            store,
            app,
            config: OnceCell::new(),
            sending: Cell::default(),
            again: Cell::default(),
            retry: Cell::default(),
            announced: Cell::default(),
        });
        simulator.refresh();
        simulator
    }

    /// Starts to send queued events.
    pub fn connect(self: &Rc<Self>, config: PageConfig) {
        let _ = self.config.set(config);
        self.retry_now();
    }

    /// One use of the feature.
    pub fn use_feature(self: &Rc<Self>) {
        self.change(Box::new(|ledger| ledger.use_feature(1, clock::stamp).map(counted)));
    }

    /// Saves an address that was checked, or that there is none, and then counts `uses`.
    pub fn answer_email(self: &Rc<Self>, identify: Option<Identify>, uses: u32) {
        self.change(Box::new(move |ledger| {
            let words = if identify.is_some() { "The address is saved." } else { "No address, then." };
            let count = ledger.answer_email(identify, uses, clock::stamp)?;
            Ok(if uses > 0 { counted(count) } else { Some(AppAction::Say(words.into())) })
        }));
    }

    /// Opens the field for an address again.
    pub fn ask_email(self: &Rc<Self>) {
        self.change(Box::new(|ledger| {
            ledger.ask_email();
            Ok(None)
        }));
    }

    /// A failed generation, already checked.
    pub fn fail_generation(self: &Rc<Self>, failure: Failure) {
        self.change(Box::new(move |ledger| {
            ledger.fail_generation(failure, clock::trace_id(), clock::stamp())?;
            Ok(Some(AppAction::Say("Failed generation captured.".into())))
        }));
    }

    /// A line for a shell that sends this failed generation, each time as an event of its own; `None` while it is not known
    /// where to.
    pub fn curl(&self, failure: Failure) -> Option<String> {
        let config = self.config.get()?;
        let event = self.store.load().entry(failure.into_event(Some(clock::trace_id())), clock::stamp());
        Some(payload::curl(config, &payload::body(config, &[event.json], &clock::now_iso())))
    }

    /// Continues as a new person.
    pub fn start_over(self: &Rc<Self>) {
        self.change(Box::new(|ledger| {
            ledger.start_over(clock::distinct_id());
            Ok(Some(AppAction::Say("You are a new person now; the count is 0.".into())))
        }));
    }

    /// Clears the list of finished events.
    pub fn clear_sent(self: &Rc<Self>) {
        self.change(Box::new(|ledger| {
            ledger.sent.clear();
            Ok(Some(AppAction::Say("The list is cleared.".into())))
        }));
    }

    /// Retries now instead of at the planned time.
    pub fn retry_now(self: &Rc<Self>) {
        self.change(Box::new(|ledger| {
            ledger.outbox.retry_now();
            Ok(None)
        }));
    }

    /// Reads the ledger again, because another tab may have changed it, and wakes the sender.
    pub fn refresh(self: &Rc<Self>) {
        self.change(Box::new(|_| Ok(None)));
    }

    /// Changes the ledger, reports the outcome to the page and wakes the sender.
    fn change(self: &Rc<Self>, change: Change) {
        let this = Rc::clone(self);
        spawn_local(async move {
            if !this.transact(change).await {
                this.app.dispatch(AppAction::Warn(FULL.into()));
            }
            this.wake();
        });
    }

    /// Reads, changes and writes the ledger under its lock, and shows it as stored; false when there was no room for the change.
    async fn transact(self: &Rc<Self>, change: Change) -> bool {
        let this = Rc::clone(self);
        let kept = Rc::new(Cell::new(false));
        let keep = Rc::clone(&kept);
        locks::holding(locks::LEDGER, async move {
            let revision = revision::caught_up(&this.store).await;
            let mut ledger = this.store.load();
            if ledger.person.distinct_id.is_empty() {
                ledger.person = Person::new(clock::distinct_id());
            }
            let Ok(news) = change(&mut ledger) else { return };
            let Ok(changed) = this.store.save(&ledger, revision) else { return };
            keep.set(true);
            this.app.dispatch(AppAction::Ledger(Rc::new(ledger)));
            if let Some(news) = news {
                this.app.dispatch(news);
            }
            if changed {
                let announced = revision::announce(revision).await;
                this.announced.set(announced);
            }
        })
        .await;
        kept.get()
    }

    /// Sends what is due. If this tab is already sending, it makes another round afterwards.
    fn wake(self: &Rc<Self>) {
        self.retry.take();
        if self.sending.get() {
            self.again.set(true);
            return;
        }
        let Some(config) = self.config.get().cloned() else { return };
        self.sending.set(true);
        let this = Rc::clone(self);
        spawn_local(async move {
            let due_ms = Rc::new(Cell::new(None));
            loop {
                this.again.set(false);
                let (sender, config, due_ms) = (Rc::clone(&this), config.clone(), Rc::clone(&due_ms));
                locks::holding(locks::SENDER, async move { due_ms.set(sender.send_what_is_due(&config).await) }).await;
                if !this.again.get() {
                    break;
                }
            }
            this.sending.set(false);
            if let Some(due_ms) = due_ms.get() {
                let wait_ms = due_ms.saturating_sub(clock::now_ms()).min(u32::MAX.into()) as u32;
                let waker = Rc::clone(&this);
                this.retry.set(Some(Timeout::new(wait_ms, move || waker.wake())));
            }
        });
    }

    /// Sends batch after batch until nothing is left (`None`) or a try failed; then returns when the next one is due, in milliseconds
    /// since 1970.
    async fn send_what_is_due(self: &Rc<Self>, config: &PageConfig) -> Option<u64> {
        loop {
            let next = Rc::new(Cell::new(Next::Rest));
            let begun = Rc::clone(&next);
            // That a batch is in flight is stored only for other tabs to show, so a full storage does not stop the sending.
            self.transact(Box::new(move |ledger| {
                begun.set(ledger.outbox.begin(clock::now_ms()));
                Ok(None)
            }))
            .await;
            let batch = match next.take() {
                Next::Rest => return None,
                Next::WaitUntil(due_ms) => return Some(due_ms),
                Next::Send(batch) => batch,
            };
            let answer = posthog::send(config, &batch).await;
            let kept = self
                .transact(Box::new(move |ledger| {
                    let done = ledger.settle(&answer, clock::now_ms(), clock::chance());
                    Ok(outcome(&answer, done))
                }))
                .await;
            if !kept {
                // The shorter queue could not be stored. Going on would send the same events for ever.
                return Some(clock::now_ms() + backoff::WAIT_MS_MAX);
            }
        }
    }
}

fn counted(count: u32) -> Option<AppAction> {
    Some(AppAction::Say(format!("Use {count} counted.")))
}

/// What to say about an answer that settled `done` events.
fn outcome(answer: &Answer, done: usize) -> Option<AppAction> {
    match answer {
        Answer::Accepted if done == 1 => Some(AppAction::Say("PostHog accepted the event.".into())),
        Answer::Accepted => Some(AppAction::Say(format!("PostHog accepted {done} events."))),
        // A refused batch is sent again event by event; only the refusal of a single event is reported.
        Answer::Refused(_) if done == 0 => None,
        Answer::Refused(words) => Some(AppAction::Warn(format!("PostHog refused an event: {words}"))),
        Answer::Later(why) => Some(AppAction::Say(format!("Waiting to retry: {why}."))),
    }
}
