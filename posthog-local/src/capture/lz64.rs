//! LZ-string in its base64 form, which old versions of posthog-js send as `compression=lz64`.
//!
//! The crate for it (`lz-str`) unpacks without a limit, and two megabytes can unpack to hundreds of gigabytes. Since
//! every web page may call the capture API, this module unpacks with a limit. The tests use the crate to pack.

use std::ops::Range;

/// LZ-string's alphabet. A character's index is its value. Other characters are skipped, as in LZ-string.
const ALPHABET: &[u8; 65] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
const BITS_PER_CHAR: u32 = 6;
/// The codes that stand for no dictionary entry: a character of 8 bits, a character of 16 bits, and the end.
const CHAR_8: usize = 0;
const CHAR_16: usize = 1;
const END: usize = 2;

/// Why a text could not be unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Error {
    /// It is not an LZ-string.
    Invalid,
    /// It is longer than the limit.
    TooLarge,
}

/// Unpacks what `compressToBase64` packed, up to `units_max` UTF-16 code units.
pub(super) fn unpack(packed: &[u8], units_max: usize) -> Result<String, Error> {
    let mut bits = Bits { chars: packed.iter(), char: 0, left: 0 };
    let mut text: Vec<u16> = Vec::new();
    // An entry is the previous output plus one unit, so each entry is a range of the text that is written already.
    let mut entries: Vec<Range<usize>> = vec![0..0; 3];
    let mut last: Option<Range<usize>> = None;
    // Codes get one bit longer whenever the dictionary has doubled.
    let (mut code_bits, mut until_longer) = (2, 1_u32);

    loop {
        let start = text.len();
        let code = bits.read(code_bits)?;
        let entry = match code {
            CHAR_8 | CHAR_16 => {
                let unit = bits.read(if code == CHAR_8 { 8 } else { 16 })? as u16;
                text.push(unit);
                entries.push(start..start + 1);
                if last.is_some() {
                    longer(&mut code_bits, &mut until_longer)?;
                }
                start..start + 1
            }
            END => break,
            code if code < entries.len() => entries[code].clone(),
            // This entry is not complete yet: it is the previous output plus that output's own first unit.
            code if code == entries.len() => last.clone().map(|last| last.start..last.end + 1).ok_or(Error::Invalid)?,
            _ => return Err(Error::Invalid),
        };
        if text.len() == start {
            if start + entry.len() > units_max {
                return Err(Error::TooLarge);
            }
            // Copied unit by unit, because the entry may overlap what is being written.
            entry.for_each(|at| text.push(text[at]));
        } else if text.len() > units_max {
            return Err(Error::TooLarge);
        }
        match &last {
            Some(last) => {
                entries.push(last.start..last.end + 1);
                longer(&mut code_bits, &mut until_longer)?;
            }
            None => (code_bits, until_longer) = (3, 4),
        }
        last = Some(start..text.len());
    }
    String::from_utf16(&text).map_err(|_| Error::Invalid)
}

fn longer(code_bits: &mut u32, until_longer: &mut u32) -> Result<(), Error> {
    *until_longer -= 1;
    if *until_longer == 0 {
        *until_longer = 1_u32.checked_shl(*code_bits).ok_or(Error::Invalid)?;
        *code_bits += 1;
    }
    Ok(())
}

/// Reads bits: a number's lowest bit comes first, a character's highest.
struct Bits<'a> {
    chars: std::slice::Iter<'a, u8>,
    char: usize,
    left: u32,
}

impl Bits<'_> {
    fn read(&mut self, count: u32) -> Result<usize, Error> {
        let mut number = 0;
        for bit in 0..count {
            if self.left == 0 {
                let known = self.chars.find_map(|char| ALPHABET.iter().position(|known| known == char));
                self.char = known.ok_or(Error::Invalid)?;
                self.left = BITS_PER_CHAR;
            }
            self.left -= 1;
            number |= (self.char >> self.left & 1) << bit;
        }
        Ok(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lz_string_packs_is_unpacked() {
        for text in [
            String::new(),
            "a".to_owned(),
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaa".to_owned(),
            r#"{"event":"é 😀 \u2028","properties":{"n":1}}"#.to_owned(),
            (0..5_000).map(|n| format!("{n}, ")).collect(),
        ] {
            let packed = lz_str::compress_to_base64(&text);
            assert_eq!(unpack(packed.as_bytes(), text.len()).as_deref(), Ok(text.as_str()));
        }
    }

    #[test]
    fn a_bomb_stops_at_the_bound_and_rubbish_is_refused() {
        let packed = lz_str::compress_to_base64(&"0".repeat(1_000_000));
        assert!(packed.len() < 5_000);
        assert_eq!(unpack(packed.as_bytes(), 999_999), Err(Error::TooLarge));
        assert_eq!(unpack(packed.as_bytes(), 1_000_000).map(|text| text.len()), Ok(1_000_000));
        for rubbish in ["", "é", "////", "AAAA", &packed[..packed.len() / 2]] {
            assert_eq!(unpack(rubbish.as_bytes(), 2_000_000), Err(Error::Invalid), "{rubbish}");
        }
    }
}
