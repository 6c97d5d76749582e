//! Sends e-mails to the SMTP server, if one is set, one after the other. Every e-mail is in the inspector's mailbox as
//! well.

use std::time::Duration;

use credentials::Secret;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use tokio::sync::mpsc;

use super::email::Draft;
use crate::store::Store;

/// The most e-mails in the queue for the server.
const QUEUE_MAX: usize = 1_000;
/// The longest wait for the server's answer to a command.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Where e-mails are sent.
#[derive(Clone)]
pub enum Mailer {
    /// To the mailbox only.
    MailboxOnly,
    /// To the mailbox and to the server.
    Smtp(mpsc::Sender<(String, Draft)>),
}

impl Mailer {
    /// Starts the task that sends to the server at `url`, if there is one.
    ///
    /// # Errors
    /// `SMTP_URL` is not an SMTP URL. The error does not repeat it.
    pub fn start(url: Option<&Secret>, store: Store) -> anyhow::Result<Self> {
        let Some(url) = url else { return Ok(Self::MailboxOnly) };
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose())
            .map_err(|_| anyhow::anyhow!("SMTP_URL must be like smtp://user:password@host:587?tls=required"))?
            .timeout(Some(TIMEOUT))
            .build();
        let (sender, mut receiver) = mpsc::channel::<(String, Draft)>(QUEUE_MAX);
        tokio::spawn(async move {
            while let Some((id, draft)) = receiver.recv().await {
                let sent = match draft.message() {
                    Ok(message) => transport.send(message).await.map(drop).map_err(|error| error.to_string()),
                    Err(error) => Err(error.to_string()),
                };
                // The reason is not logged, because a server may repeat the address in it.
                if sent.is_err() {
                    log::warn!("an e-mail was not sent; the inspector shows the reason");
                }
                store.email_ended(&id, sent);
            }
        });
        Ok(Self::Smtp(sender))
    }

    /// Whether e-mails go to the mailbox only, where they count as sent at once.
    pub fn is_mailbox_only(&self) -> bool {
        matches!(self, Self::MailboxOnly)
    }

    /// Queues an e-mail for the server. It must be in the mailbox already, because its result is recorded there.
    ///
    /// # Errors
    /// The queue is full.
    pub fn enqueue(&self, id: &str, draft: Draft) -> Result<(), String> {
        let Self::Smtp(queue) = self else { return Ok(()) };
        queue.try_send((id.to_owned(), draft)).map_err(|_| "too many e-mails wait for the SMTP server".to_owned())
    }
}
