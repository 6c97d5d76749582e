//! What `$set`, `$set_once` and `$unset` do to the properties of a person.

use std::sync::Arc;

use serde_json::{Map, Value};
use uuid::Uuid;

use super::Persons;

impl Persons {
    pub(super) fn set(&mut self, id: Uuid, event: &Map<String, Value>) {
        let object = |key| event.get(key).and_then(Value::as_object).filter(|object| !object.is_empty());
        // `Array.isArray($unset) ? $unset : Object.keys($unset || {})`
        let unset: Vec<&str> = match event.get("$unset") {
            Some(Value::Array(keys)) => keys.iter().filter_map(Value::as_str).collect(),
            Some(Value::Object(object)) => object.keys().map(String::as_str).collect(),
            _ => Vec::new(),
        };
        let (set, set_once) = (object("$set"), object("$set_once"));
        if set.is_none() && set_once.is_none() && unset.is_empty() {
            return;
        }
        self.change(id, |properties| {
            for (key, value) in set_once.into_iter().flatten() {
                properties.entry(key).or_insert_with(|| value.clone());
            }
            for (key, value) in set.into_iter().flatten() {
                properties.insert(key.clone(), value.clone());
            }
            for key in unset {
                properties.shift_remove(key);
            }
        });
    }

    pub(super) fn change(&mut self, id: Uuid, change: impl FnOnce(&mut Map<String, Value>)) {
        let Some(record) = self.records.get_mut(&id) else { return };
        change(Arc::make_mut(&mut record.properties));
        let bytes = serde_json::to_string(&*record.properties).map_or(0, |json| json.len());
        self.properties_bytes = self.properties_bytes - record.bytes + bytes;
        record.bytes = bytes;
    }
}
