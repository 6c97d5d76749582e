//! Finds passwords and keys that a text tells of without assigning them: `my password is …`, `--token …`,
//! `setopt(PASSWORD, "…")`, `the PIN is 4821`, and a value alone on the line after `here is the key:`.

use crate::{
    scan::{Scanned, char_classes, trigger_words as trigger},
    secrets::{
        not_secret::is_not_secret,
        random_letters::is_random_letters,
        secret_name::{Expected, expected_by},
        secret_value::{Value, is_secret, value_at},
    },
    span::{Kind, Span},
};

/// How far the colon at the end of a line may be from the word that announces the value on the next line, in bytes.
const LINE_BYTES_MAX: usize = 80;

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    for index in scanned.tokens_with(trigger::PASSWORD | trigger::SECRET) {
        // In `you can pass "a=1"`, `pass` is a verb.
        let is_verb = scanned.token_text(index).eq_ignore_ascii_case("pass")
            && matches!(scanned.gap(index), " `" | " \"" | " '")
            && scanned.byte_before(scanned.tokens[index].start()) == b' ';
        if is_verb {
            continue;
        }
        let expected = if scanned.tokens[index].has(trigger::PASSWORD) { Expected::Password } else { Expected::Secret };
        let value = after_phrase(scanned, index, expected)
            .or_else(|| next_argument(scanned, index, expected))
            .or_else(|| digits_only(scanned, index, expected))
            .or_else(|| of_netrc(scanned, index))
            .or_else(|| right_after(scanned, index, expected))
            .or_else(|| after_capitals(scanned, index, expected))
            .or_else(|| in_groups(scanned, index))
            .or_else(|| of_something(scanned, index, expected))
            .or_else(|| said_of_something(scanned, index, expected))
            .or_else(|| alone_in_line(scanned, index, expected));
        if let Some(value) = value {
            let kind = if expected == Expected::Password { Kind::Password } else { Kind::Secret };
            spans.push(Span { range: value.start..value.end(), kind, why: "the text says that this is a secret" });
        }
    }
    identified_by(scanned, spans);
}

/// The value after a phrase or a flag: `password is …`, `--token …`, `<token>…`, `password "…"`.
fn after_phrase<'a>(scanned: &Scanned<'a>, index: usize, expected: Expected) -> Option<Value<'a>> {
    // English, then Spanish, German, French, Italian, Portuguese, Swedish, Norwegian, Finnish, Polish, Czech, Indonesian, Swahili.
    const SAYS: &[&str] = &[
        " is: ",
        " is now ",
        " is set to ",
        " is ",
        " to be ",
        " was ",
        " = ",
        " es ",
        " ist ",
        " lautet ",
        " lautet: ",
        " est ",
        " è ",
        " é ",
        " är ",
        " er ",
        " on ",
        " to ",
        " je ",
        " jest ",
        " adalah ",
        " ni ",
    ];
    let bytes = scanned.bytes();
    let token = &scanned.tokens[index];
    let end = token.end();
    let is_flag = scanned.byte_before(token.start()) == b'-' && token.start() >= 2;
    // Within a string, a tab is written as an escape.
    let end = end + usize::from(bytes[end..].starts_with(b"\\t\\\""));
    let is_space = matches!(scanned.byte_at(end), b' ' | b'\t') || end > token.end();
    let at = match SAYS.iter().find(|says| bytes[end..].starts_with(says.as_bytes())) {
        Some(says) => end + says.len(),
        None if is_flag && is_space || scanned.byte_at(end) == b'>' => end + 1,
        None if expected == Expected::Password
            && is_space
            && matches!(scanned.byte_at(end + 1), b'"' | b'\'' | b'`' | b'\\') =>
        {
            end + 1
        }
        None => return None,
    };
    let value = value_at(bytes, at);
    let value = Value { bytes: trimmed(value.bytes), ..value };
    let (digits, letters) = char_classes::digits_and_letters(value.bytes);
    // In prose a plain word is no password; one with a digit or a sign in it may be.
    let is_mixed =
        digits > 0 && letters > 0 || value.is_quoted && value.bytes.len() >= 6 && letters < value.bytes.len();
    (is_mixed && is_secret(value.bytes, expected, value.is_quoted)).then_some(value)
}

