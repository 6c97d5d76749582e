//! The event and its person as filters and templates see them: PostHog's globals, with the keys in PostHog's order
//! (`convertToHogFunctionInvocationGlobals` in `nodejs/src/cdp/utils.ts`).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use crate::{
    event::{CapturedEvent, iso_millis},
    persons::Person,
};

/// All characters but those that JavaScript's `encodeURIComponent` keeps.
pub(crate) const URI_COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// The globals that a template may name.
pub const ROOTS: [&str; 6] = ["event", "groups", "person", "project", "source", "variables"];

/// The globals of one event.
#[derive(Debug, Clone)]
pub struct Globals(Map<String, Value>);

impl Globals {
    /// Makes the globals of an event. `site` is posthog-local's own URL.
    pub fn new(site: &str, event: &CapturedEvent, person: &Person) -> Self {
        let project = format!("{site}/project/1");
        let timestamp = iso_millis(event.timestamp);
        let globals = json!({
            "project": { "id": 1, "name": "posthog-local", "url": project },
            "event": {
                "uuid": event.uuid,
                "event": event.event,
                "elements_chain": event.elements_chain,
                "distinct_id": event.distinct_id,
                "properties": event.properties,
                "timestamp": timestamp,
                "captured_at": iso_millis(event.captured_at),
                "url": format!("{project}/events/{}/{}", event.uuid, encode_uri_component(&timestamp)),
            },
            "person": {
                "id": person.id,
                "properties": *person.properties,
                "name": person_name(person, &event.distinct_id),
                "url": format!("{project}/person/{}", encode_uri_component(&event.distinct_id)),
            },
        });
        let Value::Object(mut globals) = globals else { unreachable!("it is written as an object") };
        for empty in ["groups", "variables"] {
            globals.insert(empty.to_owned(), json!({}));
        }
        Self(globals)
    }

    /// Sets what belongs to one destination or workflow: `source`, and the link in an e-mail by which its reader
    /// unsubscribes.
    pub fn set_source(&mut self, name: &str, path: &str) {
        let project = self.0["project"]["url"].as_str().unwrap_or_default().to_owned();
        self.0.insert("source".to_owned(), json!({ "name": name, "url": format!("{project}/{path}") }));
        let site = project.trim_end_matches("/project/1");
        self.0.insert("unsubscribe_url".to_owned(), format!("{site}/messaging-preferences/local/").into());
    }

    /// One of [`ROOTS`]; null for any other name.
    pub fn get(&self, root: &str) -> &Value {
        self.0.get(root).unwrap_or(&Value::Null)
    }

    /// All globals.
    pub fn all(&self) -> &Map<String, Value> {
        &self.0
    }
}

/// The name that PostHog shows for a person: the first of these properties that is set, or else the distinct_id. It is
/// often an e-mail address.
pub fn person_name(person: &Person, distinct_id: &str) -> String {
    let property = ["email", "name", "username"].iter().find_map(|key| match person.properties.get(*key)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        _ => None,
    });
    property.unwrap_or_else(|| distinct_id.to_owned())
}

/// JavaScript's `encodeURIComponent`.
pub fn encode_uri_component(text: &str) -> String {
    utf8_percent_encode(text, URI_COMPONENT).to_string()
}
