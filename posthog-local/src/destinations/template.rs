//! PostHog's templates for destinations: `{event.properties.x}` within a string
//! (`nodejs/src/cdp/services/hog-inputs.service.ts`).
//!
//! A string that is exactly one `{expression}` renders as the value, of any type. With text around it it renders as a
//! string, in which a missing value is empty. `\{` is a literal brace.
//!
//! Simplified: an expression is a path (`event.properties['my key'].0`). PostHog runs any Hog code there. posthog-local
//! refuses everything but paths when it reads the project, so that it never sends what PostHog would not send.
//!
//! `${VAR:-default}` belongs to the declaration, not to PostHog. Its value is inserted as literal text, so that no
//! value can act as a template.

use serde_json::Value;

use crate::{
    declaration::Variables,
    globals::{Globals, ROOTS},
    hog,
};

/// A string with expressions. It has no `Debug`, because it may hold a secret.
pub struct Template(Vec<Part>);

enum Part {
    Text(String),
    Path(Vec<String>),
    /// `{null}`, because TOML has no null.
    Null,
}

impl Template {
    /// Parses a template.
    ///
    /// # Errors
    /// The template is wrong. The error never shows a variable's value.
    pub fn parse(source: &str, variables: &Variables) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut text = String::new();
        let mut rest = source;
        while let Some(c) = rest.chars().next() {
            if let Some(after) = rest.strip_prefix("\\{").or_else(|| rest.strip_prefix("\\}")) {
                text.push_str(&rest[1..2]);
                rest = after;
            } else if let Some((variable, after)) = variable(rest)? {
                text.push_str(&variables.resolve(variable)?);
                rest = after;
            } else if c == '{' {
                let (expression, after) =
                    rest[1..].split_once('}').ok_or("a { is not closed; write \\{ for a brace")?;
                if !text.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut text)));
                }
                parts.push(if expression.trim() == "null" { Part::Null } else { Part::Path(path(expression)?) });
                rest = after;
            } else {
                text.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
        if !text.is_empty() {
            parts.push(Part::Text(text));
        }
        Ok(Self(parts))
    }

    /// Renders the template: a value of any type if it is a single expression, else a string.
    pub fn render(&self, globals: &Globals) -> Value {
        match self.0.as_slice() {
            [Part::Path(path)] => return find(globals, path).clone(),
            [Part::Null] => return Value::Null,
            _ => {}
        }
        self.0.iter().map(|part| part.text(globals)).collect::<String>().into()
    }

    /// The text, if it does not depend on the event.
    pub fn constant(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }
}

impl Part {
    fn text(&self, globals: &Globals) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Null => String::new(),
            Self::Path(path) => match find(globals, path) {
                Value::Null => String::new(),
                value => hog::text(value),
            },
        }
    }
}

/// `VAR:-default` of a leading `${VAR:-default}`. Variables are upper case, so the dollar sign of
/// `${event.properties.price}` is literal text before an expression.
fn variable(rest: &str) -> Result<Option<(&str, &str)>, String> {
    let Some(inner) = rest.strip_prefix("${").filter(|inner| inner.starts_with(|c: char| c.is_ascii_uppercase()))
    else {
        return Ok(None);
    };
    inner.split_once('}').map(Some).ok_or_else(|| "a ${ is not closed".to_owned())
}

/// Replaces the variables in a template and keeps its expressions, because PostHog itself evaluates those. Braces in
/// values are escaped, so that no value can act as a template.
///
/// # Errors
/// A variable is wrong. The error never shows its value.
pub fn fill_variables(source: &str, variables: &Variables) -> Result<String, String> {
    let mut text = String::new();
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        if let Some((reference, after)) = variable(rest)? {
            let value = variables.resolve(reference)?;
            text.push_str(&value.replace('{', "\\{"));
            rest = after;
        } else {
            // An escaped brace is copied with its escape, so that it does not begin an expression.
            let end = if rest.starts_with("\\{") { 2 } else { c.len_utf8() };
            text.push_str(&rest[..end]);
            rest = &rest[end..];
        }
    }
    Ok(text)
}

/// Replaces the variables in a Liquid template.
///
/// # Errors
/// A variable is wrong, or its value would act as a template. The error never shows the value.
pub fn fill_liquid(source: &str, variables: &Variables) -> Result<String, String> {
    let mut text = String::new();
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        if let Some((reference, after)) = variable(rest)? {
            let value = variables.resolve(reference)?;
            if value.contains("{{") || value.contains("{%") {
                return Err(format!("the variable {reference} cannot hold {{{{ or {{% within a Liquid template"));
            }
            text.push_str(&value);
            rest = after;
        } else {
            text.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    Ok(text)
}

/// The steps of `root.name['any key'].0`.
fn path(expression: &str) -> Result<Vec<String>, String> {
    let refused = || {
        format!("{{{expression}}} is not a path; posthog-local only supports paths, such as {{event.properties.plan}}")
    };
    let mut steps = Vec::new();
    let mut rest = expression.trim();
    loop {
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let name = &rest[..end];
        if !name.is_empty() {
            let is_plain = name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '$');
            steps.push(is_plain.then(|| name.to_owned()).ok_or_else(refused)?);
        } else if steps.is_empty() || !rest.starts_with('[') {
            return Err(refused());
        }
        rest = &rest[end..];
        while let Some(bracket) = rest.strip_prefix('[') {
            let (key, after) = bracket.split_once(']').ok_or_else(refused)?;
            let quoted = |quote| key.strip_prefix(quote).and_then(|key| key.strip_suffix(quote));
            let key = quoted('\'').or_else(|| quoted('"')).or_else(|| key.parse::<usize>().is_ok().then_some(key));
            steps.push(key.ok_or_else(refused)?.to_owned());
            rest = after;
        }
        match rest.strip_prefix('.') {
            Some(after) => rest = after,
            None if rest.is_empty() => break,
            None => return Err(refused()),
        }
    }
    if !ROOTS.contains(&steps[0].as_str()) {
        return Err(format!("{{{expression}}}: unknown global {}; the known ones are {}", steps[0], ROOTS.join(", ")));
    }
    Ok(steps)
}

