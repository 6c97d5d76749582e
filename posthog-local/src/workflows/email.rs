//! The e-mail of a workflow (`email.service.ts`, `template-email`).

use lettre::{
    Address, Message,
    message::{
        Mailbox, MessageBuilder, MultiPart, SinglePart,
        header::{Header, HeaderName, HeaderValue},
    },
};

use jiff::Timestamp;

use crate::{
    declaration::{DeclarationError, EmailDeclaration},
    globals::Globals,
    liquid::Liquid,
};

/// The largest e-mail, in bytes of subject and bodies together.
const EMAIL_BYTES_MAX: usize = 512 * 1024;

/// A workflow's e-mail, ready to be rendered.
pub struct EmailTemplate {
    from: Mailbox,
    to: Liquid,
    to_name: Liquid,
    reply_to: Liquid,
    cc: Liquid,
    bcc: Liquid,
    preheader: Liquid,
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
    /// Where answers go.
    pub reply_to: Vec<Mailbox>,
    /// Who gets a copy.
    pub cc: Vec<Mailbox>,
    /// Who gets a copy that the others do not see.
    pub bcc: Vec<Mailbox>,
    /// What a mailbox shows beside the subject, on one line; may be empty. The HTML body begins with it.
    pub preheader: String,
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
            reply_to: parse("replyTo", &declared.reply_to)?,
            cc: parse("cc", &declared.cc)?,
            bcc: parse("bcc", &declared.bcc)?,
            preheader: parse("preheader", &declared.preheader)?,
            subject: parse("subject", &declared.subject)?,
            text: parse("text", &declared.text)?,
            html: parse("html", &declared.html)?,
        })
    }

    /// The sender, which is the same for every event.
    pub fn from(&self) -> &Mailbox {
        &self.from
    }

    /// Renders the e-mail for an event.
    ///
    /// # Errors
    /// Why there is no e-mail, for people.
    pub fn render(&self, globals: &Globals) -> Result<Draft, String> {
        let now = Timestamp::now();
        let render = |liquid: &Liquid| {
            liquid.render(globals.all(), now).map_err(|problem| format!("the template failed: {problem}"))
        };
        let to = render(&self.to)?;
        let to = to.trim();
        if to.is_empty() {
            return Err("the person has no e-mail address".to_owned());
        }
        let address = to.parse::<Address>().map_err(|_| format!("{to:?} is not an e-mail address"))?;
        let preheader = one_line(&render(&self.preheader)?);
        let draft = Draft {
            from: self.from.clone(),
            to: Mailbox::new(name(&render(&self.to_name)?), address),
            reply_to: mailboxes("replyTo", &render(&self.reply_to)?)?,
            cc: mailboxes("cc", &render(&self.cc)?)?,
            bcc: mailboxes("bcc", &render(&self.bcc)?)?,
            subject: one_line(&render(&self.subject)?),
            text: render(&self.text)?,
            html: with_preheader(render(&self.html)?, &preheader),
            preheader,
        };
        if draft.subject.len() + draft.text.len() + draft.html.len() > EMAIL_BYTES_MAX {
            return Err(format!("the e-mail is larger than {} KiB", EMAIL_BYTES_MAX / 1024));
        }
        Ok(draft)
    }
}

/// The addresses in a list with commas.
fn mailboxes(field: &str, list: &str) -> Result<Vec<Mailbox>, String> {
    let addresses = list.split(',').map(str::trim).filter(|address| !address.is_empty());
    addresses.map(|text| text.parse().map_err(|_| format!("{field}: {text:?} is not an e-mail address"))).collect()
}

/// Puts the preheader at the beginning of the body, where a mailbox finds it and the eye does not.
fn with_preheader(html: String, preheader: &str) -> String {
    if preheader.is_empty() || html.is_empty() {
        return html;
    }
    let hidden = format!("<div style=\"display:none;max-height:0;overflow:hidden\">{preheader}</div>");
    let lower = html.to_ascii_lowercase();
    let body = lower.find("<body").and_then(|start| lower[start..].find('>').map(|end| start + end + 1));
    let (before, after) = html.split_at(body.unwrap_or(0));
    format!("{before}{hidden}{after}")
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
        let message = Message::builder().from(self.from.clone()).to(self.to.clone());
        let message = self.reply_to.iter().cloned().fold(message, MessageBuilder::reply_to);
        let message = self.cc.iter().cloned().fold(message, MessageBuilder::cc);
        let message = self.bcc.iter().cloned().fold(message, MessageBuilder::bcc);
        let message = message.subject(self.subject.clone()).message_id(None).header(AutoSubmitted);
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
    fn copies_are_lists_and_a_preheader_stands_at_the_begin_of_the_body() {
        assert_eq!(mailboxes("cc", " a@x.test, Bo <b@x.test>,").unwrap().len(), 2);
        assert_eq!(mailboxes("cc", " ").unwrap().len(), 0);
        assert_eq!(mailboxes("cc", "a@x.test; b").unwrap_err(), "cc: \"a@x.test; b\" is not an e-mail address");
        let html = with_preheader("<html><BODY class='x'><p>hi".to_owned(), "Soon");
        assert!(html.starts_with("<html><BODY class='x'><div style=") && html.ends_with("Soon</div><p>hi"), "{html}");
        assert!(with_preheader("<p>hi".to_owned(), "Soon").ends_with("Soon</div><p>hi"));
        assert_eq!(with_preheader("<p>hi".to_owned(), ""), "<p>hi");
    }

    #[test]
    fn a_message_says_that_a_machine_wrote_it() {
        let mailbox = |text: &str| text.parse::<Mailbox>().unwrap();
        let draft = Draft {
            from: mailbox("Misfire <hello@misfire.example>"),
            to: mailbox("Ada <ada@example.test>"),
            reply_to: vec![mailbox("help@misfire.example")],
            cc: vec![mailbox("b@x.test"), mailbox("c@x.test")],
            bcc: vec![mailbox("d@x.test")],
            preheader: String::new(),
            subject: "Grüße".to_owned(),
            text: "text".to_owned(),
            html: "<p>html</p>".to_owned(),
        };
        let message = String::from_utf8(draft.message().unwrap().formatted()).unwrap();
        assert!(message.contains("Auto-Submitted: auto-generated\r\n"), "{message}");
        assert!(message.contains("To: Ada <ada@example.test>\r\n"), "{message}");
        assert!(message.contains("multipart/alternative"), "{message}");
        assert!(message.contains("Reply-To: help@misfire.example\r\n"), "{message}");
        assert!(message.contains("Cc: b@x.test, c@x.test\r\n"), "{message}");
        // It is in the envelope alone.
        assert!(!message.contains("d@x.test"), "{message}");
    }
}
