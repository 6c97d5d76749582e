//! The list of an `IN`.

use std::collections::HashSet;

use uuid::Uuid;

use super::value::Value;

/// The constants of a list. Texts and UUIDs are found in one step, because there may be thousands.
#[derive(Debug, Clone, Default)]
pub(super) struct List {
    texts: HashSet<String>,
    uuids: HashSet<Uuid>,
    others: Vec<Value<'static>>,
}

impl List {
    pub(super) fn push(&mut self, constant: Value<'static>) {
        match constant {
            Value::Text(text) => _ = self.texts.insert(text.into_owned()),
            Value::Uuid(uuid) => _ = self.uuids.insert(uuid),
            other => self.others.push(other),
        }
    }

    pub(super) fn contains(&self, value: &Value<'_>) -> bool {
        match value {
            Value::Text(text) => self.texts.contains(text.as_ref()),
            Value::Uuid(uuid) => self.uuids.contains(uuid),
            other => !other.is_null() && self.others.contains(other),
        }
    }
}
