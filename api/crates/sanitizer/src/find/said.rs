//! Passwords and keys that a text tells of: `my password is …`, `--token …`, `setopt(PASSWORD, "…")`, `the PIN is 4821`, and what stands
//! alone in a line after `here is the key:`.

use super::{
    Kind, Span, cue,
    lex::Lexed,
    secret_name::{Promise, promise},
    secret_value::{Value, is_random_letters, is_secret, value_at},
};

/// How far a colon at the end of the line may be from the word that announces what stands in the next.
const LINE_BYTES_MAX: usize = 80;

pub(super) fn find(lexed: &Lexed, spans: &mut Vec<Span>) {
    for index in lexed.cued(cue::PASSWORD | cue::SECRET) {
        // `you can pass "a=1"`: the verb.
        let is_verb = lexed.token_text(index).eq_ignore_ascii_case("pass")
            && matches!(lexed.gap(index), " `" | " \"" | " '")
            && lexed.byte_before(lexed.tokens[index].start()) == b' ';
        if is_verb {
            continue;
        }
        let promise = if lexed.tokens[index].has(cue::PASSWORD) { Promise::Password } else { Promise::Secret };
        let value = said(lexed, index, promise)
            .or_else(|| beside(lexed, index, promise))
            .or_else(|| number(lexed, index, promise))
            .or_else(|| right_after(lexed, index, promise))
            .or_else(|| after_capitals(lexed, index, promise))
            .or_else(|| of_something(lexed, index, promise))
            .or_else(|| alone_in_line(lexed, index, promise));
        if let Some(value) = value {
            let kind = if promise == Promise::Password { Kind::Password } else { Kind::Secret };
            spans.push(Span { range: value.start..value.end(), kind, why: "the text says that it is a secret" });
        }
    }
    identified_by(lexed, spans);
}

/// `password is …`, `--token …`, `<token>…`, `password "…"`.
fn said<'a>(lexed: &Lexed<'a>, index: usize, promise: Promise) -> Option<Value<'a>> {
    const SAYS: [&[u8]; 10] =
        [b" is: ", b" is now ", b" is set to ", b" is ", b" to be ", b" was ", b" = ", b" es ", b" ist ", b" est "];
    let bytes = lexed.bytes();
    let token = &lexed.tokens[index];
    let end = token.end();
    let is_flag = lexed.byte_before(token.start()) == b'-' && token.start() >= 2;
    let is_space = matches!(lexed.byte_at(end), b' ' | b'\t');
    let at = match SAYS.iter().find(|says| bytes[end..].starts_with(says)) {
        Some(says) => end + says.len(),
        None if is_flag && is_space || lexed.byte_at(end) == b'>' => end + 1,
        None if promise == Promise::Password
            && is_space
            && matches!(lexed.byte_at(end + 1), b'"' | b'\'' | b'`' | b'\\') =>
        {
            end + 1
        }
        None => return None,
    };
    let value = value_at(bytes, at);
    let value = Value { bytes: trimmed(value.bytes), ..value };
    let (digits, letters) = digits_and_letters(value.bytes);
    // In prose a word alone is no password; one with a digit or a sign in it is.
    let is_mixed =
        digits > 0 && letters > 0 || value.is_quoted && value.bytes.len() >= 6 && letters < value.bytes.len();
    (is_mixed && is_secret(value.bytes, promise, value.is_quoted)).then_some(value)
}

/// The next argument, or what is taken when nothing is set: `setopt(PASSWORD, "…")`, `getenv("PASSWORD") or "…"`.
fn beside<'a>(lexed: &Lexed<'a>, index: usize, promise: Promise) -> Option<Value<'a>> {
    let bytes = lexed.bytes();
    let end = lexed.tokens[index].end();
    let end = end + bytes[end..].iter().take(3).take_while(|byte| matches!(byte, b'"' | b'\'' | b')' | b']')).count();
    let joins = [&b", "[..], b",", b" or ", b" || ", b" ?? "];
    let join = joins.iter().find(|join| bytes[end..].starts_with(join))?;
    let value = value_at(bytes, end + join.len());
    // Neither an address nor what a program escapes.
    let is_plain = !value.bytes.iter().any(|byte| matches!(byte, b':' | b'\\' | b'{'));
    (value.is_quoted && is_plain && is_strict(value.bytes) && is_secret(value.bytes, promise, true)).then_some(value)
}

/// `the PIN is 4821`, `passcode: 993421`: digits alone, and nothing that they count.
fn number<'a>(lexed: &Lexed<'a>, index: usize, promise: Promise) -> Option<Value<'a>> {
    let next = lexed.tokens.get(index + 1).filter(|_| promise == Promise::Password)?;
    let (next, at) = match lexed.gap(index) {
        ": " | ":" => (next, index + 1),
        " " if lexed.token_text(index + 1) == "is" && lexed.gap(index + 1) == " " => {
            (lexed.tokens.get(index + 2)?, index + 2)
        }
        _ => return None,
    };
    // A PIN of six digits may be a place in India, and one of two an Arduino's.
    let is_pin = lexed.token_text(index).eq_ignore_ascii_case("pin");
    let is_long_enough = if is_pin { next.len() == 4 } else { (4..=12).contains(&next.len()) };
    let counts = lexed.gap(at).starts_with(' ') && lexed.tokens.get(at + 1).is_some_and(|word| word.shape.is_word());
    let is_end = !lexed.gap(at).starts_with(['-', '.', ':', '/', '_']) || lexed.gap(at).trim_end() == ".";
    let value = Value { start: next.start(), bytes: &lexed.bytes()[next.range()], is_quoted: false };
    (next.shape.is_number() && is_long_enough && !counts && is_end).then_some(value)
}

