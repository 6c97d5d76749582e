//! Numbers behind their words: phones, ids, accounts, cards, plates, postal codes.

use std::ops::Range;

use super::gap::{self, Gap};
use crate::scan::is_native_letter;

/// A number in groups.
struct Groups {
    /// Where the last digit ends.
    end: usize,
    digits: usize,
    letters: usize,
    /// The number of characters of each group.
    lengths: Vec<usize>,
}

/// The most letters and digits of an id, and of a phone number (ITU-T E.164 has 15 digits).
const ID_CHARS_MAX: usize = 26;
const PHONE_DIGITS_MAX: usize = 15;

/// The phone number in `reach`.
pub(super) fn phone(text: &str, reach: Range<usize>) -> Option<Range<usize>> {
    let begins = |c: char, rest: &str| {
        c.is_ascii_digit()
            || matches!(c, '+' | '(')
                && rest[1..].trim_start_matches(['(', ' ']).starts_with(|c: char| c.is_ascii_digit())
    };
    let (start, gap) = gap::skip(text, reach.clone(), begins)?;
    let groups = groups(text, start, PHONE_DIGITS_MAX, false)?;
    let has_plus = text[start..].starts_with('+');
    // `29 990` is a price: groups of three, and too few for a phone.
    let is_amount =
        groups.lengths.len() > 1 && groups.lengths[1..].iter().all(|length| *length == 3) && groups.digits < 7;
    let fewest = match gap {
        _ if has_plus => 7,
        Gap { assigns: true, .. } if gap.is_tight() => 5,
        _ if gap.is_tight() => 6,
        _ => 8,
    };
    (groups.digits >= fewest && !is_amount && !is_date(text, start, &groups) && !is_counted(text, groups.end))
        .then_some(start..groups.end)
}

/// The id in `reach`: letters and digits, five digits at least.
pub(super) fn id(text: &str, reach: Range<usize>) -> Option<Range<usize>> {
    let begins = |c: char, rest: &str| {
        // A few letters may lead: `E87654321`, `TK1234567`, `АН 123456`.
        let led = rest.trim_start_matches(|c: char| c.is_ascii_uppercase());
        c.is_ascii_digit()
            || c.is_ascii_uppercase()
                && rest.len() - led.len() <= 5
                && led.trim_start_matches([' ', '-']).starts_with(|c: char| c.is_ascii_digit())
    };
    let (start, gap) = gap::skip(text, reach, begins)?;
    let mut groups = groups(text, start, ID_CHARS_MAX, true)?;
    // серия 4512 номер 345678: the series and the number of a passport.
    let joint =
        [" номер ", " № ", " №", ", номер ", ", № "].iter().find(|joint| text[groups.end..].starts_with(**joint));
    if let Some(second) = joint.and_then(|joint| self::groups(text, groups.end + joint.len(), ID_CHARS_MAX, false)) {
        groups.digits += second.digits;
        groups.end = second.end;
    }
    // An Indian PAN has five letters and four digits.
    let fewest = match gap.is_tight() {
        true if groups.letters >= 5 => 4,
        true => 5,
        false => 7,
    };
    (groups.digits >= fewest && !is_date(text, start, &groups) && !is_counted(text, groups.end))
        .then(|| with_series(text, start)..groups.end)
}

/// The postal code in `reach`: `150-0043`, `200135`.
pub(super) fn postal_code(text: &str, reach: Range<usize>) -> Option<Range<usize>> {
    let (start, gap) = gap::skip(text, reach, |c, _| c.is_ascii_digit())?;
    let groups = groups(text, start, 10, false)?;
    let is_code = (4..=7).contains(&groups.digits) && groups.lengths.len() <= 2;
    (gap.is_tight() && is_code && !is_counted(text, groups.end)).then_some(start..groups.end)
}

/// The number plate in `reach`: up to a comma or a line's end, with three digits at least. `京A·12345`, `А123ВС 77`.
pub(super) fn plate(text: &str, reach: Range<usize>) -> Option<Range<usize>> {
    const CHARS_MAX: usize = 16;
    let skipped = text[reach.clone()]
        .find(|c: char| !(c.is_whitespace() || matches!(c, ':' | '=' | '.' | '№' | '"' | '\'' | '(')))?;
    let start = reach.start + skipped;
    // A particle comes first: 车牌号是京A12345.
    let start = start
        + text[start..]
            .chars()
            .next()
            .filter(|c| matches!(c, '是' | '为' | 'は' | '는' | '은'))
            .map_or(0, char::len_utf8);
    let end = text[start..reach.end]
        .char_indices()
        .take(CHARS_MAX)
        .take_while(|(_, c)| c.is_alphanumeric() || matches!(c, ' ' | '-' | '·' | '・'))
        .filter(|(_, c)| c.is_ascii_digit() || c.is_ascii_uppercase())
        .last()
        .map(|(at, c)| start + at + c.len_utf8())?;
    let value = &text[start..end];
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let letters = value.chars().filter(|c| c.is_alphabetic()).count();
    (digits >= 2 && (1..=7).contains(&letters) && skipped <= 4).then_some(start..end)
}

