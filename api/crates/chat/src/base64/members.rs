//! Which members of a JSON object are files in base64: the shapes of the SDKs.

use std::ops::Range;

use super::{
    encoded::{CERTAIN_CHARS_MIN, LIKELY_CHARS_MIN, decoded_len, signed_file, unescaped},
    replacement::Replacement,
};
use crate::media::{Kind, MEDIA_TYPE_KEYS, Media};

/// Keys that hold a file. `content` is OpenTelemetry's (in a `blob`), `image` and `file` are Vercel's, `result` is that of OpenAI's
/// image generation.
const FILE_KEYS: [&str; 9] =
    ["data", "image", "file", "audio", "file_data", "fileData", "b64_json", "content", "result"];

/// What matters of the members of an object, or of the items of a list.
pub(super) struct Members {
    /// The key under which the object stands.
    name: Option<Range<usize>>,
    media_type: Option<Range<usize>>,
    format: Option<Range<usize>>,
    kind: Option<Range<usize>>,
    /// Texts that may be files, with their keys.
    texts: Vec<(Option<Range<usize>>, Range<usize>)>,
}

impl Members {
    pub(super) fn new(name: Option<Range<usize>>) -> Self {
        Self { name, media_type: None, format: None, kind: None, texts: Vec::new() }
    }

    /// Notes a text that holds no data URI.
    pub(super) fn add(&mut self, json: &str, key: Option<Range<usize>>, text: Range<usize>) {
        match key.clone().map(|place| &json[place]) {
            Some("type") => self.kind = Some(text),
            Some("format") => self.format = Some(text),
            Some(name) if MEDIA_TYPE_KEYS.contains(&name) => self.media_type = Some(text),
            Some(name) if FILE_KEYS.contains(&name) && text.len() >= CERTAIN_CHARS_MIN => self.texts.push((key, text)),
            _ if text.len() >= LIKELY_CHARS_MIN => self.texts.push((key, text)),
            _ => {}
        }
    }

    /// Markers for the texts that are files.
    pub(super) fn base64(self, json: &str) -> Vec<Replacement> {
        let text_at = |place: &Option<Range<usize>>| place.clone().map(|place| &json[place]);
        let (kind, name) = (text_at(&self.kind).unwrap_or_default(), text_at(&self.name).unwrap_or_default());
        let media_type = text_at(&self.media_type).map(unescaped);
        let is_source = kind == "base64" || ["inline_data", "inlineData", "input_audio"].contains(&name);
        let marker = |(key, place): (Option<Range<usize>>, Range<usize>)| {
            let text = &json[place.clone()];
            if let Some(media) = signed_file(text) {
                let media = if media_type.is_some() {
                    Media::new(None, media_type.as_deref(), decoded_len(text))
                } else {
                    media
                };
                return Some((place, media.to_string()));
            }
            let key = text_at(&key).filter(|key| FILE_KEYS.contains(key))?;
            let is_certain = match key {
                "content" => kind == "blob",
                "result" => kind == "image_generation_call",
                "file_data" | "fileData" | "b64_json" => true,
                // Anthropic's `{"type":"text","media_type":"text/plain","data":…}` is plain text.
                _ => is_source || (media_type.is_some() && kind != "text"),
            };
            let is_likely = kind_of(kind).or(kind_of(name)).is_some() && !["content", "result"].contains(&key);
            if !(is_certain || is_likely && text.len() >= LIKELY_CHARS_MIN) {
                return None;
            }
            let bytes = decoded_len(text)?;
            let format =
                text_at(&self.format).filter(|_| name == "input_audio").map(|format| format!("audio/{format}"));
            let known = media_type.as_deref().or(format.as_deref());
            let kind = kind_of(kind).or(kind_of(name)).or(kind_of(key));
            Some((place, Media::new(kind, known, Some(bytes)).to_string()))
        };
        self.texts.into_iter().filter_map(marker).collect()
    }
}

/// The kind that the type of a part or a key names.
fn kind_of(name: &str) -> Option<Kind> {
    Some(match name {
        "image" | "image_url" | "input_image" | "image-data" | "image_generation_call" | "b64_json" => Kind::Image,
        "audio" | "input_audio" => Kind::Audio,
        "video" => Kind::Video,
        "file" | "input_file" | "file-data" | "document" | "media" | "blob" | "file_data" | "fileData" => Kind::File,
        _ => return None,
    })
}
