//! What is kept of an e-mail, and its JSON: what `/_local/emails` answers is these types.

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::common::{OVERHEAD_BYTES, maybe_time, time};

/// An e-mail in the mailbox.
#[derive(Debug, Clone, Serialize)]
pub struct Email {
    /// Its own.
    pub id: String,
    /// The event that started the run.
    pub event_uuid: Uuid,
    /// The workflow.
    pub workflow: String,
    /// The addressee; `None` when there was none.
    pub to: Option<String>,
    /// One line.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The HTML.
    pub html: String,
    /// When the workflow made it.
    #[serde(serialize_with = "time")]
    pub created_at: Timestamp,
    /// When it was sent.
    #[serde(serialize_with = "maybe_time")]
    pub sent_at: Option<Timestamp>,
    /// How far it is.
    pub state: EmailState,
    /// Why it was not sent.
    pub reason: Option<String>,
}

/// How far an e-mail is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EmailState {
    /// The SMTP server has it before it.
    Sending,
    /// It is in the mailbox, and the SMTP server has it if there is one.
    Sent,
    /// It was not.
    NotSent,
}

/// An e-mail's part in a run.
#[derive(Debug, Clone, Serialize)]
pub struct EmailRun {
    /// The e-mail's.
    pub id: String,
    /// How far it is.
    pub state: EmailState,
    /// Why it was not sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Email {
    pub(super) fn bytes(&self) -> usize {
        OVERHEAD_BYTES + self.subject.len() + self.text.len() + self.html.len()
    }

    /// The end of its way.
    pub fn end(&mut self, sent: Result<(), String>) {
        match sent {
            Ok(()) => (self.state, self.sent_at) = (EmailState::Sent, Some(Timestamp::now())),
            Err(reason) => (self.state, self.reason) = (EmailState::NotSent, Some(reason)),
        }
    }

    /// Its part in the run.
    pub fn run(&self) -> EmailRun {
        EmailRun { id: self.id.clone(), state: self.state, reason: self.reason.clone() }
    }
}
