//! IP addresses of machines in the world: not loopback, not the ranges reserved for documentation, not versions.

use std::{
    net::{Ipv4Addr, Ipv6Addr},
    sync::LazyLock,
};

use regex::Regex;

use super::{Kind, Span, continues_word, neighbours};

static V4: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}").expect("the pattern is valid"));
static V6: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:[0-9A-Fa-f]{0,4}:){2,7}(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]{0,4})")
        .expect("the pattern is valid")
});

pub(super) fn find(text: &str, spans: &mut Vec<Span>) {
    for found in V4.find_iter(text) {
        let (before, after) = neighbours(text, &found.range());
        let stands_alone = !continues_word(before) && !continues_word(after) && !matches!(before, Some('.' | '-'));
        let goes_on = after == Some('.') && text[found.end() + 1..].starts_with(|c: char| c.is_ascii_digit());
        let is_version = follows_word(&text[..found.start()], "version");
        if stands_alone && !goes_on && !is_version && found.as_str().parse().is_ok_and(is_somebodys_v4) {
            spans.push(Span { range: found.range(), kind: Kind::Ip });
        }
    }
    for found in V6.find_iter(text) {
        let (before, after) = neighbours(text, &found.range());
        let stands_alone =
            !continues_word(before) && !continues_word(after) && before != Some(':') && after != Some(':');
        // `a::b` parses too, and stands in code; an address that anybody has holds a digit.
        let has_digit = found.as_str().bytes().any(|byte| byte.is_ascii_digit());
        if stands_alone && has_digit && found.as_str().parse().is_ok_and(is_somebodys_v6) {
            spans.push(Span { range: found.range(), kind: Kind::Ip });
        }
    }
}

fn is_somebodys_v4(ip: Ipv4Addr) -> bool {
    !(ip.is_loopback() || ip.is_unspecified() || ip.is_documentation() || ip.is_broadcast())
}

fn is_somebodys_v6(ip: Ipv6Addr) -> bool {
    let is_documentation = ip.segments()[..2] == [0x2001, 0xdb8];
    !(ip.is_loopback() || ip.is_unspecified() || is_documentation)
}

fn follows_word(before: &str, word: &str) -> bool {
    let before = before.trim_end().as_bytes();
    before.len() >= word.len() && before[before.len() - word.len()..].eq_ignore_ascii_case(word.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn addresses_of_both_kinds_are_found() {
        assert_eq!(
            found("from 8.8.8.8 (or [2a00:1450:4001:81b::200e]:443), ::ffff:10.1.2.3."),
            [("IP", "8.8.8.8"), ("IP", "2a00:1450:4001:81b::200e"), ("IP", "::ffff:10.1.2.3")]
        );
    }
}