/// The groups that begin at `start`. Letters are allowed only `with_letters`, and there in groups with digits or before them.
fn groups(text: &str, start: usize, chars_max: usize, with_letters: bool) -> Option<Groups> {
    let bytes = text.as_bytes();
    let mut groups = Groups { end: start, digits: 0, letters: 0, lengths: Vec::new() };
    let mut at = start + usize::from(bytes.get(start) == Some(&b'+'));
    loop {
        at += bytes[at..].iter().take(2).take_while(|byte| **byte == b'(').count();
        let belongs = |byte: &&u8| byte.is_ascii_digit() || with_letters && byte.is_ascii_alphabetic();
        let length = bytes[at..].iter().take(chars_max + 1).take_while(belongs).count();
        let group = &bytes[at..at + length];
        let digits = group.iter().filter(|byte| byte.is_ascii_digit()).count();
        let is_whole = groups.digits + groups.letters + length <= chars_max;
        let is_lead = digits == 0 && length <= 5 && group.iter().all(u8::is_ascii_uppercase);
        if length == 0 || !is_whole || digits == 0 && !is_lead {
            break;
        }
        groups.digits += digits;
        groups.letters += length - digits;
        groups.lengths.push(length);
        at += length;
        groups.end = if digits > 0 { at } else { groups.end };
        // A long number is whole; what follows a space is another.
        let closes = usize::from(bytes.get(at) == Some(&b')'));
        let joint = bytes[at + closes..]
            .iter()
            .take(2)
            .take_while(|byte| matches!(byte, b' ' | b'-' | b'.' | b'/' | b'('))
            .count();
        let is_long = length >= 10 && bytes.get(at) == Some(&b' ');
        if joint == 0
            || is_long
            || bytes[at + closes..at + closes + joint].starts_with(b"  ")
            || bytes[at..].starts_with(b". ")
        {
            break;
        }
        at += closes + joint;
    }
    (groups.digits > 0).then_some(groups)
}

/// Whether the groups are a date: `2026-03-12`, `14.03.1985`.
fn is_date(text: &str, start: usize, groups: &Groups) -> bool {
    let sign = |at: usize| text.as_bytes().get(at).copied().unwrap_or(0);
    match groups.lengths[..] {
        [4, 1..=2, 1..=2, ..] => {
            matches!(&text[start..start + 2], "19" | "20") && matches!(sign(start + 4), b'-' | b'/' | b'.')
        }
        [1..=2, 1..=2, 4, ..] => matches!(sign(start + groups.lengths[0]), b'/' | b'.'),
        _ => false,
    }
}

/// Whether a unit follows, so that the number counts something: `2026年`, `12999 元`, `350,000원`.
fn is_counted(text: &str, end: usize) -> bool {
    let rest = &text[end..];
    let bytes = rest.as_bytes();
    if matches!(bytes, [b',' | b'.', b'0'..=b'9', ..]) || rest.starts_with('%') {
        return true;
    }
    let rest = rest.trim_start_matches(' ');
    [
        "年",
        "月",
        "元",
        "円",
        "원",
        "년",
        "個",
        "个",
        "件",
        "人",
        "名",
        "分",
        "秒",
        "米",
        "メートル",
        "文字",
        "桁",
        "位",
        "字",
        "₽",
        "€",
        "руб",
        "грн",
        "бутон",
    ]
    .iter()
    .any(|unit| rest.starts_with(unit))
}

/// Where the value at `start` begins with a series in letters of the script before it: `АН 123456`.
fn with_series(text: &str, start: usize) -> usize {
    let before = text[..start].strip_suffix(' ').unwrap_or(&text[..start]);
    let series: Vec<(usize, char)> =
        before.char_indices().rev().take(3).take_while(|(_, c)| c.is_uppercase() && is_native_letter(*c)).collect();
    let is_series = series.len() == 2 && before[..series[1].0].ends_with([' ', ':', '№', '"']);
    if is_series { series[1].0 } else { start }
}
