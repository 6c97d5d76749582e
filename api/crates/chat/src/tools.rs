//! The definitions of the tools that a model was offered, of every SDK, in OpenAI's shape.
//!
//! | SDK | a tool | its parameters |
//! |---|---|---|
//! | OpenAI, chat | `{"type":"function","function":{…}}` | `parameters` |
//! | OpenAI, Responses | `{"type":"function","name":…}` | `parameters` |
//! | Anthropic, MCP | `{"name":…}` | `input_schema`, `inputSchema` |
//! | Vercel | `{"type":"function","name":…}`, or an object with a member for each tool | `inputSchema`, before v5 `parameters` |
//! | Gemini | `{"functionDeclarations":[{"name":…}]}` | `parameters`, `parametersJsonSchema` |
//! | Bedrock | `{"toolSpec":{"name":…}}` | `inputSchema.json` |

use serde::{Serialize, Serializer, ser::SerializeStruct};
use serde_json::value::RawValue;

use crate::{
    raw::{Json, Object, compact, open, text_of},
    scan::{Token, tokens},
};

/// A function that a model may call, serialized as `{"type":"function","function":{"name":…,"description":…,"parameters":…}}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// What it does; empty where the SDK does not say, and then left out of the JSON.
    pub description: String,
    /// The JSON Schema of its arguments, compact. A function without any has the schema of an empty object.
    pub parameters: String,
}

/// What stands for the parameters of a function without any: readers expect the key.
const NO_PARAMETERS: &str = r#"{"type":"object","properties":{}}"#;
/// The keys that hold a list of tools within an item or around the list.
const LISTS: [&str; 3] = ["functionDeclarations", "function_declarations", "tools"];
const SCHEMAS: [&str; 6] =
    ["parameters", "input_schema", "inputSchema", "parametersJsonSchema", "parameters_json_schema", "jsonSchema"];
/// Gemini's names of types (`Type` in its API); JSON Schema has them in small letters.
const TYPES: [&str; 7] = ["STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL"];

/// Reads the definitions of tools, in whatever shape an SDK sends them. Tools that the provider runs itself (a web search) have no
/// parameters of their own, and are left out.
///
/// `None` for JSON that defines no function, and for a text that is no JSON. A JSON string may hold the JSON.
pub fn read_tools(json: &str) -> Option<Vec<Tool>> {
    let root: &RawValue = serde_json::from_str(json).ok()?;
    let inner = text_of(root);
    let root = match &inner {
        Some(text) => serde_json::from_str(text).ok()?,
        None => root,
    };
    let mut tools = Vec::new();
    match open(root)? {
        Json::List(items) => items.into_iter().for_each(|item| add(&mut tools, item)),
        Json::Object(object) => match named_members(&object) {
            Some(named) => tools.extend(named),
            None => add(&mut tools, root),
        },
        Json::Text(_) | Json::Null | Json::Other => {}
    }
    (!tools.is_empty()).then_some(tools)
}

/// Adds the functions of an item: itself, or those of the list that it holds.
fn add(tools: &mut Vec<Tool>, item: &RawValue) {
    let Some(Json::Object(object)) = open(item) else { return };
    match LISTS.iter().find_map(|key| object.list(key)) {
        Some(list) => tools.extend(list.into_iter().filter_map(|item| match open(item)? {
            Json::Object(object) => tool_of(&object),
            _ => None,
        })),
        None => tools.extend(tool_of(&object)),
    }
}

/// Vercel's tools by name: `{"weather":{"description":…,"inputSchema":…}}`.
fn named_members(object: &Object<'_>) -> Option<Vec<Tool>> {
    if object.text(&["name"]).is_some() || LISTS.iter().any(|key| object.list(key).is_some()) {
        return None;
    }
    let tool = |name: &str| {
        let Some(Json::Object(tool)) = open(object.get(name)?) else { return None };
        let has_schema =
            tool.first(&SCHEMAS).is_some() && tool.get("type").is_none_or(|kind| kind.get() == "\"function\"");
        has_schema.then(|| named(name.to_owned(), &tool))
    };
    object.keys().map(tool).collect()
}

fn tool_of(object: &Object<'_>) -> Option<Tool> {
    let inner = object.object(&["function", "toolSpec", "tool_spec"]);
    let kind = object.text(&["type"]);
    let is_function = matches!(kind.as_deref(), None | Some("function" | "custom"));
    let tool = inner.as_ref().unwrap_or(object);
    let name = tool.text(&["name"]).filter(|name| !name.trim().is_empty())?;
    // Anthropic's own tools have a type and a name; so has a custom one of OpenAI's, which takes text.
    let is_own =
        kind.as_deref() == Some("function") || inner.is_some() || tool.first(&SCHEMAS).is_some() || kind.is_none();
    (is_function && is_own).then(|| named(name.into_owned(), tool))
}

fn named(name: String, tool: &Object<'_>) -> Tool {
    let description = tool.text(&["description"]).map(std::borrow::Cow::into_owned).unwrap_or_default();
    Tool { name, description, parameters: parameters_of(tool) }
}

