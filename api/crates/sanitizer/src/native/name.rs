//! Names behind the words for them, in the way that each script writes names.

use std::{collections::HashSet, ops::Range, sync::LazyLock};

use super::words::{Announcement, Announces};
use crate::{
    people::east_asian_name,
    scan::{is_han, is_hangul, is_kana, is_latin, is_native_letter, is_unspaced, name_dictionary},
};

/// The most words of a name, and the longest word in characters.
const WORDS_MAX: usize = 4;
/// The most words of a name in a field: عبد الرحمن بن سعيد الغامدي.
const FIELD_WORDS_MAX: usize = 6;
const WORD_CHARS_MAX: usize = 18;
/// The most signs and spaces between the word and the name.
const SIGNS_MAX: usize = 8;

/// Words that are looked up whole.
type Words = LazyLock<HashSet<&'static str>>;

/// Titles and verbs after which many other words than names follow. The first word after them must be a known first name.
static NEEDS_KNOWN_NAME: Words = LazyLock::new(|| {
    "أنا انا السيد السيدة الأستاذ الأستاذة الدكتور الدكتورة المهندس عزيزي عزيزتي الآنسة آقای خانم دکتر مهندس جناب محترم محترمہ \
     מדבר מדברת מר גברת גב' היקר היקרה אדון לכבוד श्री श्रीमती सुश्री डॉ प्रिय कुमारी জনাব শ্রী প্রিয় திரு திருமதி ბატონო ქალბატონო პატივცემულო አቶ ወይዘሮ ወይዘሪት \
     κ κύριε κυρία зовут пан пані господин госпожа պարոն տիկին հարգելի".split_whitespace().collect()
});
/// Titles between the word for a name and the name.
const TITLES: [&str; 12] =
    ["น.ส.", "นางสาว", "นาย", "นาง", "คุณ", "ด.ช.", "ด.ญ.", "г-н", "г-жа", "श्रीमती", "श्री", "डॉ."];
/// Words that address a group, or stand in an empty field.
static NO_NAMES: Words = LazyLock::new(|| {
    "клиент клиенты пользователь пользователи коллега коллеги друг друзья господа читатель гость покупатель президент директор министр редактор господин госпожа \
     клієнт колеги друзі колега файла файлу файл поля пользователя товара компании αγαπητέ πελάτη кириллица null нет".split_whitespace().collect()
});
/// Words that end a sentence about a name: `is`, `am`, `and`, and the like.
static ENDS: Words = LazyLock::new(|| {
    "है हूँ हूं और का की आहे छ हो ہے ہوں اور ہیں است هستم هست و می‌باشد من আছে এবং আমি ஆகும் და არის է եմ ነው ואני ו הוא היא אני من في على عن إلى".split_whitespace().collect()
});

/// The name after an announcement, within `reach`.
pub(super) fn announced(text: &str, announcement: &Announcement, reach: Range<usize>) -> Option<Range<usize>> {
    let is_said = announcement.what == Announces::Person;
    let (start, opening) = opening(text, reach.clone(), is_said)?;
    let first = text[start..].chars().next()?;
    let word = &text[announcement.bare_start..announcement.bare_end];
    let rest = &text[start..reach.end];
    let end = if is_han(first) || is_kana(first) {
        east_asian_name::announced_han(rest, opening.assigns)
    } else if is_hangul(first) {
        east_asian_name::announced_hangul(rest, opening.assigns, is_said && !word.ends_with("이름은"))
    } else if first.is_uppercase() && !is_latin(first) {
        cased(rest, is_said || opening.assigns, NEEDS_KNOWN_NAME.contains(&*word.to_lowercase()))
    } else if is_native_letter(first) && (!first.is_lowercase() || is_georgian(first)) {
        uncased(rest, is_said || opening.assigns, opening.assigns, is_said && NEEDS_KNOWN_NAME.contains(word))
    } else {
        None
    }?;
    Some(start..start + end)
}

/// What stands between a word and a name.
struct Opening {
    assigns: bool,
}

/// Where the name begins: after a colon, quotes, a particle, a title.
fn opening(text: &str, reach: Range<usize>, is_said: bool) -> Option<(usize, Opening)> {
    let mut assigns = false;
    let (mut breaks, mut signs) = (0, 0);
    let mut at = reach.start;
    while at < reach.end {
        let c = text[at..].chars().next()?;
        match c {
            ':' | '=' | '՝' | '፦' | '៖' | '|' | '\t' => assigns = true,
            '\n' => breaks += 1,
            ' ' | '"' | '\'' | '「' | '『' | '“' | '«' | '*' | ',' | '-' | '_' | '>' | '、' => {}
            // Korean and Japanese particles, and the Chinese `is`.
            'は' | 'が' | '는' | '은' | '是' | '为' | '為' | '이' | '가' if !assigns && at == reach.start => {}
            _ => break,
        }
        signs += 1;
        at += c.len_utf8();
        if signs > SIGNS_MAX || breaks > 1 {
            return None;
        }
    }
    for title in TITLES {
        if let Some(rest) = text[at..reach.end].strip_prefix(title) {
            at = reach.end - rest.trim_start_matches([' ', '.']).len();
            break;
        }
    }
    // ผมชื่อธนกร: without spaces a name may follow at once.
    let is_attached = is_said && text[at..reach.end].starts_with(is_unspaced);
    ((at > reach.start || is_attached) && at < reach.end).then_some((at, Opening { assigns }))
}

