//! Streets with their numbers.

use crate::{
    people::address::{
        extent::{address_span, tail},
        house,
    },
    scan::{Scanned, trigger_words as trigger},
    span::Span,
};

/// The most words in the name of a street.
const NAME_TOKENS_MAX: usize = 4;

/// The first and the last token of a street whose word comes last: a house number and one to four words before it, as `221B Baker Street`;
/// or the words before it and a number after it, as `Villacher Strasse 89`.
pub(super) fn number_before(scanned: &Scanned, street: usize) -> Option<(usize, usize)> {
    let (mut names, mut at) = (0, street);
    let in_lower_case = !scanned.tokens[street].shape.is_capitalised() && may_be_lower(scanned, street);
    while at > 0 && street - at <= NAME_TOKENS_MAX {
        let gap = scanned.gap(at - 1);
        at -= 1;
        let token = &scanned.tokens[at];
        if !matches!(gap, " " | "." | ". " | "'" | "-" | ", " | "’") {
            break;
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
                // `in 1929. Explain Baker Street`: a sentence ends between the two.
                || gap == ". "
                || !may_number(scanned, at, gap)
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
            // 6720 Szeged, Kárász utca 9: a postal code stands before, and the house number after.
            let house = if is_english(scanned, street) { None } else { house::after(scanned, street) };
            return Some((first, house.unwrap_or(street)));
        }
        let is_small = matches!(
            scanned.token_text(at),
            "de" | "la" | "of" | "the" | "van" | "den" | "der" | "del" | "le" | "s" | "bis" | "ter"
        );
        // A full stop ends an abbreviation, as in `12 St. James Street`, or a sentence.
        let ends_sentence = gap == ". " && token.len() > 3;
        if ends_sentence || !token.shape.is_word() || !token.shape.is_capitalised() && !is_small && !in_lower_case {
            break;
        }
        names += 1;
    }
    // If no number stands before it, one may follow. In English it never does.
    let named = names >= 1 && scanned.gap(street - 1).trim_matches([' ', '-']).is_empty();

    let is_article = names == 1
        && ["Der", "Die", "Das", "Den", "Dem", "Ein", "The", "Le", "La", "El", "Un", "Una", "De", "Het", "Det", "En"]
            .contains(&scanned.token_text(street - 1));
    if !named || is_article || is_english(scanned, street) || in_lower_case || !is_written_out(scanned, street) {
        return None;
    }
    let last = house::after(scanned, street)?;
    let first = (street.saturating_sub(names)..street).find(|at| scanned.tokens[*at].shape.is_capitalised())?;
    Some((first, last))
}

/// Whether the word for a street is English, and so stands after the house number.
fn is_english(scanned: &Scanned, street: usize) -> bool {
    [
        "Street", "Road", "Drive", "Court", "Place", "Way", "Bridge", "Close", "Square", "Loop", "Circle", "Trail",
        "Grove", "Row", "Walk", "Lane", "Avenue", "Terrace", "Crescent", "Parade", "Highway", "Parkway", "Mews",
    ]
    .iter()
    .any(|word| scanned.token_text(street).eq_ignore_ascii_case(word))
}

/// Whether the number at `at` may be that of a house, given what stands between it and the street. `1978, rue de Rivoli` begins a sentence
/// about that year.
fn may_number(scanned: &Scanned, at: usize, gap: &str) -> bool {
    let text = scanned.token_text(at);
    let is_year = text.len() == 4 && (text.starts_with('1') || text.starts_with("20"));
    !(is_year && gap == ", ")
}

/// Whether the street may be written in lower case: the text speaks of living somewhere, or a flat stands before it, or right after
/// it, as in `19 folkestone road suite 482`.
pub(super) fn may_be_lower(scanned: &Scanned, street: usize) -> bool {
    const NEAR_TOKENS: usize = 9;
    let has_flat = scanned.tokens.get(street + 2).is_some_and(|number| {
        number.shape.is_number()
            && scanned.tokens[street + 1].has(trigger::UNIT)
            && matches!(scanned.gap(street), " " | ", " | "\n" | ",\n" | "\n ")
            && matches!(scanned.gap(street + 1), " " | ". " | " #")
    });
    has_flat
        || (street.saturating_sub(NEAR_TOKENS)..street).any(|at| {
            let token = &scanned.tokens[at];
            token.has(trigger::RESIDES)
                || token.has(trigger::UNIT) && scanned.tokens[at + 1].shape.has_digit() && scanned.gap(at) == " "
        })
}

