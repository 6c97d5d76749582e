//! Finds phone numbers: international ones by their calling code, North American ones by their shape, others by their groups or
//! by a word beside them. Digits without separators count only if a word announces a phone number.

use arrayvec::ArrayVec;

use crate::{
    numbers::calling_codes,
    scan::{
        Scanned,
        trigger_words::{self as trigger, Triggers},
    },
    span::{Kind, Span},
};

/// The fewest digits of a number; the most, which are 15 by ITU-T E.164 and one for a prefix; the most groups that people write.
const DIGITS_MIN: usize = 5;
const DIGITS_MAX: usize = 16;
const GROUPS_MAX: usize = 8;
/// How far before a number the word may stand that announces a phone, in bytes.
const TRIGGER_BYTES_MAX: usize = 40;

/// Groups of digits that follow each other, with what stands between them.
#[derive(Default)]
struct Groups {
    /// The number of digits in each group.
    lengths: ArrayVec<usize, GROUPS_MAX>,
    /// Where each group ends, a closing bracket included.
    ends: ArrayVec<usize, GROUPS_MAX>,
    digits: ArrayVec<u8, { DIGITS_MAX + 4 }>,
    separators: ArrayVec<u8, GROUPS_MAX>,
    has_brackets: bool,
}

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    let mut next = 0;
    for &anchor in &scanned.long_numbers {
        let first = anchor as usize;
        if first < next || !scanned.tokens[first].shape.is_number() {
            continue;
        }
        if let Some((start, end, groups)) = number_from(scanned, first) {
            let (end, extension) = with_extension(scanned, end, first + groups);
            spans.push(Span { range: start..end, kind: Kind::Phone, why: "a phone number" });
            next = first + groups + extension;
        }
    }
}

/// The groups that begin with the token `first`.
fn groups_from(scanned: &Scanned, first: usize) -> Groups {
    let mut groups = Groups::default();
    let bytes = scanned.bytes();
    let mut at = first;
    loop {
        let token = &scanned.tokens[at];
        let mut end = token.end();
        if scanned.byte_at(end) == b')' {
            end += 1;
            groups.has_brackets = true;
        }
        groups.digits.extend(bytes[token.range()].iter().copied());
        groups.lengths.push(token.len());
        groups.ends.push(end);
        let Some(next) = scanned.tokens.get(at + 1) else { break };
        let next_digits = if next.shape.is_number() { next.len() } else { digits_before_extension(scanned, at + 1) };
        if next_digits == 0 {
            break;
        }
        let gap = &bytes[token.end()..next.start()];
        let is_gap = gap.len() <= 3
            && gap.iter().all(|byte| matches!(byte, b' ' | b'-' | b'.' | b'/' | b'(' | b')'))
            && gap != b"  "
            && gap != b"..";
        if !is_gap || groups.digits.len() + next_digits > groups.digits.capacity() || groups.lengths.len() >= GROUPS_MAX
        {
            break;
        }
        groups.separators.push(*gap.iter().find(|byte| !matches!(byte, b'(' | b')')).unwrap_or(&b' '));
        if !next.shape.is_number() {
            let end = next.start() + next_digits;
            groups.digits.extend(bytes[next.start()..end].iter().copied());
            groups.lengths.push(next_digits);
            groups.ends.push(end);
            break;
        }
        at += 1;
    }
    groups
}

/// How many digits stand before the extension in a token such as `0132x4587`; 0 if the token is no such group. A resolution as
/// `1920x1080` looks the same, but stands behind no other groups of a number.
fn digits_before_extension(scanned: &Scanned, index: usize) -> usize {
    const GROUP_DIGITS: std::ops::RangeInclusive<usize> = 3..=4;
    const EXTENSION_DIGITS: std::ops::RangeInclusive<usize> = 1..=6;
    if !scanned.tokens[index].shape.has_digit() {
        return 0;
    }
    let text = scanned.token_text(index);
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once(['x', 'X']) {
        Some((group, extension))
            if GROUP_DIGITS.contains(&group.len())
                && EXTENSION_DIGITS.contains(&extension.len())
                && is_digits(group)
                && is_digits(extension) =>
        {
            group.len()
        }
        _ => 0,
    }
}

