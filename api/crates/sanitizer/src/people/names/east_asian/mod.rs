//! Chinese, Japanese and Korean names, which no capital and no space sets apart: by a frequent surname together with a form of address
//! (`王女士`, `田中さん`, `박지훈 님`), and after the word for a name.

mod chinese;
mod japanese;
mod korean;

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use memchr::memmem::Finder;

use crate::{
    scan::{Scanned, is_cjk, is_han, is_hangul, is_kana},
    span::{Kind, Span},
};

/// The most characters of a given name, and of a whole name.
const GIVEN_CHARS_MAX: usize = 4;
const NAME_CHARS_MAX: usize = 6;
/// The most characters of a name in Katakana, as those of foreigners and the readings of names.
const KANA_CHARS_MAX: usize = 12;
/// Characters of notes on a field: 格式不正确, 入力必須項目.
const NO_NAME_CHARS: [char; 22] = [
    '不', '空', '必', '未', '填', '误', '錯', '错', '能', '须', '須', '変', '更', '無', '无', '入', '力', '項', '字',
    '符', '请', '的',
];
/// What stands in the field of a name without being one.
const NO_NAMES: [&str; 16] = [
    "必填",
    "未知",
    "匿名",
    "不详",
    "保密",
    "同上",
    "本人",
    "必須",
    "任意",
    "未定",
    "省略",
    "同上",
    "未記入",
    "空白",
    "客户",
    "先生",
];

/// Finds names by surname and form of address, and Japanese names with a space.
pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    let text = scanned.text;
    for token in scanned.tokens.iter().filter(|token| token.shape.is_word() && token.shape.is_capitalised()) {
        let run = &text[token.range()];
        if !run.starts_with(is_cjk) {
            continue;
        }
        let mut add = |start: usize, end: usize, why| {
            spans.push(Span { range: token.start() + start..token.start() + end, kind: Kind::Person, why });
        };
        if run.starts_with(is_hangul) {
            if let Some(end) = korean_before_form(run, &text[token.end()..]) {
                add(0, end, "a Korean name before a form of address");
            }
            continue;
        }
        if let Some(start) = han_before_spaced_form(run, &text[token.end()..]) {
            add(start, run.len(), "a name before a form of address");
        }
        if let Some((start, end)) = han_before_certain_form(run) {
            add(start, end, "a name before a form of address");
        }
        for form in han_before_form(run) {
            add(form.0, form.1, "a surname before a form of address");
        }
        if let Some((start, end)) = japanese_with_space(text, token.end(), run) {
            let length = end - token.end();
            add(start, run.len() + length, "a Japanese surname and a given name");
        }
    }
}

/// Whether the word is a frequent surname.
pub(super) fn is_surname(word: &str) -> bool {
    chinese::surname(word) == Some(word.len()) || japanese::surname(word) == Some(word.len())
}

/// The end of the Korean name that `run` is, if a form of address follows: `박지훈 님`, `최수진씨에게`.
fn korean_before_form(run: &str, after: &str) -> Option<usize> {
    let spaced = after.strip_prefix(' ').unwrap_or_default();
    let follows = |rest: &str| {
        korean::FORMS.iter().any(|form| {
            rest.strip_prefix(form).is_some_and(|rest| {
                rest.chars().take_while(|c| is_hangul(*c)).count() <= 2 && !rest.starts_with("에서")
            })
        })
    };
    if korean::is_name(run) && follows(spaced) {
        return Some(run.len());
    }
    let name: usize = run.chars().take(3).map(char::len_utf8).sum();
    (korean::is_name(&run[..name]) && follows(&run[name..])).then_some(name)
}

