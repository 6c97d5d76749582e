//! Finds the JSON text in a request. It may be in the query, the body or a form, and be packed with base64, gzip or
//! LZ-string. The order of the steps is that of PostHog's `rust/capture/src/payload/common.rs`.

use std::{io::Read, num::ParseIntError};

use base64::{Engine, engine::general_purpose::STANDARD};
use flate2::read::MultiGzDecoder;
use jiff::Timestamp;

use super::{answer::CaptureError, body::BATCH_BODY_BYTES_MAX, lz64};

/// The longest payload after decompression, in bytes: the limit of an uncompressed batch.
const PAYLOAD_BYTES_MAX: usize = BATCH_BODY_BYTES_MAX.0;
/// How much of a text is looked at to detect its encoding, in bytes.
const LOOK_BYTES: usize = 128;
const GZIP_MAGIC: [u8; 3] = [0x1f, 0x8b, 0x08];
/// 2021-01-01T00:00:00Z in milliseconds. A smaller `sent_at` was probably meant in seconds, and PostHog ignores it.
const SENT_AT_MS_MIN: i64 = 1_609_459_200_000;

/// The query of a capture request. PostHog ignores its other keys (`ver`, `ip`, `lib_version`).
#[derive(Debug, Default)]
pub struct Query {
    data: Option<String>,
    compression: Option<Compression>,
    /// When the request was sent, by the sender's clock.
    pub sent_at: Option<Timestamp>,
    /// Whether the sender wants a 204 as answer.
    pub beacon: bool,
}

impl Query {
    /// Reads a query string (`EventQuery` in `payload/types.rs`). An unknown compression is ignored.
    ///
    /// # Errors
    /// `_`, `sent_at` or `beacon` is no whole number.
    pub fn parse(query: &str) -> Result<Self, CaptureError> {
        let wrong = |key: &str, error: ParseIntError| CaptureError::Query(format!("{key}: {error}"));
        let mut parsed = Self::default();
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*key {
                "data" if !value.is_empty() => parsed.data = Some(value.into_owned()),
                "compression" => parsed.compression = Compression::named(&value),
                "_" | "sent_at" => {
                    let millis = value.parse().map_err(|error| wrong(&key, error))?;
                    let millis = Some(millis).filter(|millis| *millis >= SENT_AT_MS_MIN);
                    parsed.sent_at = millis.and_then(|millis| Timestamp::from_millisecond(millis).ok());
                }
                "beacon" => parsed.beacon = value.parse::<i32>().map_err(|error| wrong(&key, error))? == 1,
                _ => {}
            }
        }
        Ok(parsed)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compression {
    Gzip,
    Base64,
    LzString,
}

impl Compression {
    /// The compression of this name. An unknown name is ignored, not refused.
    fn named(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "gzip" | "gzip-js" => Some(Self::Gzip),
            "base64" | "b64" => Some(Self::Base64),
            "lz64" | "lz-string" => Some(Self::LzString),
            _ => None,
        }
    }
}

/// A body, with what the request says about its encoding.
#[derive(Debug)]
pub struct Encoded {
    /// Lower case; may be empty.
    pub content_type: String,
    /// Lower case; may be empty.
    pub content_encoding: String,
    /// Whether the path is `/e`, `/capture`, `/engage` or `/track`. Their payload may be base64 inside the compression.
    pub is_legacy_path: bool,
    /// The bytes, as they were sent.
    pub body: Vec<u8>,
}

/// The JSON text of a request.
///
/// # Errors
/// There is no payload, its encoding is broken, or it is larger than 20 MiB after decompression.
pub fn find(query: &Query, encoded: Encoded) -> Result<String, CaptureError> {
    let in_query = query.data.is_some();
    let mut bytes = query.data.clone().map_or(encoded.body, String::into_bytes);
    if bytes.is_empty() {
        return Err(CaptureError::MissingPayload);
    }
    let mut form_compression = None;
    if !in_query && encoded.content_type == "application/x-www-form-urlencoded" {
        (bytes, form_compression) = from_form(&bytes)?;
    }
    let hint = query.compression.or(form_compression).or_else(|| Compression::named(&encoded.content_encoding));
    // LZ-string uses the alphabet of base64, but is not base64.
    if hint != Some(Compression::LzString) && !looks_like_form(&bytes) {
        bytes = without_base64(bytes);
    }
    if hint == Some(Compression::Gzip) || bytes.starts_with(&GZIP_MAGIC) {
        bytes = gunzip(&bytes)?;
    } else if hint == Some(Compression::LzString) {
        return lz64::unpack(&bytes, PAYLOAD_BYTES_MAX).map_err(|error| match error {
            lz64::Error::Invalid => CaptureError::Decode("decompress_lz64: failed decompress to UTF16"),
            lz64::Error::TooLarge => CaptureError::TooLarge { bytes_max: PAYLOAD_BYTES_MAX },
        });
    }
    if encoded.is_legacy_path || hint == Some(Compression::Base64) {
        bytes = without_base64(bytes);
    }
    String::from_utf8(bytes).map_err(|_| CaptureError::Decode("invalid UTF8 in request payload"))
}

