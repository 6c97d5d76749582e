//! Liquid templates, as PostHog renders them: liquidjs with `outputEscape: 'escape'` (`nodejs/src/cdp/utils/liquid.ts`).
//!
//! So every `{{ output }}` is escaped for HTML, in subjects and plain texts, too, unless its last filter is `raw`. What
//! is missing is empty text. The `liquid` crate is not used, because it follows Ruby's Liquid: it has no escaping, loses
//! the order of keys, refuses missing variables, and its filters differ.
//!
//! A template is cut into segments (`segment`), which are made into nodes (`parse`) and rendered (`render`). The names of
//! liquidjs's files are cited without `liquidjs/`. `tests/tables/liquid.json` holds what liquidjs made of templates.
//!
//! Stricter than PostHog: an unknown filter is refused at the start, where liquidjs would leave it out.

mod cursor;
mod expression;
mod filters;
mod parse;
mod render;
mod scope;
mod segment;
mod value;

use std::sync::LazyLock;

use jiff::Timestamp;
use regex::Regex;
use serde_json::{Map, Value as Json};

use self::{parse::Node, scope::Scope};

/// The longest template, in bytes.
const SOURCE_BYTES_MAX: usize = 512 * 1024;

/// A Liquid template.
#[derive(Debug)]
pub struct Liquid(Vec<Node>);

impl Liquid {
    /// Parses a template.
    ///
    /// # Errors
    /// The template is wrong, or has a tag or a filter that posthog-local does not know.
    pub fn parse(source: &str) -> Result<Self, String> {
        if source.len() > SOURCE_BYTES_MAX {
            return Err(format!("the template is longer than {SOURCE_BYTES_MAX} bytes"));
        }
        parse::parse(&decoded(source)).map(Self)
    }

    /// Renders the template. `now` is the variable of that name.
    ///
    /// # Errors
    /// A filter does not take its value, or the template renders too much.
    pub fn render(&self, globals: &Map<String, Json>, now: Timestamp) -> Result<String, String> {
        let (mut scope, mut text) = (Scope::new(globals, now), String::new());
        render::render(&self.0, &mut scope, &mut text)?;
        Ok(text)
    }
}

/// Decodes the entities within outputs and tags: PostHog's editor of e-mails writes `{% if a &gt; 1 %}`.
fn decoded(source: &str) -> String {
    static ELEMENT: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\{\{.*?\}\}|\{%.*?%\}").expect("it is written by hand"));
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&amp;", "&")];
    ELEMENT
        .replace_all(source, |found: &regex::Captures<'_>| {
            entities.iter().fold(found[0].to_owned(), |text, (entity, c)| text.replace(entity, c))
        })
        .into_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// What liquidjs made of templates; `scripts/compare-posthog` keeps it true.
    const TABLE: &str = include_str!("../../tests/tables/liquid.json");

    #[test]
    fn templates_render_as_liquidjs_renders_them() {
        let table: Json = serde_json::from_str(TABLE).unwrap();
        let Json::Object(globals) = &table["globals"] else { panic!("the globals are an object") };
        let now = table["now"].as_str().unwrap().parse().unwrap();
        let mut wrong = Vec::new();
        let cases = table["cases"].as_array().unwrap();
        for case in cases {
            let source = case["source"].as_str().unwrap();
            let rendered = Liquid::parse(source).and_then(|liquid| liquid.render(globals, now));
            let expected = case["expected"].as_str();
            if rendered.as_deref().ok() != expected {
                wrong.push(format!("{source}\n  expected {expected:?}\n  but got  {rendered:?}"));
            }
        }
        assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    }

    #[test]
    fn what_posthog_would_ignore_or_lacks_is_refused_by_name() {
        for (source, told) in [
            ("{{ event.event | nope }}", "unknown Liquid filter nope"),
            ("{{ event.event | upcase | where_exp: 'x', 'y' }}", "does not support the Liquid filter where_exp"),
            ("{% nope %}", "unknown Liquid tag nope"),
            ("{% include 'x' %}", "does not support the Liquid tag include"),
            ("{{ event.properties.$lib }}", "expected \"|\""),
        ] {
            let refusal = Liquid::parse(source).err().unwrap_or_else(|| panic!("it is parsed: {source}"));
            assert!(refusal.contains(told), "{source}: {refusal}");
        }
    }

    #[test]
    fn a_template_cannot_render_without_end() {
        let globals = json!({}).as_object().cloned().unwrap();
        for source in [
            "{% for a in (1..9000) %}{% for b in (1..9000) %}x{% endfor %}{% endfor %}",
            "{% assign a = 'xxxxxxxxxx' %}{% for i in (1..40) %}{% capture a %}{{ a }}{{ a }}{% endcapture %}{% endfor %}{{ a }}",
            "{% for a in (1..1000000000) %}x{% endfor %}",
        ] {
            assert!(Liquid::parse(source).unwrap().render(&globals, Timestamp::UNIX_EPOCH).is_err(), "{source}");
        }
    }
}
