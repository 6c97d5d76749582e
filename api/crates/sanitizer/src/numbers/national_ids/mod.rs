//! Finds national, tax and health ids, mostly by their checksums. There is a table for each part of the world.
//!
//! Where an id counts depends on how likely any other number of its form passes its check:
//!
//! - Everywhere, if fewer than about one in a hundred do: letters and a checksum, two check digits, a date with a check digit, or the
//!   separators of the country with one of them. These are the ids of Argentina, Belarus, Belgium, Brazil, Chile, China, Colombia, the
//!   Dominican Republic, Finland, France, Ghana, Iceland, India (GSTIN), Indonesia (NPWP), Italy, Korea, Latvia, Luxembourg, Malaysia,
//!   Mexico, Norway, Pakistan, Russia (SNILS), Singapore, Spain, Sweden, Switzerland, Thailand, the Emirates, the United Kingdom,
//!   the USA (Medicare) and Venezuela. Right after a word for a thing (`order`, `serial`) digits alone do not count.
//! - Beside a word that announces it, or if it is the whole text, as in the field of a form. These are the ids with one check digit: of
//!   Australia, Austria, Bulgaria, Canada, the former Yugoslavia, Estonia, Germany, Greece, Hong Kong, India, Ireland, Lithuania, the
//!   Netherlands, Poland, Portugal, Romania, South Africa, Taiwan, Turkey, Uruguay.
//! - Beside a word only, if it has no check at all or looks like most numbers: of Albania, Croatia, Czechia, Denmark, Ecuador, Egypt,
//!   Hungary, Iran, Israel, Japan, Kazakhstan, Kuwait, Moldova, New Zealand, Peru, Saudi Arabia, Sri Lanka, Ukraine.
//!
//! To add the id of a country, add a line to the table of its part of the world, and below the table the function that checks it.

mod africa_oceania;
mod americas;
mod asia;
mod europe_east;
mod europe_west;
mod form;

use std::sync::LazyLock;

use self::form::{
    Id,
    When::{Always, Announced, AnnouncedOrAlone, Named},
    id, unchecked,
};
use crate::{
    numbers::license_plate,
    scan::{
        Scanned,
        trigger_words::{self as trigger, Triggers},
    },
    span::{Kind, Scope, Span},
};

/// The tables. If a value fits several lines, the first one with separators counts, then the first one.
const TABLES: [&[Id]; 6] =
    [europe_west::IDS, europe_east::IDS, americas::IDS, asia::IDS, africa_oceania::IDS, ANYWHERE];

/// Forms that several countries share, without a checksum.
const ANYWHERE: &[Id] = &[
    id(
        Kind::Passport,
        "a British or US passport",
        Announced,
        trigger::PASSPORT,
        "=999999999|=A99999999|=AA9999999",
        unchecked,
    ),
    id(
        Kind::LicensePlate,
        "a license plate",
        Announced,
        trigger::PLATE,
        "AAA999AA|AAA9999|AAA999|9AAA999|999AAA|AA999AA|AA99999|9999AAA|AAA99A9|AA9999|A99999",
        unchecked,
    ),
];

/// The most tokens of an id, and the most letters and digits.
const TOKENS_MAX: usize = 7;
const CHARS_MAX: usize = 18;
/// The fewest letters and digits of an id.
const VALUE_MIN: usize = 5;
/// The fewest letters and digits of an id that needs no announcement.
const LENGTH_MIN: usize = 9;
/// The fewest letters and digits in those tokens of an id that contain a digit, if the id needs no announcement. The minimum, 5, is that
/// of a US Medicare number. (An Italian fiscal code may have letters in place of digits. Written with spaces, it may have fewer, and is
/// missed.)
const IN_NUMBERS_MIN: usize = 5;
/// The most letters of a word that an id begins with, before its first digit.
const LED_MAX: usize = 6;

/// One of the forms of an id.
struct Form {
    id: &'static Id,
    shape: &'static [u8],
    /// Whether separators may stand only where the shape has them.
    is_exact: bool,
    /// Whether it consists of so many letters that it would be a word in lower case.
    may_be_word: bool,
    /// The places at which it has letters and digits.
    places: Places,
}

/// Which characters of a value are letters and which are digits, a bit for each character.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Places {
    letters: u32,
    digits: u32,
}

