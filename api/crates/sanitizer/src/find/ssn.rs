//! US social security and taxpayer numbers: `123-45-6789`, or nine digits that a word announces.

use super::{Kind, Span, cue, lex::Lexed};

pub(super) fn find(lexed: &Lexed, spans: &mut Vec<Span>) {
    for &anchor in &lexed.numbers {
        let first = anchor as usize;
        if let Some((last, kind)) = number_from(lexed, first) {
            let range = lexed.tokens[first].start()..lexed.tokens[last].end();
            spans.push(Span { range, kind, why: "a social security number" });
        }
    }
}

fn number_from(lexed: &Lexed, first: usize) -> Option<(usize, Kind)> {
    let token = &lexed.tokens[first];
    let is_announced = || lexed.cues_before(first, 8, 60) & cue::SSN != 0;
    if token.len() == 9 && token.shape.is_number() {
        let text = lexed.token_text(first);
        return (is_announced() && is_assigned(&text[..3], &text[3..5], &text[5..])).then_some((first, Kind::Ssn));
    }
    if token.len() != 3 {
        return None;
    }
    let [area, group, serial] = lexed.tokens.get(first..first + 3)? else { return None };
    let separator = lexed.gap(first);
    if group.len() != 2
        || serial.len() != 4
        || separator != lexed.gap(first + 1)
        || !matches!(separator, "-" | " " | "." | " - ")
    {
        return None;
    }
    let (before, after) = (lexed.byte_before(area.start()), lexed.byte_at(serial.end()));
    if matches!(before, b'-' | b'.' | b'+' | b'$' | b'_')
        || after == b'-' && lexed.byte_at(serial.end() + 1).is_ascii_digit()
    {
        return None;
    }
    // A scanner reads O for 0 and B for 8; then a word must announce the number.
    let are_digits = area.shape.is_number() && group.shape.is_number() && serial.shape.is_number();
    let announced = is_announced();
    let texts = [first, first + 1, first + 2].map(|at| lexed.token_text(at));
    let looks_scanned = || {
        announced
            && texts.iter().all(|text| text.bytes().all(|byte| byte.is_ascii_digit() || b"OoIlBSZGDQ".contains(&byte)))
    };
    let is_number = if are_digits {
        (separator == "-"
            && (announced || !texts[0].starts_with('9') || is_itin(texts[1]) || lexed.cued(cue::SSN).next().is_some())
            || announced)
            && is_assigned(texts[0], texts[1], texts[2])
    } else {
        looks_scanned()
    };
    is_number.then_some((first + 2, Kind::Ssn))
}

/// 000, 666 for the area and zeros for the rest were never given out; 900 to 999 are taxpayers' numbers (ITIN).
fn is_assigned(area: &str, group: &str, serial: &str) -> bool {
    !matches!(area, "000" | "666") && group != "00" && serial != "0000"
}

/// The groups of taxpayers' numbers (IRS, Publication 4757).
fn is_itin(group: &str) -> bool {
    group.parse::<u32>().is_ok_and(|group| matches!(group, 50..=65 | 70..=88 | 90..=92 | 94..=99))
}
