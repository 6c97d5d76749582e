//! Check digits.

use arrayvec::ArrayVec;

/// The longest number that is checked has 20 digits (ICCID).
const DIGITS_MAX: usize = 24;

/// Digits of a number, not on the heap, for numbers are everywhere.
pub(super) type Digits = ArrayVec<u32, DIGITS_MAX>;

/// The first 24 digits of an ASCII text, in order; other characters are left out.
pub(super) fn digits(text: &str) -> Digits {
    text.bytes().filter(u8::is_ascii_digit).map(|digit| u32::from(digit - b'0')).take(DIGITS_MAX).collect()
}

/// Luhn (ISO/IEC 7812-1, annex B).
pub(super) fn luhn(digits: &[u32]) -> bool {
    let double = |digit: u32| if digit < 5 { digit * 2 } else { digit * 2 - 9 };
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| if place % 2 == 0 { *digit } else { double(*digit) })
        .sum();
    !digits.is_empty() && sum.is_multiple_of(10)
}

/// The sum of the digits times their weights.
pub(super) fn weighted(digits: &[u32], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum()
}

/// Modulo 97 (ISO/IEC 7064), letters counting from A = 10; `None` for other characters.
pub(super) fn mod_97(text: impl Iterator<Item = u8>) -> Option<u32> {
    text.into_iter().try_fold(0, |rest, byte| match byte {
        b'0'..=b'9' => Some((rest * 10 + u32::from(byte - b'0')) % 97),
        b'A'..=b'Z' => Some((rest * 100 + u32::from(byte - b'A') + 10) % 97),
        _ => None,
    })
}

/// ISO/IEC 7064, MOD 11,10: Germany's tax id, Croatia's OIB.
pub(super) fn mod_11_10(digits: &[u32]) -> bool {
    let Some((check, body)) = digits.split_last() else { return false };
    let product = body.iter().fold(10, |product, digit| match (digit + product) % 10 {
        0 => 9,
        sum => sum * 2 % 11,
    });
    (11 - product) % 10 == *check
}

/// Verhoeff's dihedral check: India's Aadhaar.
pub(super) fn verhoeff(digits: &[u32]) -> bool {
    const D: [[u8; 10]; 10] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
        [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
        [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
        [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
        [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
        [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
        [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
        [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
        [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    ];
    const P: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let permuted = |place: usize, digit: u32| (0..place % 8).fold(digit as usize, |digit, _| usize::from(P[digit]));
    0 == digits.iter().rev().enumerate().fold(0, |check, (place, digit)| D[usize::from(check)][permuted(place, *digit)])
}

/// CRC-32 (ISO 3309) of all but the last six characters, which write it in base 62: the tokens of GitHub and npm.
pub(super) fn crc32_base62(token: &[u8]) -> bool {
    const DIGITS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let Some((body, check)) = token.split_last_chunk::<6>() else { return false };
    let crc = body.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| crc >> 1 ^ if crc & 1 == 1 { 0xEDB8_8320 } else { 0 })
    });
    let written = check
        .iter()
        .try_fold(0_u64, |number, digit| Some(number * 62 + DIGITS.iter().position(|known| known == digit)? as u64));
    written == Some(u64::from(!crc))
}

/// A date of two-digit or four-digit year, month and day that can be.
pub(super) fn is_month_and_day(month: u32, day: u32) -> bool {
    (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && !(month == 2 && day > 29)
        && !(day == 31 && matches!(month, 4 | 6 | 9 | 11))
}