/// The next argument or the default: `setopt(PASSWORD, "…")`, `getenv("PASSWORD") or "…"`.
fn next_argument<'a>(scanned: &Scanned<'a>, index: usize, expected: Expected) -> Option<Value<'a>> {
    let bytes = scanned.bytes();
    let end = scanned.tokens[index].end();
    let end = end + bytes[end..].iter().take(3).take_while(|byte| matches!(byte, b'"' | b'\'' | b')' | b']')).count();
    let joins = [&b", "[..], b",", b" or ", b" || ", b" ?? "];
    let join = joins.iter().find(|join| bytes[end..].starts_with(join))?;
    let value = value_at(bytes, end + join.len());
    // URLs, escapes and templates are no passwords.
    let is_plain = !value.bytes.iter().any(|byte| matches!(byte, b':' | b'\\' | b'{'));
    (value.is_quoted && is_plain && is_strict(value.bytes) && is_secret(value.bytes, expected, true)).then_some(value)
}

/// Digits only, if no word that they could count follows: `the PIN is 4821`, `passcode: 993421`, `alarm pin 4471`.
fn digits_only<'a>(scanned: &Scanned<'a>, index: usize, expected: Expected) -> Option<Value<'a>> {
    let next = scanned.tokens.get(index + 1).filter(|_| expected == Expected::Password)?;
    let is_pin = scanned.token_text(index).eq_ignore_ascii_case("pin");
    // The number on the back of a payment card.
    let is_cvv = ["cvv", "cvc", "cvv2", "cvc2"].iter().any(|word| scanned.token_text(index).eq_ignore_ascii_case(word));
    let (next, at) = match scanned.gap(index) {
        " " if is_cvv && next.shape.is_number() => (next, index + 1),
        ": " | ":" => (next, index + 1),
        " " if scanned.token_text(index + 1) == "is" && scanned.gap(index + 1) == " " => {
            (scanned.tokens.get(index + 2)?, index + 2)
        }
        " " if is_pin && index > 0 && is_of_lock(scanned.token_text(index - 1)) => (next, index + 1),
        _ => return None,
    };
    // In India, a PIN of six digits is a postal code; a pin of two digits belongs to an Arduino.
    let is_long_enough = match (is_cvv, is_pin) {
        (true, _) => matches!(next.len(), 3 | 4),
        (_, true) => next.len() == 4,
        _ => (4..=12).contains(&next.len()),
    };
    let counts = scanned.gap(at).starts_with(' ')
        && scanned.tokens.get(at + 1).is_some_and(|word| word.shape.is_word() && !goes_on(scanned.token_text(at + 1)));
    let is_end = !scanned.gap(at).starts_with(['-', '.', ':', '/', '_']) || scanned.gap(at).trim_end() == ".";
    let value = Value { start: next.start(), bytes: &scanned.bytes()[next.range()], is_quoted: false };
    (next.shape.is_number() && is_long_enough && !counts && is_end).then_some(value)
}

/// What a PIN opens, or whose it is. Other pins are those of boards and of maps.
fn is_of_lock(word: &str) -> bool {
    const LOCKS: &str = "access alarm atm bank banking card debit door entry garage gate her his house keypad lock lockbox mobile my our \
                         phone safe screen sim their unlock visa voicemail wifi your";
    LOCKS.split_whitespace().any(|known| word.eq_ignore_ascii_case(known))
}

/// Whether a sentence goes on with a word, so that it is nothing that the number before it counts.
fn goes_on(word: &str) -> bool {
    const WORDS: &str = "and as at but by for from if in is it on or please so that the then to when which while with";
    WORDS.split(' ').any(|known| word == known)
}

/// The password of an entry in a `.netrc`: `machine HOST login USER password PASSWORD`.
fn of_netrc<'a>(scanned: &Scanned<'a>, index: usize) -> Option<Value<'a>> {
    const ENTRY_BYTES_MAX: usize = 160;
    let token = &scanned.tokens[index];
    if !scanned.token_text(index).eq_ignore_ascii_case("password")
        || !matches!(scanned.byte_at(token.end()), b' ' | b'\t')
    {
        return None;
    }
    let before = &scanned.bytes()[token.start().saturating_sub(ENTRY_BYTES_MAX)..token.start()];
    let machine = memchr::memmem::rfind(before, b"machine ")?;
    memchr::memmem::find(&before[machine..], b"login ")?;
    let value = value_at(scanned.bytes(), token.end() + 1);
    (value.bytes.len() >= 4 && !is_not_secret(value.bytes)).then_some(value)
}