impl Places {
    /// The places at which the functions hold. The first character is the lowest bit.
    #[inline(always)]
    fn of(value: &[u8], is_letter: impl Fn(u8) -> bool, is_digit: impl Fn(u8) -> bool) -> Self {
        value.iter().rev().fold(Self { letters: 0, digits: 0 }, |places, byte| Self {
            letters: places.letters << 1 | u32::from(is_letter(*byte)),
            digits: places.digits << 1 | u32::from(is_digit(*byte)),
        })
    }

    fn have(self, other: Self) -> bool {
        self.letters & other.letters == other.letters && self.digits & other.digits == other.digits
    }
}

/// Forms by the number of their letters and digits.
type Forms = [FormsOfLength; CHARS_MAX + 1];

#[derive(Default)]
struct FormsOfLength {
    forms: Vec<Form>,
    /// The different places of all of them, which are few.
    places: Vec<Places>,
}

/// All forms.
static FORMS: LazyLock<Forms> = LazyLock::new(|| forms(|_| true));
/// The forms that need no announcement.
static FORMS_THAT_STAND_ALONE: LazyLock<Forms> = LazyLock::new(|| forms(|id| id.when == Always));

fn forms(is_wanted: fn(&Id) -> bool) -> Forms {
    let mut forms = Forms::default();
    for id in TABLES.into_iter().flatten().filter(|id| is_wanted(id)) {
        for shape in id.shapes.split('|') {
            let plain = shape.trim_start_matches('=');
            let length = plain.bytes().filter(u8::is_ascii_alphanumeric).count();
            let is_exact = plain.len() < shape.len() || plain.len() > length;
            let may_be_word = id.when == Always && id.shapes.contains("AAAA");
            let signs: Vec<u8> = plain.bytes().filter(u8::is_ascii_alphanumeric).collect();
            let places = Places::of(&signs, |sign| sign == b'A', |sign| sign == b'9');
            let of_length = &mut forms[length];
            of_length.forms.push(Form { id, shape: plain.as_bytes(), is_exact, may_be_word, places });
            if !of_length.places.contains(&places) {
                of_length.places.push(places);
            }
        }
    }
    // The separators of one country say more than digits that several countries have.
    for FormsOfLength { forms, .. } in &mut forms {
        forms.sort_by_key(|form| form.shape.iter().all(u8::is_ascii_alphanumeric));
    }
    forms
}

/// The words that announce any id of the tables.
const ANY_ID: Triggers = trigger::NATIONAL
    | trigger::TAX
    | trigger::HEALTH
    | trigger::BANK
    | trigger::SSN
    | trigger::PASSPORT
    | trigger::DRIVER
    | trigger::PLATE
    | trigger::CARD;

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    let is_alone = scanned.scope == Scope::Text && is_alone(scanned.text);
    let (length_min, in_numbers_min) =
        if is_alone || scanned.has_trigger(ANY_ID) { (VALUE_MIN, 1) } else { (LENGTH_MIN, IN_NUMBERS_MIN) };
    let mut next = 0;
    for &anchor in &scanned.numbers {
        let anchor = anchor as usize;
        // A part of a version or a path is no id, and most other numbers are too short for one.
        if is_part_after(scanned.byte_before(scanned.tokens[anchor].start())) {
            continue;
        }
        let (length, in_numbers) = joined_length(scanned, anchor);
        if length + LED_MAX < length_min || in_numbers < in_numbers_min {
            continue;
        }
        // A word may stand before the first digits: `AB 12 34 56 C`.
        let led = anchor.checked_sub(1).filter(|before| {
            let token = &scanned.tokens[*before];
            *before >= next
                && token.shape.is_word()
                && token.len() <= LED_MAX
                && matches!(scanned.gap(*before), " " | "-" | "")
        });
        for first in [led, Some(anchor)].into_iter().flatten().filter(|first| *first >= next) {
            let length = if first == anchor { length } else { joined_length(scanned, first).0 };
            if length < length_min {
                continue;
            }
            if let Some((last, id)) = id_from(scanned, first, length, is_alone) {
                let range = scanned.tokens[first].start()..scanned.tokens[last].end();
                spans.push(Span { range, kind: id.kind.clone(), why: id.why });
                next = last + 1;
                break;
            }
        }
    }
}

