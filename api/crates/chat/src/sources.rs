//! What tells one image or file of a chat from another, which its marker does not: its bytes, or where it is.

use crate::{
    base64::{ENCODING, base64_of, files_in},
    scan::{Token, is_json, tokens},
};

/// Keys that name a file whatever their text is.
const NAME_KEYS: [&str; 5] = ["file_id", "fileId", "file_uri", "fileUri", "uri"];
/// Keys that hold a file or the URL of one.
const URL_KEYS: [&str; 8] = ["url", "image_url", "file_url", "image", "file", "audio", "video", "data"];
/// Texts that are JSON, within texts that are JSON: @posthog/ai makes texts of the items of OpenAI's Responses.
const DEPTH_MAX: usize = 2;

/// The images and files of a chat, in their order: of one in base64 the base64 in one spelling, of any other its URL or its id. What an
/// SDK left out (`[base64 image redacted]`) is not there. Nothing for a text that is no JSON.
pub fn media_sources(json: &str) -> Vec<String> {
    let mut sources = Vec::new();
    add(json, 0, &mut sources);
    sources
}

fn add(json: &str, depth: usize, sources: &mut Vec<String>) {
    if depth > DEPTH_MAX || !is_json(json) {
        return;
    }
    let files = files_in(json).into_iter().map(|(place, _)| {
        let text = &json[place.clone()];
        (place.start, base64_of(text.split_once(ENCODING).map_or(text, |(_, base64)| base64)))
    });
    let mut found: Vec<_> = files.map(|(start, base64)| (start, vec![base64])).collect();
    let mut key = None;
    for token in tokens(json) {
        match token {
            Token::Key(place) => key = Some(place),
            Token::Text(place) => {
                let (start, raw) = (place.start, &json[place]);
                let name = key.take().map(|key| &json[key]).unwrap_or_default();
                if is_address(name, raw) {
                    found.push((start, vec![unescaped(raw)]));
                } else if raw.starts_with("[{\\\"") || raw.starts_with("{\\\"") {
                    // Its base64 is found above, through the escapes.
                    let mut inner = Vec::new();
                    add(&unescaped(raw), depth + 1, &mut inner);
                    found.push((start, inner));
                }
            }
            Token::Open { .. } | Token::Close | Token::Scalar | Token::Null => key = None,
        }
    }
    found.sort_by_key(|(start, _)| *start);
    sources.extend(found.into_iter().flat_map(|(_, sources)| sources));
}

fn is_address(key: &str, raw: &str) -> bool {
    /// The longest scheme of a URL that is looked for.
    const SCHEME_BYTES_MAX: usize = 16;
    let is_url = || raw.bytes().take(SCHEME_BYTES_MAX).any(|byte| byte == b':') && !raw.starts_with("data:");
    !raw.is_empty() && (NAME_KEYS.contains(&key) || URL_KEYS.contains(&key) && is_url())
}

fn unescaped(raw: &str) -> String {
    match raw.contains('\\') {
        false => raw.to_owned(),
        true => serde_json::from_str(&format!("\"{raw}\"")).unwrap_or_else(|_| raw.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg";

    #[test]
    fn the_same_image_is_the_same_in_every_shape_and_spelling() {
        let escaped = PNG.replace('/', "\\/");
        let url_safe = PNG.replace('+', "-").replace('/', "_");
        let lines = format!("{}\\n{}", &PNG[..40], &PNG[40..]);
        for json in [
            format!(
                r#"[{{"role":"user","content":[{{"type":"image_url","image_url":{{"url":"data:image/png;base64,{PNG}=="}}}}]}}]"#
            ),
            format!(
                r#"[{{"role":"user","content":[{{"type":"image","source":{{"type":"base64","media_type":"image/png","data":"{PNG}=="}}}}]}}]"#
            ),
            format!(
                r#"[{{"role":"user","content":[{{"type":"image","source":{{"type":"base64","media_type":"image/png","data":"{lines}"}}}}]}}]"#
            ),
            format!(r#"[{{"role":"user","parts":[{{"inlineData":{{"mimeType":"image/png","data":"{url_safe}"}}}}]}}]"#),
            format!(
                r#"[{{"role":"user","content":[{{"type":"input_image","image_url":"data:image\/png;base64,{escaped}"}}]}}]"#
            ),
            format!(
                r#"[{{"role":"tool","content":[{{"type":"tool_result","content":[{{"type":"image","source":{{"type":"base64","media_type":"image/png","data":"{PNG}"}}}}]}}]}}]"#
            ),
        ] {
            assert_eq!(media_sources(&json), [PNG], "{json}");
        }
    }

    #[test]
    fn a_file_elsewhere_is_its_address_and_words_are_none() {
        let all = r#"[{"role":"user","content":[{"type":"text","text":"see https://a.b/words"},{"type":"image_url","image_url":{"url":"https:\/\/a.b/c.png"}},
            {"type":"file","file":{"file_id":"file-7"}},{"fileData":{"fileUri":"gs://bucket/a.pdf"}},{"type":"image","image":"[base64 image redacted]"}]}]"#;
        assert_eq!(media_sources(all), ["https://a.b/c.png", "file-7", "gs://bucket/a.pdf"]);
        let within = serde_json::json!([{"role": "user", "content": r#"[{"type":"input_image","image_url":"https://a.b/d.png"}]"#}]);
        assert_eq!(media_sources(&within.to_string()), ["https://a.b/d.png"]);
        for none in ["", "see https://a.b/c", r#"[{"role":"user","content":"data"}]"#, r#"{"url":""}"#] {
            assert!(media_sources(none).is_empty(), "{none}");
        }
    }
}
