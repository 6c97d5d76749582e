//! Conditions that compare: the two sides take one kind.

use super::{
    expression::{Comparison, Expression},
    function::Function,
    list::List,
    refusal::Refusal,
    time,
    value::{Kind, Value},
};

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
            let is_one = left.kind().plain() == right.kind().plain() && left.kind() != Kind::Tuple;
            if is_one { Ok((left, right)) } else { Err(mismatch(&left, &right)) }
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
        list.push(constant);
    }
    Ok(Expression::In(Box::new(expression), list))
}

/// A constant that is compared with `other`, as a value of the same kind.
///
/// # Errors
/// It cannot be one.
fn as_kind(other: &Expression, constant: Value<'static>) -> Result<Value<'static>, Refusal> {
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
fn numbered(expression: Expression, constant: &Value<'_>) -> Expression {
    match (expression.kind(), constant) {
        (Kind::Property, Value::Number(_)) => Expression::Call(Function::ToFloat, vec![expression]),
        _ => expression,
    }
}