/// Whether the text is short and consists only of what an id may consist of.
fn is_alone(text: &str) -> bool {
    let text = text.trim();
    text.len() <= 24
        && !text.contains('\n')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-' | b'.' | b'/' | b'+' | b':'))
}

/// The last token and the table line of the id that begins with the token `first`, from which on `length` letters and digits are joined.
fn id_from(scanned: &Scanned, first: usize, length: usize, is_alone: bool) -> Option<(usize, &'static Id)> {
    let start = scanned.tokens[first].start();
    let before = scanned.byte_before(start);
    if is_part_after(before) || before == b'-' && first > 0 && scanned.tokens[first - 1].end() + 1 == start {
        return None;
    }
    let window = first..(first + TOKENS_MAX).min(scanned.tokens.len());
    // Among numbers only, as in a table of figures, digits that happen to have a right check digit are no id.
    let around = first.saturating_sub(TOKENS_MAX)..window.end;
    let has_letter = scanned.tokens[around].iter().any(|token| !token.shape.is_number());
    let may_need_no_cue = is_alone || has_letter || matches!(scanned.tokens[first].len(), 3 | 13);
    let triggers = if scanned.has_trigger(ANY_ID) {
        announced_before(scanned, first) | scanned.triggers_after(first, 5, 40) & (trigger::NATIONAL | trigger::TAX)
    } else {
        0
    };
    let is_announced = triggers & ANY_ID != 0;
    if !may_need_no_cue && !is_announced || length < LENGTH_MIN && !is_announced && !is_alone {
        return None;
    }
    let mut compact = [0; CHARS_MAX];
    let mut ends = [0; TOKENS_MAX];
    let (mut length, mut count) = (0, 0);
    for last in window {
        let text = &scanned.bytes()[scanned.tokens[last].range()];
        if length + text.len() > CHARS_MAX || !text.is_ascii() {
            break;
        }
        compact[length..length + text.len()].copy_from_slice(text);
        length += text.len();
        ends[count] = length;
        count += 1;
        if !joins(scanned, last) {
            break;
        }
    }
    if length < LENGTH_MIN && !is_announced && !is_alone {
        return None;
    }
    compact.make_ascii_uppercase();
    let compact = std::str::from_utf8(&compact[..length]).unwrap_or_default();
    let places = Places::of(compact.as_bytes(), |byte| byte.is_ascii_alphabetic(), |byte| byte.is_ascii_digit());
    // `order 811228-9874`: digits only, right after a word for something that has numbers of its own.
    let is_of_thing = || scanned.triggers_before(first, 2, 16) & trigger::HARMLESS != 0;
    let is_number = |value: &str| value.bytes().all(|byte| byte.is_ascii_digit());
    let forms = if triggers == 0 && !is_alone { &FORMS_THAT_STAND_ALONE } else { &FORMS };
    (0..count).rev().find_map(|at| {
        let value = &compact[..ends[at]];
        let FormsOfLength { forms, places: needed } = &forms[value.len()];
        if !needed.iter().any(|needed| places.have(*needed)) {
            return None;
        }
        let end = scanned.tokens[first + at].end();
        let goes_on = matches!(scanned.byte_at(end), b'.' | b'-' | b'_' | b'/')
            && scanned.byte_at(end + 1).is_ascii_alphanumeric();
        if goes_on || value.len() < VALUE_MIN || is_made_up(value) {
            return None;
        }
        let whole = is_alone && first == 0 && at + 1 == count && scanned.tokens.len() == count;
        let fits = |id: &Id| match id.when {
            Always => {
                (has_letter || value.len() == 13) && !(is_number(value) && is_of_thing())
                    || triggers & id.triggers != 0
                    || whole
            }
            AnnouncedOrAlone => triggers & id.triggers != 0 || whole,
            Announced => triggers & id.triggers != 0,
            Named => triggers & id.triggers != 0 && is_named(scanned, first, id.triggers),
        };
        let raw = &scanned.bytes()[start..end];
        let form = forms.iter().find(|form| {
            places.have(form.places)
                && fits(form.id)
                && is_written_so(raw, value.as_bytes(), form)
                && (form.id.check)(value)
        })?;
        Some((first + at, form.id))
    })
}

