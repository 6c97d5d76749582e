//! E-mail addresses, Unicode ones too.

use std::sync::LazyLock;

use regex::Regex;

use super::{Kind, Span, continues_word, neighbours};

static ADDRESS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[\w.%'+~-]*[\w+-]@(?:[\w-]+\.)+[\w-]*\w").expect("the pattern is valid"));

/// Top-level "domains" of file names such as `logo@2x.png`.
const FILE_ENDINGS: [&str; 8] = ["png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js"];

pub(super) fn find(text: &str, spans: &mut Vec<Span>) {
    if memchr::memchr(b'@', text.as_bytes()).is_none() {
        return;
    }
    for found in ADDRESS.find_iter(text) {
        // An apostrophe may stand in an address (o'brien@…), but before one it quotes.
        let local_start = found.as_str().find(|c: char| c.is_alphanumeric() || c == '_' || c == '+').unwrap_or(0);
        let range = found.start() + local_start..found.end();
        let address = &text[range.clone()];
        let (_, after) = neighbours(text, &range);
        let ending = address.rsplit('.').next().unwrap_or_default();
        let is_word = ending.chars().count() >= 2 && !ending.chars().all(|c| c.is_ascii_digit());
        let is_file = FILE_ENDINGS.contains(&ending.to_ascii_lowercase().as_str());
        // `git@github.com:org/repo` is how git writes an SSH address; the user's name is always git.
        let is_git = address.starts_with("git@") && matches!(after, Some(':' | '/'));
        if is_word && !is_file && !is_git && !continues_word(after) {
            spans.push(Span { range, kind: Kind::Email });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn addresses_are_found_whatever_surrounds_them() {
        for (text, address) in [
            ("write to jane@example.com.", "jane@example.com"),
            ("<jane.doe+tag@mail.example.co.uk>", "jane.doe+tag@mail.example.co.uk"),
            ("'o'brien@example.ie'", "o'brien@example.ie"),
            ("mailto:jane@example.com?subject=x", "jane@example.com"),
            ("email=jane@example.com&x=1", "jane@example.com"),
            ("josé.garcía@ejemplo.es", "josé.garcía@ejemplo.es"),
            ("ada@пример.рф", "ada@пример.рф"),
            ("{\"to\":\"a@b.io\"}", "a@b.io"),
        ] {
            assert_eq!(found(text).last().map(|(_, value)| *value), Some(address), "in {text:?}");
        }
    }
}
