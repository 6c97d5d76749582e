//! Addresses without a word for a street: those that the text announces, post boxes, flats, post offices of the US forces.

use crate::{
    people::address::extent::{address_span, back_to_number, run_of_address, tail},
    scan::{Scanned, Token, trigger_words as trigger},
    span::{Kind, Span},
};

/// What follows `address is`, `sent to`, `lives at` and begins with a number or a place; and postal codes after a word for them.
pub(super) fn announced(scanned: &Scanned, spans: &mut Vec<Span>) {
    for index in scanned.tokens_with(trigger::ZIP | trigger::ADDRESS) {
        let token = &scanned.tokens[index];
        if token.has(trigger::ZIP) {
            let code =
                (index + 1..index + 4).find(|at| scanned.tokens.get(*at).is_some_and(|token| token.shape.has_digit()));
            if let Some(code) = code.filter(|code| {
                scanned.token_text(*code) != "12345"
                    && (3..=7).contains(&scanned.tokens[*code].len())
                    // `zip-like 10115` is none.
                    && !(scanned.gap(index) == "-" && scanned.tokens[index + 1].shape.is_word())
                    && scanned.tokens[*code].start() - token.end() <= 12
            }) {
                let second = scanned.tokens.get(code + 1).filter(|second| {
                    scanned.is_joined(code, b'-') && second.shape.is_number() && (3..=4).contains(&second.len())
                        || scanned.gap(code) == " "
                            && scanned.tokens[code].len() <= 4
                            && second.shape.has_digit()
                            && second.len() <= 4
                });
                let end = second.map_or(scanned.tokens[code].end(), Token::end);
                let range = scanned.tokens[code].start()..end;
                spans.push(Span { range, kind: Kind::Address, why: "a postal code" });
            }
        }
        if !token.has(trigger::ADDRESS) {
            continue;
        }
        let is_near = |at: &usize| scanned.tokens.get(*at).is_some_and(|next| next.start() - token.end() <= 28);
        let Some(first) = (index + 1..index + 6).filter(is_near).find(|at| {
            let follows_is = matches!(scanned.token_text(*at - 1), "is" | "at" | "to" | "with" | "in");
            let names_place =
                follows_is && scanned.tokens[*at].shape.is_capitalised() && scanned.tokens[*at].shape.has_lower();
            scanned.tokens[*at].shape.is_number()
                || names_place && !scanned.tokens[*at].has(trigger::NOT_NAME)
                || scanned.tokens[*at].has(trigger::UNIT) && scanned.tokens[*at].shape.is_capitalised()
        }) else {
            continue;
        };
        let says_where =
            (index..first).any(|at| {
                matches!(scanned.token_text(at), "is" | "to" | "at" | "in" | "are" | "same" | "with")
                    || scanned.gap(at).contains(':')
            }) && !scanned.tokens[index..first].iter().any(|token| token.has(trigger::CARD | trigger::PHONE));
        if !says_where {
            continue;
        }
        let last = run_of_address(scanned, first);
        let words = scanned.tokens[first..=last]
            .iter()
            .filter(|token| {
                token.shape.is_word()
                    && token.shape.is_capitalised()
                    && token.len() >= 3
                    && !token.has(trigger::MONTH | trigger::NOT_NAME)
            })
            .count();
        let numbers = scanned.tokens[first..=last].iter().filter(|token| token.shape.has_digit()).count();
        let second =
            scanned.tokens.get(first + 1).is_some_and(|token| token.shape.is_capitalised() || token.shape.has_digit());
        if words >= 1
            && numbers >= 1
            && words + numbers >= 3
            && second
            && !matches!(scanned.byte_before(scanned.tokens[first].start()), b'.' | b'$' | b'#')
        {
            spans.push(Span {
                range: scanned.tokens[first].start()..scanned.tokens[last].end(),
                kind: Kind::Address,
                why: "the text says that this is an address",
            });
        }
    }
}

/// Post boxes and flats, with the address around them: `P.O. Box 123`, `Apt. 591`.
pub(super) fn boxes(scanned: &Scanned, spans: &mut Vec<Span>) {
    let mut next = 0;
    for index in scanned.tokens_with(trigger::UNIT) {
        if index < next {
            continue;
        }
        let token = &scanned.tokens[index];
        if !token.shape.is_capitalised() {
            continue;
        }
        let Some(number) = scanned.tokens.get(index + 1) else { continue };
        if !number.shape.has_digit() || number.len() > 6 || !matches!(scanned.gap(index), " " | ". " | " #" | ". #") {
            continue;
        }
        let text = scanned.token_text(index);
        let is_box = text.eq_ignore_ascii_case("box")
            && index >= 1
            && (scanned.token_text(index - 1).eq_ignore_ascii_case("office")
                || scanned.token_text(index - 1).eq_ignore_ascii_case("o")
                || scanned.token_text(index - 1).eq_ignore_ascii_case("po"));
        let is_unit = ["apt", "suite", "apartment"].iter().any(|word| text.eq_ignore_ascii_case(word))
            && number.shape.is_number();
        if is_box || is_unit {
            let back = if is_box && scanned.token_text(index - 1).eq_ignore_ascii_case("o") && index >= 2 {
                2
            } else {
                usize::from(is_box)
            };
            let first = back_to_number(scanned, index - back);
            let row = run_of_address(scanned, index + 1);
            let ends_with_code = scanned.tokens[row].shape.is_number() && scanned.tokens[row].len() >= 4;
            let last = row.min(tail(scanned, index + 1).max(index + 1) + 3);
            let last = if is_unit && ends_with_code {
                row
            } else if is_unit {
                tail(scanned, index + 1).max(index + 1).min(last)
            } else {
                index + 1
            };
            spans.push(address_span(scanned, first, last));
            next = last + 1;
        }
    }
}

/// Post offices of the US forces, with the line above: `PSC 3117, Box 609\nAPO AA 34032`.
pub(super) fn military(scanned: &Scanned, spans: &mut Vec<Span>) {
    let codes = scanned.long_numbers.iter().map(|anchor| *anchor as usize);
    for last in codes.filter(|last| *last >= 2 && scanned.tokens[*last].len() == 5) {
        let [post, region] = [last - 2, last - 1].map(|at| scanned.token_text(at));
        let is_post = ["APO", "FPO", "DPO"].iter().any(|known| post.eq_ignore_ascii_case(known))
            && ["AA", "AE", "AP"].iter().any(|known| region.eq_ignore_ascii_case(known))
            && scanned.gap(last - 2) == " "
            && matches!(scanned.gap(last - 1), " " | ", ");
        let in_lower_case = !scanned.tokens[last - 2].shape.is_capitalised();
        if is_post {
            let line = scanned.text[..scanned.tokens[last - 2].start()].trim_end();
            let line_start = line.len() - line.bytes().rev().take(48).take_while(|byte| *byte != b'\n').count();
            let first = (0..last - 2)
                .rev()
                .take(5)
                .take_while(|at| {
                    scanned.tokens[*at].start() >= line_start
                        && scanned.tokens[*at].shape.is_capitalised()
                            | scanned.tokens[*at].shape.is_number()
                            | in_lower_case
                })
                .last();
            spans.push(address_span(scanned, first.unwrap_or(last - 2), last));
        }
    }
}
