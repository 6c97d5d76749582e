//! JavaScript's conversions. PostHog's services are written in it, so its rules show in what they send: `5.0` leaves as
//! `5`, and integers beyond 2^53 are rounded.

use std::io;

use serde::Serialize;
use serde_json::{
    Serializer, Value,
    ser::{CompactFormatter, Formatter, PrettyFormatter},
};

/// `Number(value)`.
pub fn number(value: &Value) -> f64 {
    match value {
        Value::Null => 0.0,
        Value::Bool(bool) => f64::from(u8::from(*bool)),
        Value::Number(number) => number.as_f64().unwrap_or(f64::NAN),
        Value::String(text) => number_in(text.trim()),
        Value::Array(_) => number_in(text(value).trim()),
        Value::Object(_) => f64::NAN,
    }
}

fn number_in(text: &str) -> f64 {
    let radix = |digits, radix| u64::from_str_radix(digits, radix).map_or(f64::NAN, |number| number as f64);
    match text.get(..2) {
        _ if text.is_empty() => return 0.0,
        Some("0x" | "0X") => return radix(&text[2..], 16),
        Some("0o" | "0O") => return radix(&text[2..], 8),
        Some("0b" | "0B") => return radix(&text[2..], 2),
        _ => {}
    }
    match text {
        "Infinity" | "+Infinity" => f64::INFINITY,
        "-Infinity" => f64::NEG_INFINITY,
        // Rust would also read "inf" and "nan", which JavaScript does not.
        _ if text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte)) => {
            text.parse().unwrap_or(f64::NAN)
        }
        _ => f64::NAN,
    }
}

/// `String(number)`.
pub fn number_text(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let size = number.abs();
    if size == 0.0 {
        return "0".to_owned();
    }
    if (1e-6..1e21).contains(&size) {
        return number.to_string();
    }
    let text = format!("{number:e}");
    if text.contains("e-") { text } else { text.replace('e', "e+") }
}

/// `String(value)`.
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(_) => number_text(number(value)),
        Value::Null | Value::Bool(_) => value.to_string(),
        Value::Array(values) => {
            let part = |value: &Value| if value.is_null() { String::new() } else { text(value) };
            values.iter().map(part).collect::<Vec<_>>().join(",")
        }
        Value::Object(_) => "[object Object]".to_owned(),
    }
}

/// `JSON.stringify(value)`. The keys keep their order; JavaScript would put keys that are whole numbers first.
pub fn json(value: &Value) -> String {
    let mut bytes = Vec::new();
    // Neither a value nor a vector can fail.
    _ = value.serialize(&mut Serializer::with_formatter(&mut bytes, Numbers(CompactFormatter)));
    String::from_utf8(bytes).unwrap_or_default()
}

/// `JSON.stringify(value, null, spaces)`.
pub fn json_indented(value: &Value, spaces: usize) -> String {
    let mut bytes = Vec::new();
    let indent = " ".repeat(spaces.min(10));
    let formatter = PrettyFormatter::with_indent(indent.as_bytes());
    _ = value.serialize(&mut Serializer::with_formatter(&mut bytes, Numbers(formatter)));
    String::from_utf8(bytes).unwrap_or_default()
}

/// A formatter, but with JavaScript's numbers.
struct Numbers<F>(F);

/// Passes a method on.
macro_rules! pass_on {
    ($($name:ident($($argument:ident: $type:ty),*);)*) => {
        $(fn $name<W: io::Write + ?Sized>(&mut self, writer: &mut W $(, $argument: $type)*) -> io::Result<()> {
            self.0.$name(writer $(, $argument)*)
        })*
    };
}

impl<F: Formatter> Formatter for Numbers<F> {
    pass_on! {
        begin_array(); end_array(); begin_array_value(first: bool); end_array_value();
        begin_object(); end_object(); begin_object_key(first: bool); begin_object_value(); end_object_value();
    }
    fn write_f64<W: io::Write + ?Sized>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        writer.write_all(number_text(value).as_bytes())
    }
    fn write_i64<W: io::Write + ?Sized>(&mut self, writer: &mut W, value: i64) -> io::Result<()> {
        self.write_f64(writer, value as f64)
    }
    fn write_u64<W: io::Write + ?Sized>(&mut self, writer: &mut W, value: u64) -> io::Result<()> {
        self.write_f64(writer, value as f64)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_are_written_as_javascript_writes_them() {
        for (json, expected) in [
            ("5.0", "5"),
            ("-0.0", "0"),
            ("0.1", "0.1"),
            ("9007199254740993", "9007199254740992"),
            ("18446744073709551615", "18446744073709552000"),
            ("1e20", "100000000000000000000"),
            ("1e21", "1e+21"),
            ("0.000001", "0.000001"),
            ("1.5e-7", "1.5e-7"),
        ] {
            let value: Value = serde_json::from_str(json).unwrap();
            assert_eq!(super::json(&json!({"n": [value]})), format!(r#"{{"n":[{expected}]}}"#));
        }
        assert_eq!(super::json(&json!({"z": "é\u{2028}\n", "a": null})), "{\"z\":\"é\u{2028}\\n\",\"a\":null}");
    }

    #[test]
    fn values_become_numbers_and_texts_as_in_javascript() {
        for (value, expected) in [
            (json!(null), 0.0),
            (json!(true), 1.0),
            (json!(" 12 "), 12.0),
            (json!(""), 0.0),
            (json!("0x1f"), 31.0),
            (json!([7]), 7.0),
            (json!([]), 0.0),
        ] {
            assert_eq!(number(&value), expected, "{value}");
        }
        for value in [json!("five"), json!("inf"), json!({}), json!([1, 2])] {
            assert!(number(&value).is_nan(), "{value}");
        }
        assert_eq!(text(&json!([1, null, ["a", {}]])), "1,,a,[object Object]");
    }
}
