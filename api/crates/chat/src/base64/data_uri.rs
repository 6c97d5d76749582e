//! Data URIs (RFC 2397) with base64, anywhere in a text.

use std::ops::Range;

use memchr::memmem;

use super::encoded::{CERTAIN_CHARS_MIN, base64_run};

const SCHEME: &str = "data:";
/// What stands between the media type and the base64.
pub(crate) const ENCODING: &str = ";base64,";

/// The longest media type with its parameters, in bytes. Real ones have less than 80.
const HEADER_BYTES_MAX: usize = 256;

/// A data URI in a text, which may be the raw text of a JSON string.
pub(crate) struct DataUri<'a> {
    pub(crate) place: Range<usize>,
    /// With its parameters, and with `\/` for `/` where JSON is written so.
    pub(crate) media_type: &'a str,
    /// The size of the decoded file.
    pub(crate) bytes: u64,
}

impl<'a> DataUri<'a> {
    /// All data URIs of a text.
    pub(crate) fn all(text: &'a str) -> impl Iterator<Item = Self> {
        let mut end = 0;
        memmem::find_iter(text.as_bytes(), ENCODING).filter_map(move |at| {
            let uri = Self::around(text, at).filter(|uri| uri.place.start >= end)?;
            end = uri.place.end;
            Some(uri)
        })
    }

    /// The data URI whose [`ENCODING`] stands at `at`.
    fn around(text: &'a str, at: usize) -> Option<Self> {
        let is_of_a_header = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$&-^_.+/;:=\\ ".contains(byte);
        let header =
            text.as_bytes()[..at].iter().rev().take(HEADER_BYTES_MAX).take_while(|byte| is_of_a_header(byte)).count();
        // All of the header is ASCII, so that every index in it is one of a character.
        let start = at - header + text[at - header..at].to_ascii_lowercase().rfind(SCHEME)?;
        let run = base64_run(&text.as_bytes()[at + ENCODING.len()..]);
        (run.chars >= CERTAIN_CHARS_MIN).then(|| Self {
            place: start..at + ENCODING.len() + run.bytes,
            media_type: &text[start + SCHEME.len()..at],
            bytes: run.decoded_len(),
        })
    }
}
