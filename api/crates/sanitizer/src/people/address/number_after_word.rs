//! Streets whose word is an abbreviation or a common word elsewhere, so that it counts only between a name and a house number:
//! `Petőfi u. 12`, `Karl Johans gate 5`, `Ocsko terrasse 3`.

use crate::{
    people::address::{
        extent::{address_span, tail},
        house,
    },
    scan::{Scanned, trigger_words as trigger},
    span::Span,
};

/// The most words in the name.
const NAME_TOKENS_MAX: usize = 3;
/// Words for a street in lower case, behind its name: Norwegian and Danish, Basque, Estonian.
const WORDS: [&str; 9] =
    ["terrasse", "plass", "kalea", "enparantza", "etorbidea", "põik", "tänav", "puiestee", "maantee"];

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    for &anchor in &scanned.numbers {
        let Some(street) = (anchor as usize).checked_sub(1) else { continue };
        let Some(name) = street.checked_sub(1) else { continue };
        let token = &scanned.tokens[street];
        if !token.shape.is_word() || token.shape.is_capitalised() || token.len() > 12 || !is_name(scanned, name) {
            continue;
        }
        let is_street = match scanned.token_text(street) {
            // Hungarian for `utca`.
            "u" => scanned.gap(street) == ". ",
            // Norwegian: the name stands in the genitive. An airport's gate does not follow one.
            "gate" => scanned.gap(street) == " " && scanned.token_text(name).ends_with('s'),
            word => scanned.gap(street) == " " && WORDS.contains(&word),
        };
        let Some(last) = is_street.then(|| house::after(scanned, street)).flatten() else { continue };
        let mut first = name;
        while first > 0 && name - first + 1 < NAME_TOKENS_MAX && is_name(scanned, first - 1) {
            first -= 1;
        }
        // A number before the name belongs to it, too.
        if let Some(ahead) = first.checked_sub(1).filter(|at| {
            scanned.tokens[*at].shape.is_number() && scanned.tokens[*at].len() <= 5 && scanned.gap(*at) == " "
        }) {
            first = ahead;
        }
        spans.push(address_span(scanned, first, tail(scanned, last)));
    }
}

/// Whether the word is capitalised, a space follows it, and it is none that begins a sentence.
fn is_name(scanned: &Scanned, index: usize) -> bool {
    let token = &scanned.tokens[index];
    token.shape.is_word()
        && token.shape.is_capitalised()
        && token.len() >= 3
        && scanned.gap(index) == " "
        && !token.has(trigger::NOT_NAME)
}
