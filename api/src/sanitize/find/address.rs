//! Street addresses: a number and a name before or after the word for a street, with what follows up to the postal code.

use super::{Kind, Span, cue, lex::Lexed};

/// The most words of a street's name, and the most tokens that an address goes on for.
const NAME_TOKENS_MAX: usize = 4;
const TAIL_TOKENS_MAX: usize = 14;

pub(super) fn find(lexed: &Lexed, spans: &mut Vec<Span>) {
    let mut next = 0;
    for &anchor in &lexed.cue_anchors {
        let index = anchor as usize;
        if index < next {
            continue;
        }
        let token = &lexed.tokens[index];
        let found =
            if token.has(cue::STREET) && token.shape.is_capitalised() { number_before(lexed, index) } else { None }
                .or_else(|| if token.has(cue::STREET_BEFORE) { number_after(lexed, index) } else { None });
        if let Some((first, last)) = found {
            let last = tail(lexed, last);
            spans.push(span(lexed, first, last));
            next = last + 1;
        }
    }
    compound(lexed, spans);
    boxes(lexed, spans);
    military(lexed, spans);
    announced(lexed, spans);
}

/// `PSC 3117, Box 609\nAPO AA 34032`: the posts of the US forces, with the line above.
fn military(lexed: &Lexed, spans: &mut Vec<Span>) {
    for last in lexed.numbers.iter().map(|anchor| *anchor as usize).filter(|last| *last >= 2) {
        let [post, region, code] = [last - 2, last - 1, last].map(|at| lexed.token_text(at));
        let is_post = matches!(post, "APO" | "FPO" | "DPO") && matches!(region, "AA" | "AE" | "AP") && code.len() == 5;
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

/// What follows `address is`, `sent to`, `lives at` and begins with a number; and postal codes by their name.
fn announced(lexed: &Lexed, spans: &mut Vec<Span>) {
    for &anchor in &lexed.cue_anchors {
        let index = anchor as usize;
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

/// The last token of the row of numbers and capitalised words that begins at `first`.
fn run_of_address(lexed: &Lexed, first: usize) -> usize {
    let mut last = first;
    while last + 1 < lexed.tokens.len() && last - first < 2 * TAIL_TOKENS_MAX {
        let (gap, next) = (lexed.gap(last), &lexed.tokens[last + 1]);
        let is_gap = gap.len() <= 5
            && gap.chars().all(|c| matches!(c, ' ' | ',' | '.' | '\n' | '#' | '-' | '/' | '\'' | '>' | '\t'))
            && gap.matches('\n').count() <= 2;
        let belongs = next.shape.has_digit() && next.len() <= 6
            || next.shape.is_word() && next.shape.is_capitalised() && !next.has(cue::NOT_NAME & !cue::STREET)
            || matches!(
                lexed.token_text(last + 1),
                "de" | "la" | "of" | "the" | "van" | "den" | "der" | "del" | "le" | "du" | "nan" | "and" | "di" | "da"
            );
        let ends_sentence = gap.starts_with(". ") && lexed.tokens[last].len() > 4;
        if !is_gap || !belongs || ends_sentence || lexed.byte_at(next.end()) == b':' {
            break;
        }
        last += 1;
    }
    while last > first && lexed.token_text(last).chars().all(char::is_lowercase) {
        last -= 1;
    }
    last
}

/// The first number of the row of numbers and words that ends at `last`, if it stands near.
fn back_to_number(lexed: &Lexed, last: usize) -> usize {
    let (mut at, mut first) = (last, last);
    while at > 0 && last - at < 9 {
        let (gap, before) = (lexed.gap(at - 1), &lexed.tokens[at - 1]);
        let is_gap = gap.len() <= 5
            && gap.chars().all(|c| matches!(c, ' ' | ',' | '.' | '\n' | '-' | '/' | '\'' | '>' | '\\'))
            && gap.matches('\n').count() <= 1;
        let belongs = before.shape.is_number() && before.len() <= 5
            || before.shape.is_word() && (before.shape.is_capitalised() || before.len() <= 3);
        if !is_gap
            || !belongs
            || gap.starts_with(". ") && before.len() > 4
            || gap.contains('\n') && first < last && lexed.tokens[first].shape.is_number()
        {
            break;
        }
        at -= 1;
        if before.shape.is_number() {
            first = at;
        }
    }
    first
}

fn span(lexed: &Lexed, first: usize, last: usize) -> Span {
    Span { range: lexed.tokens[first].start()..lexed.tokens[last].end(), kind: Kind::Address, why: "a street address" }
}

/// `221B Baker Street`: a house number and one to four words before the word for a street.
fn number_before(lexed: &Lexed, street: usize) -> Option<(usize, usize)> {
    let mut names = 0;
    let mut at = street;
    while at > 0 && street - at <= NAME_TOKENS_MAX {
        let gap = lexed.gap(at - 1);
        at -= 1;
        let token = &lexed.tokens[at];
        if !matches!(gap, " " | "." | ". " | "'" | "-" | ", " | "’") {
            return None;
        }
        if token.shape.has_digit() && token.len() <= 6 && (names > 0 || token.len() <= 2) {
            let is_ordinal = token.len() >= 3
                && ["st", "nd", "rd", "th"]
                    .iter()
                    .any(|ending| lexed.token_text(at).to_ascii_lowercase().ends_with(ending));
            if is_ordinal {
                names += 1;
                continue;
            }
            let before = lexed.byte_before(token.start());
            if !(token.shape.is_number() || lexed.token_text(at).as_bytes()[0].is_ascii_digit())
                || matches!(before, b'.' | b'$' | b'%')
                || names == 0
            {
                return None;
            }
            let mut first = at;
            // `12-14 …`, `4 / 12 …`, `64 97 …`
            if first > 0
                && matches!(lexed.gap(first - 1), "-" | "/" | " ")
                && lexed.tokens[first - 1].shape.is_number()
                && lexed.tokens[first - 1].len() <= 5
            {
                first -= 1;
            }
            return Some((first, street));
        }
        if !token.shape.is_word()
            || !token.shape.is_capitalised()
                && !matches!(
                    lexed.token_text(at),
                    "de" | "la" | "of" | "the" | "van" | "den" | "der" | "del" | "le" | "s"
                )
        {
            break;
        }
        names += 1;
    }
    // Without a number before it, one may follow: `Villacher Strasse 89`.
    let named = names >= 1 && lexed.gap(street - 1).trim().is_empty();
    let number = lexed.tokens.get(street + 1)?;
    let follows = lexed.gap(street) == " "
        && number.shape.has_digit()
        && number.len() <= 5
        && lexed.token_text(street + 1).as_bytes()[0].is_ascii_digit();
    let is_european = ![
        "Street", "Road", "Drive", "Court", "Place", "Way", "Bridge", "Close", "Square", "Loop", "Circle", "Trail",
        "Grove", "Row", "Walk",
    ]
    .contains(&lexed.token_text(street));
    if named && follows && is_european && !matches!(lexed.byte_at(number.end()), b'.' | b':' | b'%') {
        let first = (street - names.min(street)).max(street.saturating_sub(names));
        return Some((first, street + 1));
    }
    None
}

/// `12 rue de la Paix`, `Via Roma 12`, `Calle Mayor, 5`.
fn number_after(lexed: &Lexed, street: usize) -> Option<(usize, usize)> {
    let mut last = street;
    while last + 1 < lexed.tokens.len()
        && last - street < 6
        && matches!(lexed.gap(last), " " | " d'" | ", " | "'" | "-" | ". " | " l'")
    {
        let next = &lexed.tokens[last + 1];
        if next.shape.has_digit() {
            if next.len() <= 5 && last > street && lexed.token_text(last + 1).as_bytes()[0].is_ascii_digit() {
                last += 1;
            }
            break;
        }
        let is_particle = [
            "de", "la", "le", "les", "du", "des", "di", "del", "della", "dei", "da", "do", "dos", "las", "los", "el",
            "d", "l", "the",
        ]
        .contains(&lexed.token_text(last + 1));
        if !next.shape.is_capitalised() && !is_particle || lexed.gap(last) == ", " && last > street {
            break;
        }
        last += 1;
    }
    if last == street {
        return None;
    }
    let number_ahead = street.checked_sub(1).filter(|at| {
        lexed.tokens[*at].shape.has_digit() && lexed.tokens[*at].len() <= 5 && matches!(lexed.gap(*at), " " | ", ")
    });
    match number_ahead {
        Some(first) => {
            let first = first
                .checked_sub(1)
                .filter(|at| lexed.tokens[*at].shape.is_number() && lexed.gap(*at) == " ")
                .unwrap_or(first);
            Some((first, last))
        }
        None => (lexed.tokens[last].shape.has_digit() && lexed.tokens[street].shape.is_capitalised())
            .then_some((street, last)),
    }
}

/// What goes on after a street: flat, town, state, postal code.
fn tail(lexed: &Lexed, street: usize) -> usize {
    let mut end = street;
    let mut at = street;
    let mut commas = 0;
    while at + 1 < lexed.tokens.len() && at - street < TAIL_TOKENS_MAX {
        let gap = lexed.gap(at);
        let next = &lexed.tokens[at + 1];
        let breaks = gap.bytes().filter(|byte| *byte == b'\n').count();
        let is_gap =
            gap.len() <= 4 && gap.chars().all(|c| matches!(c, ' ' | ',' | '.' | '\n' | '#' | '-' | '>' | '\t'));
        if !is_gap || breaks > 2 || gap.contains(". ") && !next.has(cue::UNIT) {
            break;
        }
        commas += usize::from(gap.contains(',') || breaks > 0);
        let text = lexed.token_text(at + 1);
        let is_unit = next.has(cue::UNIT) || gap.ends_with('#') || lexed.tokens[at].has(cue::UNIT) && next.len() <= 5;
        let goes_on =
            lexed.byte_at(next.end()) == b'-' && lexed.byte_at(next.end() + 1).is_ascii_digit() && next.len() < 4;
        let is_code = next.shape.has_digit() && (3..=7).contains(&next.len()) && commas > 0 && !goes_on;
        let is_state = next.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()) && commas > 0;
        let is_town = next.shape.is_word()
            && next.shape.is_capitalised()
            && commas > 0
            && commas <= 4
            && !next.has(
                cue::NAME | cue::PHONE | cue::GREETING | cue::TITLE | cue::BIRTH | cue::SSN | cue::NOT_NAME | cue::USER,
            );
        let is_start_of_field = next.shape.is_word() && lexed.byte_at(next.end()) == b':';
        if is_start_of_field || !(is_unit || is_code || is_state || is_town) {
            break;
        }
        at += 1;
        // A town counts once a state or a code follows it: else it may be the next sentence.
        if is_unit || is_code || is_state || breaks == 0 && gap.contains(',') && at - end <= 1 {
            end = at;
        }
    }
    end
}

/// `Grolmanstraße 25`, `Hafnarstraeti 5`, `Kerkstraat 12`: the word for a street is the end of its name.
fn compound(lexed: &Lexed, spans: &mut Vec<Span>) {
    const ENDINGS: [&str; 22] = [
        "straße", "strasse", "str", "gasse", "weg", "platz", "allee", "ring", "straat", "laan", "gracht", "plein",
        "vägen", "gatan", "gata", "gade", "vej", "veien", "gaten", "katu", "tie", "straeti",
    ];
    for &anchor in &lexed.numbers {
        let index = anchor as usize;
        let Some(street) = index.checked_sub(1) else { continue };
        let (name, number) = (&lexed.tokens[street], &lexed.tokens[index]);
        if number.len() > 5
            || !name.shape.is_word()
            || !name.shape.is_capitalised()
            || name.len() < 7
            || !matches!(lexed.gap(street), " " | ". ")
            || !lexed.token_text(index).as_bytes()[0].is_ascii_digit()
        {
            continue;
        }
        let lower = lexed.token_text(street).to_lowercase();
        if ENDINGS.iter().any(|ending| lower.ends_with(ending) && lower.len() > ending.len() + 2)
            && !matches!(lexed.byte_at(number.end()), b'%' | b':')
        {
            let last = tail(lexed, index);
            spans.push(span(lexed, street, last));
        }
    }
}

/// `P.O. Box 123`, `Postfach 12 34`, `Apt. 591` on a line of an address.
fn boxes(lexed: &Lexed, spans: &mut Vec<Span>) {
    for &anchor in &lexed.cue_anchors {
        let index = anchor as usize;
        let token = &lexed.tokens[index];
        if !token.has(cue::UNIT) || !token.shape.is_capitalised() {
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
        }
    }
}