/// `with password Tr0ub4dor&3`: digits within letters, or beside a sign.
fn right_after<'a>(lexed: &Lexed<'a>, index: usize, promise: Promise) -> Option<Value<'a>> {
    const LENGTH_MIN: usize = 7;
    let at = lexed.tokens[index].end() + 1;
    if promise != Promise::Password || lexed.byte_at(at - 1) != b' ' {
        return None;
    }
    let value = value_at(lexed.bytes(), at);
    let (digits, letters) = digits_and_letters(value.bytes);
    let has_sign = value.bytes.iter().any(|byte| matches!(byte, b'!' | b'#' | b'$' | b'%' | b'^' | b'&' | b'*'));
    let turns = value.bytes.windows(2).filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit()).count();
    let has_both_cases =
        value.bytes.iter().any(u8::is_ascii_uppercase) && value.bytes.iter().any(u8::is_ascii_lowercase);
    let is_made = has_sign || turns >= 2 && has_both_cases && letters + digits == value.bytes.len();
    let is_password = value.bytes.len() >= LENGTH_MIN && digits > 0 && letters > 2 && is_made;
    (is_password && is_secret(value.bytes, promise, false)).then_some(value)
}

/// Letters that are no words after a word in capitals: `API KEY qzxk…`.
fn after_capitals<'a>(lexed: &Lexed<'a>, index: usize, promise: Promise) -> Option<Value<'a>> {
    let is_capitals = !lexed.tokens[index].shape.has_lower();
    let next =
        &lexed.tokens.get(index + 1).filter(|_| is_capitals && matches!(lexed.gap(index), " " | "=" | " =" | ": "))?;
    let value = Value { start: next.start(), bytes: &lexed.bytes()[next.range()], is_quoted: false };
    (is_random_letters(value.bytes) && is_secret(value.bytes, promise, true)).then_some(value)
}

/// `password for the database: …`
fn of_something<'a>(lexed: &Lexed<'a>, index: usize, promise: Promise) -> Option<Value<'a>> {
    const WORDS_MAX: usize = 4;
    if promise != Promise::Password || !matches!(lexed.gap(index), " " | ",") {
        return None;
    }
    let last = (index + 1..lexed.tokens.len().min(index + 1 + WORDS_MAX)).find(|next| lexed.gap(*next) != " ")?;
    let at = lexed.tokens[last].end()
        + lexed.gap(last).strip_prefix(':').map(|rest| 1 + rest.len() - rest.trim_start_matches(' ').len())?;
    let value = value_at(lexed.bytes(), at);
    let value = Value { bytes: trimmed(value.bytes), ..value };
    (is_strict(value.bytes) && is_secret(value.bytes, promise, value.is_quoted)).then_some(value)
}

/// What stands alone in the line after one that ends with a colon, or in a block of code there.
fn alone_in_line<'a>(lexed: &Lexed<'a>, index: usize, promise: Promise) -> Option<Value<'a>> {
    let bytes = lexed.bytes();
    let end = lexed.tokens[index].end();
    let line = &bytes[end..bytes.len().min(end + LINE_BYTES_MAX)];
    let line = &line[..memchr::memchr(b'\n', line)?];
    if !line.trim_ascii_end().ends_with(b":") {
        return None;
    }
    let next = end + line.len();
    let gap =
        bytes[next..].iter().take(12).take_while(|byte| matches!(byte, b'\n' | b'\r' | b' ' | b'\t' | b'`')).count();
    let value = value_at(bytes, next + gap);
    let is_alone = matches!(lexed.byte_at(value.end()), 0 | b'\n' | b'\r' | b'`');
    let is_run = value.bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_-+/=.~!".contains(byte));
    let (digits, letters) = digits_and_letters(value.bytes);
    let is_key = value.bytes.len() >= 8 && digits >= 2 && letters >= 2;
    (is_alone && is_run && is_key && is_secret(value.bytes, promise, false)).then_some(value)
}

/// SQL's `IDENTIFIED BY '…'`.
fn identified_by(lexed: &Lexed, spans: &mut Vec<Span>) {
    for start in lexed.cued(cue::IDENTIFIED).map(|index| lexed.tokens[index].start()) {
        let rest = &lexed.bytes()[start..];
        let begins = |words: &&[u8]| rest.get(..words.len()).is_some_and(|rest| rest.eq_ignore_ascii_case(words));
        let Some(words) = [&b"identified by "[..], b"with password "].into_iter().find(begins) else { continue };
        let value = value_at(lexed.bytes(), start + words.len());
        let has_digit = value.bytes.iter().any(u8::is_ascii_digit);
        let is_literal = value.is_quoted && lexed.byte_before(value.start) != b'`';
        if (is_literal || has_digit) && is_secret(value.bytes, Promise::Password, true) {
            let range = value.start..value.end();
            spans.push(Span { range, kind: Kind::Password, why: "a database user's password" });
        }
    }
}

/// Whether a value is more than a word of code that stands beside by chance: `["password", "first_name"]`.
fn is_strict(value: &[u8]) -> bool {
    let (digits, letters) = digits_and_letters(value);
    promise(value).is_none() && (digits > 0 && letters > 0 || is_random_letters(value))
}

fn digits_and_letters(value: &[u8]) -> (usize, usize) {
    value.iter().fold((0, 0), |(digits, letters), byte| {
        (digits + usize::from(byte.is_ascii_digit()), letters + usize::from(byte.is_ascii_alphabetic()))
    })
}

/// Without what ends a sentence.
fn trimmed(value: &[u8]) -> &[u8] {
    &value[..value.iter().rposition(|byte| !matches!(byte, b'.' | b',' | b'!' | b'?')).map_or(0, |last| last + 1)]
}
