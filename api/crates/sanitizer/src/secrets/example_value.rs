//! Recognises the values that documentation writes in place of a secret: `YOUR_API_KEY`, `sk-xxxxxxxx`, AWS's keys that end with
//! EXAMPLE.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

/// Parts that make a key an example wherever they stand in it.
static MARKS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .build(["your", "YOUR", "xxxxx", "XXXXX"])
        .expect("a few short words make an automaton")
});

/// The bytes that fill an example. A key of which they are more than half is one.
const IS_FILLER: [bool; 256] = {
    let mut is_filler = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        is_filler[byte] = matches!(byte as u8, b'x' | b'X' | b'.' | b'*' | b'0');
        byte += 1;
    }
    is_filler
};

/// Whether a key is an example.
pub(super) fn is_example_value(key: &[u8]) -> bool {
    let fillers: usize = key.iter().map(|byte| usize::from(IS_FILLER[usize::from(*byte)])).sum();
    key.ends_with(b"EXAMPLE") || key.ends_with(b"EXAMPLEKEY") || fillers * 2 > key.len() || MARKS.is_match(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_documentation_writes_is_an_example_and_a_key_is_not() {
        for key in ["sk-xxxxxxxxxxxxxxxx", "YOUR_API_KEY", "your-key-here", "0000000000000000", "AKIAABCDEFGHIEXAMPLE"]
        {
            assert!(is_example_value(key.as_bytes()), "{key}");
        }
        for key in ["sk-a7Bq9Zk2Lm4Xw8Rt3V", "3f9a07c1d48be265"] {
            assert!(!is_example_value(key.as_bytes()), "{key}");
        }
    }
}
