//! Check digits and their algorithms.

use arrayvec::ArrayVec;

/// The most digits of a number that is checked. The longest, an ICCID, has 20.
const DIGITS_MAX: usize = 24;

/// The digits of a number. They are kept on the stack, because numbers are frequent.
pub(super) type Digits = ArrayVec<u32, DIGITS_MAX>;

/// The first 24 digits of a text. Other characters are skipped.
pub(super) fn digits(text: &str) -> Digits {
    text.bytes().filter(u8::is_ascii_digit).map(|digit| u32::from(digit - b'0')).take(DIGITS_MAX).collect()
}

/// Whether the last digit is the check digit of the others by Luhn (ISO/IEC 7812-1, annex B).
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

/// The sum of the digits, each multiplied by its weight.
pub(super) fn weighted(digits: &[u32], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum()
}

/// A number modulo 97 (ISO/IEC 7064), in which letters count from A = 10; `None` if there are other characters.
pub(super) fn mod_97(text: impl Iterator<Item = u8>) -> Option<u32> {
    text.into_iter().try_fold(0, |rest, byte| match byte {
        b'0'..=b'9' => Some((rest * 10 + u32::from(byte - b'0')) % 97),
        b'A'..=b'Z' => Some((rest * 100 + u32::from(byte - b'A') + 10) % 97),
        _ => None,
    })
}

/// Whether the last digit is a check digit by ISO/IEC 7064, MOD 11,10, as in German tax ids and the Croatian OIB.
pub(super) fn mod_11_10(digits: &[u32]) -> bool {
    let Some((check, body)) = digits.split_last() else { return false };
    let product = body.iter().fold(10, |product, digit| match (digit + product) % 10 {
        0 => 9,
        sum => sum * 2 % 11,
    });
    (11 - product) % 10 == *check
}

/// Whether the last digit is a check digit by Verhoeff, as in the Indian Aadhaar.
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

/// Whether a month has such a day, in a leap year.
pub(super) fn is_month_and_day(month: u32, day: u32) -> bool {
    (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && !(month == 2 && day > 29)
        && !(day == 31 && matches!(month, 4 | 6 | 9 | 11))
}
