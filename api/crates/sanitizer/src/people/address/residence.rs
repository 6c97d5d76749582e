//! Streets that no word marks, behind a word for address or for living somewhere: `adresa: Hlavná 45`, `bor på Lindvej 41`, `mieszkam na
//! Polnej 7`, `heimilisfang: Laugavegur 22`.

use crate::{
    people::address::{extent::{address_span, tail}, house},
    scan::{Scanned, trigger_words as trigger},
    span::Span,
};

/// The most words between the announcement and the street, and in its name.
const BETWEEN_TOKENS_MAX: usize = 4;
const NAME_TOKENS_MAX: usize = 5;
/// How far behind the announcement the street may begin, in bytes.
const BYTES_MAX: usize = 40;

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    let mut next = 0;
    for index in scanned.tokens_with(trigger::RESIDES) {
        if index < next {
            continue;
        }
        if let Some((first, last)) = street_after(scanned, index) {
            let last = tail(scanned, last);
            spans.push(address_span(scanned, first, last));
            next = last + 1;
        }
    }
}

/// The first and the last token of the street after the announcement at `index`.
fn street_after(scanned: &Scanned, index: usize) -> Option<(usize, usize)> {
    let end = scanned.tokens[index].end();
    let assigns = scanned.gap(index).contains([':', '=']);
    let is_in_lower_case = !assigns;
    for first in index + 1..(index + 2 + BETWEEN_TOKENS_MAX).min(scanned.tokens.len()) {
        let token = &scanned.tokens[first];
        if token.start() - end > BYTES_MAX || scanned.gap(first - 1).contains(['\n', '[', ';', '<', '{', '.', '?', '!', '@']) && first > index + 1 {
            return None;
        }
        let is_word = token.shape.is_word() && token.len() >= 3;
        let is_small = is_word && !token.shape.is_capitalised();
        if !is_word || token.has(trigger::RESIDES | trigger::MONTH | trigger::VERSION | trigger::NUMBER) {
            continue;
        }
        // The name of a street has a capital, except in a chat, where only words between are small.
        if is_small && !(is_in_lower_case && first > index + 1 && is_all_lower(scanned, first)) {
            continue;
        }
        if let Some(last) = number_after_name(scanned, first) {
            return Some((first, last));
        }
    }
    None
}

/// Whether the word and the next one are in lower case, and a number follows within two words.
fn is_all_lower(scanned: &Scanned, first: usize) -> bool {
    scanned.tokens.get(first + 1).is_some_and(|next| next.shape.has_digit() || !next.shape.is_capitalised()) && scanned.tokens[first].len() >= 5
}

/// The last token of the house number that follows the name that begins at `first`.
fn number_after_name(scanned: &Scanned, first: usize) -> Option<usize> {
    let is_lower = !scanned.tokens[first].shape.is_capitalised();
    for at in first..(first + NAME_TOKENS_MAX).min(scanned.tokens.len()) {
        let token = &scanned.tokens[at];
        if !token.shape.is_word() || token.has(trigger::MONTH | trigger::VERSION) {
            return None;
        }
        // In lower case only the word right before the number is the street's name.
        if is_lower && at > first {
            return None;
        }
        if let Some(last) = house::after(scanned, at).filter(|_| token.len() >= 2) {
            let counts = scanned.tokens.get(last + 1).is_some_and(|next| {
                scanned.gap(last) == " " && next.shape.is_word() && !next.shape.is_capitalised() && next.len() > 3 && !next.has(trigger::FLAT | trigger::UNIT) && is_lower
            });
            let is_short_name = scanned.tokens[first..=at].iter().all(|token| token.len() < 4);
            return (!counts && !is_short_name).then_some(last);
        }
        if !matches!(scanned.gap(at), " " | ". " | "-" | "'" | ".") {
            return None;
        }
    }
    None
}
