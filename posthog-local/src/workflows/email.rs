//! The e-mail of a workflow (`email.service.ts`, `template-email`).

use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{Header, HeaderName, HeaderValue},
    },
};

use super::liquid::Liquid;
use crate::{
    declaration::{DeclarationError, EmailDeclaration},
    globals::Globals,
};

/// The largest e-mail, in bytes of subject and bodies together.
const EMAIL_BYTES_MAX: usize = 512 * 1024;

/// A workflow's e-mail, ready to be rendered.
pub struct EmailTemplate {
    from: Mailbox,
    to: Liquid,
    to_name: Liquid,
    subject: Liquid,
    text: Liquid,
    html: Liquid,
}

/// A rendered e-mail.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The sender.
    pub from: Mailbox,
    /// The recipient.
    pub to: Mailbox,
    /// The subject, on one line.
    pub subject: String,
    /// The plain-text body; may be empty.
    pub text: String,
    /// The HTML body; may be empty.
    pub html: String,
}

impl EmailTemplate {
    /// Makes a declared e-mail ready. `key` is its place in the declaration, for errors.
    ///
    /// # Errors
    /// The first key that is wrong.
    pub fn new(declared: &EmailDeclaration, key: &str) -> Result<Self, DeclarationError> {
        let parse = |field: &str, source: &str| {
            Liquid::parse(source).map_err(|problem| DeclarationError::new(format!("{key}.{field}"), problem))
        };
        let from = declared.from.email.parse::<Address>();
        let from = from.map_err(|_| DeclarationError::new(format!("{key}.from.email"), "is not an e-mail address"))?;
        Ok(Self {
            from: Mailbox::new(name(&declared.from.name), from),
            to: parse("to.email", &declared.to.email)?,
            to_name: parse("to.name", &declared.to.name)?,
            subject: parse("subject", &declared.subject)?,
            text: parse("text", &declared.text)?,
            html: parse("html", &declared.html)?,
        })
    }

    /// Renders the e-mail for an event.
    ///
    /// # Errors
    /// Why there is no e-mail, for people.
    pub fn render(&self, globals: &Globals) -> Result<Draft, String> {
        let render =
            |liquid: &Liquid| liquid.render(globals).map_err(|problem| format!("the template failed: {problem}"));
        let to = render(&self.to)?;
        let to = to.trim();
        if to.is_empty() {
            return Err("the person has no e-mail address".to_owned());
        }
        let address = to.parse::<Address>().map_err(|_| format!("{to:?} is not an e-mail address"))?;
        let draft = Draft {
            from: self.from.clone(),
            to: Mailbox::new(name(&render(&self.to_name)?), address),
            subject: one_line(&render(&self.subject)?),
            text: render(&self.text)?,
            html: render(&self.html)?,
        };
        if draft.subject.len() + draft.text.len() + draft.html.len() > EMAIL_BYTES_MAX {
            return Err(format!("the e-mail is larger than {} KiB", EMAIL_BYTES_MAX / 1024));
        }
        Ok(draft)
    }
}

fn name(text: &str) -> Option<String> {
    Some(one_line(text)).filter(|name| !name.is_empty())
}

/// PostHog's `sanitizeEmailSubject`: line ends become spaces, other control characters are removed, and the ends are
/// trimmed. So no value can inject another header.
fn one_line(text: &str) -> String {
    let spaced = text.replace("\r\n", " ").replace(['\r', '\n'], " ");
    spaced.chars().filter(|c| !c.is_control()).collect::<String>().trim().to_owned()
}

impl Draft {
    /// The message as SMTP sends it.
    ///
    /// # Errors
    /// lettre cannot make a message of it.
    pub fn message(&self) -> Result<Message, lettre::error::Error> {
        let message = Message::builder()
            .from(self.from.clone())
            .to(self.to.clone())
            .subject(self.subject.clone())
            .message_id(None)
            .header(AutoSubmitted);
        match (self.text.is_empty(), self.html.is_empty()) {
            (_, true) => message.singlepart(SinglePart::plain(self.text.clone())),
            (true, false) => message.singlepart(SinglePart::html(self.html.clone())),
            (false, false) => {
                message.multipart(MultiPart::alternative_plain_html(self.text.clone(), self.html.clone()))
            }
        }
    }
}

/// `Auto-Submitted: auto-generated` (RFC 3834), so that no autoresponder answers.
#[derive(Debug, Clone, Copy)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }
    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }
    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_one_line() {
        assert_eq!(one_line(" a\r\nBcc: b@x.test\n\u{7}c\t "), "a Bcc: b@x.test c");
    }

    #[test]
    fn a_message_says_that_a_machine_wrote_it() {
        let mailbox = |text: &str| text.parse::<Mailbox>().unwrap();
        let draft = Draft {
            from: mailbox("Misfire <hello@misfire.example>"),
            to: mailbox("Ada <ada@example.test>"),
            subject: "Grüße".to_owned(),
            text: "text".to_owned(),
            html: "<p>html</p>".to_owned(),
        };
        let message = String::from_utf8(draft.message().unwrap().formatted()).unwrap();
        assert!(message.contains("Auto-Submitted: auto-generated\r\n"), "{message}");
        assert!(message.contains("To: Ada <ada@example.test>\r\n"), "{message}");
        assert!(message.contains("multipart/alternative"), "{message}");
    }
}
