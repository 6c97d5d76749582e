//! Dates of birth behind the words for them, in the orders and with the words of all scripts: `1990年5月17日`, `14 марта 1985`.

use std::ops::Range;

use super::gap;

/// The most letters of a month.
const MONTH_CHARS_MAX: usize = 14;
/// The names of Japanese eras, which a year is counted from.
const ERAS: [&str; 5] = ["昭和", "平成", "令和", "大正", "民國"];

/// The date in `reach`.
pub(super) fn birth(text: &str, reach: Range<usize>) -> Option<Range<usize>> {
    let (start, gap) =
        gap::skip(text, reach.clone(), |c, rest| c.is_ascii_digit() || ERAS.iter().any(|era| rest.starts_with(era)))?;
    if gap.letters > 10 {
        return None;
    }
    let end = date_end(&text[start..reach.end])?;
    Some(start..start + end)
}

/// The date right before a word for birth: `12.07.1978 года рождения`, `1990年5月17日出生`.
pub(super) fn before(text: &str, word: usize) -> Option<Range<usize>> {
    const DATE_CHARS_MAX: usize = 16;
    let end = text[..word].trim_end_matches(' ');
    let end =
        ["года", "год", "г.", "р."].iter().find_map(|year| end.strip_suffix(year)).unwrap_or(end).trim_end_matches(' ');
    let belongs =
        |c: char| c.is_ascii_digit() || matches!(c, '.' | '/' | '-' | ' ' | '年' | '月' | '日' | '년' | '월' | '일');
    let start = end.char_indices().rev().take(DATE_CHARS_MAX).take_while(|(_, c)| belongs(*c)).last()?.0;
    let start = start + end[start..].len() - end[start..].trim_start_matches([' ', '.', '-', '/']).len();
    let date = &end[start..];
    (date.starts_with(|c: char| c.is_ascii_digit()) && date_end(date)? == date.len()).then_some(start..end.len())
}

/// Where the date that `text` begins with ends: three numbers, or two with a month in letters between them.
fn date_end(text: &str) -> Option<usize> {
    let era = ERAS.iter().find(|era| text.starts_with(**era)).map_or(0, |era| era.len());
    let (mut numbers, mut at, mut has_year) = (0, era, era > 0);
    let mut has_month_word = false;
    let mut end = 0;
    while numbers < 3 {
        let digits = text[at..].bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 || digits > 8 {
            break;
        }
        numbers += 1;
        has_year |= matches!(digits, 4 | 8);
        at += digits;
        end = at;
        // 日 and 일 belong to the date.
        let unit =
            text[at..].chars().next().filter(|c| matches!(c, '年' | '月' | '日' | '년' | '월' | '일' | '號' | '号'));
        at += unit.map_or(0, char::len_utf8);
        end = if unit.is_some() { at } else { end };
        if digits == 8 && has_year {
            return Some(end);
        }
        let mut letters = 0;
        let mut signs = 0;
        let next = text[at..].char_indices().find(|(_, c)| {
            letters += usize::from(c.is_alphabetic());
            signs += usize::from(!c.is_alphanumeric());
            c.is_ascii_digit() || letters > MONTH_CHARS_MAX || signs > 6 || matches!(c, '\n' | ',' | ';' | '،')
        });
        match next {
            Some((skip, c)) if c.is_ascii_digit() => {
                has_month_word |= letters >= 3;
                at += skip;
            }
            _ => break,
        }
    }
    (has_year && (numbers == 3 || numbers == 2 && (has_month_word || end > 8)) || numbers == 3 && end <= 10)
        .then_some(end)
}