/// Where the name begins that ends `run`, if a form of address follows after a space: `王小明 先生`.
fn han_before_spaced_form(run: &str, after: &str) -> Option<usize> {
    let rest = after.strip_prefix(' ')?;
    let is_form = |forms: &[&str]| forms.iter().any(|form| rest.starts_with(form));
    let (is_chinese, is_japanese) = (is_form(&chinese::FORMS), rest.starts_with('様'));
    let starts = run.char_indices().rev().take(4).take_while(|(_, c)| is_han(*c)).map(|(at, _)| at);
    let is_name = |start: &usize| {
        let name = &run[*start..];
        let chars = name.chars().count();
        is_free(run, *start)
            && (is_chinese && chinese::surname(name).is_some() && (2..=4).contains(&chars)
                || is_japanese && japanese::surname(name).is_some())
    };
    starts.filter(is_name).last().filter(|_| is_chinese || is_japanese)
}

/// The Chinese and Japanese forms of address.
static FORMS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let forms = chinese::FORMS.iter().chain(&japanese::FORMS);
    AhoCorasick::new(forms).expect("a few dozen short words make an automaton")
});

/// The names before forms of address within a run of Chinese characters and Kana.
fn han_before_form(run: &str) -> Vec<(usize, usize)> {
    let mut names = Vec::new();
    let mut from = 0;
    // A run is a sentence in the worst case, and each place looks back a few characters only.
    for at in FORMS.find_iter(run).map(|found| found.start()) {
        let starts = run[from..at]
            .char_indices()
            .rev()
            .take(NAME_CHARS_MAX)
            .take_while(|(_, c)| is_han(*c))
            .map(|(start, _)| from + start);
        let free = starts.clone().filter(|start| is_free(run, *start) && is_name_before_form(run, *start, at)).last();
        // 请联系王女士: a verb stands right before the surname.
        let is_clear = chinese::CLEAR_FORMS.iter().any(|form| run[at..].starts_with(form));
        let name =
            free.or_else(|| starts.take(3).filter(|start| is_clear && is_name_before_form(run, *start, at)).last());
        if let Some(start) = name {
            names.push((start, at));
            from = at;
        }
    }
    names
}

/// What the words after one's own name begin with.
static SAID: LazyLock<Finder> = LazyLock::new(|| Finder::new("と申"));

/// The name before a form that hardly anything but a name stands before, so that the surname need not be listed: 小鳥遊と申します,
/// 御手洗様に.
fn han_before_certain_form(run: &str) -> Option<(usize, usize)> {
    const SAYS: [&str; 3] = ["と申します", "と申しま", "と申す者"];
    /// Last characters of words for roles and groups that take 様, too, and of words that only end so.
    const OF_OTHERS: &str = "客皆神奥王何同多模仕異一有者員先方社店生親々主人側家族位患病院校園局省庁部課係殿";
    const CHARS: std::ops::RangeInclusive<usize> = 2..=5;
    // Preparing a search takes longer than searching a run, so what all three begin with is looked for first.
    let is_said = SAID.find(run.as_bytes()).and_then(|_| SAYS.iter().find_map(|says| run.find(says)));
    let is_addressed = || {
        let at = run.find('様')?;
        let after = run[at + '様'.len_utf8()..].chars().next();
        after
            .is_none_or(|c| matches!(c, 'に' | 'へ' | 'よ' | 'か' | 'の' | 'が' | 'は' | 'を' | 'と' | 'で'))
            .then_some(at)
    };
    let end = is_said.or_else(is_addressed)?;
    let start = run[..end].char_indices().rev().take_while(|(_, c)| is_han(*c)).map(|(at, _)| at).last()?;
    let name = &run[start..end];
    let is_of_other = name.chars().next_back().is_none_or(|c| OF_OTHERS.contains(c));
    let is_name = CHARS.contains(&name.chars().count()) && (is_said.is_some() || !is_of_other);
    is_name.then_some((start, end))
}

