//! National, tax and health ids by their checksums: a file for each part of the world.
//!
//! A form that nothing else has (letters and a check) counts wherever it stands; digits alone count beside a word that
//! announces them, or when the text is nothing but the id, as the value of a form's field. A new country is a line in the
//! table of its part of the world, and its check below when no other country shares it.

mod africa_oceania;
mod americas;
mod asia;
mod europe_east;
mod europe_west;

use std::sync::LazyLock;

use super::{
    Kind, Scope, Span,
    checksum::{digits, luhn, mod_11_10},
    cue::{self, Cues},
    lex::Lexed,
};

/// When a value that passes its check is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    /// Wherever it stands.
    Always,
    /// Beside a word that announces it, or alone.
    CuedOrAlone,
    /// Beside a word that announces it.
    Cued,
}
use When::{Always, Cued, CuedOrAlone};

struct Id {
    kind: Kind,
    why: &'static str,
    when: When,
    cues: Cues,
    /// `A` a letter, `9` a digit, `X` either; several forms are parted by `|`. Spaces, hyphens, dots and slashes may stand
    /// anywhere, unless the form has some itself or begins with `=`: then it must be written just so.
    shapes: &'static str,
    check: fn(&str) -> bool,
}

const fn id(
    kind: Kind,
    why: &'static str,
    when: When,
    cues: Cues,
    shapes: &'static str,
    check: fn(&str) -> bool,
) -> Id {
    Id { kind, why, when, cues, shapes, check }
}

const N: Cues = cue::NATIONAL;
const T: Cues = cue::TAX;
const H: Cues = cue::HEALTH;

/// Where several fit, the first is taken.
const TABLES: [&[Id]; 6] =
    [europe_west::IDS, europe_east::IDS, americas::IDS, asia::IDS, africa_oceania::IDS, ANYWHERE];

/// Forms of several countries, without checks.
const ANYWHERE: &[Id] = &[
    id(Kind::Passport, "a British or US passport", Cued, cue::PASSPORT, "=999999999|=A99999999|=AA9999999", any),
    id(
        Kind::LicensePlate,
        "a plate",
        Cued,
        cue::PLATE,
        "AAA999AA|AAA9999|AAA999|9AAA999|999AAA|AA999AA|AA99999|9999AAA|AAA99A9|AA9999|A99999",
        any,
    ),
];

/// The most tokens of an id, and the most characters.
const TOKENS_MAX: usize = 6;
const CHARS_MAX: usize = 18;
/// The fewest characters of an id.
const VALUE_MIN: usize = 5;
/// The fewest characters of an id that needs no announcement.
const LENGTH_MIN: usize = 9;
/// The fewest characters that the tokens with digits have of an id that needs no announcement: 5 of a US Medicare number. (An Italian
/// code may have letters for its digits; parted by spaces, it may have fewer.)
const IN_NUMBERS_MIN: usize = 5;
/// The most letters of a word that an id begins with.
const LED_MAX: usize = 6;

/// One way to write an id.
struct Form {
    id: &'static Id,
    shape: &'static [u8],
    /// Separators stand where the shape has them, and nowhere else.
    is_exact: bool,
    /// Letters make most of it: in lower case it is a word.
    may_be_word: bool,
    /// The places of the letters and digits that it must have.
    places: Places,
}

/// Which characters of a value are letters and which are digits, a bit each.
#[derive(Clone, Copy)]
struct Places {
    letters: u32,
    digits: u32,
}

impl Places {
    /// Of the characters for which the functions hold; the first is the lowest bit.
    fn of(value: &[u8], is_letter: fn(&u8) -> bool, is_digit: fn(&u8) -> bool) -> Self {
        let bits = |is: fn(&u8) -> bool| value.iter().rev().fold(0, |bits, byte| bits << 1 | u32::from(is(byte)));
        Self { letters: bits(is_letter), digits: bits(is_digit) }
    }

    fn have(self, other: Self) -> bool {
        self.letters & other.letters == other.letters && self.digits & other.digits == other.digits
    }
}

/// Forms by the count of their letters and digits.
type Forms = [Vec<Form>; CHARS_MAX + 1];

static FORMS: LazyLock<Forms> = LazyLock::new(|| forms(|_| true));
/// Those that need no announcement.
static FORMS_THAT_STAND_ALONE: LazyLock<Forms> = LazyLock::new(|| forms(|id| id.when == Always));