/// What the words before a value announce. The `id` of a name such as `order_id` announces no id of a person.
fn announced_before(scanned: &Scanned, first: usize) -> Triggers {
    const TOKENS_MAX: usize = 5;
    const BYTES_MAX: usize = 48;
    let start = scanned.tokens[first].start();
    (first.saturating_sub(TOKENS_MAX)..first).fold(0, |triggers, index| {
        let token = &scanned.tokens[index];
        let is_part = token.triggers == trigger::NATIONAL
            && scanned.byte_before(token.start()) == b'_'
            && scanned.token_text(index).eq_ignore_ascii_case("id");
        if start - token.end() > BYTES_MAX || is_part { triggers } else { triggers | token.triggers }
    })
}

/// Whether one of the words before a value announces it by more than `id`.
fn is_named(scanned: &Scanned, first: usize, triggers: Triggers) -> bool {
    let is_id = |index: usize| ["id", "ids"].iter().any(|id| scanned.token_text(index).eq_ignore_ascii_case(id));
    // `PPS_FETCH` is the name of a constant.
    let is_constant = |index: usize| {
        let token = &scanned.tokens[index];
        !token.shape.has_lower() && (scanned.byte_before(token.start()) == b'_' || scanned.byte_at(token.end()) == b'_')
    };
    (first.saturating_sub(5)..first)
        .any(|index| scanned.tokens[index].has(triggers) && !is_id(index) && !is_constant(index))
}

/// Whether what follows the sign is a part of something else or an amount of money.
fn is_part_after(sign: u8) -> bool {
    matches!(sign, b'.' | b'_' | b'$' | b'/' | b'#' | b'+')
}

/// Whether nothing, or one sign that ids are written with, stands between a token and the next one.
fn joins(scanned: &Scanned, index: usize) -> bool {
    let end = scanned.tokens[index].end();
    scanned.tokens.get(index + 1).is_some_and(|next| match next.start() - end {
        0 => true,
        1 => matches!(scanned.byte_at(end), b' ' | b'-' | b'.' | b'/' | b'+' | b':'),
        _ => false,
    })
}

/// The length of the joined tokens from `first` on, up to the most that an id may have; and how much of it is in tokens with digits. In
/// bytes.
fn joined_length(scanned: &Scanned, first: usize) -> (usize, usize) {
    let (mut length, mut in_numbers) = (0, 0);
    for index in first..first + TOKENS_MAX {
        let token = &scanned.tokens[index];
        length += token.len();
        in_numbers += if token.shape.has_digit() { token.len() } else { 0 };
        if length > CHARS_MAX || !joins(scanned, index) {
            break;
        }
    }
    (length, in_numbers)
}

/// Whether nobody has such a number: it has no digit, one character only, or is 123456789 or 078051120, the number that a maker of
/// wallets printed on a card in 1938 and that people have used since (Social Security Administration, "Misused SSNs").
fn is_made_up(value: &str) -> bool {
    let bytes = value.as_bytes();
    !bytes.iter().any(u8::is_ascii_digit)
        || bytes.iter().all(|byte| *byte == bytes[0])
        || matches!(value, "123456789" | "078051120")
}

/// Whether a value is written as a day: `14/11/2022`, `2022-11-14`.
fn is_date(raw: &[u8]) -> bool {
    let mut groups = raw.split(|byte| matches!(byte, b'/' | b'-' | b'.'));
    let lengths =
        [groups.next(), groups.next(), groups.next(), groups.next()].map(|group| group.map_or(0, <[u8]>::len));
    matches!(lengths, [1..=2, 1..=2, 4, 0] | [4, 1..=2, 1..=2, 0])
}

/// Whether a value is written as the form requires: its shape, separators of one kind, and capitals if it would be a word otherwise.
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
    // `of 1480` is no plate: a plate in small letters that begins with a letter is written without a space.
    let is_sentence = form.id.kind == Kind::LicensePlate && raw.contains(&b' ') && raw[0].is_ascii_alphabetic();
    if lower && (upper || form.may_be_word || is_sentence) || is_sentence && license_plate::begins_other(raw) {
        return false;
    }
    // National ids are written with mixed separators: `12.345.678-9`, `940 12 31-123`.
    let is_free = form.id.kind == Kind::NationalId;
    let mut separators = raw.iter().filter(|byte| !byte.is_ascii_alphanumeric());
    let first = separators.clone().next();
    form.is_exact
        || !is_date(raw)
            && separators
                .all(|sign| !matches!(sign, b'+' | b':') && (is_free || (sign == &b' ') == (first == Some(&b' '))))
}
