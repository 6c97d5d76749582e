//! What became of an event, in the words that a test can ask for.

use serde::{Deserialize, Serialize};

use super::{
    email::EmailState,
    record::{DeliveryState, Entry},
};

/// What became of an event. Several hold at once; `captured` and `dropped` exclude each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It was accepted and is in the project.
    Captured,
    /// It was accepted, but is not in the project; the event's `dropped` says why.
    Dropped,
    /// A destination delivered it: the receiver said so.
    Delivered,
    /// A destination gave up on it.
    Failed,
    /// A workflow sent an e-mail.
    Mailed,
    /// A workflow could not send its e-mail.
    MailFailed,
    /// Nothing more will happen to it: no delivery and no e-mail is under way.
    Settled,
}

impl State {
    /// All states, in the order in which they are told.
    pub const ALL: [Self; 7] =
        [Self::Captured, Self::Dropped, Self::Delivered, Self::Failed, Self::Mailed, Self::MailFailed, Self::Settled];

    /// The state's name in JSON and in a query.
    pub fn name(self) -> &'static str {
        match self {
            Self::Captured => "captured",
            Self::Dropped => "dropped",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Mailed => "mailed",
            Self::MailFailed => "mail_failed",
            Self::Settled => "settled",
        }
    }
}

/// An event with its states, as `/_local/events` tells it.
#[derive(Debug, Serialize)]
pub struct Told<'a> {
    #[serde(flatten)]
    entry: &'a Entry,
    states: Vec<State>,
}

impl Entry {
    /// The event with its states.
    pub fn told(&self) -> Told<'_> {
        Told { entry: self, states: State::ALL.into_iter().filter(|state| self.is(*state)).collect() }
    }

    /// Whether this became of it.
    pub fn is(&self, state: State) -> bool {
        use DeliveryState::{Delivered, Delivering, Failed, Queued, Retrying};
        let delivery = |states: &[DeliveryState]| self.destinations.iter().any(|run| states.contains(&run.state));
        let email =
            |state| self.workflows.iter().flat_map(|workflow| &workflow.emails).any(|email| email.state == state);
        match state {
            State::Captured => self.dropped.is_none(),
            State::Dropped => self.dropped.is_some(),
            State::Delivered => delivery(&[Delivered]),
            State::Failed => delivery(&[Failed]),
            State::Mailed => email(EmailState::Sent),
            State::MailFailed => email(EmailState::NotSent),
            State::Settled => !delivery(&[Queued, Delivering, Retrying]) && !email(EmailState::Sending),
        }
    }
}
