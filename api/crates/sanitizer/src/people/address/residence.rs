//! Streets that no word marks, behind a word for address or for living somewhere: `adresa: Hlavná 45`, `bor på Lindvej 41`, `mieszkam na
//! Polnej 7`, `heimilisfang: Laugavegur 22`.

use crate::{
    people::address::{
        extent::{address_span, tail},
        house,
    },
    scan::{Scanned, trigger_words as trigger},
    span::{Kind, Span},
};

/// The most words between the announcement and the street, and in its name.
const BETWEEN_TOKENS_MAX: usize = 4;
const NAME_TOKENS_MAX: usize = 5;
/// How far behind the announcement the street may begin, in bytes.
const BYTES_MAX: usize = 40;

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    if scanned.has_sign(b'"') || scanned.has_sign(b'\'') {
        for &operator in &scanned.assignments {
            keyed(scanned, operator as usize, spans);
        }
    }
    let mut next = 0;
    for index in scanned.tokens_with(trigger::RESIDES) {
        if index < next {
            continue;
        }
        if let Some((first, last)) = street_after(scanned, index) {
            let last = tail(scanned, last);
            spans.push(address_span(scanned, first, last));
            next = last + 1;
        }
    }
}

/// The value of a key for a street: `"street": "Korunní 1208/74"`, `address1='4417 Rue Saint-Denis'`.
fn keyed(scanned: &Scanned, operator: usize, spans: &mut Vec<Span>) {
    const KEYS: &[&str] = &[
        "street",
        "address",
        "address1",
        "address2",
        "address_1",
        "address_2",
        "addressline1",
        "addressline2",
        "address_line1",
        "address_line2",
        "address_line_1",
        "address_line_2",
        "streetaddress",
        "street_address",
        "addr",
        "adresse",
        "adres",
        "anschrift",
        "strasse",
        "straße",
        "rue",
        "calle",
        "direccion",
        "dirección",
        "domicilio",
        "endereco",
        "endereço",
        "logradouro",
        "indirizzo",
        "via",
        "ulica",
        "ulice",
        "utca",
        "cim",
        "lakcim",
        "osoite",
        "katuosoite",
        "adress",
        "gata",
        "gatuadress",
        "vej",
        "gade",
        "straat",
        "alamat",
        "line1",
        "line2",
        "home_address",
        "shipping_address",
        "billing_address",
        "mailing_address",
        "residential_address",
        "shippingaddress",
        "billingaddress",
        "homeaddress",
        "adresa",
        "adresi",
    ];
    const VALUE_BYTES_MAX: usize = 160;
    const KEY_BYTES_MAX: usize = 24;
    let bytes = scanned.bytes();
    // Most values are not quoted, or hold no space.
    let quoted = [bytes.get(operator + 1), bytes.get(operator + 2)]
        .into_iter()
        .flatten()
        .any(|byte| matches!(byte, b'"' | b'\'' | b'\\'));
    if !quoted {
        return;
    }
    let before = &bytes[operator.saturating_sub(KEY_BYTES_MAX + 4)..operator];
    let before = before.trim_ascii_end();
    let before = before.strip_suffix(b"\"").or_else(|| before.strip_suffix(b"'")).unwrap_or(before);
    let before = before.strip_suffix(b"\\").unwrap_or(before);
    let length = before
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_' || !byte.is_ascii())
        .count();
    let Ok(key) = std::str::from_utf8(&before[before.len() - length..]) else { return };
    if !(2..=KEY_BYTES_MAX).contains(&key.len()) || !KEYS.contains(&key.to_lowercase().as_str()) {
        return;
    }
    let after = &scanned.text[operator + 1..];
    let value = after.trim_start_matches([' ', '\\']);
    let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) else { return };
    let start = operator + 1 + (after.len() - value.len()) + 1;
    let limit = scanned.text.floor_char_boundary(scanned.text.len().min(start + VALUE_BYTES_MAX));
    let Some(length) = scanned.text[start..limit].find([quote, '\\', '\n', '[', '{', '$', '<']) else { return };
    let value = &scanned.text[start..start + length];
    let has_number = value.bytes().any(|byte| byte.is_ascii_digit());
    let letters = value.chars().filter(|c| c.is_alphabetic()).count();
    let has_word = value
        .split(|c: char| !c.is_alphabetic())
        .any(|word| word.chars().count() >= 4 && word != "TODO" && word != "port");
    let is_machine = !has_word
        || value.contains("0x")
        || value.contains("://")
        || value.contains('@')
        || !value.contains(' ')
        || value.contains(['=', ';', '/']) && !value.contains(' ');
    if scanned.text[start + length..].starts_with([quote, '\\']) && has_number && letters >= 3 && !is_machine {
        spans.push(Span { range: start..start + length, kind: Kind::Address, why: "the value of a key for addresses" });
    }
}