fn looks_like_form(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(LOOK_BYTES)]);
    // A JSON text may contain `data=` in a value, so texts that begin like JSON are not forms.
    !start.trim_start().starts_with(['{', '['])
        && ["data=", "_=", "ip=", "compression="].iter().any(|key| start.contains(key))
}

fn is_base64(bytes: &[u8]) -> bool {
    let alphabet = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
    bytes.len().is_multiple_of(4) && bytes.iter().take(LOOK_BYTES).all(alphabet)
}

/// Decodes the bytes if they are base64; else returns them unchanged.
fn without_base64(bytes: Vec<u8>) -> Vec<u8> {
    if is_base64(&bytes) { STANDARD.decode(&bytes).unwrap_or(bytes) } else { bytes }
}

fn from_form(bytes: &[u8]) -> Result<(Vec<u8>, Option<Compression>), CaptureError> {
    if !looks_like_form(bytes) {
        return Err(CaptureError::Decode("expected form data in POST request payload"));
    }
    let (mut data, mut compression) = (None, None);
    for (key, value) in form_urlencoded::parse(bytes) {
        match &*key {
            "data" => data = Some(value.into_owned()),
            "compression" => compression = Compression::named(&value),
            _ => {}
        }
    }
    let data = data.filter(|data| !data.is_empty()).ok_or(CaptureError::MissingPayload)?;
    // A `+` of base64 that was not percent-encoded was read as a space.
    let restored = data.replace(' ', "+").into_bytes();
    Ok((if is_base64(&restored) { restored } else { data.into_bytes() }, compression))
}

pub(crate) fn gunzip(bytes: &[u8]) -> Result<Vec<u8>, CaptureError> {
    let mut text = Vec::new();
    MultiGzDecoder::new(bytes)
        .take(PAYLOAD_BYTES_MAX as u64 + 1)
        .read_to_end(&mut text)
        .map_err(|_| CaptureError::Decode("invalid GZIP data"))?;
    if text.len() > PAYLOAD_BYTES_MAX {
        return Err(CaptureError::TooLarge { bytes_max: PAYLOAD_BYTES_MAX });
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression as Level, write::GzEncoder};

    use super::*;

    fn body(body: &[u8]) -> Encoded {
        Encoded {
            content_type: String::new(),
            content_encoding: String::new(),
            is_legacy_path: false,
            body: body.into(),
        }
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Level::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_sent_at_in_seconds_is_ignored() {
        assert_eq!(
            Query::parse("_=1772446530123").unwrap().sent_at,
            Some(Timestamp::from_millisecond(1_772_446_530_123).unwrap())
        );
        assert_eq!(Query::parse("_=1772446530").unwrap().sent_at, None);
    }

    #[test]
    fn a_query_with_a_wrong_number_is_refused() {
        for (query, told) in [
            ("_=abc", Some("_: invalid digit found in string")),
            ("sent_at=soon", Some("sent_at: invalid digit found in string")),
            ("_=", Some("_: cannot parse integer from empty string")),
            ("beacon=true", Some("beacon: invalid digit found in string")),
            ("beacon=2&compression=zip&ver=1", None),
            ("ip=abc", None),
        ] {
            let refused = Query::parse(query).err().map(|error| error.to_string());
            assert_eq!(refused, told.map(|told| format!("Failed to deserialize query string: {told}")), "{query}");
        }
        assert!(Query::parse("beacon=1").unwrap().beacon);
        assert!(!Query::parse("beacon=2").unwrap().beacon);
    }

    #[test]
    fn a_gzip_bomb_is_refused_at_the_limit() {
        let zeros = |size| gzip(&vec![b'0'; size]);
        assert_eq!(find(&Query::default(), body(&zeros(PAYLOAD_BYTES_MAX))).unwrap().len(), PAYLOAD_BYTES_MAX);
        let bomb = find(&Query::default(), body(&zeros(PAYLOAD_BYTES_MAX + 1)));
        assert!(matches!(bomb, Err(CaptureError::TooLarge { .. })));
    }

    #[test]
    fn base64_is_unwrapped_within_gzip_on_legacy_paths_only() {
        let packed = gzip(STANDARD.encode(r#"{"a":1}"#).as_bytes());
        let legacy = Encoded { is_legacy_path: true, ..body(&packed) };
        assert_eq!(find(&Query::default(), legacy).unwrap(), r#"{"a":1}"#);
        assert_eq!(find(&Query::default(), body(&packed)).unwrap(), "eyJhIjoxfQ==");
    }

    #[test]
    fn a_form_may_carry_base64_whose_plus_became_a_space() {
        let json = r#"{"a":">>>???>>>"}"#;
        let packed = STANDARD.encode(json);
        assert!(packed.contains('+'));
        let content_type = "application/x-www-form-urlencoded".to_owned();
        let form = Encoded { content_type: content_type.clone(), ..body(format!("data={packed}").as_bytes()) };
        assert_eq!(find(&Query::default(), form).unwrap(), json);
        let form = Encoded { content_type, ..body(b"compression=none&data=%7B%22a%22%3A%22b+c%22%7D") };
        assert_eq!(find(&Query::default(), form).unwrap(), r#"{"a":"b c"}"#);
    }
}