/// Whether a name may begin at `start`: after a character that is no Chinese one, or after one that stands before names.
fn is_free(run: &str, start: usize) -> bool {
    const BEFORE: &str = "的是叫和与與给給对對请請找向由跟让讓被为為问問告诉訴见見帮幫及或、之位";
    run[..start].chars().next_back().is_none_or(|c| !is_han(c) || BEFORE.contains(c))
}

/// Whether a name stands between `start` and the form of address at `at`.
fn is_name_before_form(run: &str, start: usize, at: usize) -> bool {
    let name = &run[start..at];
    let form = &run[at..];
    let chars = name.chars().count();
    if name.contains(['的', '了', '是', '在', '有', '们', '們']) {
        return false;
    }
    let is_japanese = japanese::FORMS.iter().any(|japanese| form.starts_with(japanese))
        && japanese::surname(name).is_some_and(|surname| surname == name.len() || name[surname..].chars().count() <= 3);
    // 氏 and 君 also end words of other kinds, so the surname must have two characters.
    let is_short = name.chars().count() == 1 && form.starts_with(['氏', '君', '殿', '様']);
    let is_chinese = chinese::FORMS.iter().any(|chinese| form.starts_with(chinese))
        && chinese::surname(name).is_some_and(|surname| name[surname..].chars().count() <= 2);
    // Japanese 先生 and Chinese 先生 are the same word.
    is_japanese && !is_short && chars <= NAME_CHARS_MAX || is_chinese && chars <= 4
}

/// Where a Japanese surname at the end of `run` begins, and where the given name after the space ends: `佐々木 美穂`.
fn japanese_with_space(text: &str, end: usize, run: &str) -> Option<(usize, usize)> {
    let rest = text[end..].strip_prefix([' ', '\u{3000}'])?;
    let given: usize = rest.chars().take(GIVEN_CHARS_MAX + 1).take_while(|c| is_han(*c)).map(char::len_utf8).sum();
    let given_chars = rest[..given].chars().count();
    let after = rest[given..].chars().next();
    let goes_on = after.is_some_and(|c| {
        c.is_alphanumeric() && !matches!(c, 'で' | 'と' | 'の' | 'が' | 'は' | 'を' | 'に' | 'さ' | 'も' | 'へ')
    });
    if !(1..=3).contains(&given_chars) || goes_on {
        return None;
    }
    let start = run.char_indices().rev().take(3).map(|(at, _)| at).filter(|at| {
        let before = run[..*at].chars().next_back();
        japanese::surname(&run[*at..]) == Some(run.len() - at) && before.is_none_or(|c| !is_han(c))
    });
    let start = start.last()?;
    // One character and one character may be anything.
    (run[start..].chars().count() + given_chars >= 3).then_some((start, end + 1 + given))
}

/// Where the name ends that `text` begins with, in Chinese characters or Kana. `assigns` says that it stands after a colon.
pub(crate) fn announced_han(text: &str, assigns: bool) -> Option<usize> {
    let run = run_of(text, |c| is_han(c) || matches!(c, '·' | '・'));
    let chars = text[..run].chars().count();
    let after = &text[run..];
    let mut end = match chars {
        0 => kana_end(text, assigns)?,
        _ if NO_NAMES.iter().any(|word| text[..run] == **word) => return None,
        1..=4 if assigns => run,
        // 早乙女理沙, 長谷川小百合. What a form says of an empty field is as long.
        5 | 6 if assigns && !text[..run].contains(NO_NAME_CHARS) => run,
        _ => surname_end(&text[..run])?,
    };
    if chars == 1
        && !after.starts_with([' ', '\u{3000}'])
        && chinese::surname(text).is_none()
        && japanese::surname(text).is_none()
    {
        return None;
    }
    // 山田花子です: a Japanese name without a colon ends where Hiragana begins, and a given name may be written in Kana.
    let is_surname = chars > 0 && japanese::surname(text) == Some(run);
    if chars > 0 && (assigns || is_surname) && end == run {
        end += kana_given(after);
    }
    // The given name after a space.
    if let Some(rest) = text[end..].strip_prefix([' ', '\u{3000}']) {
        let given = run_of(rest, |c| {
            is_han(c) || is_kana(c) && (assigns || !matches!(c, 'で' | 'と' | 'は' | 'が' | 'の' | 'を'))
        });
        let given = rest[..given].find("です").or_else(|| rest[..given].find("と申")).unwrap_or(given);
        let given = rest[..given].trim_end_matches(['様', '氏']).len();
        let given_chars = rest[..given].chars().count();
        let is_name =
            chars == 0 || japanese::surname(&text[..end]) == Some(end) || chinese::surname(text).is_some() || assigns;
        let goes_on = rest[given..].chars().next().is_some_and(|c| is_han(c) && !matches!(c, '様' | '氏'));
        if (1..=GIVEN_CHARS_MAX).contains(&given_chars) && is_name && !goes_on && !is_label(rest) {
            end = text.len() - rest.len() + given;
        }
    }
    (text[..end].chars().count() >= 2).then_some(end)
}

