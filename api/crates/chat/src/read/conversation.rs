//! Puts messages together: texts are joined, several tool results become several messages, calls and results find each other.

use std::borrow::Cow;

use super::{
    part::Part,
    role::Role,
    tool_ids::{self, Link},
};
use crate::{
    message::{Message, ToolCall},
    notice,
};

/// The messages so far. An element is an item of the list that the SDK sent, known by its index.
pub(crate) struct Conversation {
    /// Who says a part that stands in the list without a role.
    default_role: Role,
    pub(crate) messages: Vec<Message>,
    /// The element that each message began in.
    pub(crate) elements: Vec<usize>,
    /// The calls and results in their order. Their ids are complete after [`Conversation::finish`].
    pub(crate) links: Vec<Link>,
    /// Elements that are notices, and the number of messages that each stands for.
    pub(crate) notices: Vec<(usize, u64)>,
    /// Whether the last message is made of parts without a role, so that a text still belongs to it.
    is_loose: bool,
    /// What the last thing in the last message is.
    ends_with: Last,
    /// Whether there is nothing yet but markers without a role.
    has_only_loose_markers: bool,
    /// What the assistant has said so far.
    has_refused: bool,
    has_answered: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Last {
    Text,
    Other,
}

/// What a message says beside its parts.
#[derive(Default)]
pub(super) struct Head<'a> {
    pub(super) name: Option<Cow<'a, str>>,
    pub(super) tool_call_id: Option<Cow<'a, str>>,
}

impl Conversation {
    pub(super) fn new(default_role: Role) -> Self {
        Self {
            default_role,
            messages: Vec::new(),
            elements: Vec::new(),
            links: Vec::new(),
            notices: Vec::new(),
            is_loose: false,
            ends_with: Last::Other,
            has_only_loose_markers: true,
            has_refused: false,
            has_answered: false,
        }
    }

    /// Adds a message. A tool's result within it becomes a message of its own, in its place among the other parts.
    pub(super) fn add(&mut self, element: usize, role: Role, head: &Head<'_>, parts: Vec<Part<'_>>) {
        self.is_loose = false;
        self.has_only_loose_markers = false;
        let before = self.messages.len();
        let mut is_open = false;
        for part in parts {
            match part {
                Part::Result { id, name, content } => {
                    let id = id.or_else(|| head.tool_call_id.clone());
                    let name = name.or_else(|| head.name.clone().filter(|_| role == Role::Tool));
                    self.add_result(element, id, name, content);
                    is_open = false;
                }
                Part::Nothing => {}
                part => {
                    if !is_open {
                        self.begin(element, role, head);
                        is_open = true;
                    }
                    self.extend(element, part);
                }
            }
        }
        if self.messages.len() == before {
            self.begin(element, role, head);
        }
        self.take_notice(element, before);
    }

    /// Adds a part that stands in the list by itself, as OpenAI's Responses and plain lists of parts have them.
    pub(super) fn add_loose(&mut self, element: usize, part: Part<'_>) {
        self.has_only_loose_markers &= matches!(part, Part::Marker(_));
        let role = match part {
            Part::Nothing => return,
            Part::Result { id, name, content } => return self.add_result(element, id, name, content),
            Part::Call { .. } | Part::Generated(_) => Role::Assistant,
            Part::Text(_) | Part::Refusal(_) | Part::Marker(_) => self.default_role,
        };
        let is_call = matches!(part, Part::Call { .. });
        let is_same = self.messages.last().is_some_and(|last| last.role == role.name());
        // Calls that follow the assistant's text or other calls are of one turn; chats have them in one message.
        if !(is_same && (is_call || self.is_loose)) {
            self.begin(element, role, &Head::default());
            self.is_loose = true;
        }
        self.extend(element, part);
    }

    pub(super) fn add_posthog_notice(&mut self, element: usize, content: &str) {
        self.notices.push((element, notice::left_out_by_posthog(content)));
        self.is_loose = false;
        self.has_only_loose_markers = false;
    }

