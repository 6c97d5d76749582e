//! Finds vendors' keys without a prefix, by a mark in their middle or at their end. A new one is a new line of `MARKS`.

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use memchr::memchr_iter;

use super::alphabet::Alphabet::{self, Alnum, Base64, Hex, Upper, Word};
use crate::{
    scan::{Scanned, Token},
    span::{Kind, Span},
};

/// A key that contains a mark. A token stands right before the mark; more may stand before the token.
struct Marked {
    vendor: &'static str,
    /// The fewest and the most characters (letters, digits, `_`, `-`) before the token.
    before: (usize, usize),
    /// The alphabet of the token, and its fewest and most characters.
    token: (Alphabet, usize, usize),
    mark: &'static str,
    /// The alphabet of the part after the mark, and its fewest and most characters.
    after: (Alphabet, usize, usize),
}

const NOTHING: (Alphabet, usize, usize) = (Upper, 0, 0);

#[rustfmt::skip]
const MARKS: &[Marked] = &[
    Marked { vendor: "a key of a Ghost admin", before: (0, 0), token: (Hex, 24, 24), mark: ":", after: (Hex, 64, 64) },
    Marked { vendor: "a token of Asana", before: (0, 0), token: (Hex, 13, 17), mark: ":", after: (Hex, 32, 32) },
    Marked { vendor: "a key of DeepL", before: (24, 24), token: (Hex, 12, 12), mark: ":fx", after: NOTHING },
    Marked { vendor: "a token of Terraform", before: (0, 0), token: (Alnum, 14, 14), mark: ".atlasv1.", after: (Word, 60, 80) },
    Marked { vendor: "the id of a client of Google", before: (7, 14), token: (Alnum, 32, 32), mark: ".apps.googleusercontent.com", after: NOTHING },
    Marked { vendor: "the token of an app of Facebook", before: (0, 0), token: (Alnum, 13, 17), mark: "|", after: (Word, 26, 28) },
    Marked { vendor: "a session of Salesforce", before: (0, 0), token: (Alnum, 15, 18), mark: "!A", after: (Base64, 60, 200) },
    Marked { vendor: "a key of MaxMind", before: (7, 7), token: (Alnum, 29, 29), mark: "_mmk", after: NOTHING },
    Marked { vendor: "a key of Mailchimp", before: (0, 0), token: (Hex, 32, 32), mark: "-us", after: (Alnum, 1, 2) },
    Marked { vendor: "a key of Mailgun", before: (0, 0), token: (Hex, 32, 32), mark: "-", after: (Hex, 17, 17) },
    Marked { vendor: "the token of a Discord bot", before: (0, 0), token: (Alnum, 24, 28), mark: ".", after: (Word, 6, 6) },
];

/// Marks at a fixed place within a token of a fixed length: the length, the place, the mark, the vendor.
const INNER: &[(usize, usize, &str, &str)] = &[
    (84, 52, "JQQJ", "a key of Azure"),
    (86, 52, "JQQJ", "a key of Azure"),
    (52, 42, "AzSe", "a key of Azure Search"),
    (43, 33, "AzCa", "a key of Azure Cache"),
    (43, 33, "AIoT", "a key of Azure IoT Hub"),
    (50, 10, "msh", "a key of RapidAPI"),
    (40, 36, "NRAL", "a license key of New Relic"),
];

/// The shortest and the longest token of all the tables, in bytes.
const TOKEN_BYTES_MIN: usize = 12;
const TOKEN_BYTES_MAX: usize = 86;

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    for &anchor in &scanned.long_numbers {
        let token = &scanned.tokens[anchor as usize];
        if (TOKEN_BYTES_MIN..=TOKEN_BYTES_MAX).contains(&token.len()) {
            spans.extend(twilio_token(scanned, anchor as usize));
            spans.extend(
                MARKS.iter().find_map(|marked| around(scanned, token, marked)).or_else(|| within(scanned, token)),
            );
        }
    }
    if scanned.has_sign(b':') {
        telegram(scanned, spans);
    }
    if scanned.has_sign(b'~') {
        entra(scanned, spans);
    }
}

/// The key around a mark that follows the token.
fn around(scanned: &Scanned, token: &Token, marked: &Marked) -> Option<Span> {
    let bytes = scanned.bytes();
    let (of, fewest, most) = marked.token;
    let value = &bytes[token.range()];
    let rest = bytes[token.end()..].strip_prefix(marked.mark.as_bytes())?;
    if !(fewest..=most).contains(&value.len()) || !value.iter().all(|byte| of.has(*byte)) {
        return None;
    }
    let count = |bytes: &mut dyn Iterator<Item = &u8>, of: Alphabet, most: usize| {
        bytes.take(most + 1).take_while(|byte| of.has(**byte)).count()
    };
    let before = count(&mut bytes[..token.start()].iter().rev(), Word, marked.before.1);
    let after = count(&mut rest.iter(), marked.after.0, marked.after.2);
    let fits =
        (marked.before.0..=marked.before.1).contains(&before) && (marked.after.1..=marked.after.2).contains(&after);
    let mut end = token.end() + marked.mark.len() + after;
    match marked.mark {
        _ if !fits => return None,
        "." => end += discord_signature(value, &bytes[end..])?,
        "!A" if !value.starts_with(b"00D") => return None,
        _ => {}
    }
    Some(Span { range: token.start() - before..end, kind: Kind::Secret, why: marked.vendor })
}

/// The length of the last part of the token of a Discord bot, with its dot. The token begins with the number of the bot in base 64.
fn discord_signature(number: &[u8], rest: &[u8]) -> Option<usize> {
    let number = STANDARD_NO_PAD.decode(number).ok()?;
    let signature = rest.strip_prefix(b".")?.iter().take(48).take_while(|byte| Word.has(**byte)).count();
    (number.iter().all(u8::is_ascii_digit) && (27..=46).contains(&signature)).then_some(signature + 1)
}

