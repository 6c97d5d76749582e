//! Filters for URLs and encodings (`src/filters/url.ts`, `base64.ts`, `crypto.ts`).

use base64::{Engine, alphabet, engine::general_purpose};
use percent_encoding::{AsciiSet, percent_decode_str, utf8_percent_encode};
use sha2::{Digest, Sha256};

use super::arguments::Handler;
use crate::{
    globals::{URI_COMPONENT, encode_uri_component},
    liquid::value::stringify,
};

/// All characters but those that JavaScript's `encodeURI` keeps, and the brackets, which liquidjs keeps, too.
const URI: &AsciiSet = &URI_COMPONENT
    .remove(b';')
    .remove(b'/')
    .remove(b'?')
    .remove(b':')
    .remove(b'@')
    .remove(b'&')
    .remove(b'=')
    .remove(b'+')
    .remove(b'$')
    .remove(b',')
    .remove(b'#')
    .remove(b'[')
    .remove(b']');

pub(super) const FILTERS: &[(&str, Handler)] = &[
    ("url_encode", |value, _| Ok(plus_encoded(&stringify(value)).into())),
    ("cgi_escape", |value, _| {
        let encoded = plus_encoded(&stringify(value));
        let rare = [("!", "%21"), ("'", "%27"), ("(", "%28"), (")", "%29"), ("*", "%2A")];
        Ok(rare.iter().fold(encoded, |text, (from, to)| text.replace(from, to)).into())
    }),
    ("uri_escape", |value, _| Ok(utf8_percent_encode(&stringify(value), URI).to_string().into())),
    ("url_decode", |value, _| {
        let spaced = stringify(value).replace('+', " ");
        let decoded = percent_decode_str(&spaced).decode_utf8().map_err(|_| "URI malformed".to_owned())?;
        Ok(decoded.into_owned().into())
    }),
    ("base64_encode", |value, _| Ok(general_purpose::STANDARD.encode(stringify(value)).into())),
    ("base64_decode", |value, _| {
        let packed: String = stringify(value).split_ascii_whitespace().collect();
        let lenient = general_purpose::GeneralPurposeConfig::new()
            .with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent)
            .with_decode_allow_trailing_bits(true);
        let bytes = general_purpose::GeneralPurpose::new(&alphabet::STANDARD, lenient).decode(packed);
        let bytes = bytes.map_err(|_| "invalid base64 provided to base64_decode".to_owned())?;
        Ok(String::from_utf8_lossy(&bytes).into_owned().into())
    }),
    ("sha256", |value, _| {
        let digest = Sha256::digest(stringify(value));
        Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into())
    }),
];

fn plus_encoded(text: &str) -> String {
    encode_uri_component(text).replace("%20", "+")
}
