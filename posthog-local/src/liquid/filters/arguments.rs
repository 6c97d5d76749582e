//! What filters are called with.

use serde_json::Value as Json;

use crate::{
    js,
    liquid::value::{Value, stringify},
};

/// The arguments of a filter.
pub(in crate::liquid) struct Arguments<'a> {
    positional: Vec<Value>,
    named: Vec<(&'a str, Json)>,
}

impl<'a> Arguments<'a> {
    pub(in crate::liquid) fn new(positional: Vec<Value>, named: Vec<(&'a str, Json)>) -> Self {
        Self { positional, named }
    }

    /// The nth argument; `None` where it is missing.
    pub(super) fn get(&self, n: usize) -> Option<Json> {
        self.value(n).map(|value| value.clone().into_json())
    }

    pub(super) fn value(&self, n: usize) -> Option<&Value> {
        self.positional.get(n).filter(|value| **value != Value::Undefined)
    }

    pub(super) fn text(&self, n: usize) -> String {
        self.get(n).map(|value| stringify(&value)).unwrap_or_default()
    }

    pub(super) fn text_or(&self, n: usize, other: &str) -> String {
        self.get(n).map_or_else(|| other.to_owned(), |value| stringify(&value))
    }

    pub(super) fn number(&self, n: usize) -> Option<f64> {
        self.get(n).map(|value| js::number(&value))
    }

    pub(super) fn named(&self, name: &str) -> Option<&Json> {
        self.named.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }
}

/// What a filter does with a value.
pub(super) type Handler = fn(&Json, &Arguments<'_>) -> Result<Json, String>;