/// The start, the end and the number of groups of the phone number that begins with the token `first`.
fn number_from(scanned: &Scanned, first: usize) -> Option<(usize, usize, usize)> {
    let token = &scanned.tokens[first];
    let bracket = usize::from(scanned.byte_before(token.start()) == b'(');
    let mut start = token.start() - bracket;
    let has_plus = scanned.byte_before(start) == b'+' || scanned.byte_before(token.start()) == b'+';
    start -= usize::from(scanned.byte_before(start) == b'+');
    if scanned.byte_before(start) == b'(' && has_plus && bracket == 0 {
        start -= 1;
    }
    let before = scanned.byte_before(start);
    if before.is_ascii_alphanumeric()
        || matches!(before, b'_' | b'.' | b'/' | b'#' | b'$') && !has_plus
        || matches!(before, b'-')
            && first > 0
            && scanned.tokens[first - 1].end() + 1 == start
            // NDC-0591-3740-01 is a drug.
            && (scanned.tokens[first - 1].shape.has_digit() || scanned.token_text(first - 1) == "NDC")
    {
        return None;
    }
    // Digits stand right before it: the number began there, and is something else.
    let follows_digits = first > 0
        && scanned.tokens[first - 1].shape.has_digit()
        && [b' ', b'-', b'.'].iter().any(|sign| scanned.is_joined(first - 1, *sign));
    // In a row of single digits, each would begin a number.
    if token.len() > DIGITS_MAX || token.len() == 1 && follows_digits && !has_plus {
        return None;
    }
    let groups = groups_from(scanned, first);
    let total = groups.digits.len();
    if total < DIGITS_MIN {
        return None;
    }
    if has_plus {
        return international(&groups, 0).map(|count| (start, groups.ends[count - 1], count));
    }
    let last_end = groups.ends[groups.ends.len() - 1];
    if matches!(scanned.byte_at(last_end), b'_' | b'%' | b'$')
        || scanned.byte_at(last_end) == b'.' && scanned.byte_at(last_end + 1).is_ascii_digit()
    {
        return None;
    }
    // The headings of a table announce nothing in its rows: there, the column decides.
    let is_sign = |byte: u8| matches!(byte, b',' | b';' | b'\t' | b'|');
    let (sign, next_sign) = (scanned.byte_before(start), scanned.byte_at(last_end));
    let is_cell =
        is_sign(sign) && (is_sign(next_sign) || matches!(next_sign, 0 | b'\n')) || sign == b'\n' && is_sign(next_sign);
    let reach = if is_cell { bytes_of_line_before(scanned, start) } else { TRIGGER_BYTES_MAX };
    // So do the columns of a statement: `INSERT INTO users (id, phone) VALUES (88213, …)`.
    let follows_values = first > 0
        && scanned.byte_before(token.start()) == b'('
        && scanned.token_text(first - 1).eq_ignore_ascii_case("values");
    let triggers = if follows_values { 0 } else { scanned.triggers_before(first, 5, reach) };
    if groups.digits.starts_with(b"00")
        && total >= 11
        && !follows_digits
        && (groups.lengths.len() > 1 && groups.lengths[0] <= 5 && groups.digits[2] != b'0'
            || triggers & trigger::PHONE != 0)
        && let Some(count) = international(&groups, 2)
    {
        return Some((start, groups.ends[count - 1], count));
    }
    if let Some(count) = american(&groups, bracket == 1, triggers & trigger::PHONE != 0) {
        return Some((start, groups.ends[count - 1], count));
    }
    // Nor does a number begin in the middle of a row of short ones, as `rgb(79 70 229 / 0.35)`.
    const ROW_DIGITS_MAX: usize = 3;
    if follows_digits && token.len() <= ROW_DIGITS_MAX {
        return None;
    }
    let count = announced_length(&groups)?;
    let end = groups.ends[count - 1];
    let after = scanned.triggers_after(first + count - 1, 4, 28);
    // `is not a valid phone number (code 21211)`.
    let is_code = groups.lengths.len() == 1
        && groups.digits.len() <= 6
        && first > 0
        && ["code", "error", "status", "port", "line"]
            .iter()
            .any(|word| scanned.token_text(first - 1).eq_ignore_ascii_case(word));
    if is_code {
        return None;
    }
    let is_announced = triggers & trigger::PHONE != 0 && triggers & (trigger::CARD | trigger::HARMLESS) == 0
        || after & trigger::PHONE != 0 && scanned.text[end..].starts_with([' ', '-', '(', '\t', ',']);
    let digits: usize = groups.lengths[..count].iter().sum();
    let is_announced = is_announced
        || is_after_abbreviation(scanned, first, &groups)
        || count > 1 && is_labelled_line(scanned, start, end)
        || says_number(scanned, start, first, triggers, &groups.digits[..digits]);
    if is_announced
        && (digits >= 7
            || groups.lengths[..count].len() >= 2 && digits >= 5
            || triggers & trigger::PHONE != 0 && digits >= 5)
        && !is_date(&groups, count)
    {
        return Some((start, end, count));
    }
    (!follows_digits && grouped(&groups, count, bracket == 1)).then_some((start, end, count))
}