    pub(super) fn is_only_loose_markers(&self) -> bool {
        self.has_only_loose_markers
    }

    /// Completes the ids of calls and results.
    pub(super) fn finish(mut self) -> Self {
        tool_ids::complete(&mut self.messages, &mut self.links);
        self
    }

    /// Whether the assistant refuses, and says and calls nothing else.
    pub(crate) fn is_refusal(&self) -> bool {
        self.has_refused && !self.has_answered
    }

    /// How many messages the notices stand for.
    pub(crate) fn left_out(&self) -> u64 {
        self.notices.iter().fold(0, |sum, (_, number)| sum.saturating_add(*number))
    }

    fn begin(&mut self, element: usize, role: Role, head: &Head<'_>) {
        let tool_call_id = head.tool_call_id.clone().filter(|_| role == Role::Tool).map(Cow::into_owned);
        if role == Role::Tool {
            self.links.push(Link::result(element, self.messages.len()));
        }
        let name = head.name.clone().map(Cow::into_owned);
        self.messages.push(Message { role: role.name(), tool_call_id, name, ..Message::default() });
        self.elements.push(element);
        self.ends_with = Last::Other;
    }

    fn add_result(&mut self, element: usize, id: Option<Cow<'_, str>>, name: Option<Cow<'_, str>>, content: String) {
        self.begin(element, Role::Tool, &Head { name, tool_call_id: id });
        if let Some(message) = self.messages.last_mut() {
            message.content = content;
        }
        self.is_loose = false;
    }

    /// Adds a part to the last message.
    fn extend(&mut self, element: usize, part: Part<'_>) {
        let index = self.messages.len().saturating_sub(1);
        let Some(message) = self.messages.last_mut() else { return };
        let is_assistant = message.role == Role::Assistant.name();
        let is_refusal = matches!(part, Part::Refusal(_));
        let (text, last) = match part {
            Part::Text(text) | Part::Refusal(text) => (text, Last::Text),
            Part::Marker(marker) | Part::Generated(marker) => (Cow::Owned(marker), Last::Other),
            Part::Call { id, name, arguments } => {
                self.ends_with = Last::Other;
                self.has_answered = true;
                // LangChain has Anthropic's calls twice: among the parts, and in `tool_calls`.
                let mut latest = message.tool_calls.iter().rev().take(CALLS_COMPARED_MAX);
                if !id.as_deref().is_some_and(|id| latest.any(|call| call.id == id)) {
                    // Whoever calls tools is the assistant.
                    if message.role == Role::Tool.name() {
                        self.links.pop_if(|link| link.is_result_in(index));
                    }
                    message.role = Role::Assistant.name();
                    message.tool_call_id = None;
                    self.links.push(Link::call(element, index, message.tool_calls.len()));
                    let id = id.map(Cow::into_owned).unwrap_or_default();
                    message.tool_calls.push(ToolCall { id, name: name.into_owned(), arguments });
                }
                return;
            }
            Part::Result { .. } | Part::Nothing => return,
        };
        if text.is_empty() {
            return;
        }
        self.has_refused |= is_assistant && is_refusal;
        self.has_answered |= is_assistant && !is_refusal;
        // The assistant's texts are pieces of one text, cut where a citation or a stream's chunk begins; other people's parts are
        // separate documents.
        let continues = is_assistant && self.ends_with == Last::Text && last == Last::Text;
        if !message.content.is_empty() && !continues {
            message.content.push('\n');
        }
        message.content.push_str(&text);
        self.ends_with = last;
    }

    /// A message that is one of our own notices is no message.
    fn take_notice(&mut self, element: usize, before: usize) {
        if let [Message { role: "system", content, .. }] = &self.messages[before..]
            && let Some(number) = notice::left_out_by_us(content)
        {
            self.notices.push((element, number));
            self.messages.pop();
            self.elements.pop();
        }
    }
}

/// How many calls of a message are compared with a new one. More than any turn has; it keeps hostile input linear.
const CALLS_COMPARED_MAX: usize = 128;
