//! Random-looking values beside a word that says key, secret or token, however they are joined; and tokens by their looks alone.

use memchr::memmem;

use super::{Kind, Span, lex::Lexed, vendor::is_placeholder};

/// How far before the value the word may stand.
const BEFORE_BYTES_MAX: usize = 32;
const LENGTH_MIN: usize = 16;
const LENGTH_MAX: usize = 512;

const WORDS: [&[u8]; 13] = [
    b"secret",
    b"token",
    b"key",
    b"access",
    b"auth",
    b"passw",
    b"credential",
    b"bearer",
    b"login",
    b"private",
    b"pwd",
    b"_api",
    b"api=",
];

/// Services whose keys have no prefix; beside such a name, a random value is one.
const SERVICES: [&[u8]; 40] = [
    b"twilio",
    b"mailchimp",
    b"mailgun",
    b"sendgrid",
    b"algolia",
    b"datadog",
    b"segment",
    b"amplitude",
    b"mixpanel",
    b"intercom",
    b"zendesk",
    b"pagerduty",
    b"cloudflare",
    b"fastly",
    b"heroku",
    b"netlify",
    b"vercel",
    b"circleci",
    b"travis",
    b"codecov",
    b"sonar",
    b"snyk",
    b"okta",
    b"auth0",
    b"dropbox",
    b"facebook",
    b"twitter",
    b"linkedin",
    b"telegram",
    b"discord",
    b"asana",
    b"jira",
    b"atlassian",
    b"bitbucket",
    b"paypal",
    b"square",
    b"plaid",
    b"coinbase",
    b"mapbox",
    b"rapidapi",
];

pub(super) fn find(lexed: &Lexed, spans: &mut Vec<Span>) {
    let bytes = lexed.bytes();
    let mut read_to = 0;
    for &anchor in &lexed.numbers {
        let token = &lexed.tokens[anchor as usize];
        if token.start() < read_to || token.shape.is_number() {
            continue;
        }
        // A value may begin before its first token with a digit.
        let before = bytes[token.start().saturating_sub(LENGTH_MAX)..token.start()].iter().rev();
        let start = token.start() - before.take_while(|byte| is_value(**byte)).count();
        let start = start.max(read_to);
        let length = bytes[start..].iter().position(|byte| !is_value(*byte)).unwrap_or(bytes.len() - start);
        read_to = start + length;
        if !(LENGTH_MIN..=LENGTH_MAX).contains(&length) {
            continue;
        }
        let mut value = &bytes[start..start + length];
        let mut start = start;
        // `name=value` without quotes reads as one; what follows the `=` is the value.
        if let Some(equals) = value[..value.len() - 2].iter().rposition(|byte| *byte == b'=') {
            value = &value[equals + 1..];
            start += equals + 1;
        }
        let mut window = window_before(bytes, start);
        // `serviceSECRET-value`: the word is the beginning of the same run.
        if let Some(within) = word_within(value) {
            (value, start) = (&value[within..], start + within);
            window = b"secret".to_vec();
        }
        if memmem::find(&window, b"public").is_some() {
            continue;
        }
        let is_close = WORDS.iter().any(|word| ends_with_word(&window, word));
        if value.len() < LENGTH_MIN || !(is_random(value) || is_close && is_one_word(value)) || is_placeholder(value) {
            continue;
        }
        if is_close || WORDS.iter().chain(&SERVICES).any(|word| has_word(&window, word)) {
            spans.push(Span {
                range: start..start + value.len(),
                kind: Kind::Secret,
                why: "a random value beside a word for secrets",
            });
        }
    }
}

fn is_value(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'/' | b'=' | b'.' | b'~')
}

/// The text before the value on its line, in lower case.
fn window_before(bytes: &[u8], start: usize) -> Vec<u8> {
    let window = &bytes[start.saturating_sub(BEFORE_BYTES_MAX)..start];
    let line = window.iter().rposition(|byte| *byte == b'\n').map_or(window, |newline| &window[newline + 1..]);
    line.to_ascii_lowercase()
}

/// Digits and letters well mixed, and no words: hex, base 64, a UUID.
fn is_random(value: &[u8]) -> bool {
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    let letters = value.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let dots = value.iter().filter(|byte| matches!(byte, b'.' | b'/')).count();
    let longest_word = value.split(|byte| !byte.is_ascii_lowercase()).map(<[u8]>::len).max().unwrap_or(0);
    let longest_upper = value.split(|byte| !byte.is_ascii_uppercase()).map(<[u8]>::len).max().unwrap_or(0);
    digits >= 3 && letters >= 3 && dots <= 2 && longest_word < 9 && longest_upper < 12 && digits * 12 >= value.len()
}

/// Where the value begins in a run that begins with a word for secrets in capitals.
fn word_within(run: &[u8]) -> Option<usize> {
    let words = [
        &b"SECRET"[..],
        b"TOKEN",
        b"KEY",
        b"ACCESS",
        b"PRIVATE",
        b"-secret",
        b"_secret",
        b"-token",
        b"_token",
        b"-key",
        b"_key",
        b"-access",
        b"-private",
    ];
    let end =
        words.iter().filter_map(|word| Some(memmem::rfind(&run[..run.len().min(48)], word)? + word.len())).max()?;
    let joins = run[end..].iter().take_while(|byte| matches!(byte, b'-' | b'_' | b'=' | b'.' | b'+')).count();
    let is_joined = joins > 0 || run[..end].ends_with(b"T") || run[..end].ends_with(b"N");
    (is_joined && run.len() - end - joins >= LENGTH_MIN).then_some(end + joins)
}

/// Whether the text before the value ends with the word, but for what joins them.
fn ends_with_word(window: &[u8], word: &[u8]) -> bool {
    let end = window.iter().rposition(|byte| byte.is_ascii_alphanumeric()).map_or(0, |last| last + 1);
    window[..end].ends_with(word)
}

/// Whether the word stands in the window, and not as the beginning of another, as in `accessibility` and `keyframe`.
fn has_word(window: &[u8], word: &[u8]) -> bool {
    memmem::find_iter(window, word).any(|at| {
        let rest = &window[at + word.len()..];
        !rest.first().is_some_and(u8::is_ascii_lowercase)
            || [&b"id"[..], b"s", b"key", b"token", b"secret", b"code", b"api", b"word", b"or", b"auth"]
                .iter()
                .any(|ending| rest.starts_with(ending))
    })
}

/// One run of letters and digits, as keys are that are spelled out for examples.
fn is_one_word(value: &[u8]) -> bool {
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    digits >= 2 && value.len() >= 16 && value.iter().all(u8::is_ascii_alphanumeric)
}
