//! The street with its number.

use super::{
    super::{Span, lex::Lexed},
    span,
    tail::tail,
};

/// The most words of a street's name.
const NAME_TOKENS_MAX: usize = 4;

/// `221B Baker Street`: a house number and one to four words before the word for a street.
pub(super) fn number_before(lexed: &Lexed, street: usize) -> Option<(usize, usize)> {
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
    let named = names >= 1 && lexed.gap(street - 1).trim_matches([' ', '-']).is_empty();
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
pub(super) fn number_after(lexed: &Lexed, street: usize) -> Option<(usize, usize)> {
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

/// `Grolmanstraße 25`, `Hafnarstraeti 5`, `Kerkstraat 12`: the word for a street is the end of its name.
pub(super) fn compound(lexed: &Lexed, spans: &mut Vec<Span>) {
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
            // `33 Kerkstraat 2`: a number before it belongs to it, too.
            let ahead = street.checked_sub(1).filter(|at| {
                lexed.tokens[*at].shape.is_number() && lexed.tokens[*at].len() <= 5 && lexed.gap(*at) == " "
            });
            spans.push(span(lexed, ahead.unwrap_or(street), last));
        }
    }
}
