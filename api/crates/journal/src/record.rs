//! A line read back: six strings, borrowed from the line where nothing in them is escaped.

use std::{borrow::Cow, fmt};

use serde::de::{self, Deserialize, Deserializer, MapAccess, Unexpected, Visitor};

use crate::schema::TRAINING_DATA;

/// A line that was read. Reading is strict: the six keys in order and no other, each a string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record<'a> {
    /// When it happened; not yet known to be a time.
    pub timestamp: Cow<'a, str>,
    /// The event's name.
    pub event: Cow<'a, str>,
    /// Why the generation failed, sanitized.
    pub failure_reason: Cow<'a, str>,
    /// What the person asked for, sanitized.
    pub input_prompt: Cow<'a, str>,
    /// Whose event it was, by the line's rule.
    pub distinct_id: Cow<'a, str>,
    /// The event's name through every hop; not yet known to be a UUID.
    pub uuid: Cow<'a, str>,
}

/// Why a line is no record, in words that name the key or the column.
#[derive(Debug)]
pub struct RecordError(pub(crate) serde_json::Error);

impl RecordError {
    /// Whether the line is JSON, but of another kind than a record.
    pub fn is_about_the_record(&self) -> bool {
        self.0.is_data()
    }
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = self.0.to_string();
        // serde_json counts lines too, and a line has but one.
        let what = said.rsplit_once(" at line ").map_or(said.as_str(), |(what, _)| what);
        write!(f, "{what} (column {})", self.0.column())
    }
}

impl std::error::Error for RecordError {}

impl<'a> Record<'a> {
    /// Reads a line without its newline.
    ///
    /// # Errors
    /// When it is no JSON object in UTF-8 of exactly the six strings in order.
    pub fn parse(line: &'a [u8]) -> Result<Self, RecordError> {
        serde_json::from_slice(line).map_err(RecordError)
    }

    /// The values in the keys' order.
    pub fn values(&self) -> [&str; 6] {
        [&self.timestamp, &self.event, &self.failure_reason, &self.input_prompt, &self.distinct_id, &self.uuid]
    }
}

impl<'de> Deserialize<'de> for Record<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let [timestamp, event, failure_reason, input_prompt, distinct_id, uuid] =
            deserializer.deserialize_map(Strings(TRAINING_DATA.keys))?;
        Ok(Self { timestamp, event, failure_reason, input_prompt, distinct_id, uuid })
    }
}

/// Reads an object of exactly these `N` keys, in this order, each with a string.
pub(crate) struct Strings<const N: usize>(pub(crate) &'static [&'static str]);

impl<'de, const N: usize> Visitor<'de> for Strings<N> {
    type Value = [Cow<'de, str>; N];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object of {N} strings")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut values = [const { Cow::Borrowed("") }; N];
        for (key, read) in self.0.iter().zip(&mut values) {
            *read = value(&mut map, key)?;
        }
        match map.next_key::<BorrowedStr<'de>>()? {
            None => Ok(values),
            Some(BorrowedStr(key)) => Err(de::Error::custom(format_args!("a key too many, {key:?}"))),
        }
    }
}

/// The value of the next key, which must be `expected`.
fn value<'de, A: MapAccess<'de>>(map: &mut A, expected: &str) -> Result<Cow<'de, str>, A::Error> {
    match map.next_key::<BorrowedStr<'de>>()? {
        Some(BorrowedStr(key)) if key == expected => {}
        Some(BorrowedStr(key)) => {
            return Err(de::Error::custom(format_args!("the key {key:?} where {expected:?} belongs")));
        }
        None => return Err(de::Error::custom(format_args!("no key {expected:?}"))),
    }
    let BorrowedStr(value) = map.next_value::<BorrowedStr<'de>>()?;
    Ok(value)
}

/// A string that is borrowed where it can be: `Cow`'s own reading always copies.
struct BorrowedStr<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for BorrowedStr<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct BorrowedStrVisitor;
        impl<'de> Visitor<'de> for BorrowedStrVisitor {
            type Value = BorrowedStr<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(BorrowedStr(Cow::Borrowed(text)))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(BorrowedStr(Cow::Owned(text.to_owned())))
            }

            fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
                Err(E::invalid_type(Unexpected::Other("null"), &self))
            }
        }
        deserializer.deserialize_str(BorrowedStrVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"timestamp":"2025-11-30T16:38:21.968Z","event":"generation_failed","failure_reason":"timeout","input_prompt":"a \"b\"\n","distinct_id":"user_1007","uuid":"0193acb2-7d10-7b3e-9a55-000000000001"}"#;

    #[test]
    fn a_line_is_read_and_borrowed_where_nothing_is_escaped() {
        let record = Record::parse(LINE.as_bytes()).unwrap();
        assert_eq!(
            record.values(),
            [
                "2025-11-30T16:38:21.968Z",
                "generation_failed",
                "timeout",
                "a \"b\"\n",
                "user_1007",
                "0193acb2-7d10-7b3e-9a55-000000000001"
            ]
        );
        assert!(matches!((&record.failure_reason, &record.input_prompt), (Cow::Borrowed(_), Cow::Owned(_))));
    }

    #[test]
    fn anything_but_six_strings_in_order_is_refused_and_named() {
        for (line, said) in [
            (LINE.replace("\"timeout\"", "null"), "null, expected a string"),
            (LINE.replace("\"timeout\"", "7"), "integer `7`, expected a string"),
            (LINE.replace("\"event\":\"generation_failed\",", ""), "\"failure_reason\" where \"event\" belongs"),
            (LINE.replace(",\"uuid\":\"0193acb2-7d10-7b3e-9a55-000000000001\"", ""), "no key \"uuid\""),
            (LINE.replace("\"}", "\",\"model\":\"m\"}"), "a key too many, \"model\""),
            (LINE.replace("timeout", "\\ud800"), "hex escape"),
            (format!("{LINE}{LINE}"), "trailing characters"),
            ("[]".into(), "an object of 6 strings"),
            ("{".into(), "EOF"),
        ] {
            let error = Record::parse(line.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
        let not_utf8 = LINE.bytes().map(|byte| if byte == b'_' { 0xFF } else { byte }).collect::<Vec<_>>();
        assert!(Record::parse(&not_utf8).unwrap_err().to_string().contains("unicode"));
    }
}
