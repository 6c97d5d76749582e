//! What the page shows. The ledger in here is a picture of the one in storage, which alone is counted on.

use std::rc::Rc;

use yew::Reducible;

use super::{
    config::{Config, ConfigProblem},
    filter::Filter,
    ledger::Ledger,
};

/// Where the page's start stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Start {
    /// `/config.json` is on its way.
    #[default]
    Loading,
    /// Events can be sent.
    Ready(Config),
    /// It cannot be used as it is; what is wrong.
    Failed(ConfigProblem),
}

/// The dialog that is open; one at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialog {
    /// "Where may PostHog write to you?"
    Email,
    /// The keyboard's shortcuts.
    Shortcuts,
}

/// Something that happened, in words. The number tells two happenings with the same words apart, so that the second is
/// read out too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notice {
    /// Counts up.
    pub number: u32,
    /// The words; none when there is nothing to say.
    pub text: String,
}

/// The page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct App {
    /// Where the start stands.
    pub start: Start,
    /// The ledger as last read.
    pub ledger: Rc<Ledger>,
    /// Why the ledger ends with the tab, when the browser keeps nothing for the page.
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
}

/// What can happen to the page.
#[derive(Debug, Clone)]
pub enum AppAction {
    /// `/config.json` is asked for again.
    Starting,
    /// `/config.json` was read.
    Started(Result<Config, ConfigProblem>),
    /// The ledger was read or changed.
    Ledger(Rc<Ledger>),
    /// The browser keeps nothing for the page.
    Forgetful,
    /// A dialog is to open.
    Open(Dialog),
    /// This dialog is to close.
    Close(Dialog),
    /// Good news.
    Say(String),
    /// Something that a person must know.
    Warn(String),
    /// The warning was read.
    Unwarn,
    /// The network went or came.
    Offline(bool),
    /// Time passed.
    Tick(u64),
    /// Another part of the list is to be shown.
    Filter(Filter),
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
            AppAction::Close(dialog) if app.dialog == Some(dialog) => app.dialog = None,
            AppAction::Close(_) => {}
            AppAction::Say(text) => app.status.say(text),
            AppAction::Warn(text) => app.alert.say(text),
            AppAction::Unwarn => app.alert.say(String::new()),
            AppAction::Offline(offline) => app.offline = offline,
            AppAction::Tick(now_ms) => app.now_ms = now_ms,
            AppAction::Filter(filter) => app.filter = filter,
        }
        Rc::new(app)
    }
}

impl Notice {
    fn say(&mut self, text: String) {
        self.number = self.number.wrapping_add(1);
        self.text = text;
    }
}

impl App {
    /// The configuration, once it is there.
    pub fn config(&self) -> Option<&Config> {
        match &self.start {
            Start::Ready(config) => Some(config),
            Start::Loading | Start::Failed(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(actions: impl IntoIterator<Item = AppAction>) -> App {
        let app = actions.into_iter().fold(Rc::new(App::default()), |app, action| app.reduce(action));
        (*app).clone()
    }

    #[test]
    fn the_page_is_ready_only_with_a_config() {
        let config = Config { posthog_host: "http://h".into(), posthog_key: "k".into(), inspector_url: None };
        assert_eq!(after([]).config(), None);
        assert_eq!(after([AppAction::Started(Ok(config.clone()))]).config(), Some(&config));
        let failed = after([AppAction::Started(Err(ConfigProblem::NoKey))]);
        assert_eq!(failed.config(), None);
        assert_eq!(failed.start, Start::Failed(ConfigProblem::NoKey));
    }

    #[test]
    fn closing_one_dialog_leaves_the_other_open() {
        let app = after([AppAction::Open(Dialog::Email), AppAction::Close(Dialog::Shortcuts)]);
        assert_eq!(app.dialog, Some(Dialog::Email));
        assert_eq!(after([AppAction::Open(Dialog::Email), AppAction::Close(Dialog::Email)]).dialog, None);
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
