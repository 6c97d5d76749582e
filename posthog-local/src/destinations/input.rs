//! The inputs of a destination. Each is a template in [Hog](Template) or, where the declaration says so, in
//! [`Liquid`] (`formatHogInput` and `formatLiquidInput` in `nodejs/src/cdp/services/hog-inputs.service.ts`).

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::template::{self, Template};
use crate::{declaration::Variables, globals::Globals, liquid::Liquid};

/// The language of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// `{event.properties.plan}`
    Hog,
    /// `{{ event.properties.plan }}`, which always makes a text.
    Liquid,
}

/// A text that is a template. It has no `Debug`, because it may hold a secret.
pub enum Input {
    /// A template in Hog.
    Hog(Template),
    /// A template in Liquid.
    Liquid(Liquid),
}

/// A JSON value whose strings are templates.
pub enum JsonInput {
    /// A string, which is a template.
    Text(Input),
    /// A list.
    List(Vec<JsonInput>),
    /// An object. Its keys are not templates.
    Object(Vec<(String, JsonInput)>),
    /// A number, a boolean or null.
    Literal(Value),
}

impl Input {
    /// Parses a template.
    ///
    /// # Errors
    /// The template is wrong. The error never shows a variable's value.
    pub fn parse(source: &str, variables: &Variables, language: Language) -> Result<Self, String> {
        match language {
            Language::Hog => Template::parse(source, variables).map(Self::Hog),
            Language::Liquid => Liquid::parse(&template::fill_liquid(source, variables)?).map(Self::Liquid),
        }
    }

    /// Renders the template: a value of any type if it is a single Hog expression, else a string.
    ///
    /// # Errors
    /// A Liquid filter does not take its value.
    pub fn render(&self, globals: &Globals, now: Timestamp) -> Result<Value, String> {
        match self {
            Self::Hog(template) => Ok(template.render(globals)),
            Self::Liquid(liquid) => liquid.render(globals.all(), now).map(Value::String),
        }
    }

    /// The text, if it does not depend on the event.
    pub fn constant(&self) -> Option<&str> {
        match self {
            Self::Hog(template) => template.constant(),
            Self::Liquid(_) => None,
        }
    }
}

impl JsonInput {
    /// Parses all templates in a value.
    ///
    /// # Errors
    /// The place within the value, and what is wrong there.
    pub fn parse(value: &Value, variables: &Variables, language: Language) -> Result<Self, (String, String)> {
        let parse = |value, place: String| {
            let within = move |(inner, problem)| (format!("{place}{inner}"), problem);
            Self::parse(value, variables, language).map_err(within)
        };
        Ok(match value {
            Value::String(source) => {
                Self::Text(Input::parse(source, variables, language).map_err(|problem| (String::new(), problem))?)
            }
            Value::Array(values) => Self::List(
                values.iter().enumerate().map(|(n, value)| parse(value, format!("[{n}]"))).collect::<Result<_, _>>()?,
            ),
            Value::Object(object) => Self::Object(
                object
                    .iter()
                    .map(|(key, value)| Ok((key.clone(), parse(value, format!(".{key}"))?)))
                    .collect::<Result<_, (String, String)>>()?,
            ),
            literal => Self::Literal(literal.clone()),
        })
    }

    /// Renders the value for an event.
    ///
    /// # Errors
    /// A Liquid filter does not take its value.
    pub fn render(&self, globals: &Globals, now: Timestamp) -> Result<Value, String> {
        Ok(match self {
            Self::Text(input) => input.render(globals, now)?,
            Self::List(values) => {
                Value::Array(values.iter().map(|value| value.render(globals, now)).collect::<Result<_, _>>()?)
            }
            Self::Object(object) => {
                let rendered = object.iter().map(|(key, value)| Ok((key.clone(), value.render(globals, now)?)));
                Value::Object(rendered.collect::<Result<Map<_, _>, String>>()?)
            }
            Self::Literal(value) => value.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{event::CapturedEvent, persons::Persons};

    #[test]
    fn the_default_body_has_posthogs_keys_in_posthogs_order() {
        let mut event = CapturedEvent {
            event: "e".to_owned(),
            distinct_id: "ada@example.test".to_owned(),
            properties: Map::from_iter([("z".to_owned(), 1.into()), ("a".to_owned(), 2.into())]),
            ..CapturedEvent::default()
        };
        let person = Persons::default().apply(&mut event);
        let globals = Globals::new("http://localhost:8000", &event, &person);
        let body = json!({"event": "{event}", "person": "{person}"});
        let body =
            JsonInput::parse(&body, &Variables::default(), Language::Hog).map_err(|(_, problem)| problem).unwrap();
        let body = body.render(&globals, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(
            body.to_string(),
            r#"{"event":{"uuid":"00000000-0000-0000-0000-000000000000","event":"e","elements_chain":"","distinct_id":"ada@example.test","properties":{"z":1,"a":2},"timestamp":"1970-01-01T00:00:00.000Z","captured_at":"1970-01-01T00:00:00.000Z","url":"http://localhost:8000/project/1/events/00000000-0000-0000-0000-000000000000/1970-01-01T00%3A00%3A00.000Z"},"person":{"id":"ca263687-1148-5fd3-b46f-3e940f8886bd","properties":{},"name":"ada@example.test","url":"http://localhost:8000/project/1/person/ada%40example.test"}}"#
        );
    }

    #[test]
    fn a_variable_of_a_liquid_input_is_text_and_no_template() {
        let variables = Variables::new([("A", Some("x".to_owned())), ("B", Some("{{ event.event }}".to_owned()))]);
        let filled = |source| Input::parse(source, &variables, Language::Liquid);
        assert!(filled("${A}/{{ event.event | url_encode }}").is_ok());
        assert!(filled("${B}").err().unwrap().contains("cannot hold {{"));
    }
}