/// The next word, if it mixes letters with digits or signs: `with password Tr0ub4dor&3`.
fn right_after<'a>(scanned: &Scanned<'a>, index: usize, expected: Expected) -> Option<Value<'a>> {
    const LENGTH_MIN: usize = 7;
    let at = scanned.tokens[index].end() + 1;
    if expected != Expected::Password || scanned.byte_at(at - 1) != b' ' {
        return None;
    }
    let value = value_at(scanned.bytes(), at);
    let (digits, letters) = char_classes::digits_and_letters(value.bytes);
    let has_sign = value.bytes.iter().any(|byte| matches!(byte, b'!' | b'#' | b'$' | b'%' | b'^' | b'&' | b'*'));
    let digit_changes = char_classes::digit_changes(value.bytes);
    let has_both_cases =
        value.bytes.iter().any(u8::is_ascii_uppercase) && value.bytes.iter().any(u8::is_ascii_lowercase);
    let is_made = has_sign || digit_changes >= 2 && has_both_cases && letters + digits == value.bytes.len();
    let is_password = value.bytes.len() >= LENGTH_MIN && digits > 0 && letters > 2 && is_made;
    (is_password && is_secret(value.bytes, expected, false)).then_some(value)
}

/// Random letters after a word for secrets: `API KEY qzxk…`, `the token qzxk…`.
fn after_capitals<'a>(scanned: &Scanned<'a>, index: usize, expected: Expected) -> Option<Value<'a>> {
    const LENGTH_MIN: usize = 16;
    let is_capitals = !scanned.tokens[index].shape.has_lower();
    let next = &scanned.tokens.get(index + 1).filter(|next| {
        (is_capitals || next.len() >= LENGTH_MIN) && matches!(scanned.gap(index), " " | "=" | " =" | ": ")
    })?;
    let value = Value { start: next.start(), bytes: &scanned.bytes()[next.range()], is_quoted: false };
    (is_random_letters(value.bytes) && is_secret(value.bytes, expected, true)).then_some(value)
}

/// Groups of capitals and digits of one length, as licences are printed: `product key VK7JG-NPHTM-C97JM-9MPGT-3V66T`.
fn in_groups<'a>(scanned: &Scanned<'a>, index: usize) -> Option<Value<'a>> {
    const GROUPS_MIN: usize = 4;
    const GROUP_BYTES: std::ops::RangeInclusive<usize> = 4..=8;
    let first = scanned.tokens.get(index + 1)?;
    let is_group = |at: usize| {
        let group = &scanned.bytes()[scanned.tokens[at].range()];
        group.len() == first.len() && group.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    };
    if !GROUP_BYTES.contains(&first.len())
        || !matches!(scanned.gap(index), " " | ": " | "=" | " = " | "=\"" | "\": \"")
        || !is_group(index + 1)
    {
        return None;
    }
    let mut last = index + 1;
    while last - index < 8 && scanned.is_joined(last, b'-') && is_group(last + 1) {
        last += 1;
    }
    let value = Value {
        start: first.start(),
        bytes: &scanned.bytes()[first.start()..scanned.tokens[last].end()],
        is_quoted: false,
    };
    let letters = value.bytes.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    (last - index >= GROUPS_MIN && letters >= GROUPS_MIN && !is_not_secret(value.bytes)).then_some(value)
}

/// The value after a few more words and a colon: `password for the database: …`
fn of_something<'a>(scanned: &Scanned<'a>, index: usize, expected: Expected) -> Option<Value<'a>> {
    const WORDS_MAX: usize = 4;
    if expected != Expected::Password || !matches!(scanned.gap(index), " " | ",") {
        return None;
    }
    let last = (index + 1..scanned.tokens.len().min(index + 1 + WORDS_MAX)).find(|next| scanned.gap(*next) != " ")?;
    let at = scanned.tokens[last].end()
        + scanned.gap(last).strip_prefix(':').map(|rest| 1 + rest.len() - rest.trim_start_matches(' ').len())?;
    let value = value_at(scanned.bytes(), at);
    let value = Value { bytes: trimmed(value.bytes), ..value };
    (is_strict(value.bytes) && is_secret(value.bytes, expected, value.is_quoted)).then_some(value)
}