fn find<'a>(globals: &'a Globals, path: &[String]) -> &'a Value {
    path[1..].iter().fold(globals.get(&path[0]), |value, step| match value {
        Value::Array(values) => step.parse::<usize>().ok().and_then(|n| values.get(n)).unwrap_or(&Value::Null),
        value => &value[step.as_str()],
    })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::{event::CapturedEvent, js, persons::Persons};

    fn globals(properties: Value) -> Globals {
        let Value::Object(properties) = properties else { panic!("properties are an object") };
        let now = Timestamp::UNIX_EPOCH;
        let mut event = CapturedEvent {
            uuid: Uuid::nil(),
            event: "e".to_owned(),
            distinct_id: "ada@example.test".to_owned(),
            properties,
            timestamp: now,
            captured_at: now,
            ..CapturedEvent::default()
        };
        let person = Persons::default().apply(&mut event);
        Globals::new("http://localhost:8000", &event, &person)
    }

    fn rendered(source: &str, properties: Value) -> Value {
        Template::parse(source, &Variables::default()).unwrap().render(&globals(properties))
    }

    #[test]
    fn an_expression_alone_keeps_its_type_and_text_around_it_makes_a_string() {
        let properties = json!({"n": 5, "b": true, "o": {"k": [1, "x"]}, "my key": "m", "$lib_version": "1"});
        for (source, expected) in [
            ("{event.properties.n}", json!(5)),
            ("{event.properties.b}", json!(true)),
            ("{event.properties.o}", json!({"k": [1, "x"]})),
            ("{event.properties.o.k.1}", json!("x")),
            ("{event.properties.o.k[0]}", json!(1)),
            ("{event.properties['my key']}", json!("m")),
            ("{event.properties.$lib_version}", json!("1")),
            ("{event.properties.nothing}", json!(null)),
            ("{event.properties.n.deeper}", json!(null)),
            ("n={event.properties.n}", json!("n=5")),
            ("n={event.properties.nothing}.", json!("n=.")),
            ("{event.event} {event.properties.o}", json!("e {'k': [1, 'x']}")),
            ("{null}", json!(null)),
            ("a{ null }b", json!("ab")),
            ("\\{event.event\\}", json!("{event.event}")),
            ("${event.properties.n}", json!("$5")),
            ("", json!("")),
        ] {
            assert_eq!(rendered(source, properties.clone()), expected, "{source}");
        }
    }

    /// What the Hog VM and `JSON.stringify` made of paths; `scripts/compare-posthog` keeps it true.
    const TABLE: &str = include_str!("../../tests/tables/templates.json");

    #[test]
    fn values_are_printed_as_hog_and_javascript_print_them() {
        let table: Value = serde_json::from_str(TABLE).unwrap();
        let globals = globals(table["globals"]["event"]["properties"].clone());
        for case in table["cases"].as_array().unwrap() {
            let part = |part: &Value| match part {
                Value::Array(path) => {
                    format!("{{{}}}", path.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("."))
                }
                text => text.as_str().unwrap().to_owned(),
            };
            let source: String = case["parts"].as_array().unwrap().iter().map(part).collect();
            let rendered = Template::parse(&source, &Variables::default()).unwrap().render(&globals);
            assert_eq!(js::json(&rendered), case["expected"].as_str().unwrap(), "{source}");
        }
    }

    #[test]
    fn a_variables_value_is_never_looked_at_again() {
        let variables =
            Variables::new([("WEBHOOK_SECRET", Some("{event} ${WEBHOOK_URL} \\{".to_owned())), ("WEBHOOK_URL", None)]);
        let parsed = |source| Template::parse(source, &variables).map(|template| template.render(&globals(json!({}))));
        assert_eq!(parsed("${WEBHOOK_SECRET:-none}").unwrap(), json!("{event} ${WEBHOOK_URL} \\{"));
        assert_eq!(parsed("<${WEBHOOK_URL:-default}>").unwrap(), json!("<default>"));
        assert_eq!(parsed("${WEBHOOK_URL}").unwrap(), json!(""));
        assert_eq!(
            parsed("${HOME}").unwrap_err(),
            "unknown variable HOME; the known ones are WEBHOOK_SECRET, WEBHOOK_URL"
        );
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for source in [
            "{",
            "{}",
            "{upper(event.event)}",
            "{event..x}",
            "{f'{event.url}'}",
            "{nobody.x}",
            "{event['x}",
            "{event.}",
        ] {
            assert!(Template::parse(source, &Variables::default()).is_err(), "{source}");
        }
    }
}
