//! Streets that no word marks, by the postal code and the town that follow: `Am Mühlbach 7, 53332 Bornheim`, `Korunní 1208/74, 130 00
//! Praha 3`, `Prins Hendrikkade 33, 1012 TM Amsterdam`.

use crate::{
    people::address::{extent::address_span, house},
    scan::{Scanned, trigger_words as trigger},
    span::Span,
};

/// The most words in the name of a street.
const NAME_WORDS_MAX: usize = 4;
/// How many tokens before the street a word for address may stand.
const NEAR_TOKENS: usize = 8;

/// A postal code, as the tokens from the first to the last.
struct Code {
    last: usize,
    /// Whether digits in this order are hardly ever anything else.
    is_clear: bool,
}

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    for &anchor in &scanned.numbers {
        let first = anchor as usize;
        let Some(code) = code_at(scanned, first) else { continue };
        let Some(house) = first.checked_sub(1) else { continue };
        let gap = scanned.gap(house);
        let is_line = matches!(
            gap,
            ", " | ","
                | "\n"
                | ",\n"
                | "\r\n"
                | " · "
                | " - "
                | ";"
                | "; "
                | "\\n"
                | ", D-"
                | ", A-"
                | ", CH-"
                | ", F-"
                | ", I-"
                | ", SE-"
        );
        let Some(street) = street_before(scanned, house).filter(|_| is_line) else { continue };
        let is_announced = scanned.tokens[street.saturating_sub(NEAR_TOKENS)..street]
            .iter()
            .any(|token| token.has(trigger::ADDRESS | trigger::ZIP));
        let town = &scanned.tokens[code.last + 1];
        let is_capital_town =
            town.shape.is_word() && town.shape.is_capitalised() && town.shape.has_lower() && town.len() >= 3;
        let is_town = is_capital_town && !town.has(trigger::MONTH | trigger::VERSION | trigger::HARMLESS);
        // `Windows 11, 64210 Users`: a single word before the number is a street only beside a clear code.
        let words =
            scanned.tokens[street..house].iter().filter(|token| token.shape.is_word() && token.len() > 1).count();
        let is_single = words < 2 && scanned.tokens[first].len() == 5;
        if is_town && (code.is_clear && !is_single || is_announced) {
            let district = scanned
                .tokens
                .get(code.last + 2)
                .filter(|next| next.shape.is_number() && next.len() <= 2 && scanned.gap(code.last + 1) == " ");
            let last = code.last + 1 + usize::from(district.is_some());
            spans.push(address_span(scanned, street, last));
        }
    }
}

/// The postal code that begins at the token `first`, if a word follows it.
fn code_at(scanned: &Scanned, first: usize) -> Option<Code> {
    let token = &scanned.tokens[first];
    if !token.shape.is_number() {
        return None;
    }
    let text = scanned.token_text(first);
    let gap = scanned.gap(first);
    let next = scanned.tokens.get(first + 1)?;
    let is_next = |length: usize| next.shape.is_number() && next.len() == length;
    let is_letters = next.len() == 2 && scanned.token_text(first + 1).bytes().all(|byte| byte.is_ascii_uppercase());
    let code = match token.len() {
        // 130 00 Praha, 114 55 Stockholm.
        3 if gap == " " && is_next(2) => Code { last: first + 1, is_clear: true },
        // 31-958 Kraków.
        2 if gap == "-" && is_next(3) => Code { last: first + 1, is_clear: true },
        // 1100-053 Lisboa.
        4 if gap == "-" && is_next(3) => Code { last: first + 1, is_clear: true },
        // 1012 TM Amsterdam.
        4 if gap == " " && is_letters => Code { last: first + 1, is_clear: true },
        5 => Code { last: first, is_clear: !text.ends_with("000") },
        3 | 4 => Code { last: first, is_clear: false },
        _ => return None,
    };
    (scanned.tokens.len() > code.last + 1 && scanned.gap(code.last) == " ").then_some(code)
}

/// The first token of the street whose house number ends at the token `last`.
fn street_before(scanned: &Scanned, last: usize) -> Option<usize> {
    let mut number = last;
    // The parts of the number and of the flat: 1208/74, 14 lgh 1102.
    while number > 0
        && last - number < 4
        && !(scanned.tokens[number - 1].shape.is_word()
            && scanned.tokens[number - 1].len() > 2
            && !scanned.tokens[number - 1].has(trigger::FLAT | trigger::UNIT))
        && matches!(scanned.gap(number - 1), "/" | "-" | " " | ", " | ". ")
        && (scanned.tokens[number - 1].shape.has_digit()
            || scanned.tokens[number - 1].has(trigger::FLAT | trigger::UNIT)
            || scanned.tokens[number - 1].len() == 1)
    {
        number -= 1;
    }
    if !house::is_house_number(scanned, number) || number == 0 {
        return None;
    }
    let mut first = number;
    for at in (0..number).rev().take(NAME_WORDS_MAX) {
        let token = &scanned.tokens[at];
        let gap = scanned.gap(at);
        let is_small = matches!(
            scanned.token_text(at),
            "der"
                | "den"
                | "dem"
                | "des"
                | "de"
                | "di"
                | "la"
                | "le"
                | "du"
                | "am"
                | "an"
                | "zum"
                | "zur"
                | "van"
                | "del"
                | "da"
                | "do"
                | "dos"
                | "das"
                | "af"
                | "ten"
                | "ter"
                | "op"
        );
        let is_name = token.shape.is_word() && (token.shape.is_capitalised() || is_small);
        let joins = matches!(gap, " " | ". " | "." | "-" | "'");
        let is_other = token
            .has(trigger::MONTH | trigger::VERSION | trigger::HARMLESS | trigger::NUMBER | trigger::TITLE)
            || scanned.gap(at) == ". " && token.len() > 5;
        if !is_name || !joins || is_other {
            break;
        }
        first = at;
    }
    while first < number && !scanned.tokens[first].shape.is_capitalised() {
        first += 1;
    }
    // A verb in capitals at the start of a sentence is no street, but two letters are: Am, Im.
    let is_street =
        first < number && scanned.tokens[first..number].iter().any(|token| token.len() >= 4 && token.shape.has_lower());
    is_street.then_some(first)
}