/// Whether the next word is the label of another field: `林 性别：女`.
fn is_label(rest: &str) -> bool {
    let word = run_of(rest, is_cjk);
    rest[word..].trim_start_matches(' ').starts_with([':', '='])
}

/// Where a name without a colon ends: a frequent surname and the one to three characters after it, if no others follow.
fn surname_end(run: &str) -> Option<usize> {
    let chars = run.chars().count();
    let japanese = japanese::surname(run).filter(|surname| run[*surname..].chars().count() <= 3);
    let chinese = chinese::surname(run).filter(|surname| (1..=2).contains(&run[*surname..].chars().count()));
    (chars <= NAME_CHARS_MAX && (japanese.is_some() || chinese.is_some())).then_some(run.len())
}

fn run_of(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.char_indices().find(|(_, c)| !belongs(*c)).map_or(text.len(), |(at, _)| at)
}

/// The length of a name in Katakana, or in Hiragana after a colon.
fn kana_end(text: &str, assigns: bool) -> Option<usize> {
    let katakana = |c: char| matches!(c, '\u{30A0}'..='\u{30FF}');
    let end = run_of(text, |c| katakana(c) || assigns && is_kana(c));
    let chars = text[..end].chars().count();
    ((2..=KANA_CHARS_MAX).contains(&chars) && assigns).then_some(end)
}

/// The length of a given name in Kana after a surname: 佐藤さくら.
fn kana_given(after: &str) -> usize {
    let end = run_of(after, is_kana);
    let given = &after[..end];
    let chars = given.chars().count();
    let is_verb = given.starts_with("です")
        || given.starts_with("さん")
        || given.starts_with("さま")
        || given.starts_with(['と', 'は', 'が', 'の', 'を', 'に', 'で']);
    if (2..=4).contains(&chars) && !is_verb { end } else { 0 }
}

/// Where the name ends that `text` begins with, in Korean. `is_introduction` says that it is what somebody says to be.
pub(crate) fn announced_hangul(text: &str, assigns: bool, is_introduction: bool) -> Option<usize> {
    let run = run_of(text, is_hangul);
    let word = &text[..run];
    if is_introduction && !assigns {
        // 저는 학생입니다 says what, 저는 이서현입니다 who.
        let says_who =
            ["입니다", "이에요", "예요", "이라고", "라고", "이고요", "이구요", "인데요", "이고", "이요", "이야"]
                .iter()
                .find_map(|verb| word.strip_suffix(verb));
        return says_who.filter(|name| korean::is_name(name)).map(str::len);
    }
    let family = word.chars().count() == 1 && text[run..].starts_with(' ');
    if family && assigns {
        let given = run_of(&text[run + 1..], is_hangul);
        return (1..=3).contains(&text[run + 1..][..given].chars().count()).then_some(run + 1 + given);
    }
    korean::name(word, assigns)
}
