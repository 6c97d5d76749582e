//! Expressions over the columns of a table, with their types checked.

use std::cmp::Ordering;

use super::{
    function::Function,
    list::List,
    refusal::Refusal,
    table::Column,
    value::{Kind, Value},
};
use crate::store::Entry;

/// An expression.
#[derive(Debug, Clone)]
pub(super) enum Expression {
    Constant(Value<'static>),
    Column(Column),
    Call(Function, Vec<Expression>),
    Tuple(Vec<Expression>),
    /// The two sides have one kind; see [`compare`](super::compare).
    Compare(Comparison, Box<[Expression; 2]>),
    In(Box<Expression>, List),
    IsNull(Box<Expression>),
    Not(Box<Expression>),
    All(Vec<Expression>),
    Any(Vec<Expression>),
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    pub(super) fn of(symbol: &str) -> Option<Self> {
        Some(match symbol {
            "=" | "==" => Self::Equal,
            "!=" | "<>" => Self::NotEqual,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            _ => return None,
        })
    }

    /// HogQL knows no third truth value: null equals null alone, and nothing is less or greater than it
    /// (`visit_compare_operation` in `posthog/hogql/printer.py`).
    fn holds(self, left: &Value<'_>, right: &Value<'_>) -> bool {
        let order = left.order(right);
        match self {
            Self::Equal => order == Some(Ordering::Equal) || (left.is_null() && right.is_null()),
            Self::NotEqual => !Self::Equal.holds(left, right),
            Self::Less => order == Some(Ordering::Less),
            Self::LessOrEqual => order.is_some_and(Ordering::is_le),
            Self::Greater => order == Some(Ordering::Greater),
            Self::GreaterOrEqual => order.is_some_and(Ordering::is_ge),
        }
    }
}

impl Expression {
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Constant(value) => value.kind(),
            Self::Column(column) => column.kind(),
            Self::Call(function, arguments) => function.kind(arguments.first().map_or(Kind::Null, Self::kind)),
            Self::Tuple(_) => Kind::Tuple,
            Self::Compare(..) | Self::In(..) | Self::IsNull(_) | Self::Not(_) | Self::All(_) | Self::Any(_) => {
                Kind::Bool
            }
        }
    }

    /// The value in the row of an event.
    pub(super) fn value<'a>(&'a self, entry: &'a Entry) -> Value<'a> {
        match self {
            Self::Constant(value) => value.clone(),
            Self::Column(column) => column.read(entry),
            Self::Call(function, arguments) => {
                let value = |n: usize| arguments.get(n).map_or(Value::Null, |argument| argument.value(entry));
                function.call(&value, entry)
            }
            Self::Tuple(parts) => Value::Tuple(parts.iter().map(|part| part.value(entry)).collect()),
            _ => Value::Bool(self.holds(entry)),
        }
    }

    /// Whether the condition holds in the row of an event.
    pub(super) fn holds(&self, entry: &Entry) -> bool {
        match self {
            Self::Compare(comparison, sides) => comparison.holds(&sides[0].value(entry), &sides[1].value(entry)),
            Self::In(value, list) => list.contains(&value.value(entry)),
            Self::IsNull(value) => value.value(entry).is_null(),
            Self::Not(condition) => !condition.holds(entry),
            Self::All(conditions) => conditions.iter().all(|condition| condition.holds(entry)),
            Self::Any(conditions) => conditions.iter().any(|condition| condition.holds(entry)),
            Self::Constant(_) | Self::Column(_) | Self::Call(..) | Self::Tuple(_) => {
                self.value(entry) == Value::Bool(true)
            }
        }
    }

    /// The expression, if it is a condition.
    ///
    /// # Errors
    /// It has another kind.
    pub(super) fn condition(self) -> Result<Self, Refusal> {
        match self.kind() {
            Kind::Bool => Ok(self),
            other => Err(format!("posthog-local needs a condition here, not {}", other.name())),
        }
    }
}
