//! The beginning of a text that may be long.

/// At most `chars_max` characters, followed by an ellipsis if the text is longer.
pub fn excerpt(text: &str, chars_max: usize) -> String {
    let mut excerpt: String = text.chars().take(chars_max).collect();
    if excerpt.len() < text.len() {
        excerpt.push('…');
    }
    excerpt
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters_and_only_when_it_is_too_long() {
        assert_eq!(excerpt("éé", 2), "éé");
        assert_eq!(excerpt("ééé", 2), "éé…");
        assert_eq!(excerpt("", 2), "");
    }
}
