//! Calls and results of tools find each other by id. Gemini sends no ids; there the name and the order tell what belongs together.

use std::collections::{HashMap, HashSet, VecDeque};

use crate::message::Message;

/// A call or a result of a tool.
pub(crate) struct Link {
    pub(crate) element: usize,
    message: usize,
    /// The index among the message's calls; `None` for a result.
    call: Option<usize>,
}

impl Link {
    pub(super) fn call(element: usize, message: usize, call: usize) -> Self {
        Self { element, message, call: Some(call) }
    }

    pub(super) fn result(element: usize, message: usize) -> Self {
        Self { element, message, call: None }
    }

    pub(super) fn is_result_in(&self, message: usize) -> bool {
        self.call.is_none() && self.message == message
    }

    pub(crate) fn is_call(&self) -> bool {
        self.call.is_some()
    }

    /// The id of the call, or of the call that the result answers.
    pub(crate) fn id<'a>(&self, messages: &'a [Message]) -> Option<&'a str> {
        let message = messages.get(self.message)?;
        match self.call {
            Some(call) => message.tool_calls.get(call).map(|call| call.id.as_str()),
            None => message.tool_call_id.as_deref(),
        }
    }
}

/// Gives each call without an id one, and each result without an id that of the first call before it that has no result yet: of the
/// same name, or of any name where the result has none.
pub(super) fn complete(messages: &mut [Message], links: &mut [Link]) {
    let ids = || links.iter().filter_map(|link| link.id(messages));
    let mut given: HashSet<String> = ids().filter(|id| id.starts_with("call_")).map(str::to_owned).collect();
    let has_result_without_id = links.iter().any(|link| !link.is_call() && link.id(messages).is_none());
    let mut waiting = Waiting::default();
    let mut number = 0;
    for link in links {
        let Some(message) = messages.get_mut(link.message) else { continue };
        match link.call {
            Some(call) => {
                let Some(call) = message.tool_calls.get_mut(call) else { continue };
                while call.id.is_empty() {
                    number += 1;
                    let id = format!("call_{number}");
                    if given.insert(id.clone()) {
                        call.id = id;
                    }
                }
                if has_result_without_id {
                    waiting.add(&call.id, &call.name);
                }
            }
            None => match &message.tool_call_id {
                Some(id) => waiting.answered(id),
                None => message.tool_call_id = waiting.first(message.name.as_deref()),
            },
        }
    }
}

/// The calls that have no result yet. Answered ones leave the queues when their turn comes, so that all of it takes linear time.
#[derive(Default)]
struct Waiting {
    ids: Vec<String>,
    is_answered: Vec<bool>,
    by_id: HashMap<String, VecDeque<usize>>,
    by_name: HashMap<String, VecDeque<usize>>,
    all: VecDeque<usize>,
}

impl Waiting {
    fn add(&mut self, id: &str, name: &str) {
        let index = self.ids.len();
        self.ids.push(id.to_owned());
        self.is_answered.push(false);
        self.by_id.entry(id.to_owned()).or_default().push_back(index);
        self.by_name.entry(name.to_owned()).or_default().push_back(index);
        self.all.push_back(index);
    }

    /// Notes the result of a call. Some SDKs use an id again in every turn, so it answers the first call that waits under it.
    fn answered(&mut self, id: &str) {
        if let Some(queue) = self.by_id.get_mut(id) {
            next_of(queue, &mut self.is_answered);
        }
    }

    fn first(&mut self, name: Option<&str>) -> Option<String> {
        let queue = match name {
            Some(name) => self.by_name.get_mut(name)?,
            None => &mut self.all,
        };
        next_of(queue, &mut self.is_answered).map(|index| self.ids[index].clone())
    }
}

/// Takes the first call of a queue that is not answered, and notes that it is now.
fn next_of(queue: &mut VecDeque<usize>, is_answered: &mut [bool]) -> Option<usize> {
    while let Some(index) = queue.pop_front() {
        if !std::mem::replace(&mut is_answered[index], true) {
            return Some(index);
        }
    }
    None
}