/// Whether the word is French, with the number before it and its name after it: `34 avenue des Tuileries`. In English the number is an
/// ordinal (`5th Avenue`), or the name stands between the two.
pub(super) fn is_french_avenue(scanned: &Scanned, street: usize) -> bool {
    street > 0
        && scanned.tokens[street - 1].shape.is_number()
        && scanned.gap(street - 1) == " "
        && scanned.token_text(street).eq_ignore_ascii_case("avenue")
}

/// Whether a name in capitals stands before the word, and a number after it: `Váci út 118`, `Petőfi Sándor utca 12`.
pub(super) fn is_between_name_and_number(scanned: &Scanned, street: usize) -> bool {
    let before = street.checked_sub(1).is_some_and(|before| {
        let token = &scanned.tokens[before];
        scanned.gap(before) == " " && token.shape.is_word() && token.shape.is_capitalised() && token.len() >= 3
    });
    before && house::after(scanned, street).is_some()
}

/// Whether the word is no abbreviation that is a common word without its full stop: `Cd. 118`, but not `CD 12`. A state's letters are
/// none, either: `Provo, UT 84601`.
fn is_written_out(scanned: &Scanned, street: usize) -> bool {
    let token = &scanned.tokens[street];
    let is_short = token.len() <= 3 && token.shape.is_capitalised();
    let is_known = ["str", "út", "utca", "väg", "vej", "köz", "iela", "trg", "weg"]
        .contains(&scanned.token_text(street).to_lowercase().as_str());
    !is_short || scanned.gap(street).starts_with('.') || is_known && token.shape.has_lower()
}

/// The first and the last token of a street whose word comes first: `12 rue de la Paix`, `Via Roma 12`, `Calle Mayor, 5`.
pub(super) fn number_after(scanned: &Scanned, street: usize) -> Option<(usize, usize)> {
    const NEED_NO_DOT: [&str; 12] = ["rue", "via", "rua", "ul", "av", "jl", "jln", "cra", "calle", "dr", "bd", "trg"];
    let token = &scanned.tokens[street];
    if token.len() <= 3
        && !scanned.gap(street).starts_with('.')
        && !NEED_NO_DOT.iter().any(|word| scanned.token_text(street).eq_ignore_ascii_case(word))
    {
        return None;
    }
    let in_lower_case = !token.shape.is_capitalised() && may_be_lower(scanned, street);
    let ahead = number_ahead(scanned, street);
    let mut last = street;
    let (mut house, mut is_crossing) = (None, false);
    while last + 1 < scanned.tokens.len()
        && last - street < 6
        && matches!(
            scanned.gap(last),
            " " | " d'" | ", " | "'" | "-" | ". " | " l'" | " # " | "." | " n° " | ", n° " | ": "
        )
    {
        // In Colombia the street itself has a number: Calle 72 # 10-34.
        house = if last > street || scanned.tokens[last + 1].shape.has_digit() {
            house::after(scanned, last)
        } else {
            None
        };
        let crossing = scanned
            .tokens
            .get(last + 2)
            .filter(|_| scanned.gap(last + 1).trim_matches(' ') == "#" || scanned.gap(last + 1) == " No. ");
        if let (Some(_), Some(_)) = (house, crossing) {
            house = house::after(scanned, last + 1).or(house);
            is_crossing = true;
        }
        if house.is_some() || scanned.gap(last) == ": " {
            break;
        }
        let next = &scanned.tokens[last + 1];
        if next.shape.has_digit() {
            break;
        }
        let is_particle = [
            "de", "la", "le", "les", "du", "des", "di", "del", "della", "dei", "da", "do", "dos", "das", "las", "los",
            "el", "d", "l", "the", "e", "y", "dell", "delle", "degli", "van", "kneza", "en", "sur",
        ]
        .contains(&scanned.token_text(last + 1));
        let is_name =
            next.shape.is_capitalised() || is_particle || in_lower_case && next.shape.is_word() && last - street < 4;
        if !is_name || scanned.gap(last) == ", " && last > street {
            break;
        }
        last += 1;
    }
    if last == street && house.is_none() {
        return None;
    }
    match ahead {
        Some(first) => {
            Some((first, house.unwrap_or_else(|| house::with_flats(scanned, last)))).filter(|_| last > street)
        }
        None => house
            .filter(|_| {
                scanned.tokens[street].shape.is_capitalised() || in_lower_case || is_abbreviation(scanned, street)
            })
            .filter(|_| last > street || is_crossing)
            .map(|house| (street, house)),
    }
}

