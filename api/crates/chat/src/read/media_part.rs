//! Images, audio and files in a message.

use std::borrow::Cow;

use crate::{
    base64::{DataUri, decoded_len},
    media::{Kind, MEDIA_TYPE_KEYS, Media, known_marker},
    raw::Object,
};

/// Keys of the object within a part that has its data.
const HOLDERS: [&str; 13] = [
    "source",
    "image_url",
    "inline_data",
    "inlineData",
    "input_audio",
    "file_data",
    "fileData",
    "file",
    "image",
    "audio",
    "video",
    "video_url",
    "document",
];

/// Keys of the data itself, or of where it is.
const DATA_KEYS: [&str; 15] = [
    "data",
    "result",
    "url",
    "image_url",
    "image",
    "file_data",
    "fileData",
    "file_uri",
    "fileUri",
    "uri",
    "content",
    "file",
    "audio",
    "file_id",
    "id",
];

/// The marker of a part that is no text; `None` when it is none of an SDK's. `kind` is the part's type, `""` where it has none.
pub(super) fn marker_of(kind: &str, part: &Object<'_>) -> Option<String> {
    let kind = match kind {
        "image" | "image_url" | "input_image" | "image-url" | "image-data" | "image_file" | "image_generation_call" => {
            Some(Kind::Image)
        }
        "audio" | "input_audio" | "output_audio" => Some(Kind::Audio),
        "video" | "video_url" | "input_video" => Some(Kind::Video),
        "file" | "input_file" | "file-data" | "file-url" | "document" | "media" | "blob" | "uri"
        | "container_upload" => Some(Kind::File),
        "" => None,
        _ => return None,
    };
    let holder = match kind {
        Some(_) => part.object(&HOLDERS),
        // Without a type only Gemini's keys are a part: `image` or `file` can be a key of anything.
        None => Some(part.object(&["inline_data", "inlineData", "file_data", "fileData"])?),
    };
    let holder = holder.as_ref().unwrap_or(part);
    let data = holder.text(&DATA_KEYS).or_else(|| part.text(&DATA_KEYS)).unwrap_or_default();
    if let Some(marker) = known_marker(&data) {
        return Some(marker);
    }
    let source = holder.text(&["type"]);
    if source.as_deref() == Some("text") {
        // Anthropic's document of plain text.
        return Some(data.into_owned());
    }
    let media_type = holder.text(&MEDIA_TYPE_KEYS).or_else(|| part.text(&MEDIA_TYPE_KEYS));
    let media_type = media_type.or_else(|| {
        holder
            .text(&["format"])
            .filter(|_| kind == Some(Kind::Audio))
            .map(|format| Cow::from(format!("audio/{format}")))
    });
    let uri = DataUri::all(&data).next();
    let (of_uri, bytes) = match &uri {
        Some(uri) => (Some(uri.media_type), Some(uri.bytes)),
        None => (None, Some(data.len()).filter(|length| *length >= 64).and_then(|_| decoded_len(&data))),
    };
    Some(Media::new(kind, of_uri.or(media_type.as_deref()), bytes).to_string())
}
