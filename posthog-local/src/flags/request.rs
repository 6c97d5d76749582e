//! Reads a request for flags as PostHog does (`rust/feature-flags/src/handler/decoding.rs`, `flags/flag_request.rs`): JSON,
//! gzip, base64, or a form with base64 in it.
//!
//! Simplified: PostHog reads JSON5, in which `NaN` and `Infinity` are null.

use base64::{Engine, engine::general_purpose::STANDARD};
use percent_encoding::percent_decode;
use serde::{Deserialize, Deserializer, de};
use serde_json::Value;

use super::refusal::FlagsError;
use crate::{
    capture::{payload, surrogates},
    json::Object,
};

/// The query of a request for flags. PostHog ignores its other keys here.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct FlagsQuery {
    /// The version of the answer; one that is no number is 1.
    pub version: Option<i32>,
    /// Whether the answer also holds the remote configuration.
    pub config: Option<bool>,
    compression: Option<Compression>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compression {
    Gzip,
    Base64,
    Unsupported,
}

impl FlagsQuery {
    /// Reads a query string. An empty value is a missing one.
    pub fn parse(query: &str) -> Self {
        let mut parsed = Self::default();
        for (key, value) in form_urlencoded::parse(query.as_bytes()).filter(|(_, value)| !value.is_empty()) {
            match &*key {
                "v" | "version" => parsed.version = Some(value.parse().unwrap_or(1)),
                "config" => parsed.config = Some(["true", "1"].contains(&&*value)),
                "compression" => {
                    parsed.compression = Some(match &*value {
                        "gzip" | "gzip-js" => Compression::Gzip,
                        "base64" => Compression::Base64,
                        _ => Compression::Unsupported,
                    });
                }
                _ => {}
            }
        }
        parsed
    }
}

/// A request for flags. A wrong type of any of these makes PostHog refuse it.
#[derive(Debug, Default, Deserialize)]
pub struct FlagsRequest {
    #[serde(alias = "$token", alias = "api_key")]
    token: Option<String>,
    #[serde(default, alias = "$distinct_id", deserialize_with = "text_or_number")]
    distinct_id: Option<String>,
    /// Whether only the configuration is wanted.
    disable_flags: Option<bool>,
    /// The only flags that are wanted.
    #[serde(alias = "flag_keys_to_evaluate")]
    flag_keys: Option<Vec<String>>,
    #[serde(rename = "person_properties", alias = "$properties")]
    _person_properties: Option<Object>,
    #[serde(rename = "groups", alias = "$groups")]
    _groups: Option<Object>,
    #[serde(rename = "group_properties", alias = "$group_properties")]
    _group_properties: Option<serde_json::Map<String, Value>>,
    #[serde(rename = "geoip_disable")]
    _geoip_disable: Option<bool>,
    #[serde(rename = "$anon_distinct_id", alias = "anon_distinct_id")]
    _anon_distinct_id: Option<String>,
}

fn text_or_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    match Option::<Value>::deserialize(deserializer)? {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(Value::Number(number)) => Ok(Some(number.to_string())),
        Some(_) => Err(de::Error::custom("neither a text nor a number")),
    }
}

impl FlagsRequest {
    /// Reads a body.
    ///
    /// # Errors
    /// It is not JSON of this shape, or is packed in a way that PostHog does not read.
    pub fn read(body: &[u8], content_type: &str, is_gzip: bool, query: &FlagsQuery) -> Result<Self, FlagsError> {
        match content_type.split(';').next().unwrap_or_default().trim() {
            "" | "application/json" | "text/plain" => Self::from_plain(body, is_gzip, query.compression),
            "application/x-www-form-urlencoded" => Self::from_form(body, query.compression),
            _ => Err(refused(&format!("unsupported content type: {content_type}"))),
        }
    }

    fn from_plain(body: &[u8], is_gzip: bool, compression: Option<Compression>) -> Result<Self, FlagsError> {
        let unpacked = match compression {
            Some(Compression::Unsupported) => return Err(refused("Unsupported compression type")),
            Some(Compression::Gzip) => Some(payload::gunzip(body)),
            _ if is_gzip || body.starts_with(&[0x1f, 0x8b]) => Some(payload::gunzip(body)),
            _ => None,
        };
        let unpacked = unpacked.transpose().map_err(|_| refused("gzip decompression failed: invalid gzip header"))?;
        let body = unpacked.as_deref().unwrap_or(body);
        let of = |bytes: &[u8]| Self::from_json(&String::from_utf8_lossy(bytes));
        of(body).or_else(|| from_base64(body).and_then(|bytes| of(&bytes))).ok_or_else(|| refused("invalid JSON"))
    }

    fn from_form(body: &[u8], compression: Option<Compression>) -> Result<Self, FlagsError> {
        match compression {
            Some(Compression::Gzip) => return Err(refused("Gzip compression not supported for form-urlencoded data")),
            Some(Compression::Unsupported) => return Err(refused("Unsupported compression type")),
            Some(Compression::Base64) | None => {}
        }
        let form = percent_decode(body).decode_utf8_lossy();
        let data = form.strip_prefix("data=").unwrap_or(&form);
        let json = from_base64(data.as_bytes()).ok_or_else(|| refused("Base64 decoding error: Invalid symbol"))?;
        Self::from_json(&String::from_utf8_lossy(&json)).ok_or_else(|| refused("invalid JSON structure"))
    }

    fn from_json(text: &str) -> Option<Self> {
        serde_json::from_str(&surrogates::replace_lone(text)).ok()
    }

    /// The project's key.
    ///
    /// # Errors
    /// There is none.
    pub fn token(&self) -> Result<&str, FlagsError> {
        self.token.as_deref().filter(|token| !token.is_empty()).ok_or(FlagsError::NoToken)
    }

    /// Whether flags are wanted, and not the configuration alone.
    ///
    /// # Errors
    /// They are, but the request does not say whose. An empty distinct_id is one.
    pub fn wants_flags(&self) -> Result<bool, FlagsError> {
        match (self.disable_flags, &self.distinct_id) {
            (Some(true), _) => Ok(false),
            (_, Some(_)) => Ok(true),
            (_, None) => Err(FlagsError::MissingDistinctId),
        }
    }

    /// Whether this flag is wanted.
    pub fn wants(&self, key: &str) -> bool {
        self.flag_keys.as_ref().is_none_or(|keys| keys.iter().any(|wanted| wanted == key))
    }
}

fn refused(why: &str) -> FlagsError {
    FlagsError::Decode(why.to_owned())
}

/// Decodes base64 whose padding may be missing, and which may be percent-encoded.
fn from_base64(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut text = percent_decode(bytes).decode_utf8().ok()?.replace(' ', "");
    text.truncate(text.trim_end_matches('=').len());
    text.push_str(&"=".repeat((4 - text.len() % 4) % 4));
    STANDARD.decode(text).ok()
}