/// Where the name in a script with capitals ends: `Кузнецова Ольга Петровна`, `Иванов И. И.`
fn cased(text: &str, is_certain: bool, needs_known: bool) -> Option<usize> {
    let (mut at, mut end, mut words, mut initials) = (0, 0, 0, 0);
    let mut is_known = false;
    while words + initials < WORDS_MAX + 1 {
        let word = word_at(text, at);
        let first = word.chars().next().filter(|c| c.is_uppercase() && !is_latin(*c));
        if first.is_none() || NO_NAMES.contains(&*word.to_lowercase()) {
            break;
        }
        let letters = word.chars().count();
        let is_initial = letters == 1 && text[at + word.len()..].starts_with('.');
        is_known |= name_dictionary::look_up_word(word).is_given() || is_patronymic(word);
        at += word.len() + usize::from(is_initial);
        end = at;
        initials += usize::from(is_initial);
        words += usize::from(!is_initial);
        let rest = &text[at..];
        let gap = rest.len() - rest.trim_start_matches([' ', '-']).len();
        if gap != 1 && !(is_initial && gap == 0) {
            break;
        }
        at += gap;
    }
    // Alone and unannounced, a capitalised word may be anything.
    let is_name = words >= 1 && (is_known || is_certain && !needs_known || words >= 2 || initials >= 1);
    (is_name && end > 3).then_some(end)
}

/// Georgian letters are small ones by Unicode, and the capitals to them are used for headings only.
pub(super) fn is_georgian(c: char) -> bool {
    matches!(c, '\u{10D0}'..='\u{10FF}')
}

/// Whether the word is a Slavic patronymic.
fn is_patronymic(word: &str) -> bool {
    ["ович", "евич", "овна", "евна", "івна", "йович", "ична"]
        .iter()
        .any(|ending| word.ends_with(ending) && word.len() > ending.len() + 4)
}

/// Where the name in a script without capitals ends: up to a sign, and four words at most.
fn uncased(text: &str, is_certain: bool, assigns: bool, needs_known: bool) -> Option<usize> {
    let (mut at, mut end, mut words) = (0, 0, 0);
    let mut is_known = false;
    let words_max = if assigns { FIELD_WORDS_MAX } else { WORDS_MAX };
    while words < words_max {
        let word = word_at(text, at);
        if word.is_empty() || words > 0 && ENDS.contains(word) || word.starts_with(char::is_uppercase) {
            break;
        }
        let is_long = word.chars().count() > WORD_CHARS_MAX;
        if is_long {
            break;
        }
        is_known |= words == 0 && name_dictionary::look_up_word(word).is_given();
        words += 1;
        at += word.len();
        end = at;
        let rest = &text[at..];
        // בן-חמו: two words of one name.
        if rest.starts_with('-') && rest[1..].starts_with(is_native_letter) && !rest[1..].starts_with(is_unspaced) {
            at += 1;
            continue;
        }
        if !rest.starts_with(' ') || rest.starts_with("  ") {
            break;
        }
        at += 1;
    }
    // Without a colon, a sentence goes on after the name: two words are the name.
    if !assigns && words > 2 && !ends_field(&text[end..]) {
        let mut spaces = text[..end].match_indices(' ');
        end = spaces.nth(1).map_or(end, |(space, _)| space);
    }
    let first = text.chars().next()?;
    let is_long_enough = text[..end].chars().count() >= 2;
    // Where no spaces stand between words, a long run is a sentence.
    let is_sentence = is_unspaced(first) && !assigns && text[..end].chars().count() > WORD_CHARS_MAX;
    let is_name = is_known || is_certain && !needs_known;
    (is_name && is_long_enough && !is_sentence && words > 0).then_some(end)
}

fn ends_field(rest: &str) -> bool {
    rest.trim_start_matches(' ').chars().next().is_none_or(|c| !c.is_alphanumeric())
}

/// The word of letters that begins at `at`, with apostrophes.
fn word_at(text: &str, at: usize) -> &str {
    let rest = &text[at.min(text.len())..];
    let end = rest
        .char_indices()
        .find(|(_, c)| !(is_native_letter(*c) || matches!(c, '\'' | '׳' | '״' | '’')))
        .map_or(rest.len(), |(at, _)| at);
    rest[..end].trim_end_matches('\'')
}
