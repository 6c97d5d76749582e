//! Liquid templates, as PostHog's e-mails use them: a missing value renders as empty text.
//!
//! In the `liquid` crate a missing variable is always an error. So it gets values that claim to have every key.

use std::{collections::BTreeMap, fmt, sync::LazyLock};

use liquid::{
    Parser, ParserBuilder, Template,
    model::{ArrayView, DisplayCow, KStringCow, ObjectView, ScalarCow, State, Value, ValueView},
};
use serde_json::Value as Json;

use crate::globals::Globals;

static PARSER: LazyLock<Parser> =
    LazyLock::new(|| ParserBuilder::with_stdlib().build().expect("the standard library fits together"));

/// A Liquid template.
pub struct Liquid(Template);

impl Liquid {
    /// Parses a template.
    ///
    /// # Errors
    /// The template is wrong.
    pub fn parse(source: &str) -> Result<Self, String> {
        PARSER.parse(source).map(Self).map_err(one_line)
    }

    /// Renders the template for an event.
    ///
    /// # Errors
    /// A Liquid filter does not accept its value.
    pub fn render(&self, globals: &Globals) -> Result<String, String> {
        let globals =
            Lenient::Object(globals.all().iter().map(|(key, value)| (key.clone(), Lenient::from(value))).collect());
        self.0.render(&globals).map_err(one_line)
    }
}

fn one_line(error: liquid::Error) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A value that has every key: a missing one is [`Lenient::Missing`].
#[derive(Debug, Clone)]
enum Lenient {
    Missing,
    Plain(Value),
    Array(Vec<Lenient>),
    Object(BTreeMap<String, Lenient>),
}

static MISSING: Lenient = Lenient::Missing;

impl From<&Json> for Lenient {
    fn from(json: &Json) -> Self {
        match json {
            Json::Null => Self::Missing,
            Json::Bool(bool) => Self::Plain(Value::scalar(*bool)),
            Json::Number(number) => Self::Plain(match number.as_i64() {
                Some(integer) => Value::scalar(integer),
                None => Value::scalar(number.as_f64().unwrap_or(f64::NAN)),
            }),
            Json::String(text) => Self::Plain(Value::scalar(text.clone())),
            Json::Array(values) => Self::Array(values.iter().map(Self::from).collect()),
            Json::Object(object) => {
                Self::Object(object.iter().map(|(key, value)| (key.clone(), value.into())).collect())
            }
        }
    }
}

impl ValueView for Lenient {
    fn as_debug(&self) -> &dyn fmt::Debug {
        self
    }
    fn render(&self) -> DisplayCow<'_> {
        DisplayCow::Owned(Box::new(self.to_value().render().to_string()))
    }
    fn source(&self) -> DisplayCow<'_> {
        DisplayCow::Owned(Box::new(self.to_value().source().to_string()))
    }
    fn type_name(&self) -> &'static str {
        match self {
            Self::Missing => "nil",
            Self::Plain(value) => value.type_name(),
            Self::Array(_) => "array",
            Self::Object(_) => "object",
        }
    }
    fn query_state(&self, state: State) -> bool {
        self.to_value().query_state(state)
    }
    fn to_kstr(&self) -> KStringCow<'_> {
        self.to_value().to_kstr().to_string().into()
    }
    fn to_value(&self) -> Value {
        match self {
            Self::Missing => Value::Nil,
            Self::Plain(value) => value.clone(),
            Self::Array(values) => Value::Array(values.iter().map(Self::to_value).collect()),
            Self::Object(object) => {
                Value::Object(object.iter().map(|(key, value)| (key.clone().into(), value.to_value())).collect())
            }
        }
    }
    fn as_scalar(&self) -> Option<ScalarCow<'_>> {
        match self {
            Self::Plain(value) => value.as_scalar(),
            _ => None,
        }
    }
    fn as_array(&self) -> Option<&dyn ArrayView> {
        matches!(self, Self::Array(_)).then_some(self)
    }
    /// Missing and plain values are objects too, so that keys within them can be missing in turn.
    fn as_object(&self) -> Option<&dyn ObjectView> {
        (!matches!(self, Self::Array(_))).then_some(self)
    }
    fn is_nil(&self) -> bool {
        matches!(self, Self::Missing)
    }
}

impl Lenient {
    fn items(&self) -> &[Lenient] {
        if let Self::Array(values) = self { values } else { &[] }
    }

    fn fields(&self) -> impl Iterator<Item = (&String, &Lenient)> {
        if let Self::Object(object) = self { Some(object) } else { None }.into_iter().flatten()
    }
}

