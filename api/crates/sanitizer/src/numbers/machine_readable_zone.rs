//! Finds the lines at the foot of passports and identity cards that machines read: `P<UTOERIKSSON<<ANNA<MARIA<<<<`.

use memchr::memmem;

use crate::{
    scan::Scanned,
    span::{Kind, Span},
};

/// The lines have 30, 36 or 44 characters (ICAO Doc 9303, parts 4 to 6); people drop some of the last `<`, or add some.
const LENGTHS: std::ops::RangeInclusive<usize> = 24..=60;

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    if !scanned.has_sign(b'<') {
        return;
    }
    let bytes = scanned.bytes();
    let is_part = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'<';
    let mut read_to = 0;
    for at in memmem::find_iter(bytes, b"<<") {
        if at < read_to {
            continue;
        }
        let start =
            at - bytes[read_to..at].iter().rev().take(*LENGTHS.end() + 1).take_while(|byte| is_part(byte)).count();
        let length = bytes[start..].iter().take_while(|byte| is_part(byte)).count();
        read_to = start + length;
        let letters = bytes[start..read_to].iter().filter(|byte| byte.is_ascii_alphanumeric()).count();
        if LENGTHS.contains(&length) && letters >= 8 {
            spans.push(Span {
                range: start..read_to,
                kind: Kind::Passport,
                why: "a line of a passport that machines read",
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::find;
    use crate::{scan::found_by, secrets::KEY_PREFIXES};

    #[test]
    fn both_lines_of_a_passport_are_found_and_shifts_of_bits_are_not() {
        let text =
            "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10\nif A<<B<<C {}";
        let found: Vec<_> = found_by(find, &KEY_PREFIXES, text).into_iter().map(|span| &text[span.range]).collect();
        assert_eq!(found, text.lines().take(2).collect::<Vec<_>>());
    }
}
