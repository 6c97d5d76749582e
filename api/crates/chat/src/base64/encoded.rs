//! What base64 looks like (RFC 4648, both alphabets), also where JSON or a URL escapes a part of it.

use crate::media::Media;

/// The fewest characters of base64 that are replaced where it is certain that they are a file. The smallest real GIF has 48, but
/// an explanation of the format (`data:image/png;base64,AAAA`) has fewer.
pub(super) const CERTAIN_CHARS_MIN: usize = 16;

/// The fewest where the surroundings only suggest it. Shorter texts can be words and ids.
pub(super) const LIKELY_CHARS_MIN: usize = 1_024;

/// A run of base64 at the beginning of a text.
pub(super) struct Run {
    /// Its length in the text.
    pub(super) bytes: usize,
    /// Its characters without padding and escapes.
    pub(super) chars: usize,
}

impl Run {
    pub(super) fn decoded_len(&self) -> u64 {
        self.chars as u64 * 3 / 4
    }
}

/// The run at the beginning of a text. It ends behind the padding, so that words behind it stay.
pub(super) fn base64_run(text: &[u8]) -> Run {
    let (mut at, mut chars) = (0, 0);
    loop {
        match unit(&text[at..]) {
            Some((b'=', _)) | None => break,
            Some((_, length)) => (at, chars) = (at + length, chars + 1),
        }
    }
    for _ in 0..2 {
        if let Some((b'=', length)) = unit(&text[at..]) {
            at += length;
        }
    }
    Run { bytes: at, chars }
}

/// One character of base64 and its length in the text: itself, or escaped as `\/`, `\u002b`, `%2B`.
fn unit(text: &[u8]) -> Option<(u8, usize)> {
    let of_hex = |digits: [u8; 2]| match &digits.map(|digit| digit.to_ascii_lowercase()) {
        b"2b" => Some(b'+'),
        b"2f" => Some(b'/'),
        b"3d" => Some(b'='),
        _ => None,
    };
    match *text {
        [byte @ (b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' | b'-' | b'_' | b'='), ..] => Some((byte, 1)),
        // JSON within JSON has several backslashes.
        [b'\\', ..] => {
            let escapes = text.iter().take(8).take_while(|byte| **byte == b'\\').count();
            match text[escapes..] {
                [b'/', ..] => Some((b'/', escapes + 1)),
                [b'u', b'0', b'0', high, low, ..] => of_hex([high, low]).map(|byte| (byte, escapes + 5)),
                _ => None,
            }
        }
        [b'%', high, low, ..] => of_hex([high, low]).map(|byte| (byte, 3)),
        _ => None,
    }
}

/// The size in bytes of what a text encodes, when the whole text is base64, in one line or in several (RFC 2045). The text can be
/// the raw text of a JSON string.
pub(crate) fn decoded_len(text: &str) -> Option<u64> {
    let mut rest = text.as_bytes();
    let mut chars = 0;
    loop {
        let run = base64_run(rest);
        chars += run.chars;
        rest = &rest[run.bytes..];
        rest = match rest {
            [] => break,
            [b'\r', b'\n', rest @ ..] | [b'\n', rest @ ..] => rest,
            [b'\\', b'r', b'\\', b'n', rest @ ..] | [b'\\', b'n', rest @ ..] => rest,
            _ => return None,
        };
    }
    // One character holds six bits, too few for a byte.
    (chars % 4 != 1).then_some(chars as u64 * 3 / 4)
}

/// The base64 of a text in one spelling: the standard alphabet, without padding, escapes and line ends.
pub(crate) fn base64_of(text: &str) -> String {
    let mut rest = text.as_bytes();
    let mut base64 = String::with_capacity(rest.len());
    while let Some(first) = rest.first() {
        let (byte, length) = unit(rest).unwrap_or((b'=', 1));
        match byte {
            // The `n` of an escaped line end is none of the file's characters.
            b'=' if *first == b'\\' => rest = rest.get(1..).unwrap_or_default(),
            b'=' => {}
            b'-' => base64.push('+'),
            b'_' => base64.push('/'),
            byte => base64.push(char::from(byte)),
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    base64
}

/// The file of a long text that is base64 and begins as a known format does. Words do not begin so.
pub(super) fn signed_file(text: &str) -> Option<Media<'static>> {
    if text.len() < LIKELY_CHARS_MIN {
        return None;
    }
    let head: String = text.chars().take(32).filter(|character| *character != '\\').collect();
    let media_type = match head.as_str() {
        _ if head.starts_with("iVBORw0KGgo") => "image/png",
        _ if head.starts_with("/9j/") => "image/jpeg",
        _ if head.starts_with("R0lGOD") => "image/gif",
        // RIFF, a length, then WEBP or WAVE.
        _ if head.starts_with("UklGR") && head.get(12..16) == Some("RUJQ") => "image/webp",
        _ if head.starts_with("UklGR") && head.get(12..16) == Some("QVZF") => "audio/wav",
        _ if head.starts_with("SUQz") => "audio/mpeg",
        _ if head.starts_with("T2dnUw") => "audio/ogg",
        _ if head.starts_with("GkXfo") => "video/webm",
        _ if head.starts_with("JVBERi0") => "application/pdf",
        _ if head.starts_with("UEsDB") => "application/zip",
        _ => return None,
    };
    decoded_len(text).map(|bytes| Media::new(None, Some(media_type), Some(bytes)))
}

/// A media type without the escapes that JSON may have in it: `image\/svg\u002Bxml`.
pub(super) fn unescaped(media_type: &str) -> String {
    media_type.replace("\\u002b", "+").replace("\\u002B", "+").replace('\\', "")
}
