//! Street addresses: a number and a name before or after the word for a street, with what follows up to the postal code.

mod announced;
mod street;
mod tail;

use super::{Kind, Span, cue, lex::Lexed};

pub(super) fn find(lexed: &Lexed, spans: &mut Vec<Span>) {
    let mut next = 0;
    for index in lexed.cued(cue::STREET | cue::STREET_BEFORE) {
        if index < next {
            continue;
        }
        let token = &lexed.tokens[index];
        let found = if token.has(cue::STREET) && token.shape.is_capitalised() {
            street::number_before(lexed, index)
        } else {
            None
        }
        .or_else(|| if token.has(cue::STREET_BEFORE) { street::number_after(lexed, index) } else { None });
        if let Some((first, last)) = found {
            let last = tail::tail(lexed, last);
            spans.push(span(lexed, first, last));
            next = last + 1;
        }
    }
    street::compound(lexed, spans);
    announced::boxes(lexed, spans);
    announced::military(lexed, spans);
    announced::announced(lexed, spans);
}

fn span(lexed: &Lexed, first: usize, last: usize) -> Span {
    Span { range: lexed.tokens[first].start()..lexed.tokens[last].end(), kind: Kind::Address, why: "a street address" }
}
