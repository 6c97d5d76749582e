//! Finds IP addresses of machines. Loopback, the ranges reserved for documentation, netmasks and version numbers stay.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::{
    scan::{Scanned, trigger_words as trigger},
    span::{Kind, Span},
};

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    const PART_BYTES_MAX: usize = 3;
    let mut next = 0;
    let numbers = if scanned.has_sign(b'.') { &scanned.long_numbers[..] } else { &[] };
    for &anchor in numbers {
        let first = anchor as usize;
        let token = &scanned.tokens[first];
        if first < next || token.len() > PART_BYTES_MAX || !token.shape.is_number() || !scanned.is_joined(first, b'.') {
            continue;
        }
        if let Some(end) = v4_from(scanned, first) {
            spans.push(Span { range: scanned.tokens[first].start()..end, kind: Kind::Ip, why: "an IPv4 address" });
            next = first + 4;
        }
    }
    v6(scanned, spans);
}

/// The end of the IPv4 address that begins with the token `first`.
fn v4_from(scanned: &Scanned, first: usize) -> Option<usize> {
    let last = first + 3;
    let tokens = scanned.tokens.get(first..=last)?;
    let start = tokens[0].start();
    let end = tokens[3].end();
    if end - start > 15 || !(first..last).all(|index| scanned.is_joined(index, b'.')) {
        return None;
    }
    let (before, after) = (scanned.byte_before(start), scanned.byte_at(end));
    let goes_on = matches!(after, b'.' | b'-' | b'_' | b'+') && scanned.byte_at(end + 1).is_ascii_alphanumeric();
    if matches!(before, b'.' | b'-' | b'_' | b'+') && first > 0 && scanned.tokens[first - 1].end() + 1 == start
        || goes_on
    {
        return None;
    }
    let ip: Ipv4Addr = scanned.text[start..end].parse().ok()?;
    let follows_version = scanned.triggers_before(first, 3, 24) & trigger::VERSION != 0;
    (is_of_a_machine(ip, follows_version) && !is_version(scanned, first)).then_some(end)
}

/// Whether four numbers are a version: a word that ends with `version` stands before them, they are compared, or a number of four parts
/// beside them is no address.
fn is_version(scanned: &Scanned, first: usize) -> bool {
    const NEAR_TOKENS: usize = 16;
    const WORD_BYTES_MAX: usize = 24;
    let start = scanned.tokens[first].start();
    let before = &scanned.bytes()[start.saturating_sub(WORD_BYTES_MAX)..start];
    let word = before.trim_ascii_end().strip_suffix(b"(\"").unwrap_or(before.trim_ascii_end());
    let is_named = word.len() >= 7 && word[word.len() - 7..].eq_ignore_ascii_case(b"version");
    let is_compared = [&b">="[..], b"<=", b"==", b"~=", b"~>", b"!="].iter().any(|sign| word.ends_with(sign));
    // Addresses are written beside versions, too; so the other must be the same sort of thing: four numbers, one of them too large.
    let near = first.saturating_sub(NEAR_TOKENS)..(first + NEAR_TOKENS).min(scanned.tokens.len());
    let is_beside_version = || {
        near.clone()
            .filter(|index| {
                let token = &scanned.tokens[*index];
                let is_part = scanned.byte_at(token.end()) == b'.' || scanned.byte_before(token.start()) == b'.';
                token.len() > 2 && is_part && token.shape.is_number()
            })
            .any(|index| (index.saturating_sub(3)..=index).any(|first| is_four_part_version(scanned, first)))
    };
    let is_called_address = first > 0
        && ["ip", "ipv4", "address", "addr", "host", "from", "gateway"]
            .iter()
            .any(|word| scanned.token_text(first - 1).eq_ignore_ascii_case(word));
    is_named || is_compared || !is_called_address && is_beside_version()
}