fn forms(is_wanted: fn(&Id) -> bool) -> Forms {
    let mut forms = [const { Vec::new() }; CHARS_MAX + 1];
    for id in TABLES.into_iter().flatten().filter(|id| is_wanted(id)) {
        for shape in id.shapes.split('|') {
            let plain = shape.trim_start_matches('=');
            let length = plain.bytes().filter(u8::is_ascii_alphanumeric).count();
            let is_exact = plain.len() < shape.len() || plain.len() > length;
            let may_be_word = id.when == Always && id.shapes.contains("AAAA");
            let signs: Vec<u8> = plain.bytes().filter(u8::is_ascii_alphanumeric).collect();
            let places = Places::of(&signs, |sign| *sign == b'A', |sign| *sign == b'9');
            forms[length].push(Form { id, shape: plain.as_bytes(), is_exact, may_be_word, places });
        }
    }
    forms
}

const ANY_ID: Cues = N | T | H | cue::BANK | cue::SSN | cue::PASSPORT | cue::DRIVER | cue::PLATE | cue::CARD;

pub(super) fn find(lexed: &Lexed, scope: Scope, spans: &mut Vec<Span>) {
    let is_alone = scope == Scope::Text && is_alone(lexed.text);
    let (length_min, in_numbers_min) =
        if is_alone || lexed.announces(ANY_ID) { (VALUE_MIN, 1) } else { (LENGTH_MIN, IN_NUMBERS_MIN) };
    let mut next = 0;
    for &anchor in &lexed.numbers {
        let anchor = anchor as usize;
        // A part of a version or a path is no id; most other numbers are a few digits alone.
        if is_part_after(lexed.byte_before(lexed.tokens[anchor].start())) {
            continue;
        }
        let (length, in_numbers) = joined_length(lexed, anchor);
        if length + LED_MAX < length_min || in_numbers < in_numbers_min {
            continue;
        }
        // Letters may stand before the first digits: `AB 12 34 56 C`.
        let led = anchor.checked_sub(1).filter(|before| {
            let token = &lexed.tokens[*before];
            *before >= next
                && token.shape.is_word()
                && token.len() <= LED_MAX
                && matches!(lexed.gap(*before), " " | "-" | "")
        });
        for first in [led, Some(anchor)].into_iter().flatten().filter(|first| *first >= next) {
            if let Some((last, id)) = id_from(lexed, first, length_min, is_alone) {
                let range = lexed.tokens[first].start()..lexed.tokens[last].end();
                spans.push(Span { range, kind: id.kind, why: id.why });
                next = last + 1;
                break;
            }
        }
    }
}

/// The text is short and holds no words, but for what an id is made of.
fn is_alone(text: &str) -> bool {
    let text = text.trim();
    text.len() <= 24
        && !text.contains('\n')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-' | b'.' | b'/' | b'+' | b':'))
}

fn id_from(lexed: &Lexed, first: usize, length_min: usize, is_alone: bool) -> Option<(usize, &'static Id)> {
    let start = lexed.tokens[first].start();
    let before = lexed.byte_before(start);
    if is_part_after(before) || before == b'-' && first > 0 && lexed.tokens[first - 1].end() + 1 == start {
        return None;
    }
    if joined_length(lexed, first).0 < length_min {
        return None;
    }
    let window = first..(first + TOKENS_MAX).min(lexed.tokens.len());
    let has_letter = lexed.tokens[window.clone()].iter().any(|token| !token.shape.is_number());
    let may_need_no_cue = is_alone || has_letter || matches!(lexed.tokens[first].len(), 3 | 13);
    let cues = if lexed.announces(ANY_ID) {
        lexed.cues_before(first, 5, 48) | lexed.cues_after(first, 5, 40) & (N | T)
    } else {
        0
    };
    let is_announced = cues & ANY_ID != 0;
    if !may_need_no_cue && !is_announced {
        return None;
    }
    let mut compact = [0; CHARS_MAX];
    let mut ends = [0; TOKENS_MAX];
    let (mut length, mut count) = (0, 0);
    for last in window {
        let text = lexed.token_text(last).as_bytes();
        if length + text.len() > CHARS_MAX || !text.is_ascii() {
            break;
        }
        compact[length..length + text.len()].copy_from_slice(text);
        length += text.len();
        ends[count] = length;
        count += 1;
        if !joins(lexed, last) {
            break;
        }
    }
    if length < LENGTH_MIN && !is_announced && !is_alone {
        return None;
    }
    compact.make_ascii_uppercase();
    let compact = std::str::from_utf8(&compact[..length]).unwrap_or_default();
    let places = Places::of(compact.as_bytes(), u8::is_ascii_alphabetic, u8::is_ascii_digit);
    let forms = if cues == 0 && !is_alone { &FORMS_THAT_STAND_ALONE } else { &FORMS };
    (0..count).rev().find_map(|at| {
        let value = &compact[..ends[at]];
        let forms = &forms[value.len()];
        if !forms.iter().any(|form| places.have(form.places)) {
            return None;
        }
        let end = lexed.tokens[first + at].end();
        let goes_on =
            matches!(lexed.byte_at(end), b'.' | b'-' | b'_' | b'/') && lexed.byte_at(end + 1).is_ascii_alphanumeric();
        if goes_on || value.len() < VALUE_MIN || is_made_up(value) {
            return None;
        }
        let whole = is_alone && first == 0 && at + 1 == count && lexed.tokens.len() == count;
        let fits = |id: &Id| match id.when {
            Always => has_letter || cues & id.cues != 0 || whole || value.len() == 13,
            CuedOrAlone => cues & id.cues != 0 || whole,
            Cued => cues & id.cues != 0,
        };
        let raw = &lexed.bytes()[start..end];
        let form = forms.iter().find(|form| {
            places.have(form.places)
                && fits(form.id)
                && is_written_so(raw, value.as_bytes(), form)
                && (form.id.check)(value)
        })?;
        Some((first + at, form.id))
    })
}

