//! `$elements_chain`: what was clicked, as text (`getElementsChain`, `elementsToString` in
//! `nodejs/src/utils/elements-chain.ts`).

use serde_json::{Map, Value, json};

/// The longest text of an element, in characters.
const TEXT_CHARS_MAX: usize = 400;
/// The longest link of an element, in characters.
const HREF_CHARS_MAX: usize = 2048;

/// Takes `$elements_chain` and `$elements` out of the properties, and returns the chain. `$elements` is what older SDKs
/// send.
pub(super) fn take_chain(properties: &mut Map<String, Value>) -> String {
    let (chain, elements) = (properties.shift_remove("$elements_chain"), properties.shift_remove("$elements"));
    match (chain, elements) {
        (Some(Value::String(chain)), _) if !chain.is_empty() => chain,
        (_, Some(Value::Array(elements))) => {
            elements.iter().filter_map(Value::as_object).map(printed).collect::<Vec<_>>().join(";")
        }
        _ => String::new(),
    }
}

fn printed(element: &Map<String, Value>) -> String {
    let text = |key: &str| element.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let cut = |text: &str, chars_max| json!(text.chars().take(chars_max).collect::<String>());
    let mut classes: Vec<&str> = match element.get("attr__class") {
        Some(Value::Array(classes)) => classes.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(classes)) if !classes.is_empty() => classes.split(' ').collect(),
        _ => Vec::new(),
    };
    classes.sort_unstable();

    let number = |key: &str| element.get(key).filter(|value| !value.is_null()).cloned().unwrap_or(json!(0));
    let mut attributes = vec![("nth-child", number("nth_child")), ("nth-of-type", number("nth_of_type"))];
    attributes.extend(text("$el_text").map(|text| ("text", cut(text, TEXT_CHARS_MAX))));
    attributes.extend(text("attr__href").map(|href| ("href", cut(href, HREF_CHARS_MAX))));
    attributes.extend(text("attr__id").map(|id| ("attr_id", json!(id))));
    let others = element.iter().filter(|(key, value)| key.starts_with("attr__") && !value.is_null());
    attributes.extend(others.map(|(key, value)| (key.as_str(), value.clone())));
    attributes.sort_by(|(a, _), (b, _)| collated(a).cmp(&collated(b)));

    let mut printed = text("tag_name").unwrap_or_default().to_owned();
    for class in classes {
        printed.push('.');
        printed.push_str(&class.replace('"', ""));
    }
    printed.push(':');
    for (key, value) in attributes {
        printed.push_str(&format!("{}=\"{}\"", quotes_escaped(key), quotes_escaped(&crate::js::text(&value))));
    }
    printed
}

/// A key for the order of `localeCompare`, which looks at punctuation after letters of either case.
fn collated(key: &str) -> (String, &str) {
    (key.replace('_', "\u{1}").replace('-', "\u{2}").to_lowercase(), key)
}

fn quotes_escaped(text: &str) -> String {
    text.replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_become_a_chain_and_leave_the_properties() {
        for (properties, expected) in [
            (json!({"$elements_chain": "a:x", "$elements": [], "n": 1}), "a:x"),
            (
                json!({"n": 1, "$elements": [
                    {"tag_name": "button", "$el_text": "Say \"hi\"", "attr__class": "b a", "attr__id": "go", "nth_child": 2, "nth_of_type": 1},
                    {"tag_name": "div"},
                ]}),
                r#"button.a.b:attr__class="b a"attr__id="go"attr_id="go"nth-child="2"nth-of-type="1"text="Say \"hi\"";div:nth-child="0"nth-of-type="0""#,
            ),
            (json!({"n": 1}), ""),
            (json!({"n": 1, "$elements": "x", "$elements_chain": 5}), ""),
        ] {
            let Value::Object(mut properties) = properties else { panic!("properties are an object") };
            assert_eq!(take_chain(&mut properties), expected);
            assert_eq!(json!(properties), json!({"n": 1}));
        }
    }
}