/// Whether an address is likely that of a machine.
fn is_of_a_machine(ip: Ipv4Addr, follows_version: bool) -> bool {
    let [a, b, c, d] = ip.octets();
    // Netmasks and the ends of ranges name no machine. Four small numbers are a version more often than an address, except those
    // of public name servers.
    let is_mask = a == 255 && d == 0 || a == 255 && b == 255 && c == 255 && d != 255;
    let is_small = a < 10
        && b < 10
        && c < 10
        && d < 10
        && !(a == b && b == c && c == d && (a == 8 || a == 1 || a == 9 || a == 4))
        && ip.octets() != [1, 0, 0, 1]
        && ip.octets() != [8, 8, 4, 4];
    !(ip.is_loopback()
        || ip.is_unspecified()
        || ip.is_documentation()
        || is_mask
        || is_small
        || follows_version
        || a == 0)
}

/// Whether four numbers with dots between them begin at the token, and one of them is too large for an address: `8.0.11.24521`.
fn is_four_part_version(scanned: &Scanned, first: usize) -> bool {
    let Some(tokens) = scanned.tokens.get(first..first + 4) else { return false };
    let part = |at: usize| scanned.token_text(at).parse::<u32>().unwrap_or(0);
    tokens.iter().all(|token| token.shape.is_number())
        && (first..first + 3).all(|at| scanned.is_joined(at, b'.'))
        && (first..first + 4).any(|at| part(at) > 255)
}

/// Finds IPv6 addresses: hex digits, colons and at most one `::`, possibly with an IPv4 address at the end (RFC 4291).
fn v6(scanned: &Scanned, spans: &mut Vec<Span>) {
    let bytes = scanned.bytes();
    let mut read_to = 0;
    let is_part = |byte: &u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.');
    let colons = scanned.has_sign(b':').then(|| memchr::memchr_iter(b':', bytes));
    for at in colons.into_iter().flatten() {
        if at < read_to {
            continue;
        }
        // Nearly every colon ends a word.
        if !is_part(&scanned.byte_at(at + 1)) {
            read_to = at + 1;
            continue;
        }
        let start = at
            - bytes[at.saturating_sub(4).max(read_to)..at]
                .iter()
                .rev()
                .take_while(|byte| byte.is_ascii_hexdigit())
                .count();
        // The colon of a sentence: 说：2a02:…, `ip:2a02:…`.
        if start == at && scanned.byte_at(at + 1) != b':' {
            continue;
        }
        let length = bytes[start..].iter().take(64).take_while(|byte| is_part(byte)).count();
        read_to = start + length.max(at - start + 1);
        if length < 7 || !bytes[start..start + length].iter().any(u8::is_ascii_digit) {
            continue;
        }
        let before = scanned.byte_before(start);
        // In `ip:2a02:…` and in 说：2a02:… the first colon is that of the sentence.
        let is_own_colon =
            before == b':' && start >= 2 && !matches!(bytes[start - 2], b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F' | b':');
        if before.is_ascii_alphanumeric() || matches!(before, b'_' | b':' | b'.') && !is_own_colon {
            continue;
        }
        // A colon or a full stop after the address is not part of it.
        let candidate = &scanned.text[start..start + length];
        let ip = [candidate, candidate.trim_end_matches(['.', ':'])]
            .into_iter()
            .find_map(|text| Some((text.len(), text.parse::<Ipv6Addr>().ok()?)));
        let Some((length, ip)) = ip else { continue };
        let after = scanned.byte_at(start + length);
        let documentation = ip.segments()[..2] == [0x2001, 0xdb8] || ip.segments()[0] == 0x3fff;
        let spelled = candidate.bytes().filter(|byte| *byte == b':').count();
        if !(after.is_ascii_alphanumeric() || after == b'_' || ip.is_loopback() || ip.is_unspecified() || documentation)
            && (spelled >= 3 || ip.segments()[0] >= 0x2000 || candidate.contains('.'))
        {
            let zone = bytes[start + length..]
                .iter()
                .take(16)
                .enumerate()
                .take_while(|(at, byte)| if *at == 0 { **byte == b'%' } else { byte.is_ascii_alphanumeric() })
                .count();
            let zone = if zone > 1 { zone } else { 0 };
            spans.push(Span { range: start..start + length + zone, kind: Kind::Ip, why: "an IPv6 address" });
        }
    }
}