/// How many bytes of its line stand before `at`, up to [`TRIGGER_BYTES_MAX`].
fn bytes_of_line_before(scanned: &Scanned, at: usize) -> usize {
    let before = &scanned.bytes()[at.saturating_sub(TRIGGER_BYTES_MAX)..at];
    memchr::memrchr(b'\n', before).map_or(TRIGGER_BYTES_MAX, |newline| before.len() - newline - 1)
}

/// Whether `HP` (Indonesian for a mobile phone) or `WA` (for WhatsApp) stands before a number that is dialled with a 0. Before other
/// numbers these letters are a maker of computers and a state.
fn is_after_abbreviation(scanned: &Scanned, first: usize, groups: &Groups) -> bool {
    const DIGITS: std::ops::RangeInclusive<usize> = 8..=13;
    let is_abbreviation =
        first > 0 && ["hp", "wa"].iter().any(|word| scanned.token_text(first - 1).eq_ignore_ascii_case(word));
    is_abbreviation
        && matches!(scanned.gap(first - 1), ": " | ":" | ". " | " : " | " ")
        && groups.digits.starts_with(b"0")
        && DIGITS.contains(&groups.digits.len())
        && (scanned.gap(first - 1) != " " || groups.digits.starts_with(b"08"))
}

/// Whether the number begins a line of a signature, and the place of the phone ends it: `21 253 109 8211 (office)`.
fn is_labelled_line(scanned: &Scanned, start: usize, end: usize) -> bool {
    const PLACES: [&str; 6] = ["office", "work", "home", "desk", "direct", "main"];
    let before = scanned.text[..start].trim_end_matches([' ', '>', '\t']);
    let begins_line = before.is_empty() || before.ends_with('\n');
    let after = &scanned.text[end..];
    let Some(label) = [" (", " - ", " ", "-", "\t"].iter().find_map(|gap| after.strip_prefix(gap)) else {
        return false;
    };
    begins_line
        && PLACES.iter().any(|place| {
            label.get(..place.len()).is_some_and(|word| word.eq_ignore_ascii_case(place))
                && (label.len() == place.len() || label[place.len()..].starts_with(['\n', '\r', ')', ',', '\\']))
        })
}

/// Whether the text says `my number is 09-7625400` and means no other kind of number: the digits are dialled so, from a landline or, in
/// China, from a mobile; or the number is somebody's, as in `mi número es el 55 1234 5678`.
fn says_number(scanned: &Scanned, start: usize, first: usize, triggers: Triggers, digits: &[u8]) -> bool {
    const SAYS: [&str; 22] = [
        " is ",
        "'s ",
        " ist ",
        " ist die ",
        " es ",
        " es el ",
        " est ",
        " est le ",
        " c'est le ",
        " c'est ",
        " é ",
        " é o ",
        " è ",
        " è il ",
        " er ",
        " är ",
        " is het ",
        " to ",
        " je ",
        " on ",
        " ni ",
        " adalah ",
    ];
    const OWN: &[&str] = &[
        "my", "our", "his", "her", "their", "mein", "meine", "meiner", "mijn", "mi", "mis", "nuestro", "mon", "notre",
        "meu", "nosso", "mio", "nostro", "min", "mitt", "mit", "vårt", "mój", "moj", "moje", "moj", "môj", "můj",
        "saya", "yangu", "benim", "numaram", "numeroni",
    ];
    let is_dialled = match digits {
        [b'0', b'1'..=b'9', ..] => (9..=13).contains(&digits.len()),
        [b'1', b'3'..=b'9', ..] => digits.len() == 11,
        _ => false,
    };
    let is_own = || {
        let words = first.saturating_sub(6)..first;
        words.clone().any(|at| OWN.iter().any(|own| scanned.token_text(at).eq_ignore_ascii_case(own)))
    };
    let text = &scanned.text[..start];
    triggers & trigger::NUMBER != 0
        && triggers & trigger::OTHER_THAN_PHONE == 0
        && SAYS.iter().any(|says| text.ends_with(says))
        && (is_dialled || (8..=13).contains(&digits.len()) && is_own())
}

/// How many groups make up an international number whose calling code begins after `skip` digits.
fn international(groups: &Groups, skip: usize) -> Option<usize> {
    let digits = &groups.digits[skip..];
    let (code, fewest, most) = calling_codes::national_lengths(digits)?;
    // The 0 of `+49 (0)30 …` is dialled only within the country, and does not count.
    let trunk = usize::from(groups.lengths.contains(&1) && groups.has_brackets);
    let mut total = 0;
    let mut best = None;
    for (at, length) in groups.lengths.iter().enumerate() {
        total += length;
        if total >= skip + code + fewest && total <= skip + code + most + trunk && total <= DIGITS_MAX + skip + trunk {
            best = Some(at + 1);
        }
        // After a slash, a second number begins.
        if best.is_some() && groups.separators.get(at) == Some(&b'/') {
            break;
        }
    }
    best
}