/// The key that is the token itself, with a mark within it.
fn within(scanned: &Scanned, token: &Token) -> Option<Span> {
    let value = &scanned.bytes()[token.range()];
    let &(.., vendor) = INNER
        .iter()
        .find(|(length, at, mark, _)| value.len() == *length && value[*at..].starts_with(mark.as_bytes()))?;
    Some(Span { range: token.range(), kind: Kind::Secret, why: vendor })
}

/// The token of an account of Twilio, which is plain hex: it stands close behind the id of the account, `AC…`, or of the key, `SK…`.
fn twilio_token(scanned: &Scanned, index: usize) -> Option<Span> {
    const TOKENS_BEFORE: usize = 6;
    const BYTES_BEFORE: usize = 64;
    let is_hex = |bytes: &[u8]| bytes.len() == 32 && bytes.iter().all(u8::is_ascii_hexdigit);
    let token = &scanned.tokens[index];
    if !is_hex(&scanned.bytes()[token.range()]) {
        return None;
    }
    let is_id = |before: &Token| {
        let text = &scanned.bytes()[before.range()];
        token.start() - before.end() <= BYTES_BEFORE
            && text.len() == 34
            && (text.starts_with(b"AC") || text.starts_with(b"SK"))
            && is_hex(&text[2..])
    };
    let is_beside = scanned.tokens[index.saturating_sub(TOKENS_BEFORE)..index].iter().any(is_id);
    is_beside.then_some(Span { range: token.range(), kind: Kind::Secret, why: "the token of an account of Twilio" })
}

/// Tokens of Telegram bots: the number of the bot, a colon, `AA` and 31 to 34 characters.
fn telegram(scanned: &Scanned, spans: &mut Vec<Span>) {
    let bytes = scanned.bytes();
    for at in memchr_iter(b':', bytes).filter(|at| bytes[at + 1..].starts_with(b"AA")) {
        let digits = bytes[at.saturating_sub(11)..at].iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        let body = bytes[at + 1..].iter().take(60).take_while(|byte| Word.has(**byte)).count();
        if (6..=10).contains(&digits) && (33..=36).contains(&body) {
            spans.push(Span {
                range: at - digits..at + 1 + body,
                kind: Kind::Secret,
                why: "the token of a Telegram bot",
            });
        }
    }
}

/// Client secrets of Microsoft Entra: three characters, a digit, `Q~` and 31 to 34 characters.
fn entra(scanned: &Scanned, spans: &mut Vec<Span>) {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'~' | b'-');
    let bytes = scanned.bytes();
    for at in memchr_iter(b'~', bytes).filter(|at| *at >= 5 && bytes[at - 1] == b'Q').map(|at| at - 1) {
        let body = bytes[at + 2..].iter().take(40).take_while(|byte| is_part(byte)).count();
        let is_head = bytes[at - 1].is_ascii_digit() && bytes[at - 4..at - 1].iter().all(is_part);
        let is_filled = bytes[at + 2..].iter().take(body).filter(|byte| **byte == b'x').count() * 2 < body;
        if is_head && is_filled && (31..=34).contains(&body) {
            spans.push(Span { range: at - 4..at + 2 + body, kind: Kind::Secret, why: "a client secret of Azure" });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{scan::found_by, secrets::vendor_keys::key_prefixes::KEY_PREFIXES};

    #[track_caller]
    fn is_found(key: &str) {
        for text in [key.to_owned(), format!("see \"{key}\", ok"), format!("x = {key}\ny")] {
            let spans = found_by(find, &KEY_PREFIXES, &text);
            assert!(spans.iter().any(|span| text[span.range.clone()].contains(key)), "{key} in {text:?}: {spans:?}");
        }
    }

    #[test]
    fn a_key_of_each_row_is_found_whole() {
        for Marked { before, token, mark, after, .. } in MARKS {
            let before = if before.0 == 0 { String::new() } else { Hex.sample(before.0 - 1) + "-" };
            let (token, end) = match *mark {
                "." => (STANDARD_NO_PAD.encode("123456789012345678"), format!(".{}", Word.sample(30))),
                "!A" => (format!("00D{}", Alnum.sample(token.1 - 3)), String::new()),
                _ => (token.0.sample(token.1), String::new()),
            };
            is_found(&format!("{before}{token}{mark}{}{end}", after.0.sample(after.1)));
        }
        for (length, at, mark, _) in INNER {
            let key = Alnum.sample(*length);
            is_found(&format!("{}{mark}{}", &key[..*at], &key[at + mark.len()..]));
        }
    }

    #[test]
    fn hex_is_a_token_of_twilio_only_behind_the_id_of_an_account() {
        let token = Hex.sample(32);
        let found = |before: &str| {
            let text = format!("Client('{before}', '{token}')");
            found_by(find, &KEY_PREFIXES, &text).iter().any(|span| text[span.range.clone()] == token)
        };
        assert!(found(&format!("AC{token}")) && found(&format!("SK{token}")) && !found(&token) && !found("AC"));
    }

    #[test]
    fn telegram_and_entra_are_found_whole_and_half_a_key_is_not_found() {
        is_found(&format!("81234567:AA{}", Word.sample(33)));
        is_found(&format!("a7B8Q~{}", Word.sample(32)));
        for none in [format!("{}:{}", Hex.sample(24), Hex.sample(12)), format!("{}-us", Hex.sample(32))] {
            assert_eq!(found_by(find, &KEY_PREFIXES, &none), [], "{none}");
        }
    }
}
