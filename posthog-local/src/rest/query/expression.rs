//! Expressions over the columns of a table, with their types checked.

use std::cmp::Ordering;

use super::{
    Refusal,
    function::Function,
    list::List,
    table::Column,
    time,
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
    /// The two sides have one kind; see [`compare`].
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
            Self::Call(function, arguments) => function.kind(arguments),
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
            Self::Call(function, arguments) => function.call(arguments, entry),
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

/// Compares two expressions, after a constant has taken the kind of the other side.
///
/// # Errors
/// The two cannot be compared.
pub(super) fn compare(comparison: Comparison, left: Expression, right: Expression) -> Result<Expression, Refusal> {
    if left.kind() == Kind::Null || right.kind() == Kind::Null {
        let other = if left.kind() == Kind::Null { right } else { left };
        let is_null = Expression::IsNull(Box::new(other));
        return match comparison {
            Comparison::Equal => Ok(is_null),
            Comparison::NotEqual => Ok(Expression::Not(Box::new(is_null))),
            _ => Err("posthog-local does not order null".to_owned()),
        };
    }
    let (left, right) = unified(left, right)?;
    Ok(Expression::Compare(comparison, Box::new([left, right])))
}

fn unified(left: Expression, right: Expression) -> Result<(Expression, Expression), Refusal> {
    let mismatch = |left: &Expression, right: &Expression| {
        format!("posthog-local does not compare {} with {}", left.kind().name(), right.kind().name())
    };
    match (left, right) {
        (Expression::Tuple(left), Expression::Tuple(right)) if left.len() == right.len() => {
            let pairs = left.into_iter().zip(right).map(|(left, right)| unified(left, right));
            let (left, right) = pairs.collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
            Ok((Expression::Tuple(left), Expression::Tuple(right)))
        }
        (left, Expression::Constant(constant)) => {
            let constant = as_kind(&left, constant)?;
            Ok((numbered(left, &constant), Expression::Constant(constant)))
        }
        (Expression::Constant(constant), right) => {
            let constant = as_kind(&right, constant)?;
            Ok((Expression::Constant(constant.clone()), numbered(right, &constant)))
        }
        (left, right) => {
            let plain = |kind| if kind == Kind::Property { Kind::Text } else { kind };
            let is_one = plain(left.kind()) == plain(right.kind()) && left.kind() != Kind::Tuple;
            if is_one { Ok((left, right)) } else { Err(mismatch(&left, &right)) }
        }
    }
}

/// A constant that is compared with `other`, as a value of the same kind.
///
/// # Errors
/// It cannot be one.
pub(super) fn as_kind(other: &Expression, constant: Value<'static>) -> Result<Value<'static>, Refusal> {
    match (other.kind(), constant) {
        (Kind::Uuid, Value::Text(text)) => {
            text.parse().map(Value::Uuid).map_err(|_| format!("Cannot parse UUID from String: '{text}'"))
        }
        (Kind::Time, Value::Text(text)) => time::civil(&text).map(Value::Time).ok_or_else(|| {
            format!("Cannot parse '{text}' as DateTime64 (YYYY-MM-DD hh:mm:ss, UTC); toDateTime reads other forms")
        }),
        // Where PostHog knows a property as a boolean, it reads `true` and `"true"`.
        (Kind::Property, Value::Bool(bool)) => Ok(Value::text(bool.to_string())),
        (Kind::Property, value @ (Value::Text(_) | Value::Number(_))) => Ok(value),
        (Kind::Bool, Value::Number(number)) if number == 0.0 || number == 1.0 => Ok(Value::Bool(number == 1.0)),
        (kind, value) if kind == value.kind() && kind != Kind::Tuple => Ok(value),
        (kind, value) => Err(format!("posthog-local does not compare {} with {}", kind.name(), value.kind().name())),
    }
}

/// A property that is compared with a number is one, as where PostHog knows it as a number.
pub(super) fn numbered(expression: Expression, constant: &Value<'_>) -> Expression {
    match (expression.kind(), constant) {
        (Kind::Property, Value::Number(_)) => Expression::Call(Function::ToFloat, vec![expression]),
        _ => expression,
    }
}
