//! The alphabets that vendors' keys are written in.

use self::Alphabet::{Alnum, Base64, Colon, Dotted, Hex, List, Upper, Word};

/// The characters of a key after its prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Alphabet {
    /// `[A-Za-z0-9]`
    Alnum,
    /// `[A-Za-z0-9_-]`
    Word,
    /// `[A-Za-z0-9_.-]`
    Dotted,
    /// `[0-9a-fA-F-]`
    Hex,
    /// `[A-Z0-9]`
    Upper,
    /// `[A-Za-z0-9:]`
    Colon,
    /// `[A-Za-z0-9+/=_%-]`
    Base64,
    /// `Base64` and commas
    List,
}

impl Alphabet {
    pub(crate) fn has(self, byte: u8) -> bool {
        match self {
            Alnum => byte.is_ascii_alphanumeric(),
            Word => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'),
            Dotted => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'),
            Hex => byte.is_ascii_hexdigit() || byte == b'-',
            Upper => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            Colon => byte.is_ascii_alphanumeric() || byte == b':',
            Base64 => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'/' | b'=' | b'%'),
            List => Base64.has(byte) || byte == b',',
        }
    }
}

#[cfg(test)]
impl Alphabet {
    /// Something that looks like a key. It is generated, so that no line of this repository holds a key.
    pub(crate) fn sample(self, length: usize) -> String {
        let alphabet = match self {
            Hex => "3f9a07c1d48be265",
            Upper => "Q7ZB2LM9XW5RT3VN6PC4HD",
            _ => "a7Bq9Zk2Lm4Xw8Rt3Vn6Pc5Hd1Jf",
        };
        alphabet.chars().cycle().take(length).collect()
    }
}
