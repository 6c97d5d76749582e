//! A stored e-mail. These types are the JSON that `/_local/emails` answers.

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::common::{OVERHEAD_BYTES, maybe_time, time};

/// An e-mail in the mailbox.
#[derive(Debug, Clone, Serialize)]
pub struct Email {
    /// The e-mail's id.
    pub id: String,
    /// The event that started the workflow's run.
    pub event_uuid: Uuid,
    /// The workflow's name.
    pub workflow: String,
    /// The sender.
    pub from: String,
    /// The recipient; `None` if the e-mail has none.
    pub to: Option<String>,
    /// Where answers go.
    #[serde(rename = "replyTo", skip_serializing_if = "Vec::is_empty")]
    pub reply_to: Vec<String>,
    /// Who gets a copy.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cc: Vec<String>,
    /// Who gets a copy that the others do not see.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bcc: Vec<String>,
    /// The line that a mailbox shows beside the subject; the HTML body holds it, too.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub preheader: String,
    /// The subject, on one line.
    pub subject: String,
    /// The plain-text body.
    pub text: String,
    /// The HTML body.
    pub html: String,
    /// When the workflow made it.
    #[serde(serialize_with = "time")]
    pub created_at: Timestamp,
    /// When it was sent; `None` if it was not sent.
    #[serde(serialize_with = "maybe_time")]
    pub sent_at: Option<Timestamp>,
    /// Whether it was sent.
    pub state: EmailState,
    /// Why it was not sent.
    pub reason: Option<String>,
}

/// Whether an e-mail was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EmailState {
    /// It waits for the SMTP server.
    Sending,
    /// It is in the mailbox, and the SMTP server accepted it if there is one.
    Sent,
    /// It was not sent.
    NotSent,
}

/// An e-mail, as its workflow's run shows it.
#[derive(Debug, Clone, Serialize)]
pub struct EmailRun {
    /// The e-mail's id.
    pub id: String,
    /// Whether it was sent.
    pub state: EmailState,
    /// Why it was not sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Email {
    pub(super) fn bytes(&self) -> usize {
        OVERHEAD_BYTES + self.subject.len() + self.text.len() + self.html.len()
    }

    /// Records that the e-mail was sent, or why not.
    pub fn end(&mut self, sent: Result<(), String>) {
        match sent {
            Ok(()) => (self.state, self.sent_at) = (EmailState::Sent, Some(Timestamp::now())),
            Err(reason) => (self.state, self.reason) = (EmailState::NotSent, Some(reason)),
        }
    }

    /// The e-mail, as its run shows it.
    pub fn run(&self) -> EmailRun {
        EmailRun { id: self.id.clone(), state: self.state, reason: self.reason.clone() }
    }
}
