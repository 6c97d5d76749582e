//! Korean addresses: a city, a district, a road with a number, and the building and the flat; or a lot number after a neighbourhood.

use std::ops::Range;

use crate::scan::is_hangul;

/// The most words before the number.
const WORDS_MAX: usize = 6;

/// The address around its first number, which stands at `number`. Nothing before `from` belongs to it.
pub(super) fn around(text: &str, from: usize, number: Range<usize>) -> Option<Range<usize>> {
    let before = text[from..number.start].strip_suffix(' ').unwrap_or(&text[from..number.start]);
    let road = last_word(before);
    let is_road = road.ends_with(['로', '길']) && road.chars().count() >= 2;
    let is_quarter = road.ends_with(['동', '리', '가', '읍', '면']) && road.chars().count() >= 2;
    if !is_road && !is_quarter {
        return None;
    }
    let (mut start, mut regions) = (before.len() - road.len(), 0);
    let mut words = before[..start].trim_end_matches(' ');
    for _ in 0..WORDS_MAX {
        let word = last_word(words);
        let is_region = word.ends_with(['시', '도', '군', '구', '읍', '면', '동', '리']) && word.chars().count() >= 2
            || [
                "서울", "부산", "대구", "인천", "광주", "대전", "울산", "세종", "경기", "강원", "제주", "충북", "충남",
                "전북", "전남", "경북", "경남",
            ]
            .contains(&word);
        if !is_region || words.len() < word.len() {
            break;
        }
        regions += 1;
        start = words.len() - word.len();
        words = words[..start].trim_end_matches(' ');
        if words.len() == start {
            break;
        }
    }
    let end = number_end(text, number.clone());
    let has_lot = text[number.start..end].contains('-') || text[number.start..end].contains("번지");
    let has_flat = text[number.start..end].contains('호');
    // 버스로 30분: the particle 로 and a number. A district before it makes it a road.
    let is_address = if is_road { regions >= 1 || has_flat } else { regions >= 1 && (has_lot || has_flat) };
    let is_time = text[number.end..].starts_with(['분', '년', '월', '일', '시', '원', '개', '명', '번', '층'])
        && !text[number.end..].starts_with("번길")
        && !text[number.end..].starts_with("번지");
    (is_address && !is_time).then_some(from + start..end)
}

/// The last word of Korean syllables and digits: 중앙로12번길.
fn last_word(text: &str) -> &str {
    let start = text.char_indices().rev().take(16).take_while(|(_, c)| is_hangul(*c) || c.is_ascii_digit()).last();
    &text[start.map_or(text.len(), |(at, _)| at)..]
}

/// Where the number ends with the building, the flat and the floor: `97, 101동 1203호`, `123-45번지`, `152, 8층`.
fn number_end(text: &str, number: Range<usize>) -> usize {
    let mut end = super::runs::joined_numbers(text, number.start, &['-']);
    for unit in ["번길", "번지", "호"] {
        if text[end..].starts_with(unit) {
            end += unit.len();
        }
    }
    // 12번길 34 is a lane and the number.
    if text[..end].ends_with("번길") && text[end..].starts_with(' ') {
        let house = text[end + 1..].bytes().take_while(u8::is_ascii_digit).count();
        end += if house > 0 { 1 + house } else { 0 };
    }
    for _ in 0..4 {
        let rest = &text[end..];
        let gap = rest.len() - rest.trim_start_matches([' ', ',']).len();
        // The name of the building may come first: (서초동, …) and 래미안 101동.
        let name: usize = rest[gap..].chars().take(12).take_while(|c| is_hangul(*c)).map(char::len_utf8).sum();
        let space = usize::from(name > 0 && rest[gap + name..].starts_with(' '));
        let at = gap + name + space;
        let digits = rest[at..].bytes().take_while(u8::is_ascii_digit).count();
        let unit = ["동", "호", "층"].iter().find(|unit| digits > 0 && rest[at + digits..].starts_with(**unit));
        match unit {
            Some(unit) if gap > 0 && gap <= 2 => end += at + digits + unit.len(),
            _ => break,
        }
    }
    end
}
