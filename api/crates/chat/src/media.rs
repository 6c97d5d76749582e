//! The markers of images, audio and files: `[image image/png, 48 kB]`.

use std::fmt;

/// The keys under which SDKs send a media type.
pub(crate) const MEDIA_TYPE_KEYS: [&str; 5] = ["media_type", "mediaType", "mime_type", "mimeType", "contentType"];

/// What a part is, where its media type does not say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Image,
    Audio,
    Video,
    File,
}

/// An image or a file that is no text. It is displayed as its marker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Media<'a> {
    kind: Kind,
    media_type: Option<&'a str>,
    bytes: Option<u64>,
}

impl<'a> Media<'a> {
    /// `media_type` decides the kind, if it is one; `kind` is what is known besides. The size is that of the decoded file.
    pub(crate) fn new(kind: Option<Kind>, media_type: Option<&'a str>, bytes: Option<u64>) -> Self {
        // Parameters (`; codecs=opus`) go, and so does what is no media type: the marker must be harmless in JSON and in a prompt.
        let is_media_type = |text: &&str| {
            let is_of_a_type =
                |byte| matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'+' | b'-' | b'_' | b'/');
            text.len() <= 100
                && text.split('/').filter(|half| !half.is_empty()).count() == 2
                && text.bytes().all(is_of_a_type)
        };
        let media_type = media_type.and_then(|text| text.split(';').next()).map(str::trim).filter(is_media_type);
        let kind = match media_type.and_then(|text| text.split('/').next()) {
            Some("image") => Kind::Image,
            Some("audio") => Kind::Audio,
            Some("video") => Kind::Video,
            Some(_) => Kind::File,
            None => kind.unwrap_or(Kind::File),
        };
        Self { kind, media_type, bytes }
    }
}

impl fmt::Display for Media<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self.kind {
            Kind::Image => "[image",
            Kind::Audio => "[audio",
            Kind::Video => "[video",
            Kind::File => "[file",
        })?;
        if let Some(media_type) = self.media_type {
            write!(formatter, " {media_type}")?;
        }
        match self.bytes {
            None => {}
            Some(bytes @ 0..1_000) => write!(formatter, ", {bytes} B")?,
            Some(bytes @ 1_000..999_500) => write!(formatter, ", {} kB", (bytes + 500) / 1_000)?,
            Some(bytes) => write!(formatter, ", {:.1} MB", bytes as f64 / 1e6)?,
        }
        formatter.write_str("]")
    }
}

/// The marker that a text already is: one of ours, or PostHog's `[base64 image redacted]` and `[base64 image/png redacted]`
/// (posthog-python and @posthog/ai), which says less and becomes one of ours. `None` for every other text.
pub(crate) fn known_marker(text: &str) -> Option<String> {
    let inner = text.strip_prefix('[')?.strip_suffix(']').filter(|inner| inner.len() <= 150)?;
    if let Some(what) = inner.strip_prefix("base64 ").and_then(|rest| rest.strip_suffix(" redacted")) {
        let kind = match what {
            "image" => Kind::Image,
            "audio" => Kind::Audio,
            "video" => Kind::Video,
            _ => Kind::File,
        };
        return Some(Media::new(Some(kind), Some(what), None).to_string());
    }
    let word = inner.split([' ', ',']).next()?;
    ["image", "audio", "video", "file"].contains(&word).then(|| text.to_owned())
}

/// Whether a message's content holds a marker. The parts of a message are joined with line ends, so that a marker is a line.
pub fn holds_marker(content: &str) -> bool {
    content.lines().any(|line| line.starts_with('[') && known_marker(line).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_is_a_line_of_its_own() {
        for (content, is_held) in [
            ("[image image/png, 48 kB]", true),
            ("what is this?\n[file application/pdf, 1.2 MB]\nthanks", true),
            ("", false),
            ("[EMAIL_1]\n[1, 2]", false),
            ("put an [image] here", false),
        ] {
            assert_eq!(holds_marker(content), is_held, "{content}");
        }
    }

    #[test]
    fn markers_say_what_is_known() {
        for (kind, media_type, bytes, marker) in [
            (Some(Kind::Image), None, None, "[image]"),
            (None, Some("image/png"), Some(48_123), "[image image/png, 48 kB]"),
            (Some(Kind::Image), Some("application/pdf"), Some(1_234_567), "[file application/pdf, 1.2 MB]"),
            (None, Some("audio/ogg; codecs=opus"), Some(999), "[audio audio/ogg, 999 B]"),
            (None, Some("video/mp4"), Some(999_700), "[video video/mp4, 1.0 MB]"),
            (Some(Kind::Audio), Some("png\"]"), None, "[audio]"),
            (None, Some("a/b/c"), Some(1_000), "[file, 1 kB]"),
        ] {
            assert_eq!(Media::new(kind, media_type, bytes).to_string(), marker);
        }
    }

    #[test]
    fn markers_of_posthog_and_our_own_are_known() {
        for (text, marker) in [
            ("[base64 image redacted]", Some("[image]")),
            ("[base64 image/png redacted]", Some("[image image/png]")),
            ("[base64 application/pdf redacted]", Some("[file application/pdf]")),
            ("[image image/png, 48 kB]", Some("[image image/png, 48 kB]")),
            ("[image]", Some("[image]")),
            ("[images]", None),
            ("https://example.com/[image]", None),
        ] {
            assert_eq!(known_marker(text).as_deref(), marker, "{text}");
        }
    }
}
