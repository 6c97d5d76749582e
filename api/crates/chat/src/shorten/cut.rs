//! Cuts the middle out of the longest texts of a JSON text.

use std::ops::Range;

use super::length::chars;
use crate::scan::{Token, tokens};

/// What a text keeps at least, marker included. Shorter texts would be only marker.
const KEPT_CHARS_MIN: u64 = 100;

/// The longest marker, with the spaces around it.
const MARKER_CHARS_MAX: u64 = 48;

/// The JSON with at most `chars_max` characters, in which every text that is longer than a common length is cut to that length.
/// `None` when the texts would have to become too short for that.
pub(super) fn cut_longest_texts(json: &str, chars_max: u64) -> Option<String> {
    let excess = chars(json).saturating_sub(chars_max);
    let mut texts: Vec<(u64, Range<usize>)> = tokens(json)
        .filter_map(|token| match token {
            Token::Text(place) if place.len() as u64 > KEPT_CHARS_MIN => Some((chars(&json[place.clone()]), place)),
            _ => None,
        })
        .collect();
    let length = common_length(texts.iter().map(|(chars, _)| *chars).collect(), excess)?;
    texts.retain(|(chars, _)| *chars > length);
    let mut result = String::new();
    let mut start = 0;
    for (_, place) in texts {
        result.push_str(&json[start..place.start]);
        push_cut(&mut result, &json[place.clone()], length);
        start = place.end;
    }
    result.push_str(&json[start..]);
    Some(result)
}

/// The length to which longer texts are cut, so that together they lose `excess` characters.
fn common_length(mut lengths: Vec<u64>, excess: u64) -> Option<u64> {
    lengths.sort_unstable_by(|one, other| other.cmp(one));
    let mut sum = 0;
    for (index, length) in lengths.iter().enumerate() {
        sum += length;
        let common = sum.saturating_sub(excess) / (index as u64 + 1);
        if common >= lengths.get(index + 1).copied().unwrap_or(0).max(KEPT_CHARS_MIN) {
            return Some(common);
        }
    }
    None
}

/// Appends the beginning and the end of the raw text of a JSON string, at most `length` characters in all. It is cut between
/// characters, never within an escape or between the two of a surrogate pair.
fn push_cut(result: &mut String, raw: &str, length: u64) {
    let kept = length.saturating_sub(MARKER_CHARS_MAX);
    let all = chars(raw);
    let (head_max, tail_min) = (kept - kept / 2, all - kept / 2);
    let (mut head, mut tail) = (0, raw.len());
    let (mut at_byte, mut at_char, mut gone) = (0, 0, 0_u64);
    while let Some((bytes, characters)) = unit(&raw[at_byte..]) {
        if at_char >= tail_min {
            tail = at_byte;
            break;
        }
        if at_char + characters <= head_max && gone == 0 {
            head = at_byte + bytes;
        } else {
            gone += 1;
        }
        at_byte += bytes;
        at_char += characters;
    }
    result.push_str(&raw[..head]);
    result.push_str(&format!("… [{gone} characters left out] …"));
    result.push_str(&raw[tail..]);
}

/// The length of the first character of a JSON string's raw text, in bytes and in characters.
fn unit(raw: &str) -> Option<(usize, u64)> {
    const HIGH: [&str; 4] = ["8", "9", "a", "b"];
    let bytes =
        match raw.as_bytes() {
            [b'\\', b'u', b'd' | b'D', high, ..]
                if HIGH.contains(&&*(*high as char).to_ascii_lowercase().to_string()) =>
            {
                if raw.as_bytes().get(6..8) == Some(b"\\u") { 12 } else { 6 }
            }
            [b'\\', b'u', ..] => 6,
            [b'\\', ..] => 2,
            _ => {
                let bytes = raw.chars().next()?.len_utf8();
                return Some((bytes, 1));
            }
        };
    let bytes = bytes.min(raw.len());
    Some((bytes, bytes as u64))
}
