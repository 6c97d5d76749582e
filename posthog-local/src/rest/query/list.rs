//! The list of an `IN`.

use std::collections::HashSet;

use uuid::Uuid;

use super::{
    Refusal,
    expression::{Expression, as_kind, numbered},
    value::Value,
};

/// The constants of a list. Texts and UUIDs are found in one step, because there may be thousands.
#[derive(Debug, Clone, Default)]
pub(super) struct List {
    texts: HashSet<String>,
    uuids: HashSet<Uuid>,
    others: Vec<Value<'static>>,
}

impl List {
    pub(super) fn contains(&self, value: &Value<'_>) -> bool {
        match value {
            Value::Text(text) => self.texts.contains(text.as_ref()),
            Value::Uuid(uuid) => self.uuids.contains(uuid),
            other => !other.is_null() && self.others.contains(other),
        }
    }
}

/// `value IN list`. A list within brackets is the list.
///
/// # Errors
/// A part of the list is no constant, or cannot be compared with the value.
pub(super) fn is_in(value: Expression, list: Expression) -> Result<Expression, Refusal> {
    let parts = match list {
        Expression::Tuple(parts) => parts,
        Expression::Constant(Value::Tuple(values)) => values.into_iter().map(Expression::Constant).collect(),
        one => vec![one],
    };
    let mut list = List::default();
    let mut expression = value;
    for part in parts {
        let Expression::Constant(constant) = part else {
            return Err("posthog-local takes constants alone in the list of an IN".to_owned());
        };
        let constant = as_kind(&expression, constant)?;
        expression = numbered(expression, &constant);
        match constant {
            Value::Text(text) => _ = list.texts.insert(text.into_owned()),
            Value::Uuid(uuid) => _ = list.uuids.insert(uuid),
            other => list.others.push(other),
        }
    }
    Ok(Expression::In(Box::new(expression), list))
}