impl ArrayView for Lenient {
    fn as_value(&self) -> &dyn ValueView {
        self
    }
    fn size(&self) -> i64 {
        self.items().len() as i64
    }
    fn values<'k>(&'k self) -> Box<dyn Iterator<Item = &'k dyn ValueView> + 'k> {
        Box::new(self.items().iter().map(|value| value as &dyn ValueView))
    }
    fn contains_key(&self, index: i64) -> bool {
        usize::try_from(index).is_ok_and(|index| index < self.items().len())
    }
    fn get(&self, index: i64) -> Option<&dyn ValueView> {
        // A negative index counts from the end.
        let index = if index < 0 { index + ArrayView::size(self) } else { index };
        let item = usize::try_from(index).ok().and_then(|index| self.items().get(index));
        Some(item.unwrap_or(&MISSING))
    }
}

impl ObjectView for Lenient {
    fn as_value(&self) -> &dyn ValueView {
        self
    }
    /// The number of keys; for a text its length in UTF-16 units, as in JavaScript.
    fn size(&self) -> i64 {
        match self {
            Self::Plain(value) => value.to_kstr().encode_utf16().count() as i64,
            _ => self.fields().count() as i64,
        }
    }
    fn keys<'k>(&'k self) -> Box<dyn Iterator<Item = KStringCow<'k>> + 'k> {
        Box::new(self.fields().map(|(key, _)| key.as_str().into()))
    }
    fn values<'k>(&'k self) -> Box<dyn Iterator<Item = &'k dyn ValueView> + 'k> {
        Box::new(self.fields().map(|(_, value)| value as &dyn ValueView))
    }
    fn iter<'k>(&'k self) -> Box<dyn Iterator<Item = (KStringCow<'k>, &'k dyn ValueView)> + 'k> {
        Box::new(self.fields().map(|(key, value)| (key.as_str().into(), value as &dyn ValueView)))
    }
    fn contains_key(&self, _index: &str) -> bool {
        true
    }
    fn get<'s>(&'s self, index: &str) -> Option<&'s dyn ValueView> {
        match self {
            Self::Object(object) => match object.get(index) {
                Some(value) => Some(value),
                // The crate itself computes `size`.
                None if index == "size" => None,
                None => Some(&MISSING),
            },
            Self::Plain(_) if index == "size" => None,
            _ => Some(&MISSING),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::{event::CapturedEvent, persons::Persons};

    fn rendered(source: &str) -> String {
        let Json::Object(properties) = json!({"n": 5, "list": ["a", "b"], "$set": {"name": "<Ada>"}}) else { panic!() };
        let now = Timestamp::UNIX_EPOCH;
        let (event, distinct_id) = ("feature_used".to_owned(), "ada".to_owned());
        let event =
            CapturedEvent { uuid: Uuid::nil(), event, distinct_id, properties, timestamp: now, captured_at: now };
        let person = Persons::default().apply(&event);
        Liquid::parse(source).unwrap().render(&Globals::new("http://localhost", &event, &person)).unwrap()
    }

    #[test]
    fn what_is_there_is_rendered() {
        for (source, expected) in [
            ("{{ event.event }} {{ event.properties.n }}", "feature_used 5"),
            ("{{ event.properties.n | plus: 1 }}", "6"),
            ("{{ person.properties.name | escape }}", "&lt;Ada&gt;"),
            ("{% for item in event.properties.list %}{{ item }},{% endfor %}", "a,b,"),
            ("{{ event.properties.list.first }}{{ event.properties.list[-1] }}{{ event.properties.list.size }}", "ab2"),
            ("{{ event.event.size }} {{ event.event | size }}", "12 12"),
            ("{% if event.event contains 'used' %}yes{% endif %}", "yes"),
            ("{% assign x = 1 %}{{ x }}", "1"),
            ("{% if event.properties.n == 5 %}five{% endif %}", "five"),
        ] {
            assert_eq!(rendered(source), expected, "{source}");
        }
    }

    #[test]
    fn what_is_missing_is_empty_text() {
        for (source, expected) in [
            ("<{{ person.properties.email }}>", "<>"),
            ("<{{ person.properties.address.city.name }}>", "<>"),
            ("<{{ nobody }}>", "<>"),
            ("<{{ event.event.deeper.still }}>", "<>"),
            ("<{{ event.properties.n.deeper }}>", "<>"),
            ("<{{ nobody.at.all }}>", "<>"),
            ("<{{ event.properties.list[9] }}>", "<>"),
            ("<{{ person.properties.email | default: 'nobody' }}>", "<nobody>"),
            ("<{{ person.properties.email | escape | upcase }}>", "<>"),
            ("{% if person.properties.email %}yes{% else %}no{% endif %}", "no"),
            ("{% if person.properties.email == nil %}nil{% endif %}", "nil"),
            ("{% unless nobody %}none{% endunless %}", "none"),
            ("{% for item in event.properties.nothing %}x{% endfor %}.", "."),
        ] {
            assert_eq!(rendered(source), expected, "{source}");
        }
    }

    #[test]
    fn a_template_that_is_none_is_refused() {
        assert!(Liquid::parse("{{ event.").is_err());
        assert!(Liquid::parse("{% nope %}").is_err());
        assert!(Liquid::parse("{{ event.event | nope }}").is_err());
    }
}
