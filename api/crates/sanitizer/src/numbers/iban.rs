//! Finds bank accounts by their IBAN (ISO 13616): the length of each country, and a checksum modulo 97.

use crate::{
    numbers::checksum,
    scan::Scanned,
    span::{Kind, Span},
};

/// The length of the IBAN in each country, from the registry of SWIFT.
const LENGTHS: &str = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 \
    ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 \
    LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 \
    SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30";

pub(super) fn find(scanned: &Scanned, spans: &mut Vec<Span>) {
    let mut next = 0;
    for &anchor in &scanned.long_numbers {
        let first = anchor as usize;
        if first < next {
            continue;
        }
        if let Some((last, end)) = iban_from(scanned, first) {
            spans.push(Span { range: scanned.tokens[first].start()..end, kind: Kind::Iban, why: "an IBAN" });
            next = last + 1;
        }
    }
}

fn length_of(country: &str) -> Option<usize> {
    let at = LENGTHS.find(country).filter(|at| LENGTHS.as_bytes()[at + 2].is_ascii_digit())?;
    LENGTHS[at + 2..at + 4].parse().ok()
}

/// The last token and the end of the IBAN that begins with the token `first`.
fn iban_from(scanned: &Scanned, first: usize) -> Option<(usize, usize)> {
    let head = scanned.token_text(first).as_bytes();
    if head.len() < 4 || !head[..2].iter().all(u8::is_ascii_alphabetic) || !head[2..4].iter().all(u8::is_ascii_digit) {
        return None;
    }
    // In a UUID (`…-4d2d-be18-500105175407`) a group is no beginning.
    if first > 0 && scanned.is_joined(first - 1, b'-') && !is_announced(scanned, first) {
        return None;
    }
    let country = scanned.token_text(first)[..2].to_ascii_uppercase();
    let length = length_of(&country)?;
    let mut compact = Vec::with_capacity(length);
    let mut at = first;
    loop {
        compact.extend(scanned.token_text(at).bytes().map(|byte| byte.to_ascii_uppercase()));
        if compact.len() >= length {
            break;
        }
        if !matches!(scanned.gap(at), " " | "-" | "." | "  ") || at + 1 >= scanned.tokens.len() || at - first > 10 {
            return None;
        }
        at += 1;
    }
    let rotated = compact.iter().skip(4).chain(&compact[..4]).copied();
    let is_iban = compact.len() == length && (checksum::mod_97(rotated) == Some(1) || is_announced(scanned, first));
    is_iban.then(|| (at, scanned.tokens[at].end()))
}

/// Whether the word IBAN stands right before the token, or one more word between. Then it counts even if its check digits are wrong:
/// people mistype, and a rejected one is what messages of errors are about.
fn is_announced(scanned: &Scanned, first: usize) -> bool {
    (first.saturating_sub(2)..first).any(|before| scanned.token_text(before).eq_ignore_ascii_case("iban"))
}
