//! Streets with their numbers.

use crate::{
    people::address::extent::{address_span, tail},
    scan::Scanned,
    span::Span,
};

/// The most words in the name of a street.
const NAME_TOKENS_MAX: usize = 4;

/// The first and the last token of a street whose word comes last: a house number and one to four words before it, as `221B Baker Street`;
/// or the words before it and a number after it, as `Villacher Strasse 89`.
pub(super) fn number_before(scanned: &Scanned, street: usize) -> Option<(usize, usize)> {
    let mut names = 0;
    let mut at = street;
    while at > 0 && street - at <= NAME_TOKENS_MAX {
        let gap = scanned.gap(at - 1);
        at -= 1;
        let token = &scanned.tokens[at];
        if !matches!(gap, " " | "." | ". " | "'" | "-" | ", " | "’") {
            return None;
        }
        if token.shape.has_digit() && token.len() <= 6 && (names > 0 || token.len() <= 2) {
            let is_ordinal = token.len() >= 3
                && ["st", "nd", "rd", "th"]
                    .iter()
                    .any(|ending| scanned.token_text(at).to_ascii_lowercase().ends_with(ending));
            if is_ordinal {
                names += 1;
                continue;
            }
            let before = scanned.byte_before(token.start());
            if !(token.shape.is_number() || scanned.token_text(at).as_bytes()[0].is_ascii_digit())
                || matches!(before, b'.' | b'$' | b'%')
                || names == 0
            {
                return None;
            }
            let mut first = at;
            // The number may have two parts: `12-14 …`, `4 / 12 …`, `64 97 …`.
            if first > 0
                && matches!(scanned.gap(first - 1), "-" | "/" | " ")
                && scanned.tokens[first - 1].shape.is_number()
                && scanned.tokens[first - 1].len() <= 5
            {
                first -= 1;
            }
            return Some((first, street));
        }
        if !token.shape.is_word()
            || !token.shape.is_capitalised()
                && !matches!(
                    scanned.token_text(at),
                    "de" | "la" | "of" | "the" | "van" | "den" | "der" | "del" | "le" | "s"
                )
        {
            break;
        }
        names += 1;
    }
    // If no number stands before it, one may follow. In English it never does.
    let named = names >= 1 && scanned.gap(street - 1).trim_matches([' ', '-']).is_empty();
    let number = scanned.tokens.get(street + 1)?;
    let follows = scanned.gap(street) == " "
        && number.shape.has_digit()
        && number.len() <= 5
        && scanned.token_text(street + 1).as_bytes()[0].is_ascii_digit();
    let is_european = ![
        "Street", "Road", "Drive", "Court", "Place", "Way", "Bridge", "Close", "Square", "Loop", "Circle", "Trail",
        "Grove", "Row", "Walk",
    ]
    .contains(&scanned.token_text(street));
    if named && follows && is_european && !matches!(scanned.byte_at(number.end()), b'.' | b':' | b'%') {
        return Some((street.saturating_sub(names), street + 1));
    }
    None
}

/// The first and the last token of a street whose word comes first: `12 rue de la Paix`, `Via Roma 12`, `Calle Mayor, 5`.
pub(super) fn number_after(scanned: &Scanned, street: usize) -> Option<(usize, usize)> {
    let mut last = street;
    while last + 1 < scanned.tokens.len()
        && last - street < 6
        && matches!(scanned.gap(last), " " | " d'" | ", " | "'" | "-" | ". " | " l'")
    {
        let next = &scanned.tokens[last + 1];
        if next.shape.has_digit() {
            if next.len() <= 5 && last > street && scanned.token_text(last + 1).as_bytes()[0].is_ascii_digit() {
                last += 1;
            }
            break;
        }
        let is_particle = [
            "de", "la", "le", "les", "du", "des", "di", "del", "della", "dei", "da", "do", "dos", "las", "los", "el",
            "d", "l", "the",
        ]
        .contains(&scanned.token_text(last + 1));
        if !next.shape.is_capitalised() && !is_particle || scanned.gap(last) == ", " && last > street {
            break;
        }
        last += 1;
    }
    if last == street {
        return None;
    }
    let number_ahead = street.checked_sub(1).filter(|at| {
        scanned.tokens[*at].shape.has_digit()
            && scanned.tokens[*at].len() <= 5
            && matches!(scanned.gap(*at), " " | ", ")
    });
    match number_ahead {
        Some(first) => {
            let first = first
                .checked_sub(1)
                .filter(|at| scanned.tokens[*at].shape.is_number() && scanned.gap(*at) == " ")
                .unwrap_or(first);
            Some((first, last))
        }
        None => (scanned.tokens[last].shape.has_digit() && scanned.tokens[street].shape.is_capitalised())
            .then_some((street, last)),
    }
}

/// Streets whose name ends with the word for a street: `Grolmanstraße 25`, `Hafnarstraeti 5`, `Kerkstraat 12`.
pub(super) fn compound(scanned: &Scanned, spans: &mut Vec<Span>) {
    const ENDINGS: [&str; 22] = [
        "straße", "strasse", "str", "gasse", "weg", "platz", "allee", "ring", "straat", "laan", "gracht", "plein",
        "vägen", "gatan", "gata", "gade", "vej", "veien", "gaten", "katu", "tie", "straeti",
    ];
    for &anchor in &scanned.numbers {
        let index = anchor as usize;
        let Some(street) = index.checked_sub(1) else { continue };
        let (name, number) = (&scanned.tokens[street], &scanned.tokens[index]);
        if number.len() > 5
            || !name.shape.is_word()
            || !name.shape.is_capitalised()
            || name.len() < 7
            || !matches!(scanned.gap(street), " " | ". ")
            || !scanned.token_text(index).as_bytes()[0].is_ascii_digit()
        {
            continue;
        }
        let lower = scanned.token_text(street).to_lowercase();
        if ENDINGS.iter().any(|ending| lower.ends_with(ending) && lower.len() > ending.len() + 2)
            && !matches!(scanned.byte_at(number.end()), b'%' | b':')
        {
            let last = tail(scanned, index);
            // A number before it belongs to it, too: `33 Kerkstraat 2`.
            let ahead = street.checked_sub(1).filter(|at| {
                scanned.tokens[*at].shape.is_number() && scanned.tokens[*at].len() <= 5 && scanned.gap(*at) == " "
            });
            spans.push(address_span(scanned, ahead.unwrap_or(street), last));
        }
    }
}