/// The first and the last token of the street after the announcement at `index`.
fn street_after(scanned: &Scanned, index: usize) -> Option<(usize, usize)> {
    let end = scanned.tokens[index].end();
    let gap = scanned.gap(index);
    let assigns = gap.contains([':', '=']);
    let is_abbreviation = scanned.tokens[index].len() <= 6;
    if gap.contains(['?', '!', ';', '[', '<', '{', '@', '('])
        || gap.contains('.') && !is_abbreviation
        || gap.contains('\n') && !assigns
    {
        return None;
    }
    let is_in_lower_case = !assigns;
    for first in index + 1..(index + 2 + BETWEEN_TOKENS_MAX).min(scanned.tokens.len()) {
        let token = &scanned.tokens[first];
        if token.start() - end > BYTES_MAX
            || scanned.gap(first - 1).contains(['\n', '[', ';', '<', '{', '.', '?', '!', '@']) && first > index + 1
        {
            return None;
        }
        let is_word = token.shape.is_word() && token.len() >= 3;
        let is_small = is_word && !token.shape.is_capitalised();
        if !is_word || token.has(trigger::RESIDES | trigger::MONTH | trigger::VERSION | trigger::NUMBER) {
            continue;
        }
        // The name of a street has a capital, except in a chat, where only words between are small.
        if is_small && !(is_in_lower_case && first > index + 1 && is_all_lower(scanned, first)) {
            continue;
        }
        if let Some(last) = number_after_name(scanned, first) {
            return Some((first, last));
        }
    }
    None
}

/// Whether the word and the next one are in lower case, and a number follows within two words.
fn is_all_lower(scanned: &Scanned, first: usize) -> bool {
    scanned.tokens.get(first + 1).is_some_and(|next| next.shape.has_digit() || !next.shape.is_capitalised())
        && scanned.tokens[first].len() >= 5
}

/// The last token of the house number that follows the name that begins at `first`.
fn number_after_name(scanned: &Scanned, first: usize) -> Option<usize> {
    let is_lower = !scanned.tokens[first].shape.is_capitalised();
    for at in first..(first + NAME_TOKENS_MAX).min(scanned.tokens.len()) {
        let token = &scanned.tokens[at];
        if !token.shape.is_word() || token.has(trigger::MONTH | trigger::VERSION) {
            return None;
        }
        // In lower case only the word right before the number is the street's name.
        if is_lower && at > first {
            return None;
        }
        let is_small = !token.shape.is_capitalised() && at > first;
        let is_particle = [
            "de", "la", "du", "des", "di", "del", "da", "do", "dos", "das", "der", "den", "dem", "van", "e", "i", "y",
            "iela", "mnt", "pr", "tn", "gatvė", "g",
        ]
        .contains(&scanned.token_text(at));
        if is_small && !is_particle && !token.has(trigger::STREET) {
            return None;
        }
        if let Some(last) = house::after(scanned, at).filter(|_| token.len() >= 2) {
            let counts = scanned.tokens.get(last + 1).is_some_and(|next| {
                scanned.gap(last) == " "
                    && next.shape.is_word()
                    && !next.shape.is_capitalised()
                    && next.len() > 3
                    && !next.has(trigger::FLAT | trigger::UNIT)
                    && is_lower
            });
            let is_short_name = scanned.tokens[first..=at].iter().all(|token| token.len() < 4);
            return (!counts && !is_short_name).then_some(last);
        }
        if !matches!(scanned.gap(at), " " | ". " | "-" | "'" | ".") {
            return None;
        }
    }
    None
}