/// Whether the word for the street is an abbreviation in lower case, as in Polish: `ul. Długa 14`, `al. Jerozolimskie 5`.
fn is_abbreviation(scanned: &Scanned, street: usize) -> bool {
    let next_is_capital = scanned.tokens.get(street + 1).is_some_and(|next| next.shape.is_capitalised());
    let is_before = [
        "ul",
        "al",
        "os",
        "pl",
        "ulica",
        "ulici",
        "aleja",
        "via",
        "rua",
        "calle",
        "rue",
        "strada",
        "carrer",
        "jalan",
        "avenue",
        "boulevard",
        "place",
        "allée",
        "impasse",
        "chemin",
        "quai",
        "viale",
        "piazza",
        "corso",
        "avenida",
        "praça",
        "travessa",
        "plaza",
        "paseo",
        "nám",
        "tř",
    ]
    .iter()
    .any(|word| scanned.token_text(street).eq_ignore_ascii_case(word));
    is_before && next_is_capital && matches!(scanned.gap(street), ". " | "." | " ")
}

/// The token with which the number before the word for a street begins: `12 rue …`, `23 bis rue …`.
fn number_ahead(scanned: &Scanned, street: usize) -> Option<usize> {
    let before = street.checked_sub(1)?;
    let is_suffix = matches!(scanned.token_text(before), "bis" | "ter" | "quater" | "B" | "C")
        && matches!(scanned.gap(before), " " | ", ");
    let at = if is_suffix && scanned.gap(before.checked_sub(1)?) == " " { before - 1 } else { before };
    let token = &scanned.tokens[at];
    let gap = scanned.gap(at);
    let is_number = token.shape.has_digit()
        && token.len() <= 5
        && matches!(gap, " " | ", ")
        && scanned.token_text(at).as_bytes()[0].is_ascii_digit();
    if !is_number || !may_number(scanned, at, gap) {
        return None;
    }
    at.checked_sub(1)
        .filter(|first| scanned.tokens[*first].shape.is_number() && matches!(scanned.gap(*first), " " | "-"))
        .or(Some(at))
}

/// Streets whose name ends with the word for a street: `Grolmanstraße 25`, `Hafnarstraeti 5`, `Kerkstraat 12`.
pub(super) fn compound(scanned: &Scanned, spans: &mut Vec<Span>) {
    for &anchor in &scanned.numbers {
        let number = anchor as usize;
        let Some(street) = number.checked_sub(1) else { continue };
        let name = &scanned.tokens[street];
        if !name.shape.is_word() || name.len() < 6 || scanned.tokens[number].start() - name.end() > 2 {
            continue;
        }
        if !matches!(scanned.gap(street), " " | ". " | ".")
            || !may_end_street(scanned.bytes()[name.end() - 2], scanned.bytes()[name.end() - 1])
        {
            continue;
        }
        if !is_compound(scanned.token_text(street), name.shape.is_capitalised())
            || !house::is_house_number(scanned, number)
        {
            continue;
        }
        let Some(last) = house::after(scanned, street) else { continue };
        // A number before it belongs to it, too: `33 Kerkstraat 2`.
        let ahead = street.checked_sub(1).filter(|at| {
            scanned.tokens[*at].shape.is_number() && scanned.tokens[*at].len() <= 5 && scanned.gap(*at) == " "
        });
        spans.push(address_span(scanned, ahead.unwrap_or(street), tail(scanned, last)));
    }
}