/// How many groups make up a North American number: `(415) 555-0132`, `415-555-0132`, `1-415-555-0132`.
fn american(groups: &Groups, in_brackets: bool, is_announced: bool) -> Option<usize> {
    let skip = usize::from(groups.lengths.first() == Some(&1) && groups.digits[0] == b'1');
    let lengths = groups.lengths.get(skip..skip + 3)?;
    if lengths != [3, 3, 4] {
        return None;
    }
    let digits = &groups.digits[skip..];
    let separators = groups.separators.get(skip..skip + 2)?;
    let opens = |at: usize| matches!(digits[at], b'2'..=b'9');
    let is_even = separators[0] == separators[1] && separators[0] != b'/' || in_brackets || separators == b" -";
    let is_shaped = separators[1] != b' ' || in_brackets || skip == 1 || is_announced;
    // Numbers that only look so are announced; others begin as the plan says.
    (is_even
        && is_shaped
        && (opens(0) && (opens(3) || in_brackets || separators[1] == b'-')
            || is_announced
            || digits[0] == b'1' && separators[1] == b'-'))
        .then_some(skip + 3)
}

/// How many groups make up a number that a word announces: at most 15 digits.
fn announced_length(groups: &Groups) -> Option<usize> {
    let mut total = 0;
    let count = groups.lengths.iter().take_while(|length| {
        total += **length;
        total <= 15
    });
    let count = count.count();
    (groups.lengths[..count].iter().sum::<usize>() >= 5).then_some(count)
}

/// Whether the groups are a national number that needs no word: a leading 0 and equal separators, as `020 7946 0958`, or an area code in
/// brackets.
fn grouped(groups: &Groups, count: usize, in_brackets: bool) -> bool {
    let lengths = &groups.lengths[..count];
    let total: usize = lengths.iter().sum();
    let even = groups.separators[..count.saturating_sub(1)].windows(2).all(|pair| pair[0] == pair[1]);
    let dials = groups.digits[0] == b'0' && groups.digits[1] != b'0';
    let is_ssn = lengths == [3, 2, 4];
    let is_listed = lengths.iter().skip(1).all(|length| (2..=4).contains(length) || *length <= 8 && count == 2);
    // 8-903-765-43-21, as in Russia and Kazakhstan.
    if lengths == [1, 3, 3, 2, 2] && groups.digits[0] == b'8' && matches!(groups.digits[1], b'3'..=b'9') {
        return true;
    }
    if in_brackets && groups.has_brackets {
        return dials && (9..=12).contains(&total) && count >= 2;
    }
    dials
        && even
        && is_listed
        && !is_ssn
        && count >= 3
        && (9..=12).contains(&total)
        && (total < 12 || (3..=5).contains(&lengths[0]) && count == groups.lengths.len())
        && lengths[0] >= 2
        && !is_date(groups, count)
}

/// Whether the groups are a date, possibly with a time: `2026-03-02`, `02.03.2026`, `02/03/2026`.
fn is_date(groups: &Groups, count: usize) -> bool {
    let separators = &groups.separators[..count.saturating_sub(1)];
    matches!(groups.lengths[..count], [4, 2, 2, ..] | [2, 2, 4, ..] | [1, 2, 4, ..] | [2, 1, 4, ..] | [1, 1, 4, ..])
        && separators.iter().take(2).all(|byte| matches!(byte, b'-' | b'.' | b'/'))
}

/// The end of the number with its extension, and how many tokens the extension has.
fn with_extension(scanned: &Scanned, end: usize, next: usize) -> (usize, usize) {
    // In `0132x4587` the extension is a part of the last token.
    if let Some(last) = next.checked_sub(1).map(|last| &scanned.tokens[last]).filter(|last| last.end() > end) {
        return (last.end(), 0);
    }
    let Some(token) = scanned.tokens.get(next).filter(|token| token.start() - end <= 2) else { return (end, 0) };
    let text = scanned.token_text(next);
    if token.shape.has_digit() {
        let digits = text.trim_start_matches(['x', 'X']);
        let is_extension = digits.len() < text.len()
            && !digits.is_empty()
            && digits.len() <= 6
            && digits.bytes().all(|byte| byte.is_ascii_digit());
        return if is_extension { (token.end(), 1) } else { (end, 0) };
    }
    let is_word = ["ext", "x", "extension", "durchwahl", "anexo"].iter().any(|word| text.eq_ignore_ascii_case(word));
    match scanned.tokens.get(next + 1) {
        Some(number)
            if is_word && number.shape.is_number() && number.len() <= 6 && number.start() - token.end() <= 3 =>
        {
            (number.end(), 2)
        }
        _ => (end, 0),
    }
}
