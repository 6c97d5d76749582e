//! What the page shows. The ledger here is a copy for drawing; changes are always made to the one in storage.

use std::rc::Rc;

use shared::page_config::PageConfig;
use yew::Reducible;

use super::{
    config::ConfigProblem,
    failure_form::{FailureForm, FailureFormAction},
    filter::Filter,
    ledger::Ledger,
    link,
};

/// How many ticks an alert stays. It covers a part of the page, and the list shows the same.
pub const ALERT_TICKS: u32 = 2;
/// The id of the message that a link names no event in the list.
pub const UNKNOWN_ID: &str = "unknown-event";

/// How far the start of the page has got.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Start {
    /// `/config.json` is being fetched.
    #[default]
    Loading,
    /// Events can be sent.
    Ready(PageConfig),
    /// `/config.json` is missing or invalid; what is wrong.
    Failed(ConfigProblem),
}

/// The dialog that is open; one at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialog {
    /// The keyboard's shortcuts.
    Shortcuts,
}

impl Dialog {
    /// The id of its element.
    pub fn id(self) -> &'static str {
        match self {
            Self::Shortcuts => "shortcuts-dialog",
        }
    }
}

/// A message. The number tells two messages with the same text apart, so that a screen reader announces the second one, too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notice {
    /// Counts up.
    pub number: u32,
    /// The text; empty when there is no message.
    pub text: String,
    /// For how many ticks it has been shown.
    pub ticks: u32,
}

/// The page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct App {
    /// How far the start has got.
    pub start: Start,
    /// The ledger as last read.
    pub ledger: Rc<Ledger>,
    /// Whether the browser stores nothing for the page, so that the ledger is lost with the tab.
    pub forgetful: bool,
    /// The open dialog.
    pub dialog: Option<Dialog>,
    /// For `role=status`: good news.
    pub status: Notice,
    /// For `role=alert`: what a person must know.
    pub alert: Notice,
    /// Whether the browser believes that it has no network.
    pub offline: bool,
    /// The clock, for relative times, in milliseconds since 1970.
    pub now_ms: u64,
    /// Which lines of the list are shown.
    pub filter: Filter,
    /// The event that the page's address links to.
    pub linked: Option<String>,
    /// The failure that is being described.
    pub form: FailureForm,
    /// What is wrong with the address in the field for it.
    pub email_error: Option<String>,
}

/// What can happen to the page.
#[derive(Debug, Clone)]
pub enum AppAction {
    /// `/config.json` is asked for again.
    Starting,
    /// `/config.json` was read.
    Started(Result<PageConfig, ConfigProblem>),
    /// The ledger was read or changed.
    Ledger(Rc<Ledger>),
    /// The browser stores nothing for the page.
    Forgetful,
    /// A dialog is to open.
    Open(Dialog),
    /// This dialog is to close.
    Close(Dialog),
    /// Good news.
    Say(String),
    /// Something that a person must know.
    Warn(String),
    /// The warning was dismissed.
    Unwarn,
    /// The browser went offline (true) or online.
    Offline(bool),
    /// Time passed.
    Tick(u64),
    /// Another part of the list is to be shown.
    Filter(Filter),
    /// The page's address changed; the event that it links to.
    Link(Option<String>),
    /// The failure is described.
    Form(FailureFormAction),
    /// The address in the field for it was checked.
    EmailError(Option<String>),
}

impl Reducible for App {
    type Action = AppAction;

    fn reduce(self: Rc<Self>, action: AppAction) -> Rc<Self> {
        let mut app = (*self).clone();
        match action {
            AppAction::Starting => app.start = Start::Loading,
            AppAction::Started(Ok(config)) => app.start = Start::Ready(config),
            AppAction::Started(Err(problem)) => app.start = Start::Failed(problem),
            AppAction::Ledger(ledger) => app.ledger = ledger,
            AppAction::Forgetful => app.forgetful = true,
            AppAction::Open(dialog) => app.dialog = Some(dialog),
            AppAction::Close(dialog) => app.dialog = app.dialog.filter(|open| *open != dialog),
            AppAction::Say(text) => app.status.say(text),
            AppAction::Warn(text) => app.alert.say(text),
            AppAction::Unwarn => app.alert.say(String::new()),
            AppAction::Offline(offline) => app.offline = offline,
            AppAction::Tick(now_ms) => {
                app.now_ms = now_ms;
                app.alert.grow_old();
            }
            AppAction::Filter(filter) => app.filter = filter,
            AppAction::Link(linked) => {
                // The filter must not hide the event that a link leads to.
                if linked.is_some() {
                    app.filter = Filter::All;
                }
                app.linked = linked;
            }
            AppAction::Form(action) => app.form.apply(action),
            AppAction::EmailError(error) => app.email_error = error,
        }
        Rc::new(app)
    }
}