/// Whether a word ends with the word for a street. Fewer endings count without a capital, because more words in lower case end so.
fn is_compound(word: &str, is_capitalised: bool) -> bool {
    const ENDINGS: [&str; 47] = [
        "alleen",
        "alléen",
        "strasse",
        "str",
        "gasse",
        "weg",
        "platz",
        "allee",
        "ring",
        "damm",
        "chaussee",
        "deich",
        "graben",
        "ufer",
        "promenade",
        "twiete",
        "straat",
        "laan",
        "gracht",
        "plein",
        "kade",
        "dijk",
        "singel",
        "steeg",
        "dreef",
        "vagen",
        "vag",
        "gatan",
        "gata",
        "grand",
        "stigen",
        "gade",
        "vej",
        "straede",
        "vaenget",
        "toften",
        "veien",
        "vegen",
        "gaten",
        "bakken",
        "katu",
        "tie",
        "kuja",
        "polku",
        "kaari",
        "straeti",
        "vegur",
    ];
    const LOWER_ENDINGS: [&str; 15] = [
        "strasse", "str", "straat", "gracht", "laan", "vagen", "gatan", "veien", "gaten", "katu", "gade", "gasse",
        "allee", "vegen", "ntie",
    ];
    /// Words that end so and are no streets.
    const NO_STREETS: [&str; 34] = [
        "aufer",
        "laufer",
        "kaufer",
        "rufer",
        "schlaufer",
        "garantie",
        "partie",
        "demokratie",
        "aktie",
        "sympathie",
        "dekade",
        "blockade",
        "barrikade",
        "brigade",
        "kaskade",
        "bahnsteig",
        "arbeitsplatz",
        "parkplatz",
        "marktplatz",
        "stellplatz",
        "sitzplatz",
        "stehplatz",
        "umweg",
        "ausweg",
        "hering",
        "dating",
        "spring",
        "string",
        "boulevardzeitung",
        "schutzstrasse",
        "milchstrasse",
        "einbahnstrasse",
        "fregatte",
        "regata",
    ];
    let Some(folded) = fold(word) else { return false };
    let endings = if is_capitalised { &ENDINGS[..] } else { &LOWER_ENDINGS[..] };
    endings.iter().any(|ending| folded.ends_with(ending) && folded.len() > ending.len() + 2)
        && !NO_STREETS.iter().any(|word| folded.ends_with(word))
}

/// Whether the word for a street may end with the two bytes. Most words end otherwise.
fn may_end_street(one: u8, last: u8) -> bool {
    matches!(
        [one | 0x20, last | 0x20],
        [b's', b'e']
            | [_, b'r']
            | [b'e', b'g']
            | [_, b'z']
            | [b'e', b'e']
            | [b'n', b'g']
            | [b'm', b'm']
            | [b'c', b'h']
            | [b'e', b'n']
            | [b'd', b'e']
            | [b't', b'e']
            | [b'a', b't']
            | [b'a', b'n']
            | [b'h', b't']
            | [b'i', b'n']
            | [b'j', b'k']
            | [b'e', b'l']
            | [b'e', b'f']
            | [_, b'g']
            | [b't', b'a']
            | [b'n', b'd']
            | [b'e', b'j']
            | [b't', b'u']
            | [b'i', b'e']
            | [b'j', b'a']
            | [b'k', b'u']
            | [b'r', b'i']
            | [b't', b'i']
    ) || one >= 0x80
        || last >= 0x80
}

/// The word in small letters without diacritics; `None` for what is too long for the name of a street.
fn fold(word: &str) -> Option<String> {
    if word.len() > 48 {
        return None;
    }
    let mut folded = String::with_capacity(word.len() + 4);
    for c in word.chars().flat_map(char::to_lowercase) {
        match c {
            'ß' => folded.push_str("ss"),
            'ä' | 'å' | 'á' => folded.push('a'),
            'ö' | 'ø' | 'ó' => folded.push('o'),
            'ü' | 'ú' => folded.push('u'),
            'æ' => folded.push_str("ae"),
            'é' => folded.push('e'),
            c => folded.push(c),
        }
    }
    Some(folded)
}