fn parameters_of(tool: &Object<'_>) -> String {
    let Some(schema) = tool.first(&SCHEMAS) else { return NO_PARAMETERS.into() };
    let Some(Json::Object(object)) = open(schema) else { return NO_PARAMETERS.into() };
    // Bedrock and Vercel's `jsonSchema()` put it one level deeper.
    let is_wrapper = object.get("type").is_none() && object.get("properties").is_none();
    let deeper = ["json", "jsonSchema"].iter().find_map(|key| object.get(key)).filter(|_| is_wrapper);
    match with_small_types(&compact(deeper.unwrap_or(schema))) {
        empty if empty == "{}" => NO_PARAMETERS.into(),
        schema => schema,
    }
}

/// A schema with Gemini's types as JSON Schema spells them.
fn with_small_types(schema: &str) -> String {
    let mut small = schema.to_owned();
    let mut is_type = false;
    for token in tokens(schema) {
        match token {
            Token::Key(place) => is_type = &schema[place] == "type",
            Token::Text(place) => {
                if is_type && TYPES.contains(&&schema[place.clone()]) {
                    small.replace_range(place.clone(), &schema[place].to_ascii_lowercase());
                }
                is_type = false;
            }
            _ => is_type = false,
        }
    }
    small
}

impl Serialize for Tool {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Function<'a> {
            name: &'a str,
            #[serde(skip_serializing_if = "str::is_empty")]
            description: &'a str,
            parameters: &'a RawValue,
        }
        let parameters = serde_json::from_str(&self.parameters).map_err(serde::ser::Error::custom)?;
        let mut tool = serializer.serialize_struct("Tool", 2)?;
        tool.serialize_field("type", "function")?;
        tool.serialize_field("function", &Function { name: &self.name, description: &self.description, parameters })?;
        tool.end()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(tools: &Value) -> Value {
        read_tools(&tools.to_string()).map_or(Value::Null, |tools| serde_json::to_value(tools).unwrap())
    }

    #[test]
    fn one_function_of_every_sdk_is_the_same() {
        let schema = json!({"type": "object", "properties": {"order_id": {"type": "string"}}});
        let gemini = json!({"type": "OBJECT", "properties": {"order_id": {"type": "STRING"}}});
        let function = json!({"name": "get_order", "description": "Reads an order", "parameters": schema});
        let with = |key: &str, value: &Value| {
            let mut tool = json!({"name": "get_order", "description": "Reads an order"});
            tool[key] = value.clone();
            tool
        };
        let typed = |key: &str| {
            let mut tool = with(key, &schema);
            tool["type"] = "function".into();
            tool
        };
        let expected = json!([{"type": "function", "function": function}]);
        let named = json!({"get_order": {"description": "Reads an order", "inputSchema": schema}});
        for tools in [
            json!([{"type": "function", "function": function}]),
            json!([{"function": function}]),
            json!([typed("parameters")]),
            json!([with("input_schema", &schema)]),
            json!([{"type": "custom", "name": "get_order", "description": "Reads an order", "input_schema": schema}]),
            json!([typed("inputSchema")]),
            json!([typed("parameters")]),
            named,
            json!([with("inputSchema", &json!({"jsonSchema": schema}))]),
            json!([{"functionDeclarations": [with("parameters", &gemini)]}]),
            json!({"function_declarations": [with("parametersJsonSchema", &schema)]}),
            json!({"tools": [with("input_schema", &schema)]}),
            json!([{"toolSpec": with("inputSchema", &json!({"json": schema}))}]),
            json!(expected.to_string()),
            expected.clone(),
        ] {
            assert_eq!(read(&tools), expected, "{tools}");
        }
    }

    #[test]
    fn a_function_without_parameters_has_an_empty_object_and_one_without_a_description_has_none() {
        let none = json!({"type": "object", "properties": {}});
        for tool in [
            json!({"type": "function", "name": "now"}),
            json!({"name": "now", "input_schema": {}}),
            json!({"type": "function", "function": {"name": "now", "parameters": null, "description": ""}}),
        ] {
            let expected = json!([{"type": "function", "function": {"name": "now", "parameters": none}}]);
            assert_eq!(read(&json!([tool])), expected, "{tool}");
        }
    }

    #[test]
    fn what_defines_no_function_is_left_out() {
        for tools in [
            json!([]),
            json!(null),
            json!("search"),
            json!(7),
            json!([{"type": "web_search_preview"}]),
            json!([{"type": "computer_20250124", "name": "computer", "display_width_px": 1}]),
            json!([{"googleSearch": {}}]),
            json!([{"name": " "}]),
            json!({"a": 1}),
        ] {
            assert_eq!(read(&tools), Value::Null, "{tools}");
        }
        let mixed = json!([{"type": "web_search"}, {"name": "now"}, {"type": "bash_20250124", "name": "bash"}]);
        assert_eq!(read(&mixed).as_array().unwrap().len(), 1);
        assert_eq!(read_tools("no JSON"), None);
    }

    #[test]
    fn digits_and_an_own_property_named_type_stay() {
        let schema =
            r#"{"type":"object","properties":{"type":{"type":"string","enum":["STRING"]},"n":{"maximum":1.50}}}"#;
        let tools = read_tools(&format!(r#"[{{"name":"f","input_schema":{schema}}}]"#)).unwrap();
        assert_eq!(tools[0].parameters, schema);
    }
}