impl Notice {
    fn say(&mut self, text: String) {
        self.number = self.number.wrapping_add(1);
        self.text = text;
        self.ticks = 0;
    }

    fn grow_old(&mut self) {
        self.ticks += 1;
        if self.ticks > ALERT_TICKS {
            self.text.clear();
        }
    }
}

impl App {
    /// The configuration, once it is there.
    pub fn config(&self) -> Option<&PageConfig> {
        match &self.start {
            Start::Ready(config) => Some(config),
            Start::Loading | Start::Failed(_) => None,
        }
    }

    /// The id of the element that the page's address leads to: the line of the event, or the message that there is none.
    pub fn linked_id(&self) -> Option<String> {
        let uuid = self.linked.as_ref().filter(|_| self.ledger.is_read())?;
        let listed = self.ledger.rows().iter().any(|(entry, _)| entry.uuid == *uuid);
        Some(if listed { link::id_of(uuid) } else { UNKNOWN_ID.into() })
    }
}

#[cfg(test)]
mod tests {
    use shared::page_config::KeyError;

    use super::*;
    use crate::state::{config::checked, entry::Entry, person::Person, sent::Sent};

    fn after(actions: impl IntoIterator<Item = AppAction>) -> App {
        let app = actions.into_iter().fold(Rc::new(App::default()), |app, action| app.reduce(action));
        (*app).clone()
    }

    #[test]
    fn the_page_is_ready_only_with_a_config() {
        let config = checked(Some("http://h".into()), Some("k".into()), None).unwrap();
        assert_eq!(after([]).config(), None);
        assert_eq!(after([AppAction::Started(Ok(config.clone()))]).config(), Some(&config));
        let failed = after([AppAction::Started(Err(ConfigProblem::Key(KeyError::Empty)))]);
        assert_eq!(failed.config(), None);
        assert_eq!(failed.start, Start::Failed(ConfigProblem::Key(KeyError::Empty)));
    }

    #[test]
    fn no_dialog_is_open_until_one_is_asked_for() {
        assert_eq!(after([]).dialog, None);
        let open = AppAction::Open(Dialog::Shortcuts);
        assert_eq!(after([open.clone()]).dialog, Some(Dialog::Shortcuts));
        assert_eq!(after([open, AppAction::Close(Dialog::Shortcuts)]).dialog, None);
    }

    #[test]
    fn a_link_leads_to_its_line_or_to_words_that_it_is_unknown_once_the_ledger_is_read() {
        let linked = AppAction::Link(Some("0193".into()));
        assert_eq!(after([linked.clone()]).linked_id(), None);
        let person = Person::new("somebody".into());
        let empty = Ledger { person, ..Ledger::default() };
        let read = AppAction::Ledger(Rc::new(empty.clone()));
        assert_eq!(after([read.clone()]).linked_id(), None);
        assert_eq!(after([linked.clone(), read]).linked_id().as_deref(), Some(UNKNOWN_ID));
        let sent = Sent(vec![Entry { uuid: "0193".into(), ..Entry::default() }]);
        let listed = AppAction::Ledger(Rc::new(Ledger { sent, ..empty }));
        assert_eq!(after([linked, listed]).linked_id().as_deref(), Some("/event/0193"));
    }

    #[test]
    fn an_alert_goes_after_some_ticks_and_a_new_one_has_all_of_them() {
        let ticks = || (0..ALERT_TICKS).map(|_| AppAction::Tick(0));
        let warn = || AppAction::Warn("full".into());
        assert_eq!(after([warn()].into_iter().chain(ticks())).alert.text, "full");
        let again = [warn()].into_iter().chain(ticks()).chain([warn()]).chain(ticks());
        assert_eq!(after(again.clone()).alert.text, "full");
        assert_eq!(after(again.chain([AppAction::Tick(0)])).alert.text, "");
    }

    #[test]
    fn a_link_shows_its_line_whatever_the_filter_and_no_link_leaves_the_filter() {
        let filter = AppAction::Filter(Filter::Uses);
        let linked = after([filter.clone(), AppAction::Link(Some("0193".into()))]);
        assert_eq!((linked.filter, linked.linked.as_deref()), (Filter::All, Some("0193")));
        let elsewhere = after([filter, AppAction::Link(None)]);
        assert_eq!((elsewhere.filter, elsewhere.linked), (Filter::Uses, None));
    }

    #[test]
    fn the_same_words_twice_are_two_notices() {
        let once = after([AppAction::Warn("full".into())]);
        let twice = after([AppAction::Warn("full".into()), AppAction::Warn("full".into())]);
        assert_eq!(once.alert.text, twice.alert.text);
        assert_ne!(once.alert.number, twice.alert.number);
        assert_eq!(after([AppAction::Warn("full".into()), AppAction::Unwarn]).alert.text, "");
    }
}
