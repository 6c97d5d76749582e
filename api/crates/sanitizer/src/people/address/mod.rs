//! Finds street addresses: a number and a name before or after the word for a street, with what follows up to the postal code; and
//! what the text says is an address.

mod announced;
mod east_asian;
mod extent;
mod house;
mod number_after_word;
mod postal;
mod residence;
mod street;

use crate::{
    scan::{Scanned, trigger_words as trigger},
    span::Span,
};

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    let mut next = 0;
    for index in scanned.tokens_with(trigger::STREET | trigger::STREET_BEFORE) {
        if index < next {
            continue;
        }
        let token = &scanned.tokens[index];
        let may_be_street = token.has(trigger::STREET)
            && (token.shape.is_capitalised()
                || street::may_be_lower(scanned, index)
                || street::is_between_name_and_number(scanned, index));
        let found = if may_be_street { street::number_before(scanned, index) } else { None }.or_else(|| {
            if token.has(trigger::STREET_BEFORE) || street::is_french_avenue(scanned, index) {
                street::number_after(scanned, index)
            } else {
                None
            }
        });
        if let Some((first, last)) = found {
            let last = extent::tail(scanned, last);
            let first = extent::back_to_flat(scanned, first);
            spans.push(extent::address_span(scanned, first, last));
            next = last + 1;
        }
    }
    street::compound(scanned, spans);
    number_after_word::find(scanned, spans);
    postal::find(scanned, spans);
    residence::find(scanned, spans);
    announced::boxes(scanned, spans);
    announced::military(scanned, spans);
    announced::announced(scanned, spans);
    if scanned.has_other_script {
        east_asian::find(scanned, spans);
    }
}