/// The value after a few more words and a verb: `the password for the server is …`, `a senha do servidor é …`.
fn said_of_something<'a>(scanned: &Scanned<'a>, index: usize, expected: Expected) -> Option<Value<'a>> {
    const VERBS: [&str; 14] =
        ["is", "es", "ist", "lautet", "est", "è", "é", "är", "er", "on", "to", "je", "jest", "adalah"];
    const WORDS_MAX: usize = 5;
    if expected != Expected::Password || scanned.gap(index) != " " {
        return None;
    }
    let words = index + 1..scanned.tokens.len().min(index + 1 + WORDS_MAX);
    let verb = words.clone().find(|at| VERBS.contains(&scanned.token_text(*at)))?;
    let is_one_sentence = (index..=verb).all(|at| scanned.gap(at).starts_with(' ') && scanned.gap(at).len() <= 3);
    let value = value_at(scanned.bytes(), scanned.tokens[verb].end() + 1);
    let value = Value { bytes: trimmed(value.bytes), ..value };
    let is_pin = scanned.token_text(index).eq_ignore_ascii_case("pin");
    let digits = value.bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    let is_code = is_pin && (4..=8).contains(&digits) && digits == value.bytes.len() && !value.is_quoted;
    let is_password = is_strict(value.bytes) && is_secret(value.bytes, expected, value.is_quoted);
    (is_one_sentence && (is_code || is_password)).then_some(value)
}

/// A value alone on the line after a line that ends with a colon, or alone in a block of code there.
fn alone_in_line<'a>(scanned: &Scanned<'a>, index: usize, expected: Expected) -> Option<Value<'a>> {
    let bytes = scanned.bytes();
    let end = scanned.tokens[index].end();
    let line = &bytes[end..bytes.len().min(end + LINE_BYTES_MAX)];
    let line = &line[..memchr::memchr(b'\n', line)?];
    if !line.trim_ascii_end().ends_with(b":") {
        return None;
    }
    let next = end + line.len();
    let gap =
        bytes[next..].iter().take(12).take_while(|byte| matches!(byte, b'\n' | b'\r' | b' ' | b'\t' | b'`')).count();
    let value = value_at(bytes, next + gap);
    let is_alone = matches!(scanned.byte_at(value.end()), 0 | b'\n' | b'\r' | b'`');
    let is_run = value.bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_-+/=.~!".contains(byte));
    let (digits, letters) = char_classes::digits_and_letters(value.bytes);
    let is_key = value.bytes.len() >= 8 && digits >= 2 && letters >= 2;
    (is_alone && is_run && is_key && is_secret(value.bytes, expected, false)).then_some(value)
}

/// SQL's `IDENTIFIED BY '…'`.
fn identified_by(scanned: &Scanned, spans: &mut Vec<Span>) {
    for start in scanned.tokens_with(trigger::IDENTIFIED).map(|index| scanned.tokens[index].start()) {
        let rest = &scanned.bytes()[start..];
        let begins = |words: &&[u8]| rest.get(..words.len()).is_some_and(|rest| rest.eq_ignore_ascii_case(words));
        let Some(words) = [&b"identified by "[..], b"with password "].into_iter().find(begins) else { continue };
        let value = value_at(scanned.bytes(), start + words.len());
        let has_digit = value.bytes.iter().any(u8::is_ascii_digit);
        let is_literal = value.is_quoted && scanned.byte_before(value.start) != b'`';
        if (is_literal || has_digit) && is_secret(value.bytes, Expected::Password, true) {
            let range = value.start..value.end();
            spans.push(Span { range, kind: Kind::Password, why: "the password of a database user" });
        }
    }
}

/// Whether a value is more than a word that stands beside the name by chance, as in `["password", "first_name"]`.
fn is_strict(value: &[u8]) -> bool {
    let (digits, letters) = char_classes::digits_and_letters(value);
    expected_by(value).is_none() && (digits > 0 && letters > 0 || is_random_letters(value))
}

/// The value without the punctuation of its sentence.
fn trimmed(value: &[u8]) -> &[u8] {
    &value[..value.iter().rposition(|byte| !matches!(byte, b'.' | b',' | b'!' | b'?')).map_or(0, |last| last + 1)]
}