/// What follows the sign is a part of something else, or an amount.
fn is_part_after(sign: u8) -> bool {
    matches!(sign, b'.' | b'_' | b'$' | b'/' | b'#' | b'+')
}

/// Nothing, or one sign that ids are written with, stands between a token and the next.
fn joins(lexed: &Lexed, index: usize) -> bool {
    let end = lexed.tokens[index].end();
    lexed.tokens.get(index + 1).is_some_and(|next| match next.start() - end {
        0 => true,
        1 => matches!(lexed.byte_at(end), b' ' | b'-' | b'.' | b'/' | b'+' | b':'),
        _ => false,
    })
}

/// How many bytes the tokens from `first` on have that an id may be made of, and how many of these are in tokens with digits.
fn joined_length(lexed: &Lexed, first: usize) -> (usize, usize) {
    let (mut length, mut in_numbers) = (0, 0);
    for index in first..first + TOKENS_MAX {
        let token = &lexed.tokens[index];
        length += token.len();
        in_numbers += if token.shape.has_digit() { token.len() } else { 0 };
        if length > CHARS_MAX || !joins(lexed, index) {
            break;
        }
    }
    (length, in_numbers)
}

/// Without a digit, one digit only, or counted up: nobody's number.
fn is_made_up(value: &str) -> bool {
    let bytes = value.as_bytes();
    !bytes.iter().any(u8::is_ascii_digit) || bytes.iter().all(|byte| *byte == bytes[0]) || value == "123456789"
}

/// The value has the shape, with separators of one kind only, and in capitals where lower case would make a word of it.
fn is_written_so(raw: &[u8], value: &[u8], form: &Form) -> bool {
    let text = if form.is_exact { raw } else { value };
    let has_shape = text.len() == form.shape.len()
        && form.shape.iter().zip(text).all(|(shape, byte)| match shape {
            b'A' => byte.is_ascii_alphabetic(),
            b'9' => byte.is_ascii_digit(),
            b'X' => byte.is_ascii_alphanumeric(),
            sign => byte == sign,
        });
    if !has_shape {
        return false;
    }
    let lower = raw.iter().any(u8::is_ascii_lowercase);
    let upper = raw.iter().any(u8::is_ascii_uppercase);
    if lower && (upper || form.may_be_word) {
        return false;
    }
    // National ids are often written by hand: `12.345.678-9`, `940 12 31-123`.
    let is_free = form.id.kind == Kind::NationalId;
    let mut separators = raw.iter().filter(|byte| !byte.is_ascii_alphanumeric());
    let first = separators.clone().next();
    form.is_exact
        || separators.all(|sign| !matches!(sign, b'+' | b':') && (is_free || (sign == &b' ') == (first == Some(&b' '))))
}

fn any(_: &str) -> bool {
    true
}

fn luhn_text(value: &str) -> bool {
    luhn(&digits(value)) && !value.starts_with("000")
}

fn mod_11_10_text(value: &str) -> bool {
    mod_11_10(&digits(value))
}
