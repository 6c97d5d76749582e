//! Which messages stay.

use std::{borrow::Cow, collections::HashSet};

use super::length::chars;
use crate::{
    notice::notice,
    read::{Conversation, Role},
};

/// The messages to choose from.
pub(super) struct Selection<'a> {
    elements: &'a [&'a str],
    /// How many characters each takes, with its comma.
    costs: Vec<u64>,
    /// How many messages each stands for: 1, or what an earlier notice says.
    stands_for: Vec<u64>,
    is_notice: Vec<bool>,
    /// The system messages at the beginning.
    system: usize,
    /// Where the end may begin, so that no result of a tool is without its call.
    may_begin: Vec<bool>,
}

impl<'a> Selection<'a> {
    pub(super) fn new(elements: &'a [&'a str], conversation: &Conversation) -> Self {
        let mut is_notice = vec![false; elements.len()];
        let mut stands_for = vec![1; elements.len()];
        for (element, number) in &conversation.notices {
            if let (Some(is_notice), Some(stands_for)) = (is_notice.get_mut(*element), stands_for.get_mut(*element)) {
                (*is_notice, *stands_for) = (true, *number);
            }
        }
        let mut is_system = vec![false; elements.len()];
        for (element, message) in conversation.elements.iter().zip(&conversation.messages) {
            if let Some(is_system) = is_system.get_mut(*element) {
                *is_system = message.role == Role::System.name();
            }
        }
        Self {
            elements,
            costs: elements.iter().map(|element| chars(element) + 1).collect(),
            stands_for,
            is_notice,
            system: is_system.iter().take_while(|is_system| **is_system).count(),
            may_begin: places_to_begin(elements.len(), conversation),
        }
    }

    /// The messages that stay within `room` characters, and a notice for the others. More than `room` when the least that must stay
    /// takes more.
    pub(super) fn choose(&self, room: u64) -> Vec<Cow<'a, str>> {
        // All of the first system messages, unless they leave no room for the last message; the last is kept in any case.
        let all = self.system.min(self.elements.len().saturating_sub(1));
        let (mut head, mut begin, fits) = self.end_after(all, room);
        if !fits && all > 1 {
            (head, begin, _) = self.end_after(1, room);
        }
        let left_out = self.left_out(head..begin);
        let mut kept: Vec<Cow<'a, str>> = self.elements[..head].iter().map(|element| Cow::Borrowed(*element)).collect();
        if left_out > 0 {
            kept.push(Cow::Owned(notice(left_out)));
        }
        let end = begin..self.elements.len();
        kept.extend(end.filter(|index| !self.is_notice[*index]).map(|index| Cow::Borrowed(self.elements[index])));
        kept
    }

    /// Where the end begins when the first `head` messages stay: the longest end that fits, else the shortest.
    fn end_after(&self, head: usize, room: u64) -> (usize, usize, bool) {
        let notice_chars = chars(&notice(self.left_out(0..self.elements.len()))) + 1;
        let mut cost = self.costs[..head].iter().sum::<u64>() + notice_chars;
        let (mut begin, mut fits) = (None, false);
        for index in (head..self.elements.len()).rev() {
            if !self.is_notice[index] {
                cost += self.costs[index];
                if self.may_begin[index] && (begin.is_none() || cost <= room + 1) {
                    (begin, fits) = (Some(index), cost <= room + 1);
                }
            }
            if cost > room + 1 && begin.is_some() {
                break;
            }
        }
        (head, begin.unwrap_or(head), fits)
    }

    /// How many messages are missing when those in a range go. Notices are replaced wherever they stand.
    fn left_out(&self, gone: std::ops::Range<usize>) -> u64 {
        let is_gone = |index: usize| gone.contains(&index) || self.is_notice[index];
        let numbers =
            self.stands_for.iter().enumerate().filter(|(index, _)| is_gone(*index)).map(|(_, number)| *number);
        numbers.fold(0, u64::saturating_add)
    }
}

/// For each place whether a chat may begin there: not between a call and its result. A result whose call is nowhere before it does
/// not count, it has lost it already.
fn places_to_begin(elements: usize, conversation: &Conversation) -> Vec<bool> {
    let id = |index: usize| conversation.links[index].id(&conversation.messages);
    let mut called = HashSet::new();
    let mut has_call = vec![false; conversation.links.len()];
    for (index, link) in conversation.links.iter().enumerate() {
        if link.is_call() {
            called.insert(id(index));
        } else {
            has_call[index] = id(index).is_some() && called.contains(&id(index));
        }
    }
    let mut may_begin = vec![true; elements];
    let mut open = HashSet::new();
    let mut next = conversation.links.len();
    for element in (0..elements).rev() {
        while let Some(index) = next.checked_sub(1).filter(|index| conversation.links[*index].element >= element) {
            if conversation.links[index].is_call() {
                open.remove(&id(index));
            } else if has_call[index] {
                open.insert(id(index));
            }
            next = index;
        }
        may_begin[element] = open.is_empty();
    }
    may_begin
}
