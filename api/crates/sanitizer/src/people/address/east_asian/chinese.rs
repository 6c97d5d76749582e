//! Chinese addresses: a road with a number, a lane, a building, a room, and the province, the city and the district before it.

use std::ops::Range;

use super::runs::run_before;
use crate::scan::is_han;

/// The last characters of a road's or an estate's name.
const ROADS: [&str; 26] = [
    "路", "街", "大道", "大街", "巷", "胡同", "弄", "里", "村", "苑", "园", "園", "花园", "小区", "小區", "新村", "道",
    "段", "公馆", "山庄", "广场", "大厦", "庄", "坊", "湾", "城",
];
/// What a number in an address counts.
const UNITS: [&str; 20] = [
    "号楼", "號樓", "号院", "号", "號", "弄", "巷", "栋", "棟", "幢", "座", "单元", "單元", "室", "楼", "樓", "层",
    "層", "户", "段",
];
/// Characters after which the place begins: `家住在张杨路`.
const BEFORE: [char; 11] = ['在', '到', '于', '是', '至', '住', '寄', '送', '址', '为', '往'];

/// The address around its first number, which stands at `number`. Nothing before `from` belongs to it.
pub(super) fn around(text: &str, from: usize, number: Range<usize>) -> Option<Range<usize>> {
    let unit = UNITS.iter().find(|unit| text[number.end..].starts_with(**unit))?;
    let before = &text[from..number.start];
    if !ROADS.iter().any(|road| before.ends_with(road)) {
        return None;
    }
    let run = run_before(text, from, number.start, is_han);
    let place = &text[run.clone()];
    // The last character of a place has three bytes, and its name needs another.
    let is_road = place.chars().count() >= 2;
    let after = &text[number.end + unit.len()..];
    // 长安街10号线 is a line of the metro, 三里屯2号店 a shop.
    let is_other = after.starts_with(['线', '線', '店', '码', '碼', '机', '車', '车']);
    // `里`, `道`, `村` and the like end other words, too; only with a district or a room do they name a place.
    let is_clear = ["路", "街", "大道", "巷", "胡同", "弄", "小区", "小區", "新村", "段", "花园"]
        .iter()
        .any(|road| place.ends_with(road));
    let has_region = place.contains(['省', '市', '区', '區', '县', '縣', '镇', '鎮', '乡', '鄉']);
    let end = units_end(text, number.start);
    let has_room = text[number.end + unit.len()..end].contains(|c: char| c.is_ascii_digit());
    if !is_road || is_other || !(is_clear || has_region || has_room) {
        return None;
    }
    let start = place[..place.len() - 3]
        .rfind(BEFORE)
        .map_or(0, |at| at + place[at..].chars().next().map_or(0, char::len_utf8));
    // A road number alone in prose needs a number of a house that is one: two characters of a name at least.
    (place[start..].chars().count() >= 3).then_some(run.start + start..end)
}

/// Where the row of numbers with their units ends: `15号3栋1204室`, `128號5樓之2`, `90号东部软件园2号楼`.
fn units_end(text: &str, start: usize) -> usize {
    const NAME_CHARS_MAX: usize = 10;
    let mut end = start;
    let mut at = start;
    for _ in 0..6 {
        let digits = text[at..].bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count();
        let Some(unit) = UNITS.iter().find(|unit| text[at + digits..].starts_with(**unit)).filter(|_| digits > 0)
        else {
            // A last number after a building may stand without a unit: 3栋1204.
            let is_room = digits > 1 && at == end && text[at..at + digits].bytes().all(|byte| byte.is_ascii_digit());
            return if is_room { at + digits } else { end };
        };
        end = at + digits + unit.len();
        if let Some(rest) = text[end..].strip_prefix('之') {
            end += '之'.len_utf8() + rest.bytes().take_while(u8::is_ascii_digit).count();
        }
        // The name of an estate may stand between two numbers.
        let name: usize = text[end..].chars().take(NAME_CHARS_MAX).take_while(|c| is_han(*c)).map(char::len_utf8).sum();
        at = end + name;
        let space = usize::from(name == 0 && text[at..].starts_with(' '));
        at += space;
        if !text[at..].starts_with(|c: char| c.is_ascii_alphanumeric()) {
            return end;
        }
    }
    end
}
