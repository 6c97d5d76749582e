//! Positions: pairs of decimal degrees (ISO 6709) that a word or a sign announces.

use super::{Kind, Span, cue, lex::Lexed};

/// The fewest decimals of a position that tells a house from a city: three are about 100 m.
const DECIMALS_MIN: usize = 3;

struct Degrees {
    start: usize,
    end: usize,
    tokens: usize,
    has_sign: bool,
    value: f64,
}

pub(super) fn find(lexed: &Lexed, spans: &mut Vec<Span>) {
    let mut next = 0;
    for &anchor in &lexed.long_numbers {
        let first = anchor as usize;
        if first < next {
            continue;
        }
        let Some(latitude) = degrees_from(lexed, first) else { continue };
        let cues = lexed.cues_before(first, 4, 32);
        let is_announced = cues & cue::COORD != 0;
        let second = first + latitude.tokens;
        let gap = lexed
            .text
            .get(latitude.end..lexed.tokens.get(second).map_or(latitude.end, |token| token.start()))
            .unwrap_or("");
        let pair = (gap.len() <= 4 && gap.trim_matches([' ', ',', ';', '-', '/']).is_empty())
            .then(|| degrees_from(lexed, second))
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
            _ if is_named(lexed, first) && latitude.value <= 180.0 => {
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

/// `lat: 48.85837`, `"longitude": 2.294481`: the word stands right before.
fn is_named(lexed: &Lexed, first: usize) -> bool {
    first > 0
        && ["lat", "latitude", "lon", "lng", "long", "longitude"]
            .iter()
            .any(|word| lexed.token_text(first - 1).eq_ignore_ascii_case(word))
        && lexed.gap(first - 1).trim_matches([' ', ':', '=', '"', '\'', '-']).is_empty()
}

/// `48.85837`, `-2.29448`, `48.85837° N`.
fn degrees_from(lexed: &Lexed, first: usize) -> Option<Degrees> {
    let [whole, fraction] = lexed.tokens.get(first..first + 2)? else { return None };
    if !whole.shape.is_number()
        || whole.len() > 3
        || !lexed.is_joined(first, b'.')
        || fraction.len() < DECIMALS_MIN
        || fraction.len() > 15
    {
        return None;
    }
    if !fraction.shape.is_number()
        || matches!(lexed.byte_before(whole.start()), b'.' | b'$' | b'_')
        || lexed.byte_at(fraction.end()) == b'.' && lexed.byte_at(fraction.end() + 1).is_ascii_digit()
    {
        return None;
    }
    let value = lexed.text[whole.start()..fraction.end()].parse().ok()?;
    let start = whole.start() - usize::from(matches!(lexed.byte_before(whole.start()), b'-' | b'+'));
    let mut degrees = Degrees { start, end: fraction.end(), tokens: 2, has_sign: false, value };
    let after = &lexed.text[degrees.end..];
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
