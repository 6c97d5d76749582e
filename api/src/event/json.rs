//! JSON values whose type is not known yet: they stay the text that was received until somebody asks what they are.

use std::{borrow::Cow, fmt};

use misfire_sanitizer::{Input, JsonString};
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A value as it stands in the body.
pub(crate) type Json<'a> = &'a RawValue;

/// Whether the value is an object.
pub(crate) fn is_object(value: Json) -> bool {
    value.get().starts_with('{')
}

/// Whether the value is `null`.
pub(crate) fn is_null(value: Json) -> bool {
    value.get() == "null"
}

/// The text of a string; `None` for any other value.
pub(crate) fn string<'a>(value: Json<'a>) -> Option<Cow<'a, str>> {
    // Of what is no string, serde_json would make an error with a text.
    let json = Some(value.get()).filter(|json| json.starts_with('"'))?;
    serde_json::from_str::<JsonString>(json).ok().map(|JsonString(text)| text)
}

/// A property that ought to be text; `None` for `null`.
pub(crate) fn input<'a>(value: Json<'a>) -> Option<Input<'a>> {
    Some(match value.get().as_bytes().first()? {
        b'n' => return None,
        b'"' => Input::Plain(string(value)?),
        _ => Input::Json(value.get()),
    })
}

/// The text of a string, or any other value as it was written.
pub(crate) fn text<'a>(value: Json<'a>) -> Option<Cow<'a, str>> {
    input(value).map(|input| match input {
        Input::Plain(text) => text,
        Input::Json(json) => Cow::Borrowed(json),
    })
}

/// The members of an object that have one of `names`, in the order of `names`. Of two equal keys the last counts, as in JavaScript.
pub(crate) fn members<'a, N: AsRef<str>>(object: Json<'a>, names: &[N]) -> Vec<Option<Json<'a>>> {
    let mut found = vec![None; names.len()];
    let mut reader = serde_json::Deserializer::from_str(object.get());
    // The value was read as JSON before. What is no object has no members.
    let _ = reader.deserialize_map(Members { names, found: &mut found });
    found
}

struct Members<'f, 'a, N> {
    names: &'f [N],
    found: &'f mut [Option<Json<'a>>],
}

impl<'a, N: AsRef<str>> Visitor<'a> for Members<'_, 'a, N> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(JsonString(key)) = map.next_key()? {
            match self.names.iter().position(|name| name.as_ref() == key) {
                Some(at) => self.found[at] = Some(map.next_value()?),
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(json: &str) -> Json<'_> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn members_are_found_by_their_names_and_the_last_of_two_counts() {
        let object = raw(r#"{"\ud800":0,"b":1,"\u0061":"x","other":{"a":7},"b":2}"#);
        let found = members(object, &["a", "b", "c"]);
        assert_eq!(
            found.iter().map(|value| value.map(RawValue::get)).collect::<Vec<_>>(),
            [Some("\"x\""), Some("2"), None]
        );
        assert_eq!(members(raw("[1]"), &["a"]).len(), 1);
    }
}
