//! Finds positions: pairs of decimal degrees (ISO 6709) that a word or the degree sign announces.

use crate::{
    scan::{Scanned, trigger_words as trigger},
    span::{Kind, Span},
};

/// The fewest decimals of a position. Three are about 100 m: enough to tell a house from a city.
const DECIMALS_MIN: usize = 3;

/// A latitude or a longitude in a text.
struct Degrees {
    start: usize,
    end: usize,
    tokens: usize,
    has_sign: bool,
    value: f64,
}

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    let mut next = 0;
    for &anchor in &scanned.long_numbers {
        let first = anchor as usize;
        if first < next {
            continue;
        }
        let Some(latitude) = degrees_from(scanned, first) else { continue };
        let triggers = scanned.triggers_before(first, 4, 32);
        let is_announced = triggers & trigger::COORD != 0;
        let second = first + latitude.tokens;
        let gap = scanned
            .text
            .get(latitude.end..scanned.tokens.get(second).map_or(latitude.end, |token| token.start()))
            .unwrap_or("");
        let pair = (gap.len() <= 4 && gap.trim_matches([' ', ',', ';', '-', '/']).is_empty())
            .then(|| degrees_from(scanned, second))
            .flatten();
        match pair {
            Some(longitude)
                if latitude.value <= 90.0
                    && longitude.value <= 180.0
                    && (is_announced || latitude.has_sign && longitude.has_sign) =>
            {
                spans.push(Span { range: latitude.start..longitude.end, kind: Kind::Coordinates, why: "a position" });
                next = second + longitude.tokens;
            }
            _ if is_named(scanned, first) && latitude.value <= 180.0 => {
                spans.push(Span {
                    range: latitude.start..latitude.end,
                    kind: Kind::Coordinates,
                    why: "a latitude or longitude",
                });
                next = second;
            }
            _ => {}
        }
    }
}

/// Whether the word for it stands right before the number: `lat: 48.85837`, `"longitude": 2.294481`.
fn is_named(scanned: &Scanned, first: usize) -> bool {
    first > 0
        && ["lat", "latitude", "lon", "lng", "long", "longitude"]
            .iter()
            .any(|word| scanned.token_text(first - 1).eq_ignore_ascii_case(word))
        && scanned.gap(first - 1).trim_matches([' ', ':', '=', '"', '\'', '-']).is_empty()
}

/// The degrees that begin with the token `first`: `48.85837`, `-2.29448`, `48.85837° N`.
fn degrees_from(scanned: &Scanned, first: usize) -> Option<Degrees> {
    let [whole, fraction] = scanned.tokens.get(first..first + 2)? else { return None };
    if !whole.shape.is_number()
        || whole.len() > 3
        || !scanned.is_joined(first, b'.')
        || fraction.len() < DECIMALS_MIN
        || fraction.len() > 15
    {
        return None;
    }
    if !fraction.shape.is_number()
        || matches!(scanned.byte_before(whole.start()), b'.' | b'$' | b'_')
        || scanned.byte_at(fraction.end()) == b'.' && scanned.byte_at(fraction.end() + 1).is_ascii_digit()
    {
        return None;
    }
    let value = scanned.text[whole.start()..fraction.end()].parse().ok()?;
    let start = whole.start() - usize::from(matches!(scanned.byte_before(whole.start()), b'-' | b'+'));
    let mut degrees = Degrees { start, end: fraction.end(), tokens: 2, has_sign: false, value };
    let after = &scanned.text[degrees.end..];
    let sign = after.strip_prefix('°').unwrap_or(after);
    let letter = sign.strip_prefix(' ').unwrap_or(sign);
    let is_side = letter.starts_with(['N', 'S', 'E', 'W']) && !letter[1..].starts_with(char::is_alphanumeric);
    if is_side && sign.len() < after.len() {
        degrees.end += after.len() - letter.len() + 1;
        degrees.tokens = 3;
        degrees.has_sign = true;
    } else if sign.len() < after.len() {
        degrees.end += '°'.len_utf8();
        degrees.has_sign = true;
    }
    Some(degrees)
}
