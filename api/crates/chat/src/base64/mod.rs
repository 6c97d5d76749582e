//! Images and files in base64 make most of the bytes of some chats, and nothing can be learned from them as text. A marker takes
//! their place.
//!
//! Two forms are found. A data URI (`data:image/png;base64,…`) is found wherever it stands in a text. Bare base64 is found by what
//! stands around it in the JSON: `{"type":"base64","media_type":…,"data":…}` and its kin.

mod data_uri;
mod encoded;
mod members;
mod replacement;

use std::borrow::Cow;

pub(crate) use self::{
    data_uri::{DataUri, ENCODING},
    encoded::{base64_of, decoded_len},
    replacement::Replacement,
};
use self::{
    encoded::{CERTAIN_CHARS_MIN, unescaped},
    members::Members,
    replacement::replaced,
};
use crate::{
    media::Media,
    scan::{Token, is_json, tokens},
};

/// Levels of nesting in which members are looked at. Chats have about eight; deeper, only data URIs are found.
const DEPTH_MAX: usize = 64;

/// Replaces images and files in base64 by markers (`[image image/png, 48 kB]`) in a JSON text: data URIs, and the base64 of the
/// shapes of Anthropic, Gemini, OpenAI, Vercel and OpenTelemetry. Everything else stays the same byte for byte. A text that
/// is no JSON is taken as plain text.
pub fn without_base64(json: &str) -> Cow<'_, str> {
    if json.len() < CERTAIN_CHARS_MIN {
        return Cow::Borrowed(json);
    }
    if !is_json(json) {
        return without_base64_in_text(json);
    }
    replaced(json, files_in(json))
}

/// The places of the files in a text that [`is_json`], each with its marker, in their order.
pub(crate) fn files_in(json: &str) -> Vec<Replacement> {
    let mut replacements = Vec::new();
    let mut open: Vec<Members> = Vec::new();
    let mut deeper = 0;
    let mut key = None;
    for token in tokens(json) {
        match token {
            Token::Key(place) => key = Some(place),
            Token::Open { .. } if deeper > 0 || open.len() == DEPTH_MAX => deeper += 1,
            Token::Open { .. } => open.push(Members::new(key.take())),
            Token::Close if deeper > 0 => deeper -= 1,
            Token::Close => replacements.extend(open.pop().into_iter().flat_map(|members| members.base64(json))),
            Token::Text(place) => {
                let before = replacements.len();
                replacements.extend(DataUri::all(&json[place.clone()]).map(|uri| uri.moved(place.start)));
                if let Some(members) = open.last_mut().filter(|_| deeper == 0 && replacements.len() == before) {
                    members.add(json, key.take(), place);
                } else if replacements.len() == before && open.is_empty() {
                    replacements
                        .extend(encoded::signed_file(&json[place.clone()]).map(|media| (place, media.to_string())));
                }
                key = None;
            }
            Token::Scalar | Token::Null => key = None,
        }
    }
    // An object closes after the objects within it, so its members come late.
    replacements.sort_unstable_by_key(|(place, _)| place.start);
    replacements
}

/// Replaces data URIs by markers in a plain text; the words around them stay.
pub fn without_base64_in_text(text: &str) -> Cow<'_, str> {
    replaced(text, DataUri::all(text).map(|uri| uri.moved(0)).collect())
}

impl DataUri<'_> {
    /// Its replacement in a text in which what was searched begins at `start`.
    fn moved(&self, start: usize) -> Replacement {
        let media_type = unescaped(self.media_type);
        let marker = Media::new(None, Some(&media_type), Some(self.bytes)).to_string();
        (start + self.place.start..start + self.place.end, marker)
    }
}

#[cfg(test)]
mod tests;
