//! Japanese addresses: a prefecture, a city, a ward or a town, and the numbers of the block and the house.

use std::ops::Range;

use super::runs::{joined_numbers, run_before};
use crate::scan::{is_cjk, is_han, is_hangul, is_kana};

/// The prefectures without their last character.
const PREFECTURES: &str = "北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 東京都 神奈川県 新潟県 富山県 石川県 福井県 山梨県 長野県 岐阜県 静岡県 愛知県 三重県 滋賀県 京都府 大阪府 兵庫県 奈良県 和歌山県 鳥取県 島根県 岡山県 広島県 山口県 徳島県 香川県 愛媛県 高知県 福岡県 佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県 沖縄県";
/// The most characters of a building's name.
const BUILDING_CHARS_MAX: usize = 24;

/// The address around its first number, which stands at `number`. Nothing before `from` belongs to it.
pub(super) fn around(text: &str, from: usize, number: Range<usize>) -> Option<Range<usize>> {
    let block = block_end(text, number.start).filter(|block| block.has_word || block.numbers >= 2)?;
    let run = run_before(text, from, number.start, |c| (is_han(c) || is_kana(c)) && !is_hangul(c));
    let place = &text[run.clone()];
    let prefecture = prefecture_in(place);
    let has_town = place.contains(['市', '区', '郡', '町', '村']);
    // Without a prefecture or a town, `1丁目2-3` alone names a block, and `2-1-8` is anything.
    let is_place = prefecture.is_some() && place.chars().count() >= 4 || has_town && place.chars().count() >= 3;
    if !is_place || place.ends_with(['第', '約', '全', '計']) {
        return None;
    }
    let start = match prefecture {
        Some(at) => run.start + at,
        None => run.start + after_particle(place),
    };
    Some(start..with_building(text, block.end))
}

/// Where the first prefecture in `place` begins.
fn prefecture_in(place: &str) -> Option<usize> {
    let lasts = place.match_indices(['県', '府', '都', '道']);
    let found = lasts.filter_map(|(at, last)| {
        let up_to = &place[..at + last.len()];
        PREFECTURES.split(' ').find(|name| up_to.ends_with(name)).map(|name| up_to.len() - name.len())
    });
    found.min()
}

/// The numbers of the block and the house.
struct Block {
    end: usize,
    numbers: usize,
    has_word: bool,
}

/// The block that begins at `start`: `3丁目2-1`, `2-14-8`, `12番地の3`.
fn block_end(text: &str, start: usize) -> Option<Block> {
    let mut block = Block { end: start, numbers: 0, has_word: false };
    loop {
        let end = joined_numbers(text, block.end, &['-', 'ー', '−']);
        if end == block.end {
            break;
        }
        block.numbers +=
            text[block.end..end].split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).count();
        block.end = end;
        let Some(word) =
            ["丁目", "番地の", "番地", "番", "号"].iter().find(|word| text[block.end..].starts_with(**word))
        else {
            break;
        };
        block.has_word = true;
        block.end += word.len();
    }
    (block.numbers > 0).then_some(block)
}

/// How many bytes of `place` come before a particle: `住所は名古屋市…`.
fn after_particle(place: &str) -> usize {
    let town = place.find(['市', '区', '郡', '町', '村']).unwrap_or(0);
    place[..town]
        .char_indices()
        .filter(|(_, c)| matches!(c, 'は' | 'が' | 'を' | 'に' | 'の' | 'へ' | 'で' | 'と'))
        .map(|(at, c)| at + c.len_utf8())
        .next_back()
        .unwrap_or(0)
}

/// Where the address ends with the name of a building, a floor and a room: `コーポ末盛203`, `パークビル 4階`.
fn with_building(text: &str, end: usize) -> usize {
    let mut last = end;
    let mut at = end;
    for _ in 0..3 {
        let rest = &text[at..];
        let gap = usize::from(rest.starts_with(' '));
        let word = rest[gap..]
            .char_indices()
            .take(BUILDING_CHARS_MAX)
            .find(|(_, c)| {
                !(is_cjk(*c) && !matches!(c, '\u{3041}'..='\u{3096}')
                    || c.is_ascii_alphanumeric()
                    || matches!(c, '-' | '・'))
            })
            .map_or(rest.len() - gap, |(at, _)| at);
        let building = &rest[gap..gap + word];
        if gap == 0 && at == end && !building.starts_with(is_cjk) || building.is_empty() {
            break;
        }
        at += gap + word;
        let is_room = building.ends_with(|c: char| c.is_ascii_digit() || matches!(c, '階' | '室' | '号' | '棟' | 'F'));
        if is_room && building.contains(|c: char| c.is_ascii_digit()) {
            last = at;
        }
    }
    last
}
