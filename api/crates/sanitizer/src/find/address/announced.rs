//! Addresses without a word for a street: what the text says is one, post boxes, flats, posts of the US forces.

use super::{
    super::{Kind, Span, cue, lex::Lexed},
    span,
    tail::{back_to_number, run_of_address, tail},
};

/// What follows `address is`, `sent to`, `lives at` and begins with a number; and postal codes by their name.
pub(super) fn announced(lexed: &Lexed, spans: &mut Vec<Span>) {
    for index in lexed.cued(cue::ZIP | cue::ADDRESS) {
        let token = &lexed.tokens[index];
        if token.has(cue::ZIP) {
            let code =
                (index + 1..index + 4).find(|at| lexed.tokens.get(*at).is_some_and(|token| token.shape.has_digit()));
            if let Some(code) = code.filter(|code| {
                lexed.token_text(*code) != "12345"
                    && (3..=7).contains(&lexed.tokens[*code].len())
                    && lexed.tokens[*code].start() - token.end() <= 12
            }) {
                spans.push(Span { range: lexed.tokens[code].range(), kind: Kind::Address, why: "a postal code" });
            }
        }
        if !token.has(cue::ADDRESS) {
            continue;
        }
        let is_near = |at: &usize| lexed.tokens.get(*at).is_some_and(|next| next.start() - token.end() <= 28);
        let Some(first) = (index + 1..index + 6).filter(is_near).find(|at| {
            let follows_is = matches!(lexed.token_text(*at - 1), "is" | "at" | "to" | "with" | "in");
            let names_place =
                follows_is && lexed.tokens[*at].shape.is_capitalised() && lexed.tokens[*at].shape.has_lower();
            lexed.tokens[*at].shape.is_number()
                || names_place && !lexed.tokens[*at].has(cue::NOT_NAME)
                || lexed.tokens[*at].has(cue::UNIT) && lexed.tokens[*at].shape.is_capitalised()
        }) else {
            continue;
        };
        let says_where = (index..first).any(|at| {
            matches!(lexed.token_text(at), "is" | "to" | "at" | "in" | "are" | "same" | "with")
                || lexed.gap(at).contains(':')
        }) && !lexed.tokens[index..first].iter().any(|token| token.has(cue::CARD | cue::PHONE));
        if !says_where {
            continue;
        }
        let last = run_of_address(lexed, first);
        let words = lexed.tokens[first..=last]
            .iter()
            .filter(|token| {
                token.shape.is_word()
                    && token.shape.is_capitalised()
                    && token.len() >= 3
                    && !token.has(cue::MONTH | cue::NOT_NAME)
            })
            .count();
        let numbers = lexed.tokens[first..=last].iter().filter(|token| token.shape.has_digit()).count();
        let second =
            lexed.tokens.get(first + 1).is_some_and(|token| token.shape.is_capitalised() || token.shape.has_digit());
        if words >= 1
            && numbers >= 1
            && words + numbers >= 3
            && second
            && !matches!(lexed.byte_before(lexed.tokens[first].start()), b'.' | b'$' | b'#')
        {
            spans.push(Span {
                range: lexed.tokens[first].start()..lexed.tokens[last].end(),
                kind: Kind::Address,
                why: "the text says that it is an address",
            });
        }
    }
}

/// `P.O. Box 123`, `Postfach 12 34`, `Apt. 591` on a line of an address.
pub(super) fn boxes(lexed: &Lexed, spans: &mut Vec<Span>) {
    let mut next = 0;
    for index in lexed.cued(cue::UNIT) {
        if index < next {
            continue;
        }
        let token = &lexed.tokens[index];
        if !token.shape.is_capitalised() {
            continue;
        }
        let Some(number) = lexed.tokens.get(index + 1) else { continue };
        if !number.shape.has_digit() || number.len() > 6 || !matches!(lexed.gap(index), " " | ". " | " #" | ". #") {
            continue;
        }
        let text = lexed.token_text(index);
        let is_box = text.eq_ignore_ascii_case("box")
            && index >= 1
            && (lexed.token_text(index - 1).eq_ignore_ascii_case("office")
                || lexed.token_text(index - 1).eq_ignore_ascii_case("o")
                || lexed.token_text(index - 1).eq_ignore_ascii_case("po"));
        let is_unit = ["apt", "suite", "apartment"].iter().any(|word| text.eq_ignore_ascii_case(word))
            && number.shape.is_number();
        if is_box || is_unit {
            let back = if is_box && lexed.token_text(index - 1).eq_ignore_ascii_case("o") && index >= 2 {
                2
            } else {
                usize::from(is_box)
            };
            let first = back_to_number(lexed, index - back);
            let row = run_of_address(lexed, index + 1);
            let ends_with_code = lexed.tokens[row].shape.is_number() && lexed.tokens[row].len() >= 4;
            let last = row.min(tail(lexed, index + 1).max(index + 1) + 3);
            let last = if is_unit && ends_with_code {
                row
            } else if is_unit {
                tail(lexed, index + 1).max(index + 1).min(last)
            } else {
                index + 1
            };
            spans.push(span(lexed, first, last));
            next = last + 1;
        }
    }
}

/// `PSC 3117, Box 609\nAPO AA 34032`: the posts of the US forces, with the line above.
pub(super) fn military(lexed: &Lexed, spans: &mut Vec<Span>) {
    let codes = lexed.long_numbers.iter().map(|anchor| *anchor as usize);
    for last in codes.filter(|last| *last >= 2 && lexed.tokens[*last].len() == 5) {
        let [post, region] = [last - 2, last - 1].map(|at| lexed.token_text(at));
        let is_post = matches!(post, "APO" | "FPO" | "DPO") && matches!(region, "AA" | "AE" | "AP");
        if is_post {
            let line = lexed.text[..lexed.tokens[last - 2].start()].trim_end();
            let line_start = line.len() - line.bytes().rev().take(48).take_while(|byte| *byte != b'\n').count();
            let first = (0..last - 2)
                .rev()
                .take(5)
                .take_while(|at| {
                    lexed.tokens[*at].start() >= line_start
                        && lexed.tokens[*at].shape.is_capitalised() | lexed.tokens[*at].shape.is_number()
                })
                .last();
            spans.push(span(lexed, first.unwrap_or(last - 2), last));
        }
    }
}
