//! E-mails stay in the mailbox of the inspector; when there is an SMTP server they also go there, one after the other.

use std::time::Duration;

use credentials::Secret;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use tokio::sync::mpsc;

use super::email::Draft;
use crate::store::Store;

/// The most e-mails that wait for the server.
const QUEUE_MAX: usize = 1_000;
/// The longest wait for the server's answer to a command.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Where e-mails go.
#[derive(Clone)]
pub enum Mailer {
    /// Nowhere else than into the mailbox.
    MailboxOnly,
    /// To a server too.
    Smtp(mpsc::Sender<(String, Draft)>),
}

impl Mailer {
    /// Starts sending to the server of `url`, if there is one.
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
                // An SMTP server's words may repeat the address.
                if sent.is_err() {
                    log::warn!("an e-mail was not sent; the inspector says why");
                }
                store.email_ended(&id, sent);
            }
        });
        Ok(Self::Smtp(sender))
    }

    /// Whether an e-mail has arrived as soon as it is in the mailbox.
    pub fn is_mailbox_only(&self) -> bool {
        matches!(self, Self::MailboxOnly)
    }

    /// Hands on an e-mail that is in the mailbox already, for its end is told there.
    ///
    /// # Errors
    /// Too many wait.
    pub fn enqueue(&self, id: &str, draft: Draft) -> Result<(), String> {
        let Self::Smtp(queue) = self else { return Ok(()) };
        queue.try_send((id.to_owned(), draft)).map_err(|_| "too many e-mails wait for the SMTP server".to_owned())
    }
}
