//! Finds US social security numbers and taxpayer numbers (ITIN): `123-45-6789`, or nine digits that a word announces.

use crate::{
    scan::{Scanned, trigger_words as trigger},
    span::{Kind, Span},
};

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    for &anchor in &scanned.numbers {
        let first = anchor as usize;
        if let Some((last, kind)) = number_from(scanned, first) {
            let range = scanned.tokens[first].start()..scanned.tokens[last].end();
            spans.push(Span { range, kind, why: "a social security number" });
        }
    }
}

/// The last token and the kind of the number that begins with the token `first`.
fn number_from(scanned: &Scanned, first: usize) -> Option<(usize, Kind)> {
    let token = &scanned.tokens[first];
    let is_announced = || scanned.triggers_before(first, 8, 60) & trigger::SSN != 0;
    if token.len() == 9 && token.shape.is_number() {
        let text = scanned.token_text(first);
        return (is_announced() && is_assigned(&text[..3], &text[3..5], &text[5..])).then_some((first, Kind::Ssn));
    }
    if token.len() != 3 {
        return None;
    }
    let [area, group, serial] = scanned.tokens.get(first..first + 3)? else { return None };
    let separator = scanned.gap(first);
    if group.len() != 2
        || serial.len() != 4
        || separator != scanned.gap(first + 1)
        || !matches!(separator, "-" | " " | "." | " - ")
    {
        return None;
    }
    let (before, after) = (scanned.byte_before(area.start()), scanned.byte_at(serial.end()));
    if matches!(before, b'-' | b'.' | b'+' | b'$' | b'_')
        || after == b'-' && scanned.byte_at(serial.end() + 1).is_ascii_digit()
    {
        return None;
    }
    // OCR reads O for 0 and B for 8. Such a number must be announced by a word.
    let are_digits = area.shape.is_number() && group.shape.is_number() && serial.shape.is_number();
    let announced = is_announced();
    let texts = [first, first + 1, first + 2].map(|at| scanned.token_text(at));
    let looks_scanned = || {
        announced
            && texts.iter().all(|text| text.bytes().all(|byte| byte.is_ascii_digit() || b"OoIlBSZGDQ".contains(&byte)))
    };
    let is_number = if are_digits {
        (separator == "-"
            && (announced
                || !texts[0].starts_with('9')
                || is_itin(texts[1])
                || scanned.tokens_with(trigger::SSN).next().is_some())
            || announced)
            && is_assigned(texts[0], texts[1], texts[2])
    } else {
        looks_scanned()
    };
    is_number.then_some((first + 2, Kind::Ssn))
}

/// Whether such a number may exist. The areas 000 and 666 and the other parts with zeros only were never assigned.
fn is_assigned(area: &str, group: &str, serial: &str) -> bool {
    !matches!(area, "000" | "666") && group != "00" && serial != "0000"
}

/// Whether the group is one of taxpayer numbers (IRS, Publication 4757).
fn is_itin(group: &str) -> bool {
    group.parse::<u32>().is_ok_and(|group| matches!(group, 50..=65 | 70..=88 | 90..=92 | 94..=99))
}
